"""The calendar in words: hours of a day, of a week, what a day is, what a change changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from domain.calendar import CHINA, WHOLE_DAY, DayKind, Hours, ServiceHours, Stretch, Week
from domain.sentence import Fact
from services.clock_words import lasting
from services.service_calendar import CalendarRows, clock
from web.page import said, words

_BETWEEN = "、"
WEEKDAYS = tuple(range(1, 8))
MADE_UP = 8  # stands behind the seven
DRAWN = 60  # days, from today


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the drawn calendar."""

    day: date
    face: str  # 11/26
    mark: str  # what the day is
    hours: str
    is_open: bool
    is_past: bool
    is_own: bool
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What a change changes: as it was, as it is."""

    name: str
    before: str
    after: str


# --- hours ---------------------------------------------------------------------------------------


def hours(of: Hours) -> str:
    """8:00–12:00、13:00–18:00."""
    if not of:
        return words("service_calendar.closed")
    if of == WHOLE_DAY:
        return words("service_calendar.whole_day")
    return _BETWEEN.join(f"{_short(each.begins)}–{_short(each.ends)}" for each in of)


def _short(minute: int) -> str:
    return clock(minute).removeprefix("0")


def day(of: date) -> str:
    """12 月 7 日 周一, with the year if it is not this one."""
    facts: dict[str, Fact] = {"month": of.month, "day": of.day, "weekday": weekday(of.isoweekday())}
    return words("service_calendar.day", **facts)


def dated(of: date) -> str:
    return words("service_calendar.dated", year=of.year, day=day(of))


def weekday(number: int) -> str:
    return words(f"service_calendar.weekday.{number}")


def week(of: Week) -> list[tuple[str, str]]:
    """周一至周五 8:00–18:00: days that have the same hours in one line, then the special ones."""
    lines = []
    for own, group in groupby(WEEKDAYS, key=lambda number: of.days[number - 1]):
        numbers = list(group)
        first, last = weekday(numbers[0]), weekday(numbers[-1])
        is_one = len(numbers) == 1
        face = first if is_one else words("service_calendar.weekdays", first=first, last=last)
        lines.append((face, hours(own)))
    lines.append((words("service_calendar.weekday.8"), hours(of.made_up)))
    return [*lines, (words("service_calendar.holiday"), hours(of.holiday))]


# --- the drawn calendar --------------------------------------------------------------------------


def cells(known: ServiceHours, own: CalendarRows, now: datetime) -> list[Cell]:
    """Whole weeks, from this one's Monday to the one in which the sixtieth day is."""
    today = now.astimezone(CHINA).date()
    monday = today - timedelta(days=today.weekday())
    last = today + timedelta(days=DRAWN)
    count = (last - monday).days // 7 * 7 + 7
    return [_cell(known, own, monday + timedelta(days=number), today) for number in range(count)]


def _cell(known: ServiceHours, own: CalendarRows, at: date, today: date) -> Cell:
    of = known.hours_of(at)
    return Cell(
        at,
        f"{at.month}/{at.day}",
        _mark(known, own, at),
        hours(of),
        bool(of),
        at < today,
        at in own.days,
        known.is_sure_of(at),
    )


def _mark(known: ServiceHours, own: CalendarRows, at: date) -> str:
    if at in own.days:
        return own.days[at].note
    match known.day_kind(at):
        case DayKind.HOLIDAY:
            return words("service_calendar.mark.holiday")
        case DayKind.MADE_UP:
            return words("service_calendar.mark.made_up")
    return words(
        "service_calendar.mark.works" if known.is_working_day(at) else "service_calendar.mark.rests"
    )


# --- what a change changes -----------------------------------------------------------------------


def lines(known: ServiceHours, before: CalendarRows, after: CalendarRows) -> list[Line]:
    """Weeks weekday by weekday, days one by one, years."""
    return [
        *_week_lines(known, before, after),
        *_day_lines(known, before, after),
        *_year_lines(before, after),
    ]


def _week_lines(known: ServiceHours, before: CalendarRows, after: CalendarRows) -> Iterator[Line]:
    new = {each.since: each for each in after.weeks}
    old = {each.since: each for each in before.weeks}
    for since in sorted(new.keys() | old.keys()):
        if new.get(since) != old.get(since):
            was = old.get(since) or known.week_of(since)
            now_is = new.get(since) or _earlier(known, since)
            yield from _weekday_lines(was, now_is)


def _earlier(known: ServiceHours, since: date) -> Week:
    """The week that goes on if the one from this date is taken away."""
    return known.week_of(since - timedelta(days=1))


def _weekday_lines(was: Week, now_is: Week) -> Iterator[Line]:
    pairs = zip((*was.days, was.made_up), (*now_is.days, now_is.made_up), strict=True)
    for number, (old, new) in enumerate(pairs, 1):
        if old != new:
            yield Line(weekday(number), hours(old), hours(new))


def _day_lines(known: ServiceHours, before: CalendarRows, after: CalendarRows) -> Iterator[Line]:
    for at in sorted(before.days.keys() | after.days.keys()):
        old, new = before.days.get(at), after.days.get(at)
        if old != new:
            was = f"{hours(known.hours_of(at))} {old.note if old else ''}".strip()
            is_now = f"{hours(new.hours)} {new.note}" if new else words("service_calendar.by_week")
            yield Line(dated(at), was, is_now)


def _year_lines(before: CalendarRows, after: CalendarRows) -> Iterator[Line]:
    for year in sorted(after.years - before.years):
        name = words("service_calendar.year", year=year)
        yield Line(name, words("service_calendar.unknown"), words("service_calendar.known"))


def differing_days(before: ServiceHours, after: ServiceHours, now: datetime) -> int:
    """How many of the drawn days have other hours."""
    today = now.astimezone(CHINA).date()
    days = (today + timedelta(days=number) for number in range(DRAWN))
    return sum(before.hours_of(each) != after.hours_of(each) for each in days)


def stretches(found: list[Stretch]) -> list[tuple[str, str, str]]:
    """A derivation: day, from when to when, how long."""
    return [
        (dated(_day_of(each)), f"{_at(each.begins)}–{_end(each)}", said(lasting(each.lasts)))
        for each in found
    ]


def _day_of(each: Stretch) -> date:
    return each.begins.astimezone(CHINA).date()


def _at(moment: datetime) -> str:
    local = moment.astimezone(CHINA)
    return f"{local.hour}:{local.minute:02d}"


def _end(each: Stretch) -> str:
    """The end of a day is 24:00."""
    local = each.ends.astimezone(CHINA)
    is_midnight = local.time() == time() and local.date() != _day_of(each)
    return "24:00" if is_midnight else _at(each.ends)
