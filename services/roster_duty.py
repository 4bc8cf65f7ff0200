"""One duty as a page shows it, and who could have it instead (D1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.category import Category
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from domain.roster import Work
from models import Duty, Person, RosterPattern, Shift
from services.roster_plan import STAFF
from services.roster_table import sees_all
from services.speakers import holds

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class OneDuty:
    """Everything about one duty that its reader may know."""

    id: int
    person_id: int
    name: str
    shift: str | None
    pattern: str | None
    work: Work
    position: int
    category: Category | None
    begins: datetime
    ends: datetime
    made_by: str
    made_at: datetime
    signed_in_at: datetime | None
    signed_out_at: datetime | None
    missed_at: datetime | None


def one(desk: "Desk", duty_id: int) -> OneDuty:
    """NotFound for a duty that is none, or that is none of the reader's business (S-042)."""
    demand(desk.actor.roles, Permission.ROSTER_READ)
    maker = aliased(Person)
    row = desk.session.execute(
        select(Duty, Person.name, Shift.name, RosterPattern.name, maker.name)
        .join(Person, Person.id == Duty.person_id)
        .join(maker, maker.id == Duty.made_by_id)
        .join(Shift, Shift.id == Duty.shift_id, isouter=True)
        .join(RosterPattern, RosterPattern.id == Duty.pattern_id, isouter=True)
        .where(Duty.id == duty_id)
    ).first()
    if row is None or not (sees_all(desk) or row[0].person_id == desk.actor.id):
        raise NotFound()
    duty, name, shift, pattern, made_by = row
    return OneDuty(
        duty.id,
        duty.person_id,
        name or "",
        shift,
        pattern,
        duty.work,
        duty.position,
        duty.category,
        duty.begins_at,
        duty.ends_at,
        made_by or "",
        duty.made_at,
        duty.signed_in_at,
        duty.signed_out_at,
        duty.missed_at,
    )


def staff(session: Session) -> tuple[tuple[int, str, str | None], ...]:
    """Everybody who can be planned: id, name, staff number; by name."""
    statement = (
        select(Person.id, Person.name, Person.staff_number)
        .where(Person.is_active, holds(*STAFF))
        .order_by(Person.name, Person.id)
    )
    rows = session.execute(statement)
    return tuple((row.id, row.name or "", row.staff_number) for row in rows)
