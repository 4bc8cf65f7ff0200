"""After a stop: everything acts once, newest first, and nobody gets a flood (R-070, R-073)."""

from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from jobs.clock_watch import ClockWatch
from jobs.timetable import Timetable
from models import Activity, Database, Deadline, Notice, NoticeState, Ticket
from services import ringing
from services.notices import GATHERED_FOR
from tests.services.making import all_of, clocks_of, happened, said, told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Clock:
    """Time that a test turns by hand."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def timetable(database, rules, clock):
    return Timetable(database, rules, clock, lambda: None)


@pytest.fixture
def stop(timetable, clock):
    """The process is down so long, and comes back."""

    def stop(duration):
        clock.now += duration
        return timetable.tick()

    return stop


def waiting(database, person):
    """What the outbox will send to somebody."""
    rows = all_of(database, Notice, recipient_id=person.id)
    return [row for row in rows if row.state is NoticeState.PENDING]


def test_six_hours_late_each_deadline_acts_once(database, make_person, make_ticket, stop):
    requester = make_person()
    ticket = make_ticket(Status.RESOLVED, requester=requester)

    assert stop(30 * HOUR) >= 1
    assert stop(timedelta(seconds=1)) == 0

    lines = happened(database, ticket.id)
    assert lines.count(Action.CLOSE) == 1
    assert Action.REMIND not in lines  # of what is closed by now nobody is reminded
    assert told(database, requester).count("notice.auto_closed") == 1
    assert set(clocks_of(database, ticket.id)) == {DeadlineKind.RATING_REMINDER}


def test_who_would_get_many_messages_gets_one(database, make_person, make_ticket, stop, clock):
    requester = make_person()
    tickets = [make_ticket(Status.RESOLVED, requester=requester) for _ in range(11)]
    resolved = [row.id for row in waiting(database, requester)]

    stop(30 * HOUR)

    (summary,) = [row for row in waiting(database, requester) if row.id not in resolved]
    facts = said(summary).facts
    assert summary.text_key == "caught_up.summary"
    assert (facts["count"], len(facts["lines"]), facts["more"]) == (11, 8, 3)
    assert {line.facts["number"] for line in facts["lines"]} <= {each.number for each in tickets}
    assert summary.next_try_at <= clock.now
    replaced = all_of(database, Notice, text_key="notice.auto_closed")
    assert {row.replaced_by_id for row in replaced} == {summary.id}


def test_up_to_three_are_said_one_by_one_with_their_buttons_and_that_they_are_late(
    database, make_person, make_ticket, stop, clock, now
):
    requester = make_person()
    for _ in range(3):
        make_ticket(Status.RESOLVED, requester=requester)

    stop(30 * HOUR)

    closed = all_of(database, Notice, text_key="notice.auto_closed")
    assert [row.state for row in closed] == [NoticeState.PENDING] * 3
    for row in closed:
        say = said(row)
        assert (say.key, say.facts["what"].key) == ("caught_up.told", "notice.auto_closed")
        assert say.facts["since"] == now + 24 * HOUR
        assert [each.act.partition(":")[0] for each in say.buttons] == ["rate", "reopen"]
        assert row.next_try_at <= clock.now


def test_what_rings_in_time_waits_for_nothing(database, make_engineer, make_ticket, stop):
    engineer = make_engineer()
    for _ in range(3):
        make_ticket(Status.ASSIGNED, engineer=engineer)

    stop(5 * MINUTE + timedelta(seconds=2))

    reminders = all_of(database, Notice, text_key="notice.answer_reminder")
    assert len(reminders) == 3
    assert all(row.next_try_at == row.created_at for row in reminders)
    assert {row.state for row in reminders} == {NoticeState.PENDING}
    assert {row.late_since for row in reminders} == {None}


def test_a_process_that_dies_before_it_sums_up_leaves_nobody_untold(
    database, make_person, make_ticket, rules, clock
):
    """R-011: what it had queued goes out by itself, or is summed up by the next process."""
    requester = make_person()
    for _ in range(5):
        make_ticket(Status.RESOLVED, requester=requester)
    clock.now += 30 * HOUR
    with database.reading() as session:
        batches = ringing.due(session, clock.now)
    for batch in batches:
        with database.transaction() as session:
            ringing.ring(session, batch, rules, clock.now)
    closed = all_of(database, Notice, text_key="notice.auto_closed")
    assert {row.next_try_at for row in closed} == {clock.now + GATHERED_FOR}

    Timetable(database, rules, clock, lambda: None).tick()

    assert told(database, requester).count("caught_up.summary") == 1
    assert {row.state for row in all_of(database, Notice, text_key="notice.auto_closed")} == {
        NoticeState.REPLACED
    }


def test_what_was_taken_away_meanwhile_is_not_reminded_of(
    database, make_person, make_engineer, make_ticket, stop
):
    """The newest state first: the next engineer has it, with the button that accepts."""
    first, other = make_engineer("周工", skills=["printer"]), make_engineer("吴工")
    ticket = make_ticket(Status.ASSIGNED, engineer=first)

    stop(2 * HOUR)

    assert told(database, first).count("notice.answer_reminder") == 0
    (assigned,) = [row for row in waiting(database, other) if row.text_key == "notice.assigned"]
    assert f"accept:{ticket.number}" in [each.act for each in said(assigned).buttons]
    (row,) = all_of(database, Ticket, id=ticket.id)
    assert (row.status, row.assignee_id) == (Status.ASSIGNED, other.id)


# --- together ------------------------------------------------------------------------------------


def test_what_acts_together_acts_as_if_alone(database, make_person, make_ticket, rules, clock):
    """T8: one batch or one by one, the same rows."""
    requesters = [make_person(f"王{n}") for n in range(2)]
    halves = [
        [make_ticket(Status.RESOLVED, requester=requester).id for _ in range(3)]
        for requester in requesters
    ]
    clock.now += 24 * HOUR
    ids = {
        row.ticket_id: row.id for row in all_of(database, Deadline, kind=DeadlineKind.AUTO_CLOSE)
    }

    with database.transaction() as session:
        assert ringing.ring(session, [ids[each] for each in halves[0]], rules, clock.now) == 3
    for each in halves[1]:
        with database.transaction() as session:
            assert ringing.ring(session, [ids[each]], rules, clock.now) == 1

    assert _shape(database, halves[0]) == _shape(database, halves[1])


def _shape(database: Database, ids):
    """Everything that was written of these tickets, without ids."""
    return [
        (
            [
                (row.action, row.status_before, row.status_after)
                for row in _of(database, Activity, each)
            ],
            [(row.kind, row.due_at) for row in _of(database, Deadline, each)],
            [(row.text_key, row.state, row.urgency) for row in _of(database, Notice, each)],
            all_of(database, Ticket, id=each)[0].closed_at,
        )
        for each in ids
    ]


def _of(database: Database, model, ticket_id):
    return all_of(database, model, ticket_id=ticket_id)


def test_somebody_known_by_phone_alone_is_not_written_to(database, make_person, make_ticket, stop):
    """F2: the desk calls them."""
    requester = make_person(openid=None)
    ticket = make_ticket(Status.RESOLVED, requester=requester)

    assert stop(24 * HOUR) >= 1
    assert "notice.auto_closed" not in told(database, requester)
    assert happened(database, ticket.id)[-1] is Action.CLOSE


def test_urgent_ones_ring_first(database, make_person, make_engineer, make_ticket, clock):
    """R-075: somebody waits for an engineer; that a ticket closes has time."""
    for _ in range(2):
        make_ticket(Status.RESOLVED)
    waits = make_ticket(Status.ASSIGNED)
    clock.now += 30 * HOUR

    with database.reading() as session:
        batches = ringing.due(session, clock.now)
        first = [session.get_one(Deadline, each) for each in [*batches[0], *batches[1]]]

    assert {each.ticket_id for each in first} == {waits.id}


# --- the clock jumps -----------------------------------------------------------------------------


def test_a_clock_that_jumps_rings_nothing_and_whoever_runs_the_system_is_told(
    database, make_person, make_ticket, rules, clock
):
    """R-070: ten years ahead, and back again."""
    admin, requester = make_person("管理员", Role.ADMIN), make_person()
    ticket = make_ticket(Status.RESOLVED, requester=requester)
    passed = [0.0]
    right = clock.now
    watch = ClockWatch(clock, lambda: right, lambda: passed[0])
    timetable = Timetable(database, rules, clock, lambda: None, watch)
    assert timetable.tick() == 0

    clock.now += timedelta(days=3652)
    for _ in range(3):
        passed[0] += 60
        assert timetable.tick() == timetable.watch() == 0

    assert told(database, admin) == ["notice.clock_jumped"]
    assert happened(database, ticket.id)[-1] is Action.RESOLVE

    clock.now = right + timedelta(seconds=180)
    assert timetable.tick() == 0
    clock.now, passed[0] = right + 4 * HOUR, 180.0 + 4 * 3600
    assert timetable.tick() == 1
    assert told(database, requester)[-1] == "notice.confirm_reminder"


def test_a_jump_back_rings_nothing_a_second_time(database, make_engineer, make_ticket, stop, clock):
    engineer = make_engineer()
    make_ticket(Status.ASSIGNED, engineer=engineer)
    assert stop(5 * MINUTE) == 1

    clock.now -= HOUR
    assert stop(HOUR) == 0
    assert told(database, engineer).count("notice.answer_reminder") == 1
