"""The hand-over between two shifts: open matters listed, both sign, others see nothing (规范8)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound
from models import HandOver
from services import handing_over, roster_watch
from services.handing_over import HandOverSigned, NobodyToTake
from tests.services.making import all_of, only, told
from tests.services.roster_kit import Roster, at

EVENING = at(24, 17, 50)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明")


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def night(make_engineer):
    return make_engineer("郑志强", is_on_duty=False)


@pytest.fixture
def plan(database, clerk):
    return Roster(database, clerk, EVENING)


def test_the_desk_hands_what_is_late_or_nobodys_to_whom_the_roster_names(
    by, database, make_ticket, zhou, clerk, night, plan
):
    plan.put(clerk, 24, "服务台")
    plan.put(night, 24, "值班")
    late = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 14))
    make_ticket(Status.RESOLVED, engineer=zhou, at=at(24, 15))

    given = by(clerk, EVENING).give_hand_over(None, "机房钥匙在前台")
    taken = by(night, at(24, 18)).take_over(given.id)

    assert [(each["number"], each["why"]) for each in given.matters] == [(late.number, "late")]
    assert (given.to_id, given.notes, given.given_at) == (night.id, "机房钥匙在前台", EVENING)
    assert taken.taken_at == at(24, 18)
    assert told(database, night)[-1] == "roster_told.hand_over"
    assert told(database, clerk)[-1] == "roster_told.taken_over"


def test_an_engineer_hands_over_what_is_in_hand_and_must_say_to_whom(
    by, make_ticket, zhou, night, plan
):
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou, at=at(24, 17))
    plan.put(zhou, 24)

    with pytest.raises(NobodyToTake):
        by(zhou, EVENING).give_hand_over(None)
    given = by(zhou, EVENING).give_hand_over(night.id)

    assert [each["number"] for each in given.matters] == [ticket.number]
    assert given.duty is not None and given.duty.ends_at == at(24, 18)


def test_at_the_desk_whoever_comes_may_sign_and_only_once(by, make_person, zhou, clerk):
    other = make_person("李娜", Role.DESK)
    given = by(clerk, EVENING).give_hand_over(None)

    assert [each.id for each in by(other, EVENING).hand_overs_for_me()] == [given.id]
    for who in (zhou, clerk):
        with pytest.raises(NotFound):
            by(who, EVENING).take_over(given.id)
    assert by(other, EVENING).take_over(given.id).to_id == other.id
    with pytest.raises(HandOverSigned):
        by(other, EVENING).take_over(given.id)


def test_what_is_handed_over_between_others_is_not_there(
    by, database, desk_of, make_engineer, zhou, clerk, night
):
    """S-042."""
    other = make_engineer("孙工")
    given = by(zhou, EVENING).give_hand_over(night.id, "只有我们知道")

    with database.reading() as session:
        with pytest.raises(NotFound):
            handing_over.one(desk_of(session, other, EVENING), given.id)
        assert handing_over.recent(desk_of(session, other, EVENING)) == ()
        for who in (zhou, night, clerk):
            found = handing_over.one(desk_of(session, who, EVENING), given.id)
            assert found.notes == "只有我们知道"


def test_a_quarter_of_an_hour_before_the_end_it_is_laid_ready_and_asked_for_once(
    by, database, rules, clerk, night, plan
):
    duty = plan.put(clerk, 24, "服务台")
    plan.put(night, 24, "值班")
    by(clerk, at(24, 8)).sign_in()

    for minute in (44, 45, 46):
        with database.transaction() as session:
            roster_watch.watch(session, rules, at(24, 17, minute))

    laid = only(database, HandOver)
    assert (laid.duty_id, laid.to_person_id, laid.given_at) == (duty, night.id, None)
    assert told(database, clerk) == ["roster_told.hand_over_due"]
    given = by(clerk, EVENING).give_hand_over(None)
    assert [each.id for each in all_of(database, HandOver)] == [given.id]
    assert by(night, EVENING + timedelta(minutes=1)).take_over(given.id).from_name == "陈静"
