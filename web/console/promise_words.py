"""Promises in words, for every page that speaks of them: kinds, sorts of tickets, times, rates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.calendar import CHINA
from domain.priority import Priority
from domain.targets import DEFAULT_AGREEMENT, TargetKind, WaitsFor
from services.attainment import By, Count, Line
from web.page import words
from web.site import site

STARTED_WITH = tuple(each.name for each in DEFAULT_AGREEMENT.rules)
_AN_HOUR, _A_DAY = 60, 24 * 60
_DAYS_FROM = 3 * _A_DAY
"""From here on people count in days; a promise of one day is said in hours."""


def kind(each: TargetKind) -> str:
    return words(f"attainment.kind.{each.value}")


def rule(name: str) -> str:
    """A sort of tickets: those that every desk starts with have words, others their own name."""
    key = f"promised.sort.{name}"
    return words(key) if site().texts.has(key) else name


def rule_called(written: str) -> str:
    """The name of a sort of tickets that pages call so."""
    return next((each for each in STARTED_WITH if rule(each) == written), written)


def priority(each: Priority) -> str:
    return words(f"priority.{each.name.lower()}")


def time(minutes: int) -> str:
    """90: an hour and a half, as people say it."""
    if minutes <= 0:
        return words("attainment.time.none")
    if minutes >= _DAYS_FROM and minutes % _A_DAY == 0:
        return words("attainment.time.days", days=minutes // _A_DAY)
    hours, rest = divmod(minutes, _AN_HOUR)
    if not hours:
        return words("attainment.time.minutes", minutes=rest)
    if not rest:
        return words("attainment.time.hours", hours=hours)
    return words("attainment.time.both", hours=hours, minutes=rest)


def rate(count: Count) -> str:
    return tenths(count.tenths)


def tenths(value: int | None) -> str:
    """962: 96.2%."""
    if value is None:
        return words("attainment.cards.nothing")
    return words("attainment.rate", percent=f"{value // 10}.{value % 10}")


def hundredths(value: int) -> str:
    """9995: 99.95%."""
    return words("attainment.rate", percent=f"{value // 100}.{value % 100:02d}")


def of(count: Count) -> str:
    return words("attainment.of", met=count.met, total=count.total)


def line(by: By, each: Line) -> str:
    """What a line of the table is of."""
    if not each.value:
        return words(f"attainment.no_value.{by.value}")
    return value(by, each.value) if by in _WORDED else each.called or each.value


_WORDED = (By.CATEGORY, By.PRIORITY, By.RULE)


def value(by: By, written: str) -> str:
    match by:
        case By.CATEGORY:
            return words(f"category.{written}")
        case By.PRIORITY:
            return words(f"priority.{written}")
        case By.RULE:
            return rule(written)
    return written


def paused(minutes: Mapping[str, int]) -> list[str]:
    """By whose waiting, in the order of those who may be waited for."""
    return [
        words(
            "attainment.misses.paused_one",
            whose=waits(each),
            time=time(int(minutes[each.value])),
        )
        for each in WaitsFor
        if minutes.get(each.value)
    ]


def waits(each: WaitsFor) -> str:
    return words(f"attainment.waits.{each.value}")


def exact(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def facts() -> dict[str, Any]:
    """What templates need of this."""
    return {
        "kind": kind,
        "rule": rule,
        "time": time,
        "rate": rate,
        "tenths": tenths,
        "hundredths": hundredths,
        "of": of,
        "line": line,
        "paused": paused,
        "waits": waits,
        "priority": priority,
    }
