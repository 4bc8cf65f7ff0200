"""Clocks that ring: what each does, once, whoever else is at work (F9, F13, F16, P7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from jobs.timetable import Timetable
from models import Activity, Deadline, Engineer, Notice, NoticeUrgency, Ticket
from services import ringing
from services.views import Scores
from tests.eventually import eventually

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


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
def nudges():
    return []


@pytest.fixture
def timetable(database, rules, clock, nudges):
    return Timetable(database, rules, clock, lambda: nudges.append(clock.now))


@pytest.fixture
def wait(timetable, clock):
    """Some time passes, with a tick at its end; answers how many clocks rang."""

    def wait(duration):
        clock.now += duration
        return timetable.tick()

    return wait


@pytest.fixture
def ticket_now(database):
    def ticket_now(view):
        with database.reading() as session:
            found = session.get_one(Ticket, view.id)
            session.expunge(found)
            return found

    return ticket_now


@pytest.fixture
def told(database):
    """The keys that somebody was told, oldest first."""

    def told(person):
        statement = (
            select(Notice.text_key).where(Notice.recipient_id == person.id).order_by(Notice.id)
        )
        with database.reading() as session:
            return list(session.scalars(statement))

    return told


def last_notice(database, key):
    with database.reading() as session:
        return session.scalars(
            select(Notice).where(Notice.text_key == key).order_by(Notice.id.desc())
        ).first()


OF_PROMISES = {DeadlineKind.TARGET_AT_RISK, DeadlineKind.TARGET_DUE, DeadlineKind.LADDER}


def running(database, view):
    """The clocks of a ticket but those of its promises, which have tests of their own."""
    with database.reading() as session:
        kinds = session.scalars(select(Deadline.kind).where(Deadline.ticket_id == view.id))
        return set(kinds) - OF_PROMISES


def actions(database, view):
    statement = select(Activity.action).where(Activity.ticket_id == view.id).order_by(Activity.id)
    with database.reading() as session:
        return list(session.scalars(statement))


def load_of(database, person):
    with database.reading() as session:
        engineer = session.get_one(Engineer, person.id)
        return engineer.open_tickets, engineer.workload


# --- F9: an assignment is answered or escalated --------------------------------------------------


def test_an_engineer_is_reminded_at_half_time_once(
    database, make_engineer, make_ticket, wait, told
):
    """F9: after five of ten minutes, urgent, with the buttons that answer."""
    engineer = make_engineer()
    ticket = make_ticket(Status.ASSIGNED, engineer=engineer)

    assert wait(5 * MINUTE - timedelta(seconds=1)) == 0
    assert wait(timedelta(seconds=1)) == 1
    assert wait(MINUTE) == 0

    assert told(engineer) == ["notice.assigned", "notice.answer_reminder"]
    notice = last_notice(database, "notice.answer_reminder")
    assert notice.urgency is NoticeUrgency.URGENT
    assert [each["act"] for each in notice.say["buttons"]] == [
        f"accept:{ticket.number}",
        f"decline:{ticket.number}",
    ]
    assert actions(database, ticket)[-1] is Action.REMIND


def test_who_accepts_is_neither_reminded_nor_replaced(make_engineer, make_ticket, wait, told):
    engineer = make_engineer()
    make_ticket(Status.IN_PROGRESS, engineer=engineer)

    assert wait(HOUR) == 0
    assert told(engineer) == ["notice.assigned"]


def test_an_unanswered_assignment_goes_to_the_next(
    database, make_person, make_engineer, make_ticket, wait, told, ticket_now, nudges
):
    """F9: the former, the next, the requester and the desk all read of it."""
    requester, clerk = make_person(), make_person("陈台", Role.DESK)
    first = make_engineer("周工", skills=["printer"])
    other = make_engineer("吴工", phone="13800003333")
    ticket = make_ticket(Status.ASSIGNED, requester=requester, engineer=first)

    wait(5 * MINUTE)
    assert wait(5 * MINUTE) >= 1

    now_with = ticket_now(ticket)
    assert (now_with.status, now_with.assignee_id) == (Status.ASSIGNED, other.id)
    assert now_with.response_due_at == nudges[-1] + 10 * MINUTE
    assert told(first)[-1] == "notice.taken_away"
    assert told(other) == ["notice.assigned"]
    assert told(requester) == ["notice.engineer_changes"]
    assert told(clerk) == ["notice.unanswered"]
    facts = last_notice(database, "notice.unanswered").say["facts"]
    assert (facts["engineer"], facts["next"]) == ("周工", "吴工")
    assert (load_of(database, first), load_of(database, other)) == ((0, 0), (1, 1))
    assert running(database, ticket) == {DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE}


def test_a_ticket_never_goes_back_to_who_did_not_answer(
    database, make_person, make_engineer, make_ticket, wait, told, ticket_now, timetable
):
    """F9: with nobody left it is the desk's, with the reasons; the clocks stop (I5)."""
    clerk = make_person("陈台", Role.DESK)
    requester = make_person()
    first, other = make_engineer("周工", skills=["printer"]), make_engineer("吴工")
    ticket = make_ticket(Status.ASSIGNED, requester=requester, engineer=first)

    for _ in range(4):
        wait(5 * MINUTE)

    assert (ticket_now(ticket).status, ticket_now(ticket).assignee_id) == (Status.NEW, None)
    assert told(clerk) == ["notice.unanswered", "notice.unanswered_queued"]
    reasons = last_notice(database, "notice.unanswered_queued").say["facts"]["reasons"]["says"]
    assert {each["facts"]["why"]["word"] for each in reasons} == {"left_out.declined"}
    assert running(database, ticket) == set()
    assert (load_of(database, first), load_of(database, other)) == ((0, 0), (0, 0))
    assert timetable.redispatch() == 0


def test_a_former_engineer_may_still_read_who_has_it(database, make_engineer, make_ticket, wait):
    first = make_engineer("周工", skills=["printer"])
    make_engineer("吴工")
    ticket = make_ticket(Status.ASSIGNED, engineer=first)

    wait(10 * MINUTE)

    with database.reading() as session:
        detail = session.scalar(
            select(Activity.detail).where(
                Activity.ticket_id == ticket.id, Activity.action == Action.REASSIGN
            )
        )
    assert detail["from_engineer_id"] == first.id
    assert detail["receipt"]["chosen"] == detail["engineer_id"]


def test_after_an_outage_nobody_is_reminded_of_what_is_taken_away(
    make_engineer, make_ticket, wait, told
):
    """R-073: both clocks ring on return, and one of them has nothing more to say."""
    first = make_engineer("周工", skills=["printer"])
    make_engineer("吴工")
    make_ticket(Status.ASSIGNED, engineer=first)

    assert wait(2 * HOUR) >= 1
    assert told(first) == ["notice.assigned", "notice.taken_away"]


# --- F11: a hold ends ----------------------------------------------------------------------------


def test_a_hold_ends_by_itself_and_both_sides_are_told(
    make_person, make_engineer, make_ticket, wait, told, ticket_now
):
    """F11: what is due then is what was said when it was put on hold."""
    requester, engineer = make_person(), make_engineer()
    ticket = make_ticket(Status.ON_HOLD, requester=requester, engineer=engineer)

    assert wait(2 * HOUR) == 1

    resumed = ticket_now(ticket)
    assert (resumed.status, resumed.hold_until) == (Status.IN_PROGRESS, None)
    assert resumed.resolution_due_at == ticket.resolution_due_at
    assert told(engineer)[-1] == "notice.hold_ended"
    assert told(requester)[-1] == "notice.resumed"


# --- F13, F16: a silent requester ----------------------------------------------------------------


def test_a_silent_requester_is_reminded_once_then_the_ticket_closes(
    database, make_person, make_ticket, wait, told, ticket_now
):
    """F16: with the taps that answer; closed by itself, with the tap that rates."""
    requester = make_person()
    ticket = make_ticket(Status.RESOLVED, requester=requester)

    assert wait(4 * HOUR) == 1
    assert told(requester)[-1] == "notice.confirm_reminder"
    assert last_notice(database, "notice.confirm_reminder").say["facts"]["closes"]
    assert wait(4 * HOUR) == 0
    assert wait(16 * HOUR) == 1

    assert ticket_now(ticket).status is Status.CLOSED
    assert told(requester)[-1] == "notice.auto_closed"
    notice = last_notice(database, "notice.auto_closed")
    assert notice.say["buttons"][0]["act"] == f"rate:{ticket.number}"
    assert running(database, ticket) == {DeadlineKind.RATING_REMINDER}
    assert actions(database, ticket)[-1] is Action.CLOSE


def test_who_solved_their_own_report_is_asked_for_no_rating(
    database, make_engineer, make_ticket, wait
):
    """F13: the clock that closed it ends with it."""
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.RESOLVED, requester=zhou, engineer=zhou)

    wait(24 * HOUR)

    notice = last_notice(database, "notice.auto_closed")
    assert [each["act"] for each in notice.say["buttons"]] == [f"reopen:{ticket.number}"]
    assert running(database, ticket) == set()


def test_a_rating_is_asked_for_once_more_and_never_again(
    database, make_person, make_ticket, wait, told
):
    """F13."""
    requester = make_person()
    ticket = make_ticket(Status.CLOSED, requester=requester)

    assert wait(20 * HOUR) == 1
    assert wait(100 * HOUR) == 0
    assert told(requester).count("notice.rating_reminder") == 1
    assert running(database, ticket) == set()


def test_who_has_rated_is_not_reminded(database, make_person, make_ticket, desk_of, wait, told):
    requester = make_person()
    ticket = make_ticket(Status.CLOSED, requester=requester)
    with database.transaction() as session:
        desk_of(session, requester).rate(ticket.id, Scores(5, 5, 5))

    assert wait(100 * HOUR) == 0
    assert "notice.rating_reminder" not in told(requester)


# --- P7, R-011: each exactly once ----------------------------------------------------------------


def test_many_tickers_ring_each_clock_once(
    database, make_person, make_engineer, make_ticket, rules, clock, told
):
    """P7, R-074: four tickers, twelve clocks."""
    engineers = [make_engineer(f"周{n}", skills=["printer"]) for n in range(4)]
    requester = make_person()
    for _ in range(12):
        make_ticket(Status.ASSIGNED, requester=requester, engineer=engineers[0])
    clock.now += 5 * MINUTE
    tickers = [Timetable(database, rules, clock, lambda: None) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        rang = sum(pool.map(lambda ticker: ticker.tick(), tickers))
    rang += tickers[0].tick()  # what one skipped because another held the ticket

    assert rang == 12
    reminders = [key for each in engineers for key in told(each) if key.endswith("reminder")]
    assert len(reminders) == 12


def test_a_ticker_that_dies_after_acting_has_done_nothing(
    database, make_engineer, make_ticket, rules, now, told, wait
):
    """R-011: act and mark are one transaction."""
    engineer = make_engineer()
    make_ticket(Status.ASSIGNED, engineer=engineer)
    at = now + 5 * MINUTE

    with pytest.raises(KeyboardInterrupt), database.transaction() as session:
        assert ringing.ring(session, ringing.due(session, at)[0], rules, at) == 1
        raise KeyboardInterrupt

    assert told(engineer) == ["notice.assigned"]
    assert wait(5 * MINUTE) == 1
    assert told(engineer) == ["notice.assigned", "notice.answer_reminder"]


def test_an_answer_in_the_last_moment_wins(
    database, make_engineer, make_ticket, desk_of, rules, now, ticket_now
):
    """P7: the clock was already picked when the engineer pressed accept."""
    engineer = make_engineer("周工", skills=["printer"])
    make_engineer("吴工")
    ticket = make_ticket(Status.ASSIGNED, engineer=engineer)
    at = now + 10 * MINUTE
    with database.reading() as session:
        picked = [each for batch in ringing.due(session, at) for each in batch]
    with database.transaction() as session:
        desk_of(session, engineer, at).accept(ticket.id)

    assert len(picked) >= 2
    for each in picked:
        with database.transaction() as session:
            assert ringing.ring(session, [each], rules, at) == 0
    assert ticket_now(ticket).status is Status.IN_PROGRESS


def test_one_broken_act_does_not_stop_the_others(
    database, make_engineer, make_ticket, wait, told, monkeypatch
):
    """R-075: it is tried again later, and the rest of the tick goes on."""
    engineers = [make_engineer("周工"), make_engineer("吴工")]
    broken, sound = make_ticket(Status.ASSIGNED), make_ticket(Status.ASSIGNED)
    ring = ringing.ring

    def breaks_for_one(session, ids, rules, now):
        if any(session.get_one(Deadline, each).ticket_id == broken.id for each in ids):
            raise RuntimeError("a bug")
        return ring(session, ids, rules, now)

    monkeypatch.setattr(ringing, "ring", breaks_for_one)
    assert wait(5 * MINUTE) >= 1
    monkeypatch.undo()

    reminded = [key for each in engineers for key in told(each) if key.endswith("reminder")]
    assert len(reminded) == 1
    assert DeadlineKind.ANSWER_REMINDER not in running(database, sound)
    assert DeadlineKind.ANSWER_REMINDER in running(database, broken)


def test_waiting_tickets_are_offered_again(
    database, make_engineer, make_ticket, timetable, nudges, ticket_now
):
    """F8: somebody came on duty without the service noticing."""
    ticket = make_ticket(Status.NEW)
    assert timetable.redispatch() == 0

    engineer = make_engineer()

    assert timetable.redispatch() == 1
    assert ticket_now(ticket).assignee_id == engineer.id
    assert len(nudges) == 1


def test_the_clock_ticks_by_itself_until_it_is_stopped(
    database, make_engineer, make_ticket, timetable, clock
):
    """R-073: the schedule holds only the tick."""
    ticket = make_ticket(Status.ASSIGNED)
    clock.now += 5 * MINUTE

    timetable.start()
    try:
        eventually(lambda: DeadlineKind.ANSWER_REMINDER not in running(database, ticket))
    finally:
        timetable.stop()

    assert running(database, ticket) == {DeadlineKind.ANSWER_DUE}
