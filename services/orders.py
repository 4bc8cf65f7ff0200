"""A ticket as the order of whoever works on it: where, whom to call, what may be done (W2, F9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.heard import Medium
from domain.lifecycle import Action, Status, actions_from
from domain.permissions import Permission, Role, Stand, demand, may
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import Attachment, Person, Purpose, Resolution, Ticket
from services import queries
from services.records import stand_of
from services.timeline import Entry, attachments_of, timeline
from services.views import AttachmentView, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

ENDED_WITHIN = timedelta(days=14)
ENDED_SHOWN = 10

_NAMES = {permission.value: permission for permission in Permission}
NEEDED: Mapping[Action, Permission] = {
    action: _NAMES[f"ticket.{action.value}"]
    for action in Action
    if f"ticket.{action.value}" in _NAMES
}
"""What each act of the lifecycle asks for; acts that nobody does by hand are not in it."""


@dataclass(frozen=True, slots=True)
class Work:
    """What an engineer has: to answer, in hand, waiting for something, done lately."""

    waiting: tuple[TicketView, ...]
    in_hand: tuple[TicketView, ...]
    on_hold: tuple[TicketView, ...]
    ended: tuple[TicketView, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One ticket, whole, as its worker reads it."""

    ticket: TicketView
    device_description: str | None
    error_code: str | None
    office: str
    phone: str | None  # for whoever may call
    supporter: str | None
    spot: AttachmentView | None  # where the requester said that they are
    attachments: tuple[AttachmentView, ...]
    entries: tuple[Entry, ...]
    actions: tuple[Action, ...]
    is_inside: bool  # the reader is more than its requester


def work(desk: "Desk") -> Work:
    """Most urgent first; NotPermitted for whoever takes no assignments."""
    demand(desk.actor.roles, Permission.TICKET_ACCEPT, Stand(is_assigned=True))
    mine = queries.work_of(desk.session, desk.actor)
    return Work(
        waiting=queries.waiting_for(desk.session, desk.actor),
        in_hand=tuple(each for each in mine if each.status is Status.IN_PROGRESS),
        on_hold=tuple(each for each in mine if each.status is Status.ON_HOLD),
        ended=_ended(desk.session, desk.actor, desk.now - ENDED_WITHIN),
    )


def _ended(session: Session, actor: Speaker, since: datetime) -> tuple[TicketView, ...]:
    solved = select(Resolution.ticket_id).where(
        Resolution.engineer_id == actor.id, Resolution.reported_at >= since
    )
    statement = (
        select(Ticket)
        .where(
            Ticket.id.in_(solved),
            or_(Ticket.status == Status.RESOLVED, Ticket.status == Status.CLOSED),
        )
        .order_by(Ticket.resolved_at.desc())
        .limit(ENDED_SHOWN)
    )
    return tuple(queries.view(session, each) for each in session.scalars(statement).all())


def order(desk: "Desk", ticket_id: int) -> Order:
    """NotFound where the actor may not read the ticket."""
    session, actor = desk.session, desk.actor
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound()
    stand = stand_of(session, actor, ticket)
    entries = timeline(session, actor, ticket_id)  # demands TICKET_READ
    attachments = attachments_of(session, actor, ticket_id)
    may_call = may(actor.roles, Permission.PERSON_READ_PHONE, stand)
    return Order(
        ticket=queries.view(session, ticket),
        device_description=ticket.device_description,
        error_code=ticket.error_code,
        office=ticket.contact_office,
        phone=ticket.contact_phone if may_call else None,
        supporter=_name(session, ticket.supporter_id),
        spot=_spot(session, ticket, attachments),
        attachments=attachments,
        entries=entries,
        actions=actions_for(actor.roles, stand, ticket.status),
        is_inside=may(actor.roles, Permission.TICKET_READ, replace(stand, is_own=False)),
    )


def actions_for(roles: Collection[Role], stand: Stand, status: Status) -> tuple[Action, ...]:
    """What somebody may do with a ticket in this status as one who works here (LIFECYCLE × Y1)."""
    at_work = replace(stand, is_own=False)
    return tuple(
        action
        for action in actions_from(status)
        if action in NEEDED and may(roles, NEEDED[action], at_work)
    )


def _name(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).name if person_id is not None else None


def _spot(
    session: Session, ticket: Ticket, attachments: Collection[AttachmentView]
) -> AttachmentView | None:
    """The newest place on a map that the requester sent."""
    own = set(
        session.scalars(
            select(Attachment.id).where(
                Attachment.ticket_id == ticket.id,
                Attachment.person_id == ticket.requester_id,
                Attachment.kind == Medium.LOCATION.value,
                Attachment.purpose == Purpose.REPORT,
                Attachment.latitude.is_not(None),
                Attachment.longitude.is_not(None),
            )
        )
    )
    return next((each for each in reversed(tuple(attachments)) if each.id in own), None)
