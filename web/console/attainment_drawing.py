"""Twelve months as a line of bars: percentages that can be told apart, with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    low: int  # at the foot: the least there is, or just below the lowest month
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What one bar stands for; no value: nothing that could be drawn."""

    month: Month
    value: int | None
    face: str
    told: str


def drawing(trend: Sequence[tuple[Month, Count]]) -> Drawing:
    """The axis begins at a round number below the lowest month, and says so."""
    made = drawn([_point(month, count) for month, count in trend], _FULL, _STEP)
    return replace(made, low=made.low // 10)


def drawn(points: Sequence[Point], full: int, step: int, low_from: int = 0) -> Drawing:
    """Bars up to `full`, from the last `step` below the lowest; not from under `low_from`."""
    known = [point.value for point in points if point.value is not None]
    low = max(low_from, (min(known, default=0) - 1) // step * step)
    wide = WIDE // max(1, len(points))
    bars = tuple(_bar(point, number * wide, wide, low, full) for number, point in enumerate(points))
    return Drawing(bars, low, not known)


def _bar(point: Point, x: int, wide: int, low: int, full: int) -> Bar:
    room = HIGH - _TOP - _FOOT
    value = point.value
    height = 0 if value is None else max(2, room * (value - low) // (full - low))
    return Bar(
        point.month,
        x + wide // 6,
        HIGH - _FOOT - height,
        wide - wide // 3,
        height,
        point.face,
        point.told,
    )


def _point(month: Month, count: Count) -> Point:
    tenths = count.tenths
    face = "" if tenths is None else f"{tenths // 10}.{tenths % 10}"
    return Point(month, tenths, face, _told(month, count))


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
