"""The doctor's look at the calendar: which year's holidays nobody has entered (R-072)."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from cli.checks import calendar
from cli.checks.finding import Mark
from domain.permissions import Role
from models import ServiceDay
from services import service_calendar
from services.desk import Desk
from services.service_calendar import CalendarRows
from settings import Service
from tests.services.conftest import *  # noqa: F403


@pytest.fixture
def database_url(sqlite_databases):
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def looks(database):
    def looks(at, **service):
        settings = SimpleNamespace(service=Service(**service))
        room: Any = SimpleNamespace(database=database, settings=settings, now=at)
        (found,) = calendar.years(room)
        return found.mark, found.key, dict(found.facts)

    return looks


@pytest.mark.parametrize(
    ("at", "mark", "key", "year"),
    [
        (datetime(2026, 10, 31, tzinfo=UTC), Mark.RIGHT, "right", 2026),
        (datetime(2025, 12, 1, tzinfo=UTC), Mark.RIGHT, "right", 2026),
        (datetime(2026, 11, 2, tzinfo=UTC), Mark.LOOK, "next", 2027),
        (datetime(2027, 1, 1, tzinfo=UTC), Mark.WRONG, "now", 2027),
    ],
)
def test_a_missing_year_is_worth_a_look_from_november_and_wrong_once_it_is_there(
    looks, at, mark, key, year
):
    assert looks(at) == (mark, f"doctor.calendar.{key}", {"year": year})


def test_a_year_that_the_admin_entered_is_right(looks, database, rules, make_person, now):
    luo = make_person("罗敏", Role.ADMIN)
    with database.transaction() as session:
        desk = Desk(session, now, rules, luo)
        service_calendar.put(desk, CalendarRows().with_year(2027), CalendarRows().mark)

    assert looks(now) == (Mark.RIGHT, "doctor.calendar.right", {"year": 2027})


def test_a_desk_that_never_closes_needs_none(looks):
    found = looks(datetime(2031, 1, 1, tzinfo=UTC), round_the_clock=True)

    assert found == (Mark.RIGHT, "doctor.calendar.never_closes", {})


def test_a_row_that_nobody_can_read_is_told(looks, database, make_person, now):
    luo = make_person("罗敏", Role.ADMIN)
    wrong = {"hours": [[900, 100]], "note": "x", "changed_at": now, "changed_by_id": luo.id}
    with database.transaction() as session:
        session.add(ServiceDay(day=date(2026, 11, 30), **wrong))

    assert looks(now)[:2] == (Mark.WRONG, "doctor.calendar.unreadable")
