"""The hand-over between two shifts: open matters listed, both sign, others see nothing (规范8)."""

from contextlib import suppress
from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.refusals import NotFound
from models import Activity, Deadline, Engineer, HandOver, Ticket
from services import desk_acts, handing_over, roster_watch
from services.handing_over import HandOverSigned, NobodyToTake
from tests.services.making import all_of, at_once, only, told
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


# --- tickets that go along -----------------------------------------------------------------------


def given_by(database, ticket):
    """Whose it is now, and how it stands."""
    (row,) = all_of(database, Ticket, number=ticket.number)
    return row.assignee_id, row.status


def test_what_is_not_begun_or_urgent_goes_along_and_begun_work_stays(
    by, database, make_ticket, zhou, night
):
    new = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))
    begun = make_ticket(Status.IN_PROGRESS, engineer=zhou, at=at(24, 17))
    urgent = make_ticket(
        Status.IN_PROGRESS, engineer=zhou, at=at(24, 17), urgency=Urgency.HIGH, impact=Impact.TEAM
    )
    given = by(zhou, EVENING).give_hand_over(night.id)
    assert given_by(database, new) == (zhou.id, Status.ASSIGNED)

    by(night, at(24, 18)).take_over(given.id)

    assert given_by(database, new) == given_by(database, urgent) == (night.id, Status.ASSIGNED)
    assert given_by(database, begun) == (zhou.id, Status.IN_PROGRESS)
    with database.reading() as session:
        loads = [session.get_one(Engineer, each.id).open_tickets for each in (zhou, night)]
    assert loads == [1, 2]
    assert told(database, zhou)[-1] == "roster_told.taken_over"
    assert told(database, night).count("notice.assigned") == 2


def test_the_one_who_goes_ticks_otherwise_and_the_requester_is_told_once(
    by, database, make_person, make_ticket, zhou, night
):
    wang = make_person("王芳")
    new = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))
    begun = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou, at=at(24, 17))
    given = by(zhou, EVENING).give_hand_over(night.id, moves=[begun.number])
    before = told(database, wang)

    taken = by(night, at(24, 18)).take_over(given.id)

    assert given_by(database, new) == (zhou.id, Status.ASSIGNED)
    assert given_by(database, begun) == (night.id, Status.ASSIGNED)
    assert told(database, wang)[len(before) :] == ["notice.engineer_changes"]
    assert (taken.facts["moved"], given.facts["staying"]) == (1, new.number[-4:])
    (line,) = all_of(database, Activity, ticket_id=begun.id, action=Action.REASSIGN)
    assert line.detail["from_engineer_id"] == zhou.id and line.actor_id == night.id
    (due,) = all_of(database, Deadline, ticket_id=begun.id, kind=DeadlineKind.ANSWER_DUE)
    assert due.due_at > at(24, 18)


def test_what_became_somebody_elses_meanwhile_does_not_go_along(
    by, database, desk_of, make_engineer, make_ticket, zhou, clerk, night
):
    other = make_engineer("孙工")
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))
    given = by(zhou, EVENING).give_hand_over(night.id)
    with database.transaction() as session:
        desk_acts.assign_to(desk_of(session, clerk, EVENING), ticket.id, other.id, "他在五楼")

    taken = by(night, at(24, 18)).take_over(given.id)

    assert given_by(database, ticket) == (other.id, Status.ASSIGNED)
    assert taken.facts["moved"] is None


def test_to_who_takes_no_work_nothing_goes_along(by, database, make_ticket, zhou, clerk):
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))

    given = by(zhou, EVENING).give_hand_over(clerk.id)
    by(clerk, at(24, 18)).take_over(given.id)

    assert given.facts["moving"] is None
    assert given_by(database, ticket) == (zhou.id, Status.ASSIGNED)


def test_two_taps_at_once_move_it_once(by, database, make_ticket, zhou, night):
    """R-089."""
    ticket = make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))
    given = by(zhou, EVENING).give_hand_over(night.id)

    at_once(*[lambda: signed(by(night, at(24, 18)), given.id)] * 2)

    assert len(all_of(database, Activity, ticket_id=ticket.id, action=Action.REASSIGN)) == 1
    assert told(database, night).count("notice.assigned") == 1


def signed(desk, hand_over_id):
    with suppress(HandOverSigned):
        desk.take_over(hand_over_id)
