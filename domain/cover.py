"""How many people cover a time, and where somebody works too long at a stretch (D1, 规范8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from domain.calendar import CHINA, Stretch

REST = timedelta(hours=11)
"""So long nobody works between two days; what is shorter is said, not forbidden."""

A_LONG_DAY = timedelta(hours=16)
"""Two duties that together end before that are the halves of one day."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Time in which the same number of people is there."""

    begins: datetime
    ends: datetime
    count: int


def pieces(within: Stretch, stretches: Iterable[Stretch]) -> list[Piece]:
    """The whole time, cut where somebody comes or goes so that the number changes."""
    changes: dict[datetime, int] = {within.begins: 0, within.ends: 0}
    for each in stretches:
        begins, ends = max(each.begins, within.begins), min(each.ends, within.ends)
        if begins < ends:
            changes[begins] = changes.get(begins, 0) + 1
            changes[ends] = changes.get(ends, 0) - 1
    found: list[Piece] = []
    count = 0
    for begins, ends in pairwise(sorted(changes)):
        count += changes[begins]
        if found and found[-1].count == count:
            found[-1] = Piece(found[-1].begins, ends, count)
        else:
            found.append(Piece(begins, ends, count))
    return found


def lacking(within: Stretch, stretches: Iterable[Stretch], needed: int = 1) -> list[Piece]:
    """Where fewer are there than are needed."""
    return [piece for piece in pieces(within, stretches) if piece.count < needed]


def without(within: Stretch, away: Iterable[Stretch]) -> list[Stretch]:
    """What is left of a time for somebody who is away now and then."""
    return [Stretch(piece.begins, piece.ends) for piece in lacking(within, away)]


def too_close(duties: Iterable[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Of one person's duties, those between which they cannot rest."""
    for one, other in pairwise(sorted(duties, key=lambda each: each.begins)):
        if other.begins - one.ends < REST and other.ends - one.begins > A_LONG_DAY:
            yield one, other


def day_of(at: datetime) -> date:
    """The day that an instant belongs to, by the desk's clock."""
    return at.astimezone(CHINA).date()


def midnight(day: date, minutes: int = 0) -> datetime:
    """So many minutes after the day begins; above 1440 on the next."""
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minutes)
