"""The doctor's look at what is due and does not ring, and at who decides in a head's stead."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete

from cli.checks import deadlines
from cli.checks.finding import Mark
from domain.deadlines import DeadlineKind
from domain.lifecycle import Status
from domain.permissions import Role
from models import Complaint, Deadline, Person
from services import checkup
from settings import Complaints
from tests.services.complaint_kit import cast_of, submitted
from tests.services.conftest import *  # noqa: F403

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database_url(sqlite_databases):
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def room(database, now):
    def room(**complaints) -> Any:
        settings = SimpleNamespace(complaints=Complaints(**complaints))
        return SimpleNamespace(database=database, settings=settings, now=now)

    return room


def told(findings):
    return [(each.mark, each.key, dict(each.facts)) for each in findings]


def test_deadlines_that_nobody_rings_are_wrong_with_the_oldest(
    room, database, make_ticket, make_engineer, now
):
    zhou = make_engineer("周明")
    tickets = [make_ticket(Status.RESOLVED, engineer=zhou) for _ in range(4)]
    dues = [now - 50 * MINUTE, now - 6 * MINUTE, now - 4 * MINUTE, now + MINUTE]
    with database.transaction() as session:
        session.execute(delete(Deadline))
        for ticket, due_at in zip(tickets, dues, strict=True):
            kind = DeadlineKind.AUTO_CLOSE
            session.add(Deadline(ticket_id=ticket.id, kind=kind, due_at=due_at))

    found = told(deadlines.rings(room()))

    facts = {"count": 2, "since": dues[0]}
    assert found == [(Mark.WRONG, "doctor.rings.tickets", facts)]


def test_so_are_complaints_and_with_a_clock_that_runs_all_is_right(
    room, database, desk_of, make_person, make_engineer, now
):
    complaint = submitted(database, desk_of, cast_of(make_person, make_engineer))
    assert told(deadlines.rings(room())) == [(Mark.RIGHT, "doctor.rings.right", {})]
    since = now - checkup.RUNG_WITHIN - MINUTE
    with database.transaction() as session:
        session.get_one(Complaint, complaint.id).rings_at = since

    found = told(deadlines.rings(room()))

    facts = {"count": 1, "since": since}
    assert found == [(Mark.WRONG, "doctor.rings.complaints", facts)]


def test_the_deputy_must_be_somebody_who_is_there(room, database, make_person):
    li = make_person("李娜", Role.DESK)
    with database.transaction() as session:
        session.get_one(Person, li.id).staff_number = "D0007"

    def looks(**complaints):
        return told(deadlines.deputy(room(**complaints)))

    assert looks() == [(Mark.LOOK, "doctor.deputy.nobody", {})]
    assert looks(deputy=" D0007 ") == [(Mark.RIGHT, "doctor.deputy.right", {"name": "李娜"})]
    unknown = looks(deputy="D0008")
    assert unknown == [(Mark.WRONG, "doctor.deputy.unknown", {"number": "D0008"})]
    with database.transaction() as session:
        session.get_one(Person, li.id).is_active = False
    assert looks(deputy="D0007")[0][0] is Mark.WRONG
