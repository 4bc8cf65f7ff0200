"""Clocks of complaints: warned, late, asked to rate, closed; each once (C1 to C4, R-011, R-073)."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.complaints import ComplaintAction, ComplaintRing, ComplaintStatus
from domain.permissions import Role
from models import Complaint, ComplaintEvent, Notice
from services.complaints import handling, ringing
from tests.services.complaint_kit import cast_of, decided, fed_back, reported, submitted

LONG = timedelta(days=30)
TICK = timedelta(seconds=1)


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def clock(database, rules):
    def ring(at):
        with database.transaction() as session:
            return ringing.ring(session, rules, at)

    return ring


@pytest.fixture
def stands(database):
    """The one complaint as it stands."""

    def stands():
        with database.reading() as session:
            return session.scalars(select(Complaint)).one()

    return stands


@pytest.fixture
def told(database):
    """What everybody was told by the clock, in order: by whom it is read, and the key's end."""

    def told():
        clock = (
            *("verify_soon", "verify_late", "decide_soon", "decide_late"),
            *("feed_back_late", "rate", "takes_longer"),
        )
        with database.reading() as session:
            rows = session.execute(
                select(Notice.recipient_id, Notice.text_key).order_by(Notice.id)
            ).all()
        found = [(each.recipient_id, each.text_key.partition(".")[2]) for each in rows]
        return [each for each in found if each[1] in clock]

    return told


def rung(database):
    with database.reading() as session:
        reminded = ComplaintEvent.action == ComplaintAction.REMIND
        rows = session.scalars(select(ComplaintEvent).where(reminded).order_by(ComplaintEvent.id))
        return [ComplaintRing(row.detail["ring"]) for row in rows]


def test_what_nobody_verifies_is_warned_of_and_then_late(
    database, desk_of, cast, clock, stands, told
):
    """4 hours from 10:30: warned at 13:30, late at 14:30; head and complainant hear it then."""
    submitted(database, desk_of, cast)
    soon, due = stands().rings_at, stands().due_at

    assert clock(soon - TICK) == 0
    assert clock(soon) == 1
    assert told() == [(cast.clerk.id, "verify_soon")]
    assert clock(due - TICK) == 0
    assert clock(due) == 1
    assert told()[1:] == [
        (cast.clerk.id, "verify_late"),
        (cast.head.id, "verify_late"),
        (cast.requester.id, "takes_longer"),
    ]
    assert clock(due + LONG) == 0
    assert rung(database) == [ComplaintRing.VERIFY_AT_RISK, ComplaintRing.VERIFY_DUE]


def test_what_nobody_decides_is_warned_of_and_then_late(
    database, desk_of, cast, clock, stands, told
):
    reported(database, desk_of, cast)
    clock(stands().rings_at)
    clock(stands().due_at)

    assert told() == [
        (cast.head.id, "decide_soon"),
        (cast.head.id, "decide_late"),
        (cast.requester.id, "takes_longer"),
    ]
    assert clock(stands().due_at + LONG) == 0


def test_what_nobody_feeds_back_is_late(database, desk_of, cast, clock, stands, told):
    decided(database, desk_of, cast)
    clock(stands().due_at)

    assert told() == [(cast.clerk.id, "feed_back_late"), (cast.head.id, "feed_back_late")]
    assert stands().rings_at is None


def test_silence_is_asked_about_once_and_then_closed_unrated(
    database, desk_of, cast, clock, stands, told
):
    """Never counted as content: no scores stand there."""
    fed_back(database, desk_of, cast)
    clock(stands().rings_at)
    assert told() == [(cast.requester.id, "rate")]
    clock(stands().rings_at)

    done = stands()
    assert done.status is ComplaintStatus.CLOSED
    assert (done.process, done.outcome, done.rings_at) == (None, None, None)
    assert done.ended_at is not None
    assert len(told()) == 1


def test_after_a_stop_what_is_late_is_said_once_and_no_warning(
    database, desk_of, cast, clock, stands, told
):
    """R-073: a month later nobody reads that it is late soon."""
    submitted(database, desk_of, cast)
    late = stands().due_at + LONG
    while clock(late):
        pass

    assert [key for _, key in told()] == ["verify_late", "verify_late", "takes_longer"]
    assert rung(database) == [ComplaintRing.VERIFY_DUE]


def test_after_a_stop_there_is_still_time_to_rate(database, desk_of, cast, clock, stands):
    fed_back(database, desk_of, cast)
    late = stands().rings_at + LONG
    while clock(late):
        pass

    assert stands().status is ComplaintStatus.FED_BACK
    assert stands().rings_at > late


def test_two_clocks_ring_each_once(database, desk_of, cast, clock, stands, told):
    """R-011: both look at the same moment."""
    submitted(database, desk_of, cast)
    due, together = stands().due_at, threading.Barrier(2)

    def ring():
        together.wait(30)
        clock(due)

    clocks = [threading.Thread(target=ring) for _ in range(2)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join(30)

    assert rung(database) == [ComplaintRing.VERIFY_DUE]
    assert len(told()) == 3


def test_what_was_done_meanwhile_is_not_rung(database, desk_of, cast, clock, stands, told):
    """The ring of the step before is gone with the step."""
    complaint = submitted(database, desk_of, cast)
    warned, due = stands().rings_at, stands().due_at
    with database.transaction() as session:
        desk = desk_of(session, cast.clerk)
        handling.verify(desk, complaint.id, "属实", [cast.engineer.id])
        handling.report(desk, complaint.id)

    assert clock(warned) == clock(due) == 0
    assert told() == []


def test_nobody_whom_it_concerns_hears_a_clock(
    database, desk_of, cast, clock, stands, told, make_person
):
    """P8: neither a clerk nor a head, at any of its times."""
    clerk, head = make_person("小刘", Role.DESK), make_person("李主任", Role.HEAD)
    fed_back(database, desk_of, cast, people=(clerk.id, head.id))
    submitted(database, desk_of, cast, people=(clerk.id, head.id))
    late = desk_of(None, cast.clerk).now
    for _ in range(40):
        late += timedelta(hours=6)
        clock(late)

    assert len(told()) >= 4
    assert not {clerk.id, head.id, cast.engineer.id} & {person for person, _ in told()}
