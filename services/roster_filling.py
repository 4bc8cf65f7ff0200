"""What follows from patterns: the duties of some days, made where they are missing (D1)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from domain.cover import day_of, midnight
from domain.permissions import Permission, demand
from domain.rounds import Round
from services import roster, roster_patterns, roster_plan, roster_shifts
from services.roster_shifts import ShiftView

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Turn:
    """What a pattern says of one person's day."""

    person_id: int
    name: str
    shift: ShiftView
    day: date


@dataclass(frozen=True, slots=True)
class Left:
    """A turn that cannot become a duty, and the key of why."""

    turn: Turn
    why: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What comes of patterns for some days."""

    made: tuple[Turn, ...]
    left: tuple[Left, ...]
    kept: int  # turns that were duties already, whoever has them by now


def turns(
    wanted: Round, shifts: Mapping[int, ShiftView], names: Mapping[int, str], days: Iterable[date]
) -> Iterator[Turn]:
    """What a round says of these days, of people and shifts that are still there."""
    for day in days:
        for person_id, shift_id in wanted.on(day):
            if person_id in names and shift_id in shifts:
                yield Turn(person_id, names[person_id], shifts[shift_id], day)


def preview(desk: "Desk", pattern_ids: Collection[int], begin: date, end: date) -> Filling:
    """What `fill` would do; the last day is part of it."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    missing, kept = _missing(desk, pattern_ids, begin, end)
    judged = [(turn, _why_not(desk, turn)) for _, turn in missing]
    return Filling(
        tuple(turn for turn, why in judged if why is None),
        tuple(Left(turn, why) for turn, why in judged if why is not None),
        kept,
    )


def fill(desk: "Desk", pattern_ids: Collection[int], begin: date, end: date) -> Filling:
    """Makes the duties that are missing; again, it makes none, and what was swapped stays."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    roster_patterns.note_filled(desk.session, pattern_ids, begin, end, desk.now)
    return _made(desk, pattern_ids, begin, end, roster_plan.put)


def go_on(desk: "Desk", pattern_id: int, begin: date, end: date) -> Filling:
    """The same by the clock, in the name of the actor; the pattern says it, not the audit."""
    return _made(desk, [pattern_id], begin, end, roster_plan.make)


def _made(
    desk: "Desk",
    pattern_ids: Collection[int],
    begin: date,
    end: date,
    put: Callable[..., object],
) -> Filling:
    missing, kept = _missing(desk, pattern_ids, begin, end)
    made: list[Turn] = []
    left: list[Left] = []
    for pattern_id, turn in missing:
        try:
            put(desk, turn.person_id, turn.shift, turn.day, pattern_id=pattern_id)
            made.append(turn)
        except roster_plan.PLAN_REFUSALS as no:
            left.append(Left(turn, no.text_key))
    return Filling(tuple(made), tuple(left), kept)


def _missing(
    desk: "Desk", pattern_ids: Collection[int], begin: date, end: date
) -> tuple[list[tuple[int, Turn]], int]:
    """Turns without a duty of the pattern, on days on which their shift is worked."""
    shifts = {each.id: each for each in roster_shifts.listed(desk.session)}
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    there = _there(desk.session, begin, end)
    missing: list[tuple[int, Turn]] = []
    kept = 0
    for pattern in roster_patterns.listed(desk.session):
        if pattern.id not in pattern_ids or not pattern.is_active:
            continue
        by_shift: dict[tuple[int, date], list[Turn]] = defaultdict(list)
        for turn in turns(pattern.round, shifts, dict(pattern.people), days):
            if turn.shift.runs_on(turn.day, desk.rules.hours):
                by_shift[turn.shift.id, turn.day].append(turn)
        for (shift_id, day), wanted in by_shift.items():
            have = there.get((pattern.id, shift_id, day), [])
            open_turns = [turn for turn in wanted if turn.person_id not in have]
            # Whoever stands in for another was put there by a swap: that turn is taken.
            lacking = open_turns[: max(len(wanted) - len(have), 0)]
            kept += len(wanted) - len(lacking)
            missing += [(pattern.id, turn) for turn in lacking]
    return missing, kept


def _there(session: Session, begin: date, end: date) -> dict[tuple[int, int, date], list[int]]:
    """Who has the duties that patterns made: by pattern, shift and day."""
    found: dict[tuple[int, int, date], list[int]] = defaultdict(list)
    last = midnight(end + timedelta(days=1))
    for duty in roster.duties_between(session, midnight(begin), last):
        if duty.pattern_id is not None and duty.shift_id is not None:
            key = (duty.pattern_id, duty.shift_id, day_of(duty.begins_at))
            found[key].append(duty.person_id)
    return found


def _why_not(desk: "Desk", turn: Turn) -> str | None:
    try:
        roster_plan.check(desk, turn.person_id, turn.shift, turn.day)
    except roster_plan.PLAN_REFUSALS as no:
        return no.text_key
    return None
