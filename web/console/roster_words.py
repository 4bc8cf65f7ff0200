"""The roster in words: days, hours, people short, and a strip of a day for the eye."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import CHINA
from domain.cover import Piece, day_of, midnight
from domain.roster import Work
from services.roster_shifts import ShiftView, spoken_minute
from services.roster_views import DutyView
from web.page import words
from web.site import site

_DAY = timedelta(days=1)


def today() -> date:
    return day_of(site().now())


def weekday(day: date) -> str:
    return words("roster_page.weekdays").split()[day.weekday()]


def date_of(day: date) -> str:
    """11月24日; with the year where it is another one."""
    if day.year == today().year:
        return words("roster_page.date", month=day.month, day=day.day)
    return words("roster_page.date_and_year", year=day.year, month=day.month, day=day.day)


def whole(day: date) -> str:
    """11月24日 周二."""
    return words("roster_page.whole_day", date=date_of(day), weekday=weekday(day))


def period(days: Sequence[date], is_month: bool) -> str:
    if is_month:
        return words("roster_page.month_of", year=days[0].year, month=days[0].month)
    return words("roster_page.from_to", since=date_of(days[0]), until=date_of(days[-1]))


def hours(shift: ShiftView) -> str:
    """8:00–18:00, or into the next day."""
    return _span(spoken_minute(shift.begins), spoken_minute(shift.ends), shift.is_night)


def span(begins: datetime, ends: datetime) -> str:
    """8:00–18:00; from one day into another, or until its end."""
    ends_with_the_day = ends == midnight(day_of(begins)) + _DAY
    until = spoken_minute(24 * 60) if ends_with_the_day else _clock(ends)
    is_next_day = day_of(ends) > day_of(begins) and not ends_with_the_day
    return _span(_clock(begins), until, is_next_day)


def _clock(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{local.hour}:{local.minute:02}"


def _span(begins: str, ends: str, is_next_day: bool) -> str:
    key = "roster_page.hours_next_day" if is_next_day else "roster_page.hours"
    return words(key, begins=begins, ends=ends)


def when(begins: datetime, ends: datetime) -> str:
    """11月24日 周二 18:00–次日 08:00."""
    return words("roster_page.when", day=whole(day_of(begins)), hours=span(begins, ends))


def work(each: Work) -> str:
    return words(f"roster_work.{each.value}")


def duty(each: DutyView) -> str:
    """A duty as a whole sentence, for a chip's title and for who hears it read."""
    name = each.shift.name if each.shift else work(each.work)
    return words(
        "roster_page.duty",
        name=name,
        hours=span(each.begins, each.ends),
        position=each.position if each.work is Work.ON_CALL else None,
        category=words(f"category.{each.category.value}") if each.category else None,
    )


# --- a day as a strip ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """Part of a day, in minutes of it."""

    left: int
    width: int
    is_empty: bool


def strip(day: date, cover: Iterable[Piece]) -> list[Bar]:
    """A day from left to right: where somebody is there, and where nobody is."""
    begin = midnight(day)
    return [
        Bar(_minutes(piece.begins - begin), _minutes(piece.ends - piece.begins), not piece.count)
        for piece in cover
    ]


def nobody(day: date, cover: Iterable[Piece]) -> str:
    """When nobody is there on this day, in words; empty if somebody always is."""
    spans = [span(piece.begins, piece.ends) for piece in cover if not piece.count]
    return (
        words("roster_page.nobody", spans=words("roster_page.comma").join(spans)) if spans else ""
    )


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)
