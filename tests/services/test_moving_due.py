"""A holiday declared after opening: what runs moves, what is over stays, people are told (R4)."""

from datetime import date, datetime, timedelta

import pytest

from domain.calendar import Span, Week
from domain.deadlines import DeadlineKind
from domain.lifecycle import Status
from domain.priority import Impact, Urgency
from domain.targets import TargetKind, TargetState
from models import Deadline, Notice, Ticket, TicketTarget
from services import moving_due, service_calendar
from services.service_calendar import CalendarRows, OwnDay
from tests.services.making import all_of, clocks_of, only, promise_clocks_of, said

LATE_AFTERNOON = datetime.fromisoformat("2026-11-24T17:40+08:00")  # a Tuesday
MORNING = datetime.fromisoformat("2026-11-25T09:40+08:00")
A_DAY_LATER = MORNING + timedelta(days=1)
OUTING = CalendarRows().with_days({date(2026, 11, 25): OwnDay((), "公司年会")})
NINE = (Span(540, 1080),)
FROM_NINE = Week((NINE, NINE, NINE, NINE, NINE, (), ()), NINE, date(2026, 11, 25))


@pytest.fixture
def ticket(make_ticket):
    return make_ticket(Status.IN_PROGRESS, at=LATE_AFTERNOON)


@pytest.fixture
def promise(database, ticket):
    def promise(kind=TargetKind.DIAGNOSIS):
        return only(database, TicketTarget, ticket_id=ticket.id, kind=kind)

    return promise


@pytest.fixture
def change(database, rules):
    """`change(rows)`: as an admin saves them; what moved."""

    def change(rows, at=LATE_AFTERNOON, *, is_told=True):
        with database.transaction() as session:
            after = service_calendar.hours_with(rules.hours, rows)
            return moving_due.move(session, rules, after, at, is_told=is_told)

    return change


@pytest.fixture
def preview(database, rules):
    def preview(rows, at=LATE_AFTERNOON):
        with database.reading() as session:
            after = service_calendar.hours_with(rules.hours, rows)
            return moving_due.moves(session, rules.hours, after, at)

    return preview


def test_a_holiday_declared_after_opening_moves_what_runs(ticket, change, promise, database, rules):
    assert promise().due_at == MORNING

    found = change(OUTING)

    (move,) = found.moved
    assert (move.number, move.by) == (ticket.number, timedelta(days=1))
    assert promise().due_at == only(database, Ticket).resolution_due_at == A_DAY_LATER
    clocks = promise_clocks_of(database, ticket.id)
    assert clocks[DeadlineKind.TARGET_DUE] == A_DAY_LATER
    assert clocks[DeadlineKind.TARGET_AT_RISK] == A_DAY_LATER - timedelta(minutes=30)


def test_the_preview_says_what_will_be_and_changes_nothing(ticket, preview, change, promise):
    foreseen = preview(OUTING)

    assert promise().due_at == MORNING
    assert foreseen == change(OUTING)
    assert (foreseen.tickets, len(foreseen.later), foreseen.earlier) == (1, 1, ())


def test_whoever_waits_longer_is_told_once_for_all_their_tickets(
    make_person, make_ticket, make_engineer, change, database
):
    wang, zhou = make_person("王芳"), make_engineer("周工")
    for _ in range(2):
        make_ticket(Status.IN_PROGRESS, at=LATE_AFTERNOON, requester=wang, engineer=zhou)

    change(OUTING)

    notice = only(database, Notice, recipient_id=wang.id, text_key="notice.due_moved")
    assert [line.facts["after"] for line in said(notice).facts["lines"]] == [A_DAY_LATER] * 2


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        (OUTING, False),  # the admin did not want it
        (CalendarRows().with_year(2027), True),  # nothing moves
        (CalendarRows((Week(((Span(420, 1080),),) * 7, (), date(2026, 11, 25)),)), True),  # earlier
    ],
)
def test_nobody_is_told_who_does_not_wait_longer(ticket, change, database, rows, is_told):
    change(rows, is_told=is_told)

    assert all_of(database, Notice, text_key="notice.due_moved") == []


def test_what_is_met_or_missed_is_a_fact_and_stays(ticket, change, promise):
    before = promise(TargetKind.RESPONSE)
    assert before.state is TargetState.MET

    change(OUTING)

    assert promise(TargetKind.RESPONSE).due_at == before.due_at


def test_what_would_be_over_already_stays_as_it_was_promised(make_ticket, change, database):
    """An hour that is opened afterwards makes nobody late."""
    friday = datetime.fromisoformat("2026-11-27T17:40+08:00")
    ticket = make_ticket(Status.IN_PROGRESS, at=friday)
    sunday = datetime.fromisoformat("2026-11-29T12:00+08:00")
    open_today = CalendarRows().with_days({sunday.date(): OwnDay((Span(480, 720),), "值守")})

    found = change(open_today, at=sunday)

    assert (found.tickets, found.kept) == (0, 1)
    due = only(database, TicketTarget, ticket_id=ticket.id, kind=TargetKind.DIAGNOSIS).due_at
    assert due == datetime.fromisoformat("2026-11-30T09:40+08:00")


def test_a_ticket_on_hold_goes_on_where_its_pause_ends(make_ticket, change, database):
    """Two hours on hold until 19:40: nothing of the twenty minutes left is used."""
    ticket = make_ticket(Status.ON_HOLD, at=LATE_AFTERNOON)
    before = only(database, TicketTarget, ticket_id=ticket.id, state=TargetState.RUNNING)

    change(OUTING)

    after = only(database, TicketTarget, ticket_id=ticket.id, state=TargetState.RUNNING)
    assert after.due_at == before.due_at + timedelta(days=1)
    assert DeadlineKind.TARGET_DUE not in promise_clocks_of(database, ticket.id)


def test_an_urgent_promise_runs_whatever_the_calendar_says(database, make_ticket, change):
    make_ticket(Status.IN_PROGRESS, at=LATE_AFTERNOON, impact=Impact.TEAM, urgency=Urgency.HIGH)
    before = [each.due_at for each in all_of(database, TicketTarget)]

    assert change(OUTING).tickets == 0
    assert [each.due_at for each in all_of(database, TicketTarget)] == before


def test_what_came_in_at_night_is_given_out_when_the_desk_opens_now(database, ticket, change):
    """F15."""
    eight = datetime.fromisoformat("2026-11-25T08:00+08:00")
    with database.transaction() as session:
        row = Deadline(ticket_id=ticket.id, kind=DeadlineKind.DISPATCH, due_at=eight)
        session.add(row)

    change(CalendarRows((FROM_NINE,)), at=eight - timedelta(hours=12))

    waiting = only(database, Deadline, kind=DeadlineKind.DISPATCH)
    assert waiting.due_at == eight + timedelta(hours=1)


def test_an_assignment_of_the_night_is_answered_when_the_desk_opens_now(
    database, make_ticket, change
):
    """F9: off hours the ten minutes run from the morning on."""
    at_night = datetime.fromisoformat("2026-11-24T20:00+08:00")
    ticket = make_ticket(Status.IN_PROGRESS, at=LATE_AFTERNOON)
    with database.transaction() as session:
        row = session.get_one(Ticket, ticket.id)
        row.status, row.responded_at, row.assigned_at = Status.ASSIGNED, None, at_night
        row.response_due_at = MORNING.replace(hour=8, minute=10)
        for kind, minute in ((DeadlineKind.ANSWER_REMINDER, 5), (DeadlineKind.ANSWER_DUE, 10)):
            due_at = MORNING.replace(hour=8, minute=minute)
            session.add(Deadline(ticket_id=ticket.id, kind=kind, due_at=due_at))

    change(CalendarRows((FROM_NINE,)), at=at_night + timedelta(hours=1))

    clocks = clocks_of(database, ticket.id)
    assert clocks[DeadlineKind.ANSWER_REMINDER] == MORNING.replace(hour=9, minute=5)
    assert clocks[DeadlineKind.ANSWER_DUE] == MORNING.replace(hour=9, minute=10)
    assert only(database, Ticket).response_due_at == MORNING.replace(hour=9, minute=10)


def test_many_open_tickets_move_together(make_ticket, make_engineer, change, preview, database):
    """Five hundred at a time are locked; here the batch is smaller."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving_due, "_AT_ONCE", 2)
        for number in range(5):
            make_ticket(Status.ASSIGNED, at=LATE_AFTERNOON, engineer=make_engineer(f"周{number}"))
        change(OUTING)

    assert preview(OUTING).running == 5
    rows = all_of(database, TicketTarget, kind=TargetKind.DIAGNOSIS)
    assert {each.due_at for each in rows} == {A_DAY_LATER}
