"""What counts for somebody: summed by month, answered once, decided by who has no part in it."""

from datetime import datetime, timedelta

import pytest

from domain.appraisal import FactState, NotToBeAnswered
from domain.calendar import CHINA
from domain.complaints import Verdict
from domain.lifecycle import Status
from domain.months import Month
from domain.permissions import Role
from domain.refusals import NotPermitted
from models import ComplaintPerson
from services import appraisal, appraisal_sums
from services.appraisal_sums import Sums
from services.complaints import handling
from services.complaints.handling import Decision
from services.views import Scores
from tests.services import complaint_kit

NOVEMBER = Month(2026, 11)


@pytest.fixture
def ask(database, desk_of, now):
    def ask(person, act, *facts, at=now, **named):
        with database.transaction() as session:
            return act(desk_of(session, person, at), *facts, **named)

    return ask


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", skills=["printer"])


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def rate(make_person, make_ticket, by, zhou):
    def rate(*scores, engineer=None):
        wang = make_person("王芳")
        ticket = make_ticket(Status.CLOSED, requester=wang, engineer=engineer or zhou)
        by(wang).rate(ticket.id, Scores(*scores))

    return rate


def test_a_month_is_the_sum_of_its_facts(rate, zhou, head, ask):
    for scores in ((5, 5, 5), (5, 5, 5), (4, 5, 3), (2, 5, 5)):
        rate(*scores)

    (account,) = ask(head, appraisal_sums.accounts, NOVEMBER)
    months = ask(zhou, appraisal_sums.my_months, NOVEMBER)

    assert account.person == "周工"
    assert account.sums == Sums(points=1, ratings=4, of_ratings=1)
    assert months[-1] == (NOVEMBER, account.sums)
    assert [sums.ratings for _, sums in months] == [*[0] * 11, 4]
    assert ask(head, appraisal_sums.accounts, NOVEMBER.moved(-1)) == ()


def test_what_was_struck_counts_nothing_and_is_not_counted(rate, zhou, head, ask):
    rate(1, 1, 1)
    (fact,) = ask(zhou, appraisal.mine)
    ask(zhou, appraisal.answer, fact.id, "当天没有备件")
    assert ask(head, appraisal_sums.accounts, NOVEMBER)[0].sums == Sums(-1, 1, -1, waiting=1)

    ask(head, appraisal.decide, fact.id, 0, "确实缺货")

    assert ask(head, appraisal_sums.accounts, NOVEMBER)[0].sums == Sums()
    (fact,) = ask(zhou, appraisal.mine)
    assert (fact.state, fact.points, fact.points_first) == (FactState.STRUCK, 0, -1)


def test_an_answer_that_comes_too_late_is_refused(rate, zhou, ask, now, rules):
    rate(1, 1, 1)
    (fact,) = ask(zhou, appraisal.mine)
    late = now + rules.complaints.appeal_within + timedelta(days=1)

    with pytest.raises(NotToBeAnswered):
        ask(zhou, appraisal.answer, fact.id, "晚了", at=late)


def test_the_time_for_an_answer_does_not_tell_the_minute_of_the_rating(rate, zhou, ask):
    rate(1, 1, 1)

    (fact,) = ask(zhou, appraisal.mine)

    assert fact.answer_until == datetime(2026, 12, 2, tzinfo=CHINA)


def test_sums_of_everybody_are_the_heads_alone(zhou, make_person, ask):
    for person in (zhou, make_person("陈静", Role.DESK), make_person("罗敏", Role.ADMIN)):
        with pytest.raises(NotPermitted):
            ask(person, appraisal_sums.accounts, NOVEMBER)


def test_a_head_whom_a_complaint_concerns_finds_no_trace_of_it_in_the_sums(
    database, desk_of, make_person, make_engineer, ask
):
    cast = complaint_kit.cast_of(make_person, make_engineer)
    other = make_person("何总", Role.HEAD)
    complaint = complaint_kit.reported(database, desk_of, cast)
    with database.transaction() as session:
        session.add(ComplaintPerson(complaint_id=complaint.id, person_id=other.id, why="named"))
    before = ask(other, appraisal_sums.accounts, NOVEMBER)
    with database.transaction() as session:
        made = Decision(Verdict.UPHELD, "周工当面道歉")
        handling.decide(desk_of(session, cast.head), complaint.id, made)

    assert ask(other, appraisal_sums.accounts, NOVEMBER) == before
    assert ask(other, appraisal.of_everybody) == ()
    assert ask(cast.head, appraisal_sums.accounts, NOVEMBER)[0].sums == Sums(
        points=-5, complaints=1, of_complaints=-5
    )
