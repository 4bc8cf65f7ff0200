"""Shifts that come round: who has which one on a day (D1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

MOST_PEOPLE = 40
LONGEST = 7 * MOST_PEOPLE
"""Days of a round: a week for each."""


class Shape(StrEnum):
    """Rounds that many desks have; an editor begins with one of them."""

    EVERY_DAY = auto()  # the same people, day after day
    DAY_BY_TURN = auto()  # one a day
    WEEK_BY_TURN = auto()  # one a week
    TWO_ON_TWO_OFF = auto()
    FOUR_TEAMS = auto()  # two days, two nights, four days off (四班三运转)


@dataclass(frozen=True, slots=True)
class Round:
    """For each day a shift's id or none; each person begins it `step` days after the one before."""

    days: tuple[int | None, ...]
    people: tuple[int, ...]
    step: int
    since: date

    def on(self, day: date) -> Iterator[tuple[int, int]]:
        """Each person who has a shift on the day, with the shift; nobody before it begins."""
        passed = (day - self.since).days
        if passed < 0:
            return
        for place, person_id in enumerate(self.people):
            shift_id = self.days[(passed - place * self.step) % len(self.days)]
            if shift_id is not None:
                yield person_id, shift_id


def shaped(
    shape: Shape, first: int, second: int | None, people: int
) -> tuple[tuple[int | None, ...], int]:
    """The days of a round of this shape and its step; `second` is the night, if there is one."""
    turns = max(people, 1)
    match shape:
        case Shape.EVERY_DAY:
            return (first,), 0
        case Shape.DAY_BY_TURN:
            return (first, *([None] * (turns - 1))), 1
        case Shape.WEEK_BY_TURN:
            return (first,) * 7 + (None,) * (7 * (turns - 1)), 7
        case Shape.TWO_ON_TWO_OFF:
            return (first, first, None, None), 2
        case Shape.FOUR_TEAMS:
            night = second or first
            return (first, first, night, night, None, None, None, None), 2
