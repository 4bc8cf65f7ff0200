"""People and devices that a line of words names, for those who may read them (C §13)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.permissions import Permission, may
from domain.speaker import Speaker
from models import Device, Person
from nlp.normalize import folded
from nlp.search_words import dialled

if TYPE_CHECKING:
    from services.desk import Desk

_SHOWN = 6  # beside the tickets


@dataclass(frozen=True, slots=True)
class FoundPerson:
    id: int
    name: str
    department: str | None
    office: str | None
    phone: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class FoundDevice:
    id: int
    code: str
    name: str
    place: str
    category: Category
    is_active: bool


def named(session: Session, text: str) -> list[Person]:
    """People whom each word fits, one of them as who they are; a few thousand rows are walked."""
    words = folded(text).split()
    number = dialled(text)
    if number is not None:
        return _of_condition(session, _has_number(number))
    each = [or_(_is(word), Person.department.icontains(word, autoescape=True)) for word in words]
    return _of_condition(session, *each, or_(*map(_is, words)))


def _is(word: str) -> ColumnElement[bool]:
    return or_(
        Person.name.icontains(word, autoescape=True),
        Person.initials.startswith(word, autoescape=True),
        func.lower(Person.staff_number) == word,
    )


def _has_number(number: str) -> ColumnElement[bool]:
    return or_(
        Person.phone.endswith(number, autoescape=True),
        Person.extension == number,
        Person.staff_number == number,
    )


def _of_condition(session: Session, *conditions: ColumnElement[bool]) -> list[Person]:
    statement = (
        select(Person)
        .where(*conditions)
        .order_by(Person.is_active.desc(), func.length(Person.name), Person.id)
        .limit(_SHOWN)
    )
    return list(session.scalars(statement))


def person_view(person: Person) -> FoundPerson:
    return FoundPerson(
        person.id,
        person.name or "",
        person.department,
        person.office,
        person.reached_by,
        person.is_active,
    )


def devices_named(desk: "Desk", text: str) -> tuple[FoundDevice, ...]:
    if not reads_devices(desk.actor):
        return ()
    words = folded(text).split()
    each = [
        or_(
            Device.code.startswith(word.upper(), autoescape=True),
            Device.name.icontains(word, autoescape=True),
            Device.description.icontains(word, autoescape=True),
        )
        for word in words
    ]
    statement = (
        select(Device).where(*each).order_by(Device.is_active.desc(), Device.code).limit(_SHOWN)
    )
    return tuple(map(device_view, desk.session.scalars(statement)))


def reads_devices(actor: Speaker) -> bool:
    """The list of devices is the desk's and the admin's; the head may read what they may list."""
    is_at_desk = may(actor.roles, Permission.DEVICE_MANAGE)
    return is_at_desk or may(actor.roles, Permission.TICKET_LIST)


def device_view(device: Device) -> FoundDevice:
    return FoundDevice(
        device.id, device.code, device.name, device.place, device.category, device.is_active
    )
