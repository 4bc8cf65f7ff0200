"""Who reported it, with what, and what else may be the same fault: the side of a ticket's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.lifecycle import ENDED_STATUSES, OPEN_STATUSES, Status
from domain.permissions import Permission, may
from models import Conversation, Device, LinkKind, Person, Rating, Ticket
from services import merging
from services.records import stand_of

if TYPE_CHECKING:
    from services.desk import Desk

SAME_WITHIN = timedelta(days=3)
MOST_COUNTED = 1000
_LISTED = 8
_FAULTS = 5
_RATED = 50  # of somebody's newest tickets are looked at
_FEW = 5  # ratings below that are shown one by one, not as an average


@dataclass(frozen=True, slots=True)
class Brief:
    """Another ticket in one line."""

    id: int
    number: str
    status: Status
    symptom: str
    at: datetime
    why: str = ""  # it may be the same: a word of `ticket_side.same`


@dataclass(frozen=True, slots=True)
class RequesterCard:
    """Somebody as the desk knows them; `phone` only for who may dial it."""

    id: int
    name: str
    department: str | None
    office: str | None
    phone: str | None
    staff_number: str | None
    is_following: bool
    has_wechat: bool
    heard_at: datetime | None
    open_count: int
    ended_count: int
    earlier: tuple[Brief, ...]
    ratings: tuple[int, float] | None  # how many, and their average of all parts; None: hidden


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """The device, and what was wrong with it before."""

    code: str
    name: str
    place: str
    description: str | None
    is_active: bool
    faults: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """What belongs to the ticket, and what may."""

    into: Brief | None  # it is part of this one
    parts: tuple[Brief, ...]  # merged into it
    linked: tuple[tuple[Brief, LinkKind], ...]
    same: tuple[Brief, ...]


def requester(desk: "Desk", ticket: Ticket) -> RequesterCard | None:
    """None for who may not look people up."""
    session, actor = desk.session, desk.actor
    if not may(actor.roles, Permission.PERSON_READ):
        return None
    person = session.get_one(Person, ticket.requester_id)
    counts = _counts(session, person.id)
    heard_at = session.scalar(
        select(Conversation.heard_at).where(Conversation.person_id == person.id)
    )
    stand = stand_of(session, actor, ticket)
    may_call = may(actor.roles, Permission.PERSON_READ_PHONE, stand)
    return RequesterCard(
        id=person.id,
        name=person.name or ticket.contact_name,
        department=person.department,
        office=person.office,
        phone=person.reached_by if may_call else None,
        staff_number=person.staff_number,
        is_following=person.is_following,
        has_wechat=person.openid is not None,
        heard_at=heard_at,
        open_count=counts[0],
        ended_count=counts[1],
        earlier=_earlier(session, ticket),
        ratings=_ratings(session, person.id) if may(actor.roles, Permission.RATING_READ) else None,
    )


def _counts(session: Session, person_id: int) -> tuple[int, int]:
    """Open and ended, of their newest thousand (ix_tickets_requester_id_opened_at)."""
    newest = (
        select(Ticket.status)
        .where(Ticket.requester_id == person_id)
        .order_by(Ticket.opened_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    is_ended = newest.c.status.in_(ENDED_STATUSES)
    ended = func.coalesce(func.sum(case((is_ended, 1), else_=0)), 0)
    row = session.execute(select(func.count(), ended).select_from(newest)).one()
    return row[0] - row[1], int(row[1])


def _earlier(session: Session, ticket: Ticket) -> tuple[Brief, ...]:
    # Served by ix_tickets_requester_id_opened_at.
    statement = (
        select(Ticket)
        .where(Ticket.requester_id == ticket.requester_id, Ticket.id != ticket.id)
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(_LISTED)
    )
    return tuple(map(brief, session.scalars(statement)))


def _ratings(session: Session, person_id: int) -> tuple[int, float]:
    newest = (
        select(Ticket.id)
        .where(Ticket.requester_id == person_id)
        .order_by(Ticket.opened_at.desc())
        .limit(_RATED)
    )
    whole = (Rating.speed + Rating.attitude + Rating.result) / 3.0
    statement = select(func.count(), func.coalesce(func.avg(whole), 0)).where(
        Rating.ticket_id.in_(newest)
    )
    count, average = session.execute(statement).one()
    return count, round(float(average), 1)


def brief(ticket: Ticket, why: str = "") -> Brief:
    return Brief(ticket.id, ticket.number, ticket.status, ticket.symptom, ticket.opened_at, why)


# --- device and relatives ------------------------------------------------------------------------


def device(desk: "Desk", ticket: Ticket) -> DeviceCard | None:
    """None where no code was scanned or typed."""
    if ticket.device_id is None:
        return None
    found = desk.session.get_one(Device, ticket.device_id)
    # Served by ix_tickets_device_id.
    faults = desk.session.scalars(
        select(Ticket)
        .where(Ticket.device_id == found.id, Ticket.id != ticket.id)
        .order_by(Ticket.id.desc())
        .limit(_FAULTS)
    )
    return DeviceCard(
        found.code,
        found.name,
        found.place,
        found.description,
        found.is_active,
        tuple(brief(each) for each in faults if _may_read(desk, each)),
    )


def related(desk: "Desk", ticket: Ticket) -> Related:
    session = desk.session
    into = session.get(Ticket, ticket.merged_into_id) if ticket.merged_into_id else None
    parts = [each for each in merging.merged_into(session, ticket.id) if _may_read(desk, each)]
    linked = [pair for pair in merging.linked(session, ticket.id) if _may_read(desk, pair[0])]
    known = {ticket.id, *(each.id for each in parts), *(each.id for each, _ in linked)}
    return Related(
        brief(into) if into is not None and _may_read(desk, into) else None,
        tuple(map(brief, parts)),
        tuple((brief(each), kind) for each, kind in linked),
        _same(desk, ticket, known),
    )


def _may_read(desk: "Desk", ticket: Ticket) -> bool:
    stand = stand_of(desk.session, desk.actor, ticket)
    return may(desk.actor.roles, Permission.TICKET_READ, stand)


def _same(desk: "Desk", ticket: Ticket, known: set[int]) -> tuple[Brief, ...]:
    """Open ones of the last days: of the same person, on the same device, or at the same place."""
    if ticket.status in ENDED_STATUSES or not may(desk.actor.roles, Permission.TICKET_MERGE):
        return ()
    # Served by ix_tickets_open_due: what is open is little, however long the desk has worked.
    statement = (
        select(Ticket)
        .where(
            Ticket.status.in_(OPEN_STATUSES),
            Ticket.opened_at > ticket.opened_at - SAME_WITHIN,
            Ticket.opened_at < ticket.opened_at + SAME_WITHIN,
            Ticket.id.not_in(known),
            or_(*_likeness(ticket)),
        )
        .order_by(Ticket.id.desc())
        .limit(_FAULTS)
    )
    return tuple(brief(each, _why(ticket, each)) for each in desk.session.scalars(statement))


def _likeness(ticket: Ticket) -> list[Any]:
    at_place = and_(Ticket.place == ticket.place, Ticket.category == ticket.category)
    alike: list[Any] = [Ticket.requester_id == ticket.requester_id, at_place]
    return [*alike, Ticket.device_id == ticket.device_id] if ticket.device_id else alike


def _why(ticket: Ticket, other: Ticket) -> str:
    if ticket.device_id and other.device_id == ticket.device_id:
        return "device"
    return "requester" if other.requester_id == ticket.requester_id else "place"
