"""Service hours as an admin sets them: weeks in force from a date, single days, years (F15)."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar import CHINA, Hours, ServiceHours, Span, Week, apart
from domain.office import ChangedMeanwhile
from domain.permissions import Permission, demand
from domain.sentence import Fact, Say
from models import OfficeSetting, ServiceDay, ServiceWeek
from services import alarms, audit

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

YEARS = "calendar.years"
"""Key of the years whose arrangement the admin has entered."""

WARNED_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """What the admin says of one day, and what it is called."""

    hours: Hours
    note: str


@dataclass(frozen=True, slots=True)
class CalendarRows:
    """All that the admin set; weeks by their date."""

    weeks: tuple[Week, ...] = ()
    days: Mapping[date, OwnDay] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @property
    def mark(self) -> str:
        """The same for the same rows: what a preview was made of."""
        days = sorted(self.days.items())
        told = repr((self.weeks, days, sorted(self.years)))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    # --- as it would be ------------------------------------------------------------------------

    def with_week(self, week: Week) -> "CalendarRows":
        others = (each for each in self.weeks if each.since != week.since)
        return replace(self, weeks=tuple(sorted((*others, week), key=lambda each: each.since)))

    def without_week(self, since: date) -> "CalendarRows":
        return replace(self, weeks=tuple(each for each in self.weeks if each.since != since))

    def with_days(self, days: Mapping[date, OwnDay]) -> "CalendarRows":
        return replace(self, days={**self.days, **days})

    def without_day(self, day: date) -> "CalendarRows":
        return replace(self, days={each: own for each, own in self.days.items() if each != day})

    def with_year(self, year: int) -> "CalendarRows":
        return replace(self, years=self.years | {year})


def own(session: Session) -> CalendarRows:
    """Short tables, read whole; ValueError for rows that nobody here wrote."""
    weeks = session.scalars(select(ServiceWeek).order_by(ServiceWeek.since))
    days = session.scalars(select(ServiceDay).order_by(ServiceDay.day))
    years = session.scalar(select(OfficeSetting.value).where(OfficeSetting.key == YEARS))
    return CalendarRows(
        tuple(_week(row) for row in weeks),
        {row.day: OwnDay(hours_from(row.hours), row.note) for row in days},
        frozenset(map(int, years or ())),
    )


def hours_with(base: ServiceHours, rows: CalendarRows) -> ServiceHours:
    """The calendar of config.yaml under what the admin set."""
    if rows == CalendarRows():
        return base
    years = rows.years

    def is_published(day: date) -> bool:
        return day.year in years or base.is_published(day)

    return replace(
        base,
        weeks=(*base.weeks, *rows.weeks),
        special={**base.special, **{day: each.hours for day, each in rows.days.items()}},
        is_published=is_published,
    )


def due_fact(hours: ServiceHours, at: datetime) -> Fact:
    """A due time as sentences take it: marked, if its year's holidays are not published (R-072)."""
    is_sure = hours.is_sure_of(at.astimezone(CHINA).date())
    return at if is_sure else Say("service_calendar.due_unsure", {"at": at})


def warn(session: Session, hours: ServiceHours, now: datetime) -> bool:
    """Tells the operators once a week of a year that nobody has entered; whether it did (R-072)."""
    year = hours.missing_year(now)
    if year is None:
        return False
    return alarms.raise_alarm(
        session,
        f"calendar.{year}",
        now,
        quiet_for=WARNED_EVERY,
        text_key="alarm.calendar_unknown",
        year=year,
    )


# --- rows ----------------------------------------------------------------------------------------


def hours_from(kept: Iterable[Any]) -> Hours:
    """ValueError for what is no day's hours."""
    hours = tuple(Span(int(begins), int(ends)) for begins, ends in kept)
    if not apart(hours):
        raise ValueError("spans of a day that touch or are not in order")
    return hours


def kept_of(hours: Hours) -> list[list[int]]:
    return [[span.begins, span.ends] for span in hours]


def _week(row: ServiceWeek) -> Week:
    days = [hours_from(each) for each in row.days]
    if len(days) != 7:
        raise ValueError("a week has seven days")
    one, two, three, four, five, six, seven = days
    return Week((one, two, three, four, five, six, seven), hours_from(row.made_up), row.since)


# --- changes -------------------------------------------------------------------------------------


def put(desk: "Desk", wanted: CalendarRows, seen: str) -> None:
    """From now on the calendar is this one; ChangedMeanwhile if it is not as it was `seen`."""
    demand(desk.actor.roles, Permission.SETTING_MANAGE)
    known = own(desk.session)
    if known.mark != seen:
        raise ChangedMeanwhile()
    _put_weeks(desk, known, wanted)
    _put_days(desk, known, wanted)
    _put_years(desk, known, wanted)
    desk.session.flush()
    log.info("calendar_changed person=%d", desk.actor.id)


def _put_weeks(desk: "Desk", known: CalendarRows, wanted: CalendarRows) -> None:
    before = {each.since: each for each in known.weeks}
    after = {each.since: each for each in wanted.weeks}
    for since in sorted(before.keys() | after.keys()):
        old, new = before.get(since), after.get(since)
        if old == new:
            continue
        row = desk.session.get(ServiceWeek, since)
        if new is None:
            desk.session.delete(row)
        else:
            row = _kept(desk, row or ServiceWeek(since=since))
            row.days = [kept_of(each) for each in new.days]
            row.made_up = kept_of(new.made_up)
        _record(desk, f"week.{since}", _week_told(old), _week_told(new))


def _put_days(desk: "Desk", known: CalendarRows, wanted: CalendarRows) -> None:
    for day in sorted(known.days.keys() | wanted.days.keys()):
        old, new = known.days.get(day), wanted.days.get(day)
        if old == new:
            continue
        row = desk.session.get(ServiceDay, day)
        if new is None:
            desk.session.delete(row)
        else:
            row = _kept(desk, row or ServiceDay(day=day))
            row.hours, row.note = kept_of(new.hours), new.note
        _record(desk, f"day.{day}", _day_told(old), _day_told(new))


def _put_years(desk: "Desk", known: CalendarRows, wanted: CalendarRows) -> None:
    if known.years == wanted.years:
        return
    row = _kept(desk, desk.session.get(OfficeSetting, YEARS) or OfficeSetting(key=YEARS))
    row.value = sorted(wanted.years)
    _record(desk, "years", {"years": sorted(known.years)}, {"years": sorted(wanted.years)})


def _kept(desk: "Desk", row: Any) -> Any:
    row.changed_at, row.changed_by_id = desk.now, desk.actor.id
    desk.session.add(row)
    return row


def _record(
    desk: "Desk", what: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    audit.done_by(desk, "calendar.change", f"calendar:{what}", before, after)


def _week_told(week: Week | None) -> dict[str, Any] | None:
    if week is None:
        return None
    days = {f"day_{number}": _told(hours) for number, hours in enumerate(week.days, 1)}
    return {**days, "made_up": _told(week.made_up)}


def _day_told(own_day: OwnDay | None) -> dict[str, Any] | None:
    return {"note": own_day.note, "hours": _told(own_day.hours)} if own_day else None


def _told(hours: Hours) -> list[str]:
    """08:00-12:00, as a record keeps it."""
    return [f"{clock(span.begins)}-{clock(span.ends)}" for span in hours]


def clock(minute: int) -> str:
    """08:00; the end of a day is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
