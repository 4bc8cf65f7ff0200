"""Patterns: shifts that come round, written once, and the duties that follow from them (D1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.cover import day_of
from domain.permissions import Permission, demand
from domain.planning import NameUsed
from domain.refusals import NotFound
from domain.rounds import Round
from models import Duty, Person, RosterPattern
from services import audit, roster_shifts

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class PatternView:
    """One pattern, with whom it plans for and how far it has been filled."""

    id: int
    name: str
    round: Round
    is_active: bool
    people: tuple[tuple[int, str], ...]
    filled_until: date | None


def listed(session: Session) -> tuple[PatternView, ...]:
    """Those in use first, by name."""
    statement = select(RosterPattern).order_by(RosterPattern.is_active.desc(), RosterPattern.name)
    rows = session.scalars(statement).all()
    names = _names(session, {person for row in rows for person in row.people})
    until = _filled_until(session)
    return tuple(_view(row, names, until.get(row.id)) for row in rows)


def one(session: Session, pattern_id: int) -> PatternView:
    row = _pattern(session, pattern_id)
    return _view(row, _names(session, row.people), _filled_until(session).get(row.id))


def save(desk: "Desk", name: str, wanted: Round, pattern_id: int | None = None) -> int:
    """A new pattern, or another wording of one; duties that were filled stay as they are."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    holder = desk.session.scalar(select(RosterPattern.id).where(RosterPattern.name == name))
    if holder is not None and holder != pattern_id:
        raise NameUsed(name=name)
    row = RosterPattern() if pattern_id is None else _pattern(desk.session, pattern_id)
    before = None if pattern_id is None else _facts(desk.session, row)
    row.name, row.since, row.step = name, wanted.since, wanted.step
    row.days, row.people = list(wanted.days), list(wanted.people)
    desk.session.add(row)
    desk.session.flush()
    _record(desk, row, before)
    return row.id


def put_in_use(desk: "Desk", pattern_id: int, *, is_active: bool) -> None:
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    row = _pattern(desk.session, pattern_id)
    before = _facts(desk.session, row)
    row.is_active = is_active
    _record(desk, row, before)


def note_filled(
    session: Session, pattern_ids: Collection[int], begin: date, end: date, now: datetime
) -> None:
    """Days that a planner has filled are not filled again by the clock; under the rows' lock."""
    wanted = select(RosterPattern).where(RosterPattern.id.in_(pattern_ids))
    for row in session.scalars(wanted.order_by(RosterPattern.id).with_for_update()):
        filled = row.filled_until or day_of(now) - timedelta(days=1)
        if begin <= filled + timedelta(days=1):
            row.filled_until = max(filled, end)


# --- rows ----------------------------------------------------------------------------------------


def _pattern(session: Session, pattern_id: int) -> RosterPattern:
    row = session.get(RosterPattern, pattern_id)
    if row is None:
        raise NotFound()
    return row


def _names(session: Session, people: Collection[int]) -> dict[int, str]:
    if not people:
        return {}
    statement = select(Person.id, Person.name).where(Person.id.in_(people), Person.is_active)
    return {row.id: row.name or "" for row in session.execute(statement)}


def _filled_until(session: Session) -> dict[int, date]:
    """The last day of each pattern's duties."""
    statement = (
        select(Duty.pattern_id, func.max(Duty.begins_at).label("last"))
        .where(Duty.pattern_id.is_not(None))
        .group_by(Duty.pattern_id)
    )
    return {row.pattern_id: day_of(row.last) for row in session.execute(statement)}


def _view(row: RosterPattern, names: Mapping[int, str], until: date | None) -> PatternView:
    return PatternView(
        row.id,
        row.name,
        Round(tuple(row.days), tuple(row.people), row.step, row.since),
        row.is_active,
        tuple((each, names[each]) for each in row.people if each in names),
        until,
    )


def _facts(session: Session, row: RosterPattern) -> dict[str, object]:
    names, shifts = (
        _names(session, row.people),
        {each.id: each.name for each in roster_shifts.listed(session, is_active=False)},
    )
    return {
        "name": row.name,
        "people": [names.get(each, "") for each in row.people],
        "days": [shifts.get(each, "") if each else "" for each in row.days],
        "step": row.step,
        "since": row.since.isoformat(),
        "is_active": row.is_active,
    }


def _record(desk: "Desk", row: RosterPattern, before: dict[str, object] | None) -> None:
    audit.done_by(
        desk,
        "pattern.add" if before is None else "pattern.change",
        f"pattern:{row.id}",
        before,
        _facts(desk.session, row),
    )
