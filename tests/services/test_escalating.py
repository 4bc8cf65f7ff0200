"""The ladder is climbed: each rung once, in its hours, until somebody sees to it (F11)."""

from datetime import datetime

import pytest
from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.escalation import Hearer, Trigger
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.refusals import NotFound, NotPermitted
from models import Activity, Deadline, Notice, Ticket
from services import escalating, taking_charge
from services.clocks import Due
from services.desk import Desk
from services.taking_charge import TAKEN_FOR, NobodyThere, NotClimbing
from services.timeline import timeline
from tests.services.making import a_report, all_of, check_invariants, happened, only, said, told
from tests.services.night_kit import EVENING, HOUR, MINUTE, MORNING, leads, ring_until

LATE_KEYS = ("notice.ladder.late", "notice.ladder_engineer.late")


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def clerk(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def head(make_person):
    return make_person("赵主任", Role.HEAD)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def lead(database, make_engineer, zhou):
    """An engineer who leads 周工's team, and has no other right than that."""
    lead = make_engineer("孙组长", is_on_duty=False)
    leads(database, lead, zhou)
    return lead


@pytest.fixture
def accepted(by, wang, zhou, now):
    """An ordinary ticket in hand since 10:30."""
    ticket = by(wang).report(a_report()).ticket
    by(zhou).accept(ticket.id)
    return ticket


@pytest.fixture
def begin(database, rules):
    """What a promise's own clock does: `begin(ticket, Trigger.LATE, at)`."""

    def begin(ticket, trigger, at, *, due: datetime | None = None):
        with database.transaction() as session:
            row = session.get_one(Ticket, ticket.id)
            if due is not None:
                row.resolution_due_at = due
            escalating.begin(session, row, trigger, rules, at)

    return begin


def ladder(database, ticket):
    """When its next rung is due, if there is one."""
    rows = all_of(database, Deadline, ticket_id=ticket.id, kind=DeadlineKind.LADDER)
    return rows[0].due_at if rows else None


def _ladder_of(ticket):
    return Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.LADDER


def climb(database, rules, ticket, at):
    """Its ladder's clock rings, and no other one."""
    with database.transaction() as session:
        row = session.scalars(select(Deadline).where(*_ladder_of(ticket))).one()
        assert row.due_at <= at
        due = Due(DeadlineKind.LADDER, row.step, row.due_at)
        session.delete(row)
        session.flush()
        escalating.climb(session, session.get_one(Ticket, ticket.id), rules, at, due)


# --- late ----------------------------------------------------------------------------------------


def test_what_is_late_is_heard_by_engineer_and_desk_then_lead_then_head(
    database, rules, begin, accepted, zhou, clerk, lead, head, now
):
    """F11: at once, after half an hour, after two more hours."""
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)

    assert told(database, zhou)[-1] == "notice.ladder_engineer.late"
    assert told(database, clerk) == ["notice.ladder.late"]
    assert told(database, lead) == []

    climb(database, rules, accepted, late + 30 * MINUTE)
    assert told(database, lead) == ["notice.ladder.late"] and told(database, head) == []

    climb(database, rules, accepted, late + 150 * MINUTE)
    assert told(database, head) == ["notice.ladder.late"]


def test_the_head_hears_again_and_then_no_more(
    database, rules, begin, accepted, clerk, lead, head, now
):
    """Three times more, four working hours apart."""
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)

    at = late
    for _ in range(20):
        due = ladder(database, accepted)
        if due is None:
            break
        at = due
        climb(database, rules, accepted, at)

    assert told(database, head) == ["notice.ladder.late"] * 4
    again = [said(each).facts["again"] for each in all_of(database, Notice, recipient_id=head.id)]
    assert [each is not None for each in again] == [False, True, True, True]


def test_no_rung_of_an_ordinary_ticket_rings_at_night(
    database, rules, begin, accepted, clerk, lead, head, now
):
    """B5: late at 17:50, the lead hears at 8:20 the next morning."""
    late = MORNING - 14 * HOUR - 10 * MINUTE
    begin(accepted, Trigger.LATE, late, due=late)

    assert ladder(database, accepted) == MORNING + 20 * MINUTE


def test_what_becomes_late_at_night_is_told_when_the_desk_opens(
    database, rules, begin, accepted, clerk, now
):
    begin(accepted, Trigger.LATE, EVENING, due=EVENING)

    assert told(database, clerk) == []
    assert ladder(database, accepted) == MORNING


def test_a_word_to_the_requester_ends_it(
    database, rules, begin, accepted, zhou, clerk, lead, head, now
):
    """B4: the rung is judged again when it rings."""
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)

    with database.transaction() as session:
        session.get_one(Ticket, accepted.id).resolution_due_at = late + 24 * HOUR
    climb(database, rules, accepted, late + 30 * MINUTE)

    assert told(database, lead) == [] and ladder(database, accepted) is None


def test_an_urgent_ticket_is_heard_by_the_head_after_half_an_hour_at_any_hour_and_by_phone(
    database, rules, by, begin, wang, zhou, clerk, lead, head
):
    ticket = by(wang).report(a_report(impact=Impact.TEAM, urgency=Urgency.HIGH)).ticket
    by(zhou).accept(ticket.id)
    begin(ticket, Trigger.LATE, EVENING, due=EVENING)
    assert told(database, lead) == ["notice.ladder.late"]

    climb(database, rules, ticket, EVENING + 30 * MINUTE)

    assert told(database, head) == ["notice.ladder.late"]
    (ring_up,) = all_of(database, Notice, text_key="notice.ring_up")
    (line,) = said(ring_up).facts["people"]
    assert ring_up.recipient_id == clerk.id and line.facts["name"] == "赵主任"


def test_a_graver_matter_takes_the_place_of_a_lesser_one_and_not_the_other_way(
    database, begin, accepted, clerk, now
):
    late = now + 2 * HOUR
    begin(accepted, Trigger.SUPPORT, now + HOUR)
    assert ladder(database, accepted) == now + HOUR + 10 * MINUTE

    begin(accepted, Trigger.LATE, late, due=late)
    begin(accepted, Trigger.SUPPORT, late)
    begin(accepted, Trigger.LATE, late)

    assert ladder(database, accepted) == late + 30 * MINUTE
    assert told(database, clerk) == ["notice.ladder.late"]


def test_a_ticket_that_ended_climbs_nothing(database, begin, make_ticket, wang, zhou, clerk, now):
    ticket = make_ticket(Status.CLOSED, requester=wang, engineer=zhou)

    begin(ticket, Trigger.LATE, now + 3 * HOUR)

    assert ladder(database, ticket) is None
    assert [each for each in told(database, clerk) if each in LATE_KEYS] == []


def test_a_lead_who_heard_of_it_may_read_it_and_one_who_did_not_may_not(
    database, rules, by, begin, accepted, lead, clerk, make_engineer, now
):
    """H-20: being told is what opens the ticket."""
    late = now + 2 * HOUR
    with pytest.raises(NotFound):
        by(lead, late).ticket(accepted.id)

    begin(accepted, Trigger.LATE, late, due=late)
    climb(database, rules, accepted, late + 30 * MINUTE)

    assert by(lead, late + HOUR).ticket(accepted.id).number == accepted.number
    with pytest.raises(NotFound):
        by(make_engineer("甲工"), late + HOUR).ticket(accepted.id)


def test_every_step_stands_in_the_timeline_for_those_who_work_here(
    database, rules, begin, accepted, wang, clerk, lead, now
):
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)
    climb(database, rules, accepted, late + 30 * MINUTE)

    with database.reading() as session:
        inside = [each.say for each in timeline(session, clerk, accepted.id)]
        outside = [each.action for each in timeline(session, wang, accepted.id)]

    steps = [each for each in inside if each.key == "timeline.done.escalate"]
    assert [getattr(each.facts["to"], "key", each.facts["to"]) for each in steps] == [
        "timeline.the_desk",
        "周工",
        "孙组长",
    ]
    assert Action.ESCALATE not in outside


# --- unanswered ----------------------------------------------------------------------------------


def test_nobody_free_and_nobody_answering_is_heard_by_the_lead_then_by_the_head(
    database, rules, by, wang, make_person, clerk, head, now
):
    """F9: waiting in the queue is noticed, not only at its beginning."""
    lead = make_person("孙组长", Role.DESK)
    leads(database, lead, clerk)

    ticket = by(wang).report(a_report()).ticket
    ring_until(database, rules, now, now + 21 * MINUTE)
    assert told(database, lead).count("notice.ladder.unanswered") == 1

    climb(database, rules, ticket, now + 80 * MINUTE)
    assert told(database, head)[-1] == "notice.ladder.unanswered"


def test_who_accepts_ends_it(database, rules, by, wang, clerk, head, make_engineer, now):
    ticket = by(wang).report(a_report()).ticket
    zhou = make_engineer("周工", is_on_duty=False)
    by(zhou, now + MINUTE).sign_in()
    by(zhou, now + 2 * MINUTE).accept(ticket.id)

    climb(database, rules, ticket, now + 20 * MINUTE)

    assert "notice.ladder.unanswered" not in told(database, head)
    assert ladder(database, ticket) is None


# --- by hand -------------------------------------------------------------------------------------


def test_who_sees_to_it_keeps_the_ladder_still_for_half_an_hour(
    database, rules, by, begin, accepted, clerk, lead, head, now
):
    """B4: an acknowledgement is taken back when nothing happens after it."""
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)
    climb(database, rules, accepted, late + 30 * MINUTE)

    at = late + 140 * MINUTE
    by(lead, at).take_charge(accepted.id)

    assert ladder(database, accepted) == at + TAKEN_FOR
    assert (
        only(database, Activity, ticket_id=accepted.id, actor_id=lead.id).action is Action.ESCALATE
    )


def test_seeing_to_it_twice_is_once(database, by, begin, accepted, clerk, now):
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)

    by(clerk, late).take_charge(accepted.id)
    by(clerk, late + MINUTE).take_charge(accepted.id)

    assert len(all_of(database, Activity, ticket_id=accepted.id, actor_id=clerk.id)) == 1


def test_a_colleague_who_was_not_told_cannot_see_to_it(by, accepted, make_engineer, zhou, now):
    with pytest.raises(NotFound):
        by(make_engineer("甲工"), now + HOUR).take_charge(accepted.id)
    with pytest.raises(NotPermitted):
        by(zhou, now + HOUR).take_charge(accepted.id)


def test_the_desk_reports_it_to_the_head_at_once_with_a_word_why(
    database, by, desk_of, accepted, clerk, head, now
):
    with database.transaction() as session:
        desk: Desk = desk_of(session, clerk, now + MINUTE)
        taking_charge.escalate(desk, accepted.id, Hearer.HEAD, "用户是董事长办公室")

    assert told(database, head) == ["notice.ladder_by_hand"]
    assert happened(database, accepted.id)[-1] is Action.ESCALATE


def test_there_must_be_somebody_to_report_to(database, desk_of, accepted, clerk, now):
    with database.transaction() as session, pytest.raises(NobodyThere):
        taking_charge.escalate(desk_of(session, clerk, now), accepted.id, Hearer.LEAD, "没有人")


def test_the_desk_stops_what_is_being_climbed_for_and_says_why(
    database, desk_of, begin, accepted, clerk, now
):
    late = now + 2 * HOUR
    begin(accepted, Trigger.LATE, late, due=late)

    with database.transaction() as session:
        taking_charge.quiet(desk_of(session, clerk, late), accepted.id, "已电话约好明天")
    assert ladder(database, accepted) is None

    with database.transaction() as session, pytest.raises(NotClimbing):
        taking_charge.quiet(desk_of(session, clerk, late), accepted.id, "再停一次")
    check_invariants_but_due(database, accepted)


def check_invariants_but_due(database, ticket):
    """The tests set the promise of the ticket by hand: it is put back before all is checked."""
    with database.transaction() as session:
        row = session.get_one(Ticket, ticket.id)
        row.resolution_due_at = ticket.resolution_due_at
    check_invariants(database)
