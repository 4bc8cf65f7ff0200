"""Twelve months of scores as a line of bars, drawn as attainment's are."""

from collections.abc import Sequence

from domain.months import Month
from services.satisfaction import Part, Scored
from web.console import satisfaction_words as say
from web.console.attainment_drawing import Drawing, Point, drawn
from web.page import words

_HIGHEST, _STEP = 500, 100  # hundredths of a score


def drawing(trend: Sequence[tuple[Month, Scored]]) -> Drawing:
    """A month with few answers has no bar: its count is told in words."""
    return drawn([_point(month, scored) for month, scored in trend], _HIGHEST, _STEP, low_from=100)


def _point(month: Month, scored: Scored) -> Point:
    value = scored.hundredths(Part.OVERALL)
    return Point(
        month, value, "" if value is None else say.mean(scored, Part.OVERALL), _told(month, scored)
    )


def _told(month: Month, scored: Scored) -> str:
    if not scored.asked:
        return words("satisfaction.trend_none", month=str(month))
    if scored.hundredths(Part.OVERALL) is None:
        return words(
            "satisfaction.trend_few", month=str(month), answered=scored.answered, asked=scored.asked
        )
    return words(
        "satisfaction.trend_point",
        month=str(month),
        mean=say.mean(scored, Part.OVERALL),
        answered=scored.answered,
        asked=scored.asked,
        rate=say.tenths(scored.answered_tenths),
    )
