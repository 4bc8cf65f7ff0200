"""Promises from their beginning to their end: rung, kept, broken, dropped, taken up again (F14)."""

from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.lifecycle import Status
from domain.permissions import Role
from domain.priority import Impact, Urgency
from domain.refusals import NotFound
from domain.targets import TargetKind, TargetState, WaitsFor
from jobs.timetable import Timetable
from models import Ticket, TicketPause, TicketTarget
from services import desk_acts, merging, opening, reclassifying, replying, undoing
from services.desk import Desk
from services.reclassifying import ClassifiedSo, ReasonMissing
from services.views import WorkResult
from tests.services.making import (
    a_report,
    all_of,
    check_invariants,
    only,
    promise_clocks_of,
    told,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RESULT = WorkResult("setting", "重装驱动", 20, False)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def chen(make_person):
    return make_person("陈台", Role.DESK)


@pytest.fixture
def ticket(by, wang, zhou):
    return by(wang).report(a_report()).ticket


@pytest.fixture
def accepted(by, zhou, ticket, now):
    return by(zhou, now + MINUTE).accept(ticket.id)


@pytest.fixture
def tick(database, rules):
    return lambda at: Timetable(database, rules, lambda: at, lambda: None).tick()


@pytest.fixture
def promise(database):
    """The newest of its kind."""
    return lambda kind: all_of(database, TicketTarget, kind=kind)[-1]


@pytest.fixture
def do(database, rules, now):
    def do(actor, act, *args, at=now, **options):
        with database.transaction() as session:
            return act(Desk(session, at, rules, actor), *args, **options)

    return do


def test_accepting_answers_and_the_next_clock_is_the_diagnosis(
    database, accepted, ticket, promise, now
):
    """F9, F14."""
    response = promise(TargetKind.RESPONSE)
    assert (response.state, response.done_at) == (TargetState.MET, now + MINUTE)
    assert response.ran_minutes == 1
    assert promise_clocks_of(database, ticket.id) == {
        DeadlineKind.TARGET_AT_RISK: now + 90 * MINUTE,
        DeadlineKind.TARGET_DUE: now + 120 * MINUTE,
    }


def test_before_a_promise_breaks_the_requester_hears_of_it_once(
    database, accepted, wang, tick, promise, by, zhou, now
):
    """R4: a hold and its end say nothing again."""
    tick(now + 91 * MINUTE)
    assert told(database, wang)[-1] == "notice.promise_at_risk"
    assert promise(TargetKind.DIAGNOSIS).warned_at == now + 91 * MINUTE

    by(zhou, now + 92 * MINUTE).transfer(accepted.id, "不对口", None)
    tick(now + 93 * MINUTE)

    assert told(database, wang).count("notice.promise_at_risk") == 1


def test_what_was_missed_stays_missed_when_it_is_done_late(
    database, accepted, wang, tick, promise, by, zhou, now
):
    tick(now + 121 * MINUTE)
    assert told(database, wang)[-1] == "notice.promise_missed"
    assert only(database, Ticket).resolution_due_at == now + 120 * MINUTE

    by(zhou, now + 150 * MINUTE).progress(accepted.id, "是搓纸轮，去拿备件")

    diagnosis = promise(TargetKind.DIAGNOSIS)
    assert diagnosis.state is TargetState.MISSED
    assert diagnosis.settled_at == now + 120 * MINUTE
    assert (diagnosis.done_at, diagnosis.ran_minutes) == (now + 150 * MINUTE, 150)
    assert promise(TargetKind.FEEDBACK).state is TargetState.RUNNING
    check_invariants(database)


def test_arriving_is_no_diagnosis_but_news_afterwards(database, accepted, promise, by, zhou, now):
    by(zhou, now + 20 * MINUTE).arrive(accepted.id)
    assert promise(TargetKind.DIAGNOSIS).state is TargetState.RUNNING

    by(zhou, now + 30 * MINUTE).progress(accepted.id, "搓纸轮磨平了")
    by(zhou, now + 40 * MINUTE).arrive(accepted.id)

    news = [each for each in all_of(database, TicketTarget) if each.kind is TargetKind.FEEDBACK]
    assert [each.state for each in news] == [TargetState.MET, TargetState.RUNNING]
    assert news[1].began_at == now + 40 * MINUTE


def test_a_solution_fulfils_everything(database, accepted, by, zhou, now):
    by(zhou, now + 30 * MINUTE).resolve(accepted.id, RESULT)

    rows = all_of(database, TicketTarget)
    assert {each.state for each in rows} == {TargetState.MET}
    assert promise_clocks_of(database, accepted.id) == {}
    check_invariants(database)


def test_what_is_called_off_owes_nothing_but_what_was_late(database, ticket, by, wang, now):
    by(wang, now + 30 * MINUTE).cancel(ticket.id)

    states = {each.kind: each.state for each in all_of(database, TicketTarget)}
    assert states == {
        TargetKind.RESPONSE: TargetState.MISSED,
        TargetKind.DIAGNOSIS: TargetState.DROPPED,
    }
    check_invariants(database)


def test_who_is_on_the_phone_with_the_desk_has_been_answered(database, do, chen, wang):
    """F2."""
    do(chen, opening.report_for, a_report(), wang)

    states = {each.kind: each.state for each in all_of(database, TicketTarget)}
    assert states[TargetKind.RESPONSE] is TargetState.MET
    assert states[TargetKind.DIAGNOSIS] is TargetState.RUNNING


def test_a_reply_of_the_desk_answers_unless_it_is_taken_back(
    database, do, chen, ticket, promise, now
):
    do(chen, replying.reply, ticket.id, "马上来人")
    assert promise(TargetKind.RESPONSE).state is TargetState.MET

    do(chen, replying.take_back, ticket.id, at=now + timedelta(seconds=2))

    assert promise(TargetKind.RESPONSE).state is TargetState.RUNNING
    check_invariants(database)


def test_apart_again_the_time_as_part_of_another_is_a_pause(
    database, do, by, chen, wang, zhou, now
):
    first = by(wang).report(a_report()).ticket
    second = by(wang).report(a_report(symptom="也卡纸")).ticket
    do(chen, merging.merge, second.id, first.number, at=now + 5 * MINUTE)
    merged = {each.state for each in all_of(database, TicketTarget, ticket_id=second.id)}

    do(chen, merging.unmerge, second.id, at=now + 65 * MINUTE)

    assert merged == {TargetState.DROPPED}
    row = only(database, Ticket, id=second.id)
    assert row.resolution_due_at == now + 3 * HOUR
    check_invariants(database)


def test_a_hold_ends_when_it_was_said_to_though_the_clock_was_down(
    database, accepted, by, zhou, tick, now
):
    """R-073: what the desk's machine loses is not the requester's."""
    by(zhou, now + HOUR).hold(accepted.id, "等配件", now + 2 * HOUR, WaitsFor.PART)

    tick(now + 6 * HOUR)

    assert only(database, TicketPause).ended_at == now + 2 * HOUR
    assert only(database, Ticket).resolution_due_at == now + 26 * HOUR
    check_invariants(database)


def test_taking_an_assignment_back_puts_the_hold_back(
    database, do, by, chen, accepted, zhou, make_engineer, now
):
    by(zhou, now + HOUR).hold(accepted.id, "等配件", now + 5 * HOUR, WaitsFor.PART)
    before = only(database, Ticket).resolution_due_at
    wu = make_engineer("吴工")
    do(chen, desk_acts.assign_to, accepted.id, wu.id, "周工请假", at=now + 2 * HOUR)
    assert only(database, Ticket).resolution_due_at < before

    do(chen, undoing.undo, accepted.id, at=now + 2 * HOUR + timedelta(seconds=3))

    row = only(database, Ticket)
    assert (row.status, row.resolution_due_at) == (Status.ON_HOLD, before)
    assert only(database, TicketPause).ended_at is None
    check_invariants(database)


def test_what_becomes_urgent_is_due_sooner(database, do, chen, accepted, promise, now):
    """F6, F14: half an hour from the report, or from now where that is over."""
    do(
        chen,
        desk_acts.correct,
        accepted.id,
        impact=Impact.BUSINESS.value,
        urgency=Urgency.HIGH.value,
        at=now + 40 * MINUTE,
    )

    diagnosis = promise(TargetKind.DIAGNOSIS)
    assert (diagnosis.rule, diagnosis.round) == ("urgent", 2)
    assert diagnosis.due_at == now + 70 * MINUTE
    check_invariants(database)


def test_another_class_needs_a_reason_and_is_given_once(do, zhou, chen, accepted, wang):
    with pytest.raises(ReasonMissing):
        do(zhou, reclassifying.reclassify, accepted.id, is_complex=True, reason="  ")
    do(zhou, reclassifying.reclassify, accepted.id, is_complex=True, reason="要换主板")
    with pytest.raises(ClassifiedSo):
        do(chen, reclassifying.reclassify, accepted.id, is_complex=True, reason="要换主板")


def test_whose_work_it_is_not_classifies_nothing(do, accepted, make_engineer, make_person):
    with pytest.raises(NotFound):
        do(
            make_person("李敏"),
            reclassifying.reclassify,
            accepted.id,
            is_complex=True,
            reason="要换主板",
        )


def test_a_hold_says_beforehand_what_it_does(do, zhou, accepted, by, now):
    """F11."""
    foreseen = by(zhou, now + HOUR).due_after(accepted.id, now + 3 * HOUR)
    held = by(zhou, now + HOUR).hold(accepted.id, "等配件", now + 3 * HOUR, WaitsFor.PART)

    assert foreseen == held.resolution_due_at == now + 27 * HOUR
