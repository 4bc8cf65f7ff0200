"""Shifts: the hours that are worked as one, on which days, and how many people they need (D1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.calendar import MINUTES_A_DAY, ServiceHours, Stretch
from domain.cover import day_of, midnight
from domain.permissions import Permission, demand
from domain.planning import NameUsed
from domain.refusals import NotFound
from domain.roster import Work
from models import Duty, Shift
from services import audit, roster

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift as it is typed; an end that is not after the beginning is on the next day."""

    name: str
    work: Work
    begins: int  # minutes from midnight
    ends: int
    needed: int
    on_working_days: bool
    on_days_off: bool

    @property
    def until(self) -> int:
        """The end, counted on from the day on which it begins."""
        return self.ends if self.ends > self.begins else self.ends + MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One shift."""

    id: int
    name: str
    work: Work
    begins: int
    ends: int
    needed: int
    on_working_days: bool
    on_days_off: bool
    is_active: bool

    @property
    def short(self) -> str:
        """As much of the name as fits a day of a month."""
        return self.name[:2]

    @property
    def is_night(self) -> bool:
        return self.ends > MINUTES_A_DAY

    def span_on(self, day: date) -> Stretch:
        return Stretch(midnight(day, self.begins), midnight(day, self.ends))

    def runs_on(self, day: date, hours: ServiceHours) -> bool:
        return self.on_working_days if hours.is_working_day(day) else self.on_days_off


def listed(session: Session, *, is_active: bool = True) -> tuple[ShiftView, ...]:
    """Those in use, or all: by what they are for, then by the time of day."""
    statement = select(Shift).order_by(Shift.is_active.desc(), Shift.begins, Shift.ends, Shift.id)
    if is_active:
        statement = statement.where(Shift.is_active)
    order = list(Work)
    found = [_view(each) for each in session.scalars(statement)]
    return tuple(sorted(found, key=lambda each: (not each.is_active, order.index(each.work))))


def one(session: Session, shift_id: int) -> ShiftView:
    return _view(_shift(session, shift_id))


def add(desk: "Desk", new: NewShift) -> int:
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    _check_name(desk.session, new.name, None)
    shift = Shift()
    _fill(shift, new)
    desk.session.add(shift)
    desk.session.flush()
    _record(desk, "shifts.add", shift, None)
    return shift.id


def change(desk: "Desk", shift_id: int, new: NewShift, *, moves_duties: bool) -> int:
    """Other hours or needs; if wanted, what is planned from tomorrow on moves along. How many."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    shift = _shift(desk.session, shift_id, is_locked=True)
    _check_name(desk.session, new.name, shift_id)
    before, former = _facts(shift), _view(shift)
    _fill(shift, new)
    desk.session.flush()
    _record(desk, "shifts.change", shift, before)
    return _move_duties(desk, former, _view(shift)) if moves_duties else 0


def put_in_use(desk: "Desk", shift_id: int, *, is_active: bool) -> None:
    """Out of use it is planned no more and lacks nobody; what is planned stays."""
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    shift = _shift(desk.session, shift_id, is_locked=True)
    before = _facts(shift)
    shift.is_active = is_active
    _record(desk, "shifts.change", shift, before)


def _move_duties(desk: "Desk", former: ShiftView, now: ShiftView) -> int:
    """Those that still have the former hours, from tomorrow on, where the person is free."""
    tomorrow = midnight(day_of(desk.now) + timedelta(days=1))
    statement = select(Duty).where(Duty.shift_id == former.id, Duty.begins_at >= tomorrow)
    moved = 0
    for duty in desk.session.scalars(statement.order_by(Duty.begins_at)).all():
        day = day_of(duty.begins_at)
        has_own_hours = former.span_on(day) != Stretch(duty.begins_at, duty.ends_at)
        if not has_own_hours and _is_free(desk.session, duty, now.span_on(day), now.work):
            span = now.span_on(day)
            duty.begins_at, duty.ends_at, duty.work = span.begins, span.ends, now.work
            roster.note_change(duty, desk.now)
            desk.session.flush()
            moved += 1
    return moved


def _is_free(session: Session, duty: Duty, span: Stretch, work: Work) -> bool:
    others = roster.duties_between(session, span.begins, span.ends, [duty.person_id])
    return all(each.id == duty.id or each.work is not work for each in others)


def _shift(session: Session, shift_id: int, *, is_locked: bool = False) -> Shift:
    shift = session.get(Shift, shift_id, with_for_update=is_locked or None)
    if shift is None:
        raise NotFound()
    return shift


def _check_name(session: Session, name: str, shift_id: int | None) -> None:
    holder = session.scalar(select(Shift.id).where(Shift.name == name))
    if holder is not None and holder != shift_id:
        raise NameUsed(name=name)


def _fill(shift: Shift, new: NewShift) -> None:
    shift.name, shift.work = new.name, new.work
    shift.begins, shift.ends = new.begins, new.until
    shift.needed = new.needed
    shift.on_working_days, shift.on_days_off = new.on_working_days, new.on_days_off


def _view(shift: Shift) -> ShiftView:
    return ShiftView(
        shift.id,
        shift.name,
        shift.work,
        shift.begins,
        shift.ends,
        shift.needed,
        shift.on_working_days,
        shift.on_days_off,
        shift.is_active,
    )


def _facts(shift: Shift) -> dict[str, object]:
    return {
        "name": shift.name,
        "work": shift.work,
        "begins": spoken_minute(shift.begins),
        "ends": spoken_minute(shift.ends),
        "needed": shift.needed,
        "on_working_days": shift.on_working_days,
        "on_days_off": shift.on_days_off,
        "is_active": shift.is_active,
    }


def spoken_minute(minute: int) -> str:
    """`8:00`; the end of the day is 24:00, and after that it begins anew."""
    hour, rest = divmod(minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY, 60)
    return f"{hour}:{rest:02}"


def _record(desk: "Desk", action: str, shift: Shift, before: dict[str, object] | None) -> None:
    audit.done_by(desk, action, f"shift:{shift.id}", before, _facts(shift))
