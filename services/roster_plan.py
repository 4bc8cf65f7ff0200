"""Planning the roster: duties put, changed, taken off, copied; people told of theirs (D1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.calendar import Stretch
from domain.category import Category
from domain.cover import midnight
from domain.permissions import Permission, Role, demand
from domain.planning import IsOver, NotWorkingHere, OnLeave, Overlaps, TurnsAround
from domain.refusals import NotFound
from domain.roster import Asked, Work
from models import Duty, Person
from services import audit, roster, roster_shifts
from services.roster_shifts import ShiftView

if TYPE_CHECKING:
    from services.desk import Desk

T = TypeVar("T")

STAFF = frozenset({Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD})
"""Who can be on the roster."""

PLAN_REFUSALS = (Overlaps, OnLeave, IsOver, NotWorkingHere)
"""Why one duty of many cannot be; the others can."""

LONGEST = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Change:
    """A duty as it is to be."""

    person_id: int
    span: Stretch
    position: int
    category: Category | None


def put(
    desk: "Desk",
    person_id: int,
    shift: ShiftView,
    day: date,
    category: Category | None = None,
    pattern_id: int | None = None,
) -> Duty:
    """A shift of somebody's; on call they come after those who are called already."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    duty = make(desk, person_id, shift, day, category, pattern_id)
    name = desk.session.get_one(Person, person_id).name
    audit.done_by(desk, "duty.put", f"duty:{duty.id}", None, _facts(duty, name))
    return duty


def make(
    desk: "Desk",
    person_id: int,
    shift: ShiftView,
    day: date,
    category: Category | None = None,
    pattern_id: int | None = None,
) -> Duty:
    """The same, of whoever has asked for it."""
    _, span = _worker(desk.session, person_id), shift.span_on(day)
    _check_free(desk, person_id, span, shift.work)
    duty = Duty(
        person_id=person_id,
        shift_id=shift.id,
        pattern_id=pattern_id,
        work=shift.work,
        position=_next_position(desk.session, shift.work, span, category),
        category=category if shift.work is Work.ON_CALL else None,
        begins_at=span.begins,
        ends_at=span.ends,
        made_by_id=desk.actor.id,
        made_at=desk.now,
    )
    desk.session.add(duty)
    desk.session.flush()
    return duty


def check(desk: "Desk", person_id: int, shift: ShiftView, day: date) -> None:
    """Nothing, or what `put` would refuse."""
    _worker(desk.session, person_id, is_locked=False)
    _check_free(desk, person_id, shift.span_on(day), shift.work)


@dataclass(frozen=True, slots=True)
class Painted:
    """How many duties were put or taken off, and the key of why one could not be."""

    done: int
    refused: str | None = None


def toggle(
    desk: "Desk", person_id: int, shift_id: int, days: list[date], category: Category | None
) -> Painted:
    """The shift on those days, as far as it can be; off all of them where it is on each."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    shift = roster_shifts.one(desk.session, shift_id)
    found = {day: same(desk.session, person_id, shift, day) for day in days}
    there = [duty for duty in found.values() if duty is not None]
    if len(there) == len(days):
        return _each(lambda duty: take_off(desk, duty.id), there)
    missing = [day for day, duty in found.items() if duty is None]
    return _each(lambda day: put(desk, person_id, shift, day, category), missing)


def _each(act: Callable[[T], object], things: Iterable[T]) -> Painted:
    done, refused = 0, None
    for thing in things:
        try:
            act(thing)
            done += 1
        except PLAN_REFUSALS as no:
            refused = no.text_key
    return Painted(done, refused)


def clear(desk: "Desk", person_id: int, days: list[date]) -> Painted:
    """Nothing on those days; what is over stays."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    duties = [duty for day in days for duty in _beginning_on(desk.session, person_id, day)]
    return _each(lambda duty: take_off(desk, duty.id), duties)


def take_off(desk: "Desk", duty_id: int) -> None:
    """Nobody has this duty any more, as long as it is not over."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    duty = _duty(desk.session, duty_id)
    if duty.ends_at <= desk.now:
        raise IsOver()
    name = desk.session.scalar(select(Person.name).where(Person.id == duty.person_id))
    audit.done_by(desk, "duty.off", f"duty:{duty.id}", _facts(duty, name), None)
    desk.session.execute(delete(Duty).where(Duty.id == duty_id))


def change(desk: "Desk", duty_id: int, wanted: Change) -> Duty:
    """Another person, other hours, another place in the chain."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    duty = _duty(desk.session, duty_id)
    if duty.ends_at <= desk.now:
        raise IsOver()
    if not timedelta(0) < wanted.span.lasts <= LONGEST:
        raise TurnsAround()
    person = _worker(desk.session, wanted.person_id)
    _check_free(desk, wanted.person_id, wanted.span, duty.work, besides=duty_id)
    former = desk.session.scalar(select(Person.name).where(Person.id == duty.person_id))
    before = _facts(duty, former)
    if duty.person_id != wanted.person_id:
        duty.reminded_at = duty.signed_in_at = duty.signed_out_at = duty.missed_at = None
    duty.person_id, duty.position = wanted.person_id, wanted.position
    duty.begins_at, duty.ends_at = wanted.span.begins, wanted.span.ends
    duty.category = wanted.category if duty.work is Work.ON_CALL else None
    roster.note_change(duty, desk.now)
    desk.session.flush()
    audit.done_by(desk, "duty.change", f"duty:{duty.id}", before, _facts(duty, person.name))
    return duty


# --- what holds ----------------------------------------------------------------------------------


def _worker(session: Session, person_id: int, *, is_locked: bool = True) -> Person:
    """Locked, so that two planners do not both find the person free."""
    lock = {"of": Person} if is_locked else None
    person = session.get(Person, person_id, with_for_update=lock)
    if person is None:
        raise NotFound()
    if not person.is_active or not STAFF & person.roles:
        raise NotWorkingHere()
    return person


def _check_free(
    desk: "Desk", person_id: int, span: Stretch, work: Work, besides: int | None = None
) -> None:
    if span.ends <= desk.now:
        raise IsOver()
    for other in roster.duties_between(desk.session, span.begins, span.ends, [person_id]):
        if other.work is work and other.id != besides:
            raise Overlaps()
    for leave in roster.leaves_between(desk.session, span.begins, span.ends, [person_id]):
        if leave.state is Asked.GRANTED:
            raise OnLeave()


def same(session: Session, person_id: int, shift: ShiftView, day: date) -> Duty | None:
    """The duty that somebody has of this shift on this day, whatever its hours are by now."""
    found = _beginning_on(session, person_id, day)
    return next((each for each in found if each.shift_id == shift.id), None)


def _beginning_on(session: Session, person_id: int, day: date) -> list[Duty]:
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    statement = select(Duty).where(
        Duty.person_id == person_id, Duty.begins_at >= begin, Duty.begins_at < end
    )
    return list(session.scalars(statement.order_by(Duty.begins_at, Duty.id)))


def _next_position(session: Session, work: Work, span: Stretch, category: Category | None) -> int:
    if work is not Work.ON_CALL:
        return 1
    statement = select(func.max(Duty.position)).where(
        Duty.begins_at > span.begins - roster.LASTS_AT_MOST,
        Duty.begins_at < span.ends,
        Duty.ends_at > span.begins,
        Duty.work == work,
        Duty.category.is_(None) if category is None else Duty.category == category,
    )
    return (session.scalar(statement) or 0) + 1


def _duty(session: Session, duty_id: int) -> Duty:
    duty = session.get(Duty, duty_id, with_for_update=True)
    if duty is None:
        raise NotFound()
    return duty


def _facts(duty: Duty, name: str | None) -> dict[str, object]:
    return {
        "name": name,
        "work": duty.work,
        "begins": audit.told(duty.begins_at),
        "ends": audit.told(duty.ends_at),
        "position": duty.position,
        "category": duty.category,
    }
