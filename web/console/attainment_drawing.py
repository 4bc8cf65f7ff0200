"""Twelve months as a line of bars: percentages that can be told apart, with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.months import Month
from services.attainment import Count
from web.page import words

WIDE, HIGH = 600, 160  # units of the drawing
_TOP, _FOOT = 22, 24  # for the percentage above a bar, and the month below it
_FULL = 1000  # tenths of a percent
_STEP = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One month."""

    month: Month
    x: int
    y: int
    width: int
    height: int
    rate: str  # empty: nothing was due
    told: str  # the whole of it, for those who do not see the drawing


@dataclass(frozen=True, slots=True)
class Drawing:
    bars: tuple[Bar, ...]
    low: int  # percent at the foot: 0, or just below the lowest
    is_empty: bool


def drawing(trend: Sequence[tuple[Month, Count]]) -> Drawing:
    """The axis begins at a round number below the lowest month, and says so."""
    known = [count.tenths for _, count in trend if count.tenths is not None]
    low = max(0, (min(known, default=0) - 1) // _STEP * _STEP)
    wide = WIDE // max(1, len(trend))
    bars = tuple(
        _bar(month, count, number * wide, wide, low) for number, (month, count) in enumerate(trend)
    )
    return Drawing(bars, low // 10, not known)


def _bar(month: Month, count: Count, x: int, wide: int, low: int) -> Bar:
    room = HIGH - _TOP - _FOOT
    tenths = count.tenths
    height = 0 if tenths is None else max(2, room * (tenths - low) // (_FULL - low))
    return Bar(
        month,
        x + wide // 6,
        HIGH - _FOOT - height,
        wide - wide // 3,
        height,
        "" if tenths is None else f"{tenths // 10}.{tenths % 10}",
        _told(month, count),
    )


def _told(month: Month, count: Count) -> str:
    if not count.total:
        return words("attainment.trend_none", month=str(month))
    percent = f"{(count.tenths or 0) // 10}.{(count.tenths or 0) % 10}"
    return words(
        "attainment.trend_point",
        month=str(month),
        percent=percent,
        met=count.met,
        total=count.total,
    )
