"""Planned maintenance: what a window touches, and where it stands at a moment (C §24, B7)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.category import Category
from domain.refusals import Refusal

LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=366)
"""Longer or farther ahead than this somebody has typed another month or year than they meant."""

AHEAD_HOURS = (0, 2, 4, 24, 48, 72, 168)
"""How long before it begins people may be told."""


class Phase(StrEnum):
    """Where a window stands at a moment."""

    PLANNED = auto()  # nobody has been told yet
    COMING = auto()
    RUNNING = auto()
    OVER = auto()
    CANCELLED = auto()


class EndsBeforeItBegins(Refusal):
    """It would be over before it has begun."""

    text_key = "maintenance.ends_before"


class IsOver(Refusal):
    """It would be over already: nobody can be told of it any more."""

    text_key = "maintenance.is_over"


class TooLong(Refusal):
    """Longer than any work of this kind takes."""

    text_key = "maintenance.too_long"


class TooFarAhead(Refusal):
    """More than a year from now."""

    text_key = "maintenance.too_far"


class NotNow(Refusal):
    """What is asked for does not go with where the window stands by now."""

    text_key = "maintenance.not_now"


def phase_at(
    now: datetime,
    announce_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    *,
    is_cancelled: bool = False,
) -> Phase:
    if is_cancelled:
        return Phase.CANCELLED
    if now >= ends_at:
        return Phase.OVER
    if now >= starts_at:
        return Phase.RUNNING
    return Phase.COMING if now >= announce_at else Phase.PLANNED


def demand_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Nothing, or why no window can lie there."""
    if ends_at <= starts_at:
        raise EndsBeforeItBegins()
    if ends_at <= now:
        raise IsOver()
    if ends_at - starts_at > LONGEST:
        raise TooLong()
    if starts_at - now > FARTHEST:
        raise TooFarAhead()


def announced_at(starts_at: datetime, ahead_hours: int, now: datetime) -> datetime:
    """So long before it begins; at once, if that is past."""
    return max(now, starts_at - timedelta(hours=ahead_hours))


def touches(
    categories: Collection[Category],
    areas: Collection[str],
    category: Category | None,
    place: str | None,
) -> bool:
    """Whether a fault of this kind at this place fits; what is empty means all, None unknown."""
    is_of_kind = category is None or not categories or category in categories
    return is_of_kind and (place is None or not areas or any(area in place for area in areas))


def meet(
    categories: Collection[Category],
    areas: Collection[str],
    other_categories: Collection[Category],
    other_areas: Collection[str],
) -> bool:
    """Whether one fault could fit both."""
    is_of_kind = not categories or not other_categories or set(categories) & set(other_categories)
    if not is_of_kind:
        return False
    if not areas or not other_areas:
        return True
    return any(one in other or other in one for one in areas for other in other_areas)
