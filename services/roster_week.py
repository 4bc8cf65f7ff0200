"""Some days of the roster at once: last week once more; each told of their own duties (D1)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from domain.cover import day_of, midnight
from domain.permissions import Permission, demand
from domain.sentence import Say, Word
from models import Duty
from services import notices, roster, roster_plan, roster_shifts

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 14  # duties that one message names


@dataclass(frozen=True, slots=True)
class Copied:
    """How many duties were made, and how many could not be."""

    made: int
    left_out: int


def copy_week(desk: "Desk", monday: date) -> Copied:
    """The week before once more, as far as people are free; holidays are left to the planner."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    shifts = {each.id: each for each in roster_shifts.listed(desk.session)}
    begin, week = midnight(monday - timedelta(days=7)), timedelta(days=7)
    made = left_out = 0
    for duty in roster.duties_between(desk.session, begin, midnight(monday)):
        shift, day = shifts.get(duty.shift_id or 0), day_of(duty.begins_at) + week
        if (
            shift is None
            or day < monday
            or roster_plan.same(desk.session, duty.person_id, shift, day)
        ):
            continue
        if not shift.runs_on(day, desk.rules.hours):
            left_out += 1
            continue
        try:
            roster_plan.put(desk, duty.person_id, shift, day, duty.category)
            made += 1
        except roster_plan.PLAN_REFUSALS:
            left_out += 1
    return Copied(made, left_out)


def tell(desk: "Desk", begin: datetime, end: datetime) -> int:
    """Each person on the roster reads their own duties of the time in one message; how many."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    own: dict[int, list[Duty]] = defaultdict(list)
    for duty in roster.duties_between(desk.session, max(begin, desk.now), end):
        own[duty.person_id].append(duty)
    names = {each.id: each.name for each in roster_shifts.listed(desk.session, is_active=False)}
    for person_id, duties in own.items():
        notices.tell(
            desk.session,
            person_id,
            "roster_plan_told.own",
            desk.now,
            since=duties[0].begins_at,
            count=len(duties),
            lines=tuple(_line(each, names) for each in duties[:LISTED]),
            more=len(duties) - LISTED if len(duties) > LISTED else None,
        )
    return len(own)


def _line(duty: Duty, names: dict[int, str]) -> Say:
    name = names.get(duty.shift_id or 0) or Word(f"roster_work.{duty.work.value}")
    facts = {"name": name, "begins": duty.begins_at, "ends": duty.ends_at}
    return Say("roster_plan_told.line", facts)
