"""«A ticket at … with … is due at …»: promises tried before they are made (B5, C §15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import CHINA, CalendarRunsOut, ServiceHours, Stretch
from domain.priority import Priority
from domain.targets import Agreement, Case, Target, TargetKind
from models import TicketKind
from web.console import promise_words
from web.console.admin.agreement_words import minutes
from web.page import words

_YEARS = (2000, 2100)
_SHOWN = 2  # stretches at each end of a long derivation


@dataclass(frozen=True, slots=True)
class Tried:
    """A ticket that nobody has opened."""

    at: datetime
    case: Case


@dataclass(frozen=True, slots=True)
class Due:
    """One promise of it: when, and why then; `guessed`: the year whose holidays nobody knows."""

    kind: TargetKind
    within: timedelta
    at: datetime | None  # None: there is not so much working time
    why: tuple[str, ...]
    guessed: int | None
    is_after_word: bool = False  # it begins with a diagnosis


def read(filled: Mapping[str, str], now: datetime) -> Tried:
    """What the fields of the tester say; a time that is none is this moment."""
    return Tried(
        instant(filled.get("try_at", "")) or now,
        Case(
            Priority(int(filled.get("try_priority") or Priority.NORMAL)),
            filled.get("try_kind") or TicketKind.INCIDENT.value,
            filled.get("try_department", ""),
            bool(filled.get("try_complex")),
        ),
    )


def instant(written: str) -> datetime | None:
    """A time as a browser's field says it, by the desk's clock; None for what is no time."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not _YEARS[0] <= at.year < _YEARS[1]:
        return None
    return at.replace(tzinfo=CHINA) if at.tzinfo is None else at


def written(at: datetime) -> str:
    """As a browser's field wants it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def dues(agreement: Agreement, tried: Tried, hours: ServiceHours) -> list[Due]:
    """Its promises, in the order in which they are made."""
    rule = agreement.rule_for(tried.case)
    return [
        _due(kind, rule.targets[kind], tried, hours) for kind in TargetKind if kind in rule.targets
    ]


def _due(kind: TargetKind, target: Target, tried: Tried, hours: ServiceHours) -> Due:
    is_after_word = kind is TargetKind.FEEDBACK
    try:
        stretches = hours.derivation(tried.at, target.within, target.runs)
    except CalendarRunsOut:
        return Due(kind, target.within, None, (), None, is_after_word)
    at = stretches[-1].ends if stretches else tried.at
    last = at.astimezone(CHINA).date()
    guessed = None if hours.is_published(last) else last.year
    return Due(kind, target.within, at, tuple(_why(stretches)), guessed, is_after_word)


def _why(stretches: Sequence[Stretch]) -> list[str]:
    if len(stretches) <= 2 * _SHOWN:
        return [_told(each) for each in stretches]
    left = len(stretches) - 2 * _SHOWN
    return [
        *map(_told, stretches[:_SHOWN]),
        words("promised.try.why_more", count=left),
        *map(_told, stretches[-_SHOWN:]),
    ]


def _told(stretch: Stretch) -> str:
    begins, ends = stretch.begins.astimezone(CHINA), stretch.ends.astimezone(CHINA)
    return words(
        "promised.try.why",
        day=_day(begins.date()),
        begins=f"{begins:%H:%M}",
        ends=_end(begins, ends),
        time=promise_words.time(minutes(stretch.lasts)),
    )


def _end(begins: datetime, ends: datetime) -> str:
    """The end of the day is said as such, not as the next day's beginning."""
    is_midnight = ends.date() == begins.date() + timedelta(days=1) and not (
        ends.hour or ends.minute
    )
    return words("promised.midnight") if is_midnight else f"{ends:%H:%M}"


def _day(day: date) -> str:
    weekday = words("promised.days").split()[day.weekday()]
    return f"{day.month}/{day.day} {weekday}"
