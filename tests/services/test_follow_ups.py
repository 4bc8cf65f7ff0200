"""A low score is a call back: by others than who worked, with an outcome, once (F13)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from models import Notice
from services import follow_ups
from services.follow_ups import DoneBefore, NothingSaid, Pattern
from services.views import Scores
from tests.services.making import all_of

LOW = Scores(2, 5, 5, "等了两天")


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def rated(make_person, make_ticket, by):
    def rated(scores=LOW, **facts):
        wang = make_person("王芳")
        ticket = make_ticket(Status.CLOSED, requester=wang, **facts)
        by(wang).rate(ticket.id, scores)
        return ticket

    return rated


@pytest.fixture
def ask(database, desk_of, now):
    """One act of a person, in a transaction of its own."""

    def ask(person, act, *facts, at=now, **named):
        with database.transaction() as session:
            return act(desk_of(session, person, at), *facts, **named)

    return ask


def test_a_low_score_is_listed_with_whom_to_call_and_why(rated, clerk, ask):
    ticket = rated()

    (call,) = ask(clerk, follow_ups.listed)

    assert (call.number, call.contact, call.phone) == (ticket.number, "王芳", "13800001234")
    assert (call.speed, call.comment, call.engineer) == (2, "等了两天", "周工")
    assert call.may_reopen
    assert ask(clerk, follow_ups.count_open) == 1


def test_good_scores_ask_for_no_call(rated, clerk, ask):
    rated(Scores(3, 3, 3))

    assert ask(clerk, follow_ups.listed) == []


def test_who_worked_on_it_does_not_ask_after_their_own_work(
    rated, make_engineer, make_person, ask, clerk
):
    both = make_engineer("周工", skills=["printer"])
    rated(engineer=both)
    as_clerk = make_person("小陈", Role.DESK)
    own = type(both)(both.id, both.openid, frozenset({Role.DESK, Role.ENGINEER}), both.name)
    (call,) = ask(as_clerk, follow_ups.listed)

    assert ask(own, follow_ups.listed) == []
    assert ask(own, follow_ups.count_open) == 0
    for act, facts in (
        (follow_ups.take, (call.id,)),
        (follow_ups.done, (call.id, "没事")),
        (follow_ups.one, (call.id,)),
    ):
        with pytest.raises(NotFound):
            ask(own, act, *facts)


def test_a_call_is_done_once_and_with_words(rated, clerk, ask):
    rated()
    (call,) = ask(clerk, follow_ups.listed)
    with pytest.raises(NothingSaid):
        ask(clerk, follow_ups.done, call.id, "  ")
    ask(clerk, follow_ups.take, call.id)
    ask(clerk, follow_ups.done, call.id, "已道歉")

    with pytest.raises(DoneBefore):
        ask(clerk, follow_ups.done, call.id, "再来一次")
    assert ask(clerk, follow_ups.listed) == []
    (done,) = ask(clerk, follow_ups.listed, is_open=False)
    assert (done.outcome, done.done_by, done.taken_by) == ("已道歉", "陈静", "陈静")


def test_a_ticket_that_was_closed_long_ago_is_not_offered_to_be_reopened(rated, clerk, ask, now):
    rated()

    (call,) = ask(clerk, follow_ups.listed, at=now + timedelta(days=60))

    assert not call.may_reopen


def test_the_head_reads_calls_and_makes_none(rated, make_person, ask):
    rated()
    head = make_person("何总", Role.HEAD)
    (call,) = ask(head, follow_ups.listed)

    with pytest.raises(NotPermitted):
        ask(head, follow_ups.take, call.id)


def test_low_scores_that_gather_are_a_pattern(rated, make_engineer, clerk, ask, now):
    zhou = make_engineer("周工", skills=["printer"])
    for _ in range(2):
        rated(engineer=zhou)
    rated(Scores(5, 5, 5), engineer=zhou)

    assert ask(clerk, follow_ups.patterns) == [
        Pattern("category", "printer", 2, 3),
        Pattern("engineer", "周工", 2, 3),
        Pattern("office", "三楼财务室", 2, 3),
    ]
    assert ask(clerk, follow_ups.patterns, at=now + timedelta(days=91)) == []


def test_the_notice_of_a_low_score_leads_to_the_calls(rated, clerk, database):
    rated()

    (told,) = [each for each in all_of(database, Notice) if each.text_key == "notice.low_rating"]

    assert told.recipient_id == clerk.id
    assert told.say["page"] == ["/console/follow-ups", "page.follow_ups"]
