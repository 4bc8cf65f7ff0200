"""People and devices as the API lists them: whoever may read them, page by page (A1, Y1)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Permission, Role, demand, may
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import Device, Person, table_of
from services.speakers import holds, speaker_of

if TYPE_CHECKING:
    from services.desk import Desk

_people, _devices = table_of(Person), table_of(Device)


# --- people --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whom the desk knows; numbers are for those who may call."""

    id: int
    name: str | None
    department: str | None
    office: str | None
    staff_number: str | None
    roles: Collection[Role]
    phone: str | None
    extension: str | None


def people(
    desk: "Desk",
    words: str,
    role: Role | None,
    after: int | None,
    most: int,
    *,
    with_phones: bool,
) -> Sequence[PersonRow]:
    """Those who have not left, by id; by a number only for whoever may read numbers (H-42)."""
    demand(desk.actor.roles, Permission.PERSON_READ)
    may_call = with_phones and may(desk.actor.roles, Permission.PERSON_READ_PHONE)
    statement = select(_people).where(_people.c.is_active)
    if words:
        statement = statement.where(or_(*_named(words, with_numbers=may_call)))
    if role is not None:
        statement = statement.where(holds(role))
    if after is not None:
        statement = statement.where(_people.c.id > after)
    rows = desk.session.execute(statement.order_by(_people.c.id).limit(most))
    return [_person(row, may_call=may_call) for row in rows]


def _named(words: str, *, with_numbers: bool) -> list[ColumnElement[bool]]:
    conditions = [
        _people.c.name.contains(words, autoescape=True),
        _people.c.staff_number == words,
        _people.c.initials.startswith(words.lower(), autoescape=True),
    ]
    if with_numbers:
        conditions += [_people.c.phone == words, _people.c.extension == words]
    return conditions


def _person(row: Any, *, may_call: bool) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.name,
        department=row.department,
        office=row.office,
        staff_number=row.staff_number,
        roles=row.roles,
        phone=row.phone if may_call else None,
        extension=row.extension if may_call else None,
    )


def reported_for(session: Session, person_id: int) -> Speaker:
    """Somebody for whom a ticket is opened; NotFound for who left."""
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound()
    return speaker_of(person)


# --- devices -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that carries a code, and whose it is."""

    id: int
    code: str
    name: str
    category: Category
    place: str
    description: str | None
    is_active: bool
    owner_id: int | None
    owner: str | None


def devices(
    desk: "Desk",
    code: str | None,
    category: Category | None,
    after: int | None,
    most: int,
) -> Sequence[DeviceRow]:
    """Those in use and those retired, by id."""
    demand(desk.actor.roles, Permission.DEVICE_MANAGE)
    statement = select(_devices, _people.c.name.label("owner")).join_from(
        _devices, _people, _people.c.id == _devices.c.owner_id, isouter=True
    )
    if code is not None:
        statement = statement.where(_devices.c.code == code)
    if category is not None:
        statement = statement.where(_devices.c.category == category)
    if after is not None:
        statement = statement.where(_devices.c.id > after)
    rows = desk.session.execute(statement.order_by(_devices.c.id).limit(most))
    return [_device(row) for row in rows]


def _device(row: Any) -> DeviceRow:
    return DeviceRow(
        row.id,
        row.code,
        row.name,
        row.category,
        row.place,
        row.description,
        row.is_active,
        row.owner_id,
        row.owner,
    )
