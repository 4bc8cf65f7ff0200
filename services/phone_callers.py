"""Who is calling: found by number, name, initials or staff number, with all that the desk knows.

A whole number is found by its index at once; the beginning of one, or of a name's initials, by the
range of the same index. A name is narrowed by its initials first.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound
from models import Device, Person, Ticket
from nlp.initials import initials
from services import queries
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 8
LONGEST = 40  # characters that are looked for
_LAST = 5  # tickets that ended
_DEVICES = 6
_OPEN = (*OPEN_STATUSES, Status.RESOLVED)
_BETWEEN = re.compile(r"[\s\-()+]")
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be on the phone; never more of them than the desk may read."""

    id: int
    name: str | None
    department: str | None
    office: str | None
    phone: str | None
    extension: str | None
    staff_number: str | None
    is_in_chat: bool  # messages of the account reach them

    @property
    def reached_by(self) -> str:
        return self.phone or self.extension or ""


@dataclass(frozen=True, slots=True)
class DeviceOf:
    """A device that is theirs, or that they had something wrong with."""

    code: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class CallerCard:
    """What stands beside the form once somebody is chosen."""

    caller: Caller
    open: tuple[TicketView, ...]
    ended: tuple[TicketView, ...]
    devices: tuple[DeviceOf, ...]
    same: tuple[Caller, ...]  # who may be the same person, in chat (or by phone)


def find(desk: "Desk", asked: str) -> tuple[Caller, ...]:
    """At most eight, whoever has exactly this number first."""
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    wanted = asked.strip()[:LONGEST]
    condition = _condition(wanted)
    if condition is None:
        return ()
    rows = desk.session.scalars(
        select(Person)
        .where(Person.is_active, Person.name.is_not(None), condition)
        .order_by(Person.name, Person.id)
        .limit(4 * MOST)
    )
    number = _digits(wanted)
    ranked = sorted(rows, key=lambda each: not _is_exactly(each, wanted, number))
    return tuple(map(_caller, ranked[:MOST]))


def _condition(wanted: str) -> ColumnElement[bool] | None:
    number = _digits(wanted)
    if number is not None:
        columns = (Person.phone, Person.extension, Person.staff_number)
        return or_(*(_begins(column, number) for column in columns)) if number else None
    if wanted.isascii():
        word = re.sub(r"[^0-9a-z]", "", wanted.lower())
        if not word:
            return None
        staff = _begins(Person.staff_number, wanted.upper())
        return or_(_begins(Person.initials, word), staff, Person.staff_number == wanted)
    letters = initials(wanted)
    named = Person.name.startswith(wanted, autoescape=True)
    return and_(_begins(Person.initials, letters), named) if letters else named


def _digits(wanted: str) -> str | None:
    """The number as it is kept, None if it is none."""
    plain = _BETWEEN.sub("", wanted)
    return _COUNTRY.sub("", plain) if plain.isascii() and plain.isdecimal() else None


def _begins(column: Any, beginning: str) -> ColumnElement[bool]:
    """A range, which the column's index serves on both databases."""
    end = _after(beginning)
    least: ColumnElement[bool] = column >= beginning
    starts = and_(least, column.startswith(beginning, autoescape=True))
    return starts if end is None else and_(column < end, starts)


def _after(beginning: str) -> str | None:
    """The first word behind all that begin so; None if there is none of digits and letters."""
    for place in range(len(beginning) - 1, -1, -1):
        if beginning[place] not in "9zZ" and beginning[place].isalnum():
            return beginning[:place] + chr(ord(beginning[place]) + 1)
    return None


def _is_exactly(person: Person, wanted: str, number: str | None) -> bool:
    if number is not None:
        return number in (person.phone, person.extension, person.staff_number)
    return wanted in (person.name, person.staff_number, person.initials)


def _caller(person: Person) -> Caller:
    return Caller(
        person.id,
        person.name,
        person.department,
        person.office,
        person.phone,
        person.extension,
        person.staff_number,
        person.openid is not None and person.is_following,
    )


# --- one of them ---------------------------------------------------------------------------------


def card(desk: "Desk", person_id: int) -> CallerCard:
    """NotFound for nobody, and for who has left."""
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    session = desk.session
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound()
    return CallerCard(
        _caller(person),
        _tickets(session, Ticket.requester_id == person_id, Ticket.status.in_(_OPEN)),
        _tickets(session, Ticket.requester_id == person_id, Ticket.status.not_in(_OPEN)),
        _devices(session, person_id),
        _same(session, person),
    )


def _tickets(session: Session, *conditions: ColumnElement[bool]) -> tuple[TicketView, ...]:
    """The newest; served by ix_tickets_requester_id_opened_at."""
    rows = session.scalars(
        select(Ticket).where(*conditions).order_by(Ticket.opened_at.desc()).limit(_LAST)
    ).all()
    return tuple(queries.view(session, each) for each in rows)


def _devices(session: Session, person_id: int) -> tuple[DeviceOf, ...]:
    """Their own first, then those of their last tickets."""
    own = session.scalars(
        select(Device).where(Device.owner_id == person_id, Device.is_active).limit(_DEVICES)
    ).all()
    of_tickets = session.scalars(
        select(Device)
        .join(Ticket, Ticket.device_id == Device.id)
        .where(Ticket.requester_id == person_id, Device.is_active)
        .order_by(Ticket.opened_at.desc())
        .limit(4 * _DEVICES)
    ).all()
    found = {each.id: each for each in (*own, *of_tickets)}
    listed = list(found.values())[:_DEVICES]
    return tuple(DeviceOf(each.code, each.name, each.place) for each in listed)


def _same(session: Session, person: Person) -> tuple[Caller, ...]:
    """Known by phone alone and known in chat, with one number: perhaps one person (F1)."""
    if person.reached_by is None:
        return ()
    rows: Sequence[Person] = session.scalars(
        select(Person)
        .where(
            Person.id != person.id,
            Person.is_active,
            or_(Person.phone == person.reached_by, Person.extension == person.reached_by),
        )
        .limit(MOST)
    ).all()
    return tuple(_caller(each) for each in rows if may_be_one(each, person))


def may_be_one(one: Person, other: Person) -> bool:
    """One of the two has never been in chat, and works nowhere here."""
    has_chat = [each for each in (one, other) if each.openid is not None]
    bare = [each for each in (one, other) if each.openid is None]
    return len(has_chat) == len(bare) == 1 and bare[0].roles == frozenset({Role.REQUESTER})
