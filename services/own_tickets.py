"""A requester's own reports, as the portal lists them: open, ended, by words; and their devices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from domain.lifecycle import ENDED_STATUSES, OPEN_STATUSES, Status
from domain.numbers import short_number
from models import Device, Person, Ticket
from services.views import DeviceView, PersonView, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 20
DEVICES_LISTED = 30
WORDS_LIMIT = 60  # characters of what is looked for
_MOST_WORDS = 5
_ENGINEER = aliased(Person)
_LOOKED_IN = (
    Ticket.number,
    Ticket.symptom,
    Ticket.description,
    Ticket.place,
    Ticket.device,
)


class Part(StrEnum):
    """Which of them."""

    OPEN = auto()
    ENDED = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show: one part, with these words in it, older than this number."""

    part: Part = Part.OPEN
    words: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A line of the list; named as in `TicketView`."""

    number: str
    status: Status
    symptom: str
    place: str
    opened_at: datetime
    response_due_at: datetime | None
    responded_at: datetime | None
    resolution_due_at: datetime
    hold_until: datetime | None
    assignee: PersonView | None

    @property
    def short(self) -> str:
        return short_number(self.number)


@dataclass(frozen=True, slots=True)
class OwnTickets:
    """A part of the list, newest first; `older` is where the next part begins."""

    tickets: tuple[OwnTicket, ...]
    older: str | None


def listed(desk: "Desk", wanted: Wanted) -> OwnTickets:
    """The actor's own; nobody else's number changes what is shown."""
    # Served by ix_tickets_requester_id_opened_at.
    statement = (
        select(Ticket, _ENGINEER.id, _ENGINEER.name)
        .join(_ENGINEER, _ENGINEER.id == Ticket.assignee_id, isouter=True)
        .where(Ticket.requester_id == desk.actor.id, *_asked(desk, wanted))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(LISTED + 1)
    )
    rows = desk.session.execute(statement).all()
    shown = tuple(_line(ticket, id, name) for ticket, id, name in rows[:LISTED])
    return OwnTickets(shown, shown[-1].number if len(rows) > LISTED else None)


def _asked(desk: "Desk", wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.part is Part.OPEN:
        yield Ticket.status.in_((*OPEN_STATUSES, Status.RESOLVED))
    elif wanted.part is Part.ENDED:
        yield Ticket.status.in_(ENDED_STATUSES)
    for word in wanted.words[:WORDS_LIMIT].split()[:_MOST_WORDS]:
        yield or_(*(column.icontains(word, autoescape=True) for column in _LOOKED_IN))
    last = _own(desk, wanted.before) if wanted.before else None
    if last is not None:
        is_same_instant = and_(Ticket.opened_at == last.opened_at, Ticket.id < last.id)
        yield or_(Ticket.opened_at < last.opened_at, is_same_instant)


def _own(desk: "Desk", number: str) -> Ticket | None:
    return desk.session.scalar(
        select(Ticket).where(Ticket.number == number, Ticket.requester_id == desk.actor.id)
    )


def _line(ticket: Ticket, engineer_id: int | None, name: str | None) -> OwnTicket:
    return OwnTicket(
        number=ticket.number,
        status=ticket.status,
        symptom=ticket.symptom,
        place=ticket.place,
        opened_at=ticket.opened_at,
        response_due_at=ticket.response_due_at,
        responded_at=ticket.responded_at,
        resolution_due_at=ticket.resolution_due_at,
        hold_until=ticket.hold_until,
        assignee=PersonView(engineer_id, name or "", None) if engineer_id is not None else None,
    )


def like_these(desk: "Desk", category: str | None) -> tuple[TicketView, ...]:
    """Open ones of the same kind: perhaps it is the same fault, told twice (peers §B1)."""
    if category is None:
        return ()
    return tuple(each for each in desk.my_tickets() if each.category == category)


def devices_of(session: Session, person_id: int) -> tuple[DeviceView, ...]:
    """Devices in use that are theirs, or that they have reported before."""
    # Served by ix_tickets_requester_id_opened_at; devices are a few thousand, and few are owned.
    reported = select(Ticket.device_id).where(
        Ticket.requester_id == person_id, Ticket.device_id.is_not(None)
    )
    is_theirs = or_(Device.owner_id == person_id, Device.id.in_(reported))
    statement = (
        select(Device)
        .where(Device.is_active, is_theirs)
        .order_by(Device.name, Device.code)
        .limit(DEVICES_LISTED)
    )
    return tuple(map(_device, session.scalars(statement)))


def _device(device: Any) -> DeviceView:
    return DeviceView(
        device.id,
        device.code,
        device.name,
        device.place,
        device.category,
        device.description,
        device.is_active,
    )
