"""Weeks, days and years that the admin sets: kept, recorded, in force within seconds (F15)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.calendar import ServiceHours, Span, Week
from domain.office import ChangedMeanwhile
from domain.permissions import Role
from domain.refusals import NotPermitted
from domain.targets import DEFAULT_AGREEMENT, as_values
from models import AgreementVersion, Alarm, AuditEntry, ServiceDay
from services import service_calendar
from services.desk import Desk
from services.live_rules import LiveRules
from services.service_calendar import CalendarRows, OwnDay
from settings import Service
from tests.services.making import all_of, only
from wiring import day_kind, is_published, office_of

LUNCH = (Span(480, 720), Span(780, 1080))
SHORT = (Span(540, 960),)
OUTING = date(2026, 11, 27)
FROM_DECEMBER = Week((SHORT, SHORT, SHORT, SHORT, SHORT, (), ()), SHORT, date(2026, 12, 1))


def at(words):
    return datetime.fromisoformat(f"{words}+08:00")


@pytest.fixture
def live(rules):
    return LiveRules(rules)


@pytest.fixture
def times(now):
    """The wall's clock, which a test may move: `times[:] = [later]`."""
    return [now]


@pytest.fixture
def running(database, live, times):
    return office_of(database, live, Service(), lambda: times[0])


@pytest.fixture
def admin(make_person):
    return make_person("罗敏", Role.ADMIN)


@pytest.fixture
def known(database):
    def known():
        with database.reading() as session:
            return service_calendar.own(session)

    return known


@pytest.fixture
def put(database, live, now, admin, known):
    def put(wanted, seen=None, by=admin):
        seen = known().mark if seen is None else seen
        with database.transaction() as session:
            service_calendar.put(Desk(session, now, live, by), wanted, seen)

    return put


def test_what_was_set_is_read_back_and_holds_in_every_process(put, known, running, live):
    wanted = (
        CalendarRows()
        .with_week(FROM_DECEMBER)
        .with_days({OUTING: OwnDay((), "公司年会"), date(2026, 11, 28): OwnDay(LUNCH, "割接值守")})
        .with_year(2027)
    )

    put(wanted)
    running.refresh()

    assert known() == wanted
    assert not live.hours.is_working_day(OUTING)
    assert live.hours.hours_of(date(2026, 11, 28)) == LUNCH
    assert live.hours.hours_of(date(2026, 11, 30)) == (Span(480, 1080),)
    assert live.hours.hours_of(date(2026, 12, 1)) == SHORT
    assert live.hours.is_sure_of(date(2027, 5, 4))


def test_each_change_is_recorded_before_and_after(put, database):
    put(CalendarRows().with_days({OUTING: OwnDay((), "公司年会")}))
    put(CalendarRows().with_days({OUTING: OwnDay(SHORT, "公司年会")}))
    put(CalendarRows())

    entries = all_of(database, AuditEntry, subject="calendar:day.2026-11-27")
    assert [each.after and each.after.get("hours") for each in entries] == [
        [],
        ["09:00-16:00"],
        None,
    ]
    assert entries[1].before == {"hours": []}
    assert all_of(database, ServiceDay) == []


def test_a_calendar_that_somebody_else_changed_meanwhile_is_not_written_over(put, known):
    seen = known().mark
    put(CalendarRows().with_year(2027))

    with pytest.raises(ChangedMeanwhile):
        put(CalendarRows(), seen)

    assert known().years == {2027}


def test_only_an_admin_sets_the_calendar(put, make_person):
    head = make_person("何总", Role.HEAD, Role.DESK)

    with pytest.raises(NotPermitted):
        put(CalendarRows().with_year(2027), by=head)


def test_a_row_that_cannot_be_leaves_the_hours_that_held(database, running, admin, live, now, put):
    put(CalendarRows().with_days({OUTING: OwnDay((), "公司年会")}))
    running.refresh()
    wrong = {"changed_at": now, "changed_by_id": admin.id, "note": "x", "hours": [[900, 100]]}
    with database.transaction() as session:
        session.add(ServiceDay(day=date(2026, 11, 30), **wrong))

    running.start()
    running.stop()

    assert not live.hours.is_working_day(OUTING)
    assert live.hours.is_working_day(date(2026, 11, 30))


def test_a_week_of_the_admins_stands_above_a_desk_that_never_closes():
    base = ServiceHours.never_closed(day_kind, is_published)

    hours = service_calendar.hours_with(base, CalendarRows((FROM_DECEMBER,)))

    assert hours.is_open(at("2026-11-29T03:00"))
    assert not hours.is_open(at("2026-12-02T03:00"))
    assert not hours.is_working_day(date(2027, 1, 2))


# --- promises ------------------------------------------------------------------------------------


def test_a_version_of_the_promises_holds_from_its_instant_on(
    database, running, live, admin, now, times
):
    """F14: and tickets under an older one still find theirs."""
    terms = as_values(DEFAULT_AGREEMENT)
    terms["warned_at"] = 0.5
    with database.transaction() as session:
        session.add(
            AgreementVersion(
                effective_from=now + timedelta(hours=1),
                terms=terms,
                ladder=[],
                reason="试行",
                made_at=now,
                made_by_id=admin.id,
            )
        )
    running.refresh()
    before = live.agreement

    times[:] = [now + timedelta(hours=1)]
    running.refresh()

    version = only(database, AgreementVersion)
    assert before.id is None
    assert (live.agreement.id, live.agreement.warned_at) == (version.id, 0.5)
    assert live.agreements[version.id] == live.agreement


# --- a year that nobody has entered --------------------------------------------------------------


@pytest.fixture
def hours():
    return ServiceHours.daily(time(8), time(18), day_kind, is_published=is_published)


def test_operators_are_told_once_a_week_of_a_year_that_is_missing(database, hours, admin):
    """R-072: from November on."""
    november = datetime(2026, 11, 2, 1, tzinfo=UTC)

    def warned(days):
        with database.transaction() as session:
            return service_calendar.warn(session, hours, november + timedelta(days=days))

    assert [warned(days) for days in (-3, 0, 1, 6, 8)] == [False, True, False, False, True]
    assert only(database, Alarm).key == "calendar.2027"


def test_a_year_that_was_entered_is_asked_for_no_more(put, known, hours):
    put(CalendarRows().with_year(2027))

    entered = service_calendar.hours_with(hours, known())

    assert hours.missing_year(at("2026-11-24T10:00")) == 2027
    assert entered.missing_year(at("2026-11-24T10:00")) is None
