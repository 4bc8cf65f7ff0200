"""Scores, rates and points in words, for the pages and files that show them."""

from datetime import datetime, timedelta
from typing import Any

from domain.calendar import CHINA
from domain.satisfaction import FEW
from services.satisfaction import By, Part, Scored
from services.satisfaction_complaints import Handled
from web.page import words

_WORDED = (By.CATEGORY,)


def mean(scored: Scored, part: Part) -> str:
    """4.62; where there are few, no average at all."""
    return _hundredths(scored.hundredths(part))


def floor(scored: Scored) -> str:
    """What the mean of all parts is at least."""
    bound = scored.at_least
    if bound is None or scored.answered < FEW:
        return nothing()
    return _hundredths(int(bound * 100))


def handling(handled: Handled, total: int) -> str:
    return _hundredths(handled.hundredths(total))


def _hundredths(value: int | None) -> str:
    return nothing() if value is None else f"{value // 100}.{value % 100:02d}"


def tenths(value: int | None) -> str:
    """962: 96.2%."""
    if value is None:
        return nothing()
    return words("satisfaction.rate", percent=f"{value // 10}.{value % 10}")


def low(scored: Scored) -> str:
    """A share where there are enough, else how many."""
    if not scored.answered:
        return nothing()
    if scored.answered < FEW:
        return words("satisfaction.count", count=scored.low)
    return words("satisfaction.low_share", count=scored.low, rate=tenths(scored.low_tenths))


def low_rate(scored: Scored) -> str:
    """The share alone, where there are enough."""
    return low(scored) if scored.answered < FEW else tenths(scored.low_tenths)


def answers(scored: Scored | Handled) -> str:
    """36 of 50."""
    return words("satisfaction.of", answered=scored.answered, asked=scored.asked)


def nothing() -> str:
    return words("satisfaction.nothing")


def complained(by: By, value: str, called: str) -> str:
    """What a line of complaints is of."""
    return line(by, value, called) if value else words(f"satisfaction.complaints.nobody.{by.value}")


def line(by: By, value: str, called: str) -> str:
    """What a line of ratings is of."""
    if not value:
        return words(f"satisfaction.no_value.{by.value}")
    return words(f"category.{value}") if by in _WORDED else called or value


def day(at: datetime) -> str:
    """The day alone: the minute at which somebody rated would tell who it was (P8)."""
    local = at.astimezone(CHINA)
    return words("appraisal_page.day", year=local.year, month=local.month, day=local.day)


def last_day(until: datetime) -> str:
    """The day that a time still belongs to."""
    return day(until - timedelta(microseconds=1))


def points(value: int) -> str:
    """+1, -5, 0."""
    return f"{value:+d}" if value else "0"


def facts() -> dict[str, Any]:
    """What templates need of this."""
    return {
        "mean": mean,
        "floor": floor,
        "handling": handling,
        "tenths": tenths,
        "low": low,
        "low_rate": low_rate,
        "complained": complained,
        "answers": answers,
        "nothing": nothing,
        "line": line,
        "few": FEW,
        "points": points,
        "day": day,
        "last_day": last_day,
    }
