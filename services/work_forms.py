"""Form HXXXJL06S 《IT现场维修工单》 of a ticket, as it is printed and signed (R1, C §19)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.heard import Medium
from domain.lifecycle import Action, Status
from domain.permissions import Permission, may
from domain.priority import Priority
from domain.refusals import NotFound
from models import (
    Activity,
    Attachment,
    AttachmentState,
    AuditEntry,
    IntakeChannel,
    Person,
    Purpose,
    Rating,
    Resolution,
    Ticket,
)
from services.records import stand_of

if TYPE_CHECKING:
    from services.desk import Desk

_PRINTED = "ticket.print"


@dataclass(frozen=True, slots=True)
class FormResult:
    """What the engineer reported, in one cycle of the ticket."""

    engineer: str
    cause: str  # a word of `cause.…`
    action_taken: str
    minutes: int
    is_on_site: bool
    parts: tuple[str, ...]
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class FormRating:
    speed: int
    attitude: int
    result: int
    comment: str | None
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class FormAttachment:
    """What was sent with the ticket, by whom and when; not what colleagues put beside it."""

    kind: str  # a word of `medium.…`
    label: str | None  # the name of a document
    who: str
    at: datetime
    thumbnail: str | None  # the file of a photo's small form


@dataclass(frozen=True, slots=True)
class WorkForm:
    """Everything that stands on the form; what is None is a blank to be filled in by hand."""

    number: str
    status: Status
    channel: IntakeChannel
    department: str
    contact: str
    openid: str | None
    office: str
    phone: str | None  # for who may dial it
    opened_at: datetime
    device: str | None
    device_description: str | None
    fault: str
    place: str
    category: Category
    priority: Priority
    dispatcher: str | None
    engineer: str | None
    assigned_at: datetime | None
    responded_at: datetime | None
    arrived_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    result: FormResult | None
    rating: FormRating | None  # of whoever may read it
    signature: str | None  # the file of the signature that was drawn
    signed_at: datetime | None
    attachments: tuple[FormAttachment, ...] = ()  # for who may see them


def work_form(desk: "Desk", ticket_id: int) -> WorkForm:
    """NotFound where the actor may not print the ticket."""
    session, ticket = desk.session, _printable(desk, ticket_id)
    stand = stand_of(session, desk.actor, ticket)
    may_dial = may(desk.actor.roles, Permission.PERSON_READ_PHONE, stand)
    may_judge = may(desk.actor.roles, Permission.RATING_READ, stand)
    may_look = may(desk.actor.roles, Permission.TICKET_READ_MEDIA, stand)
    drawn = _signature(session, ticket)
    requester = session.get_one(Person, ticket.requester_id)
    return WorkForm(
        number=ticket.number,
        status=ticket.status,
        channel=ticket.channel,
        department=ticket.contact_department,
        contact=ticket.contact_name,
        openid=requester.openid,
        office=ticket.contact_office,
        phone=ticket.contact_phone if may_dial else None,
        opened_at=ticket.opened_at,
        device=ticket.device,
        device_description=ticket.device_description,
        fault=ticket.description or ticket.symptom,
        place=ticket.place,
        category=ticket.category,
        priority=ticket.priority,
        dispatcher=_name(session, _dispatcher_id(session, ticket)),
        engineer=_name(session, ticket.assignee_id),
        assigned_at=ticket.assigned_at,
        responded_at=ticket.responded_at,
        arrived_at=_arrived_at(session, ticket),
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        result=_result(session, ticket),
        rating=_rating(session, ticket) if may_judge else None,
        signature=drawn.file if drawn else None,
        signed_at=drawn.created_at if drawn else None,
        attachments=_attachments(session, ticket) if may_look else (),
    )


def printed(desk: "Desk", ticket_id: int) -> int:
    """Notes that the form was printed, and answers how often it was before: a reprint says so."""
    session, ticket = desk.session, _printable(desk, ticket_id)
    subject = f"ticket:{ticket.number}"
    before = select(func.count()).where(
        AuditEntry.subject == subject, AuditEntry.action == _PRINTED
    )
    count = session.scalar(before) or 0
    session.add(
        AuditEntry(happened_at=desk.now, actor_id=desk.actor.id, action=_PRINTED, subject=subject)
    )
    return count


def _printable(desk: "Desk", ticket_id: int) -> Ticket:
    ticket = desk.session.get(Ticket, ticket_id)
    if ticket is None or not may(
        desk.actor.roles, Permission.TICKET_PRINT, stand_of(desk.session, desk.actor, ticket)
    ):
        raise NotFound()
    return ticket


def _name(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).name if person_id is not None else None


def _dispatcher_id(session: Session, ticket: Ticket) -> int | None:
    """Who of the desk gave it to its engineer; None where dispatch did so by itself."""
    return session.scalar(
        select(Activity.actor_id)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN]),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )


def _arrived_at(session: Session, ticket: Ticket) -> datetime | None:
    return session.scalar(
        select(Activity.happened_at)
        .where(
            Activity.ticket_id == ticket.id,
            Activity.action == Action.PROGRESS,
            Activity.detail["is_on_site"].as_boolean(),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )


def _result(session: Session, ticket: Ticket) -> FormResult | None:
    row = session.scalar(
        select(Resolution)
        .where(Resolution.ticket_id == ticket.id)
        .order_by(Resolution.cycle.desc())
        .limit(1)
    )
    if row is None:
        return None
    return FormResult(
        _name(session, row.engineer_id) or "",
        row.cause,
        row.action_taken,
        row.minutes,
        row.is_on_site,
        tuple(row.parts),
        row.reported_at,
    )


def _rating(session: Session, ticket: Ticket) -> FormRating | None:
    row = session.scalar(
        select(Rating).where(Rating.ticket_id == ticket.id).order_by(Rating.cycle.desc()).limit(1)
    )
    if row is None:
        return None
    return FormRating(row.speed, row.attitude, row.result, row.comment, row.rated_at)


def _signature(session: Session, ticket: Ticket) -> Attachment | None:
    return session.scalar(
        select(Attachment)
        .where(
            Attachment.ticket_id == ticket.id,
            Attachment.purpose == Purpose.SIGNATURE,
            Attachment.state == AttachmentState.SAVED,
        )
        .order_by(Attachment.id.desc())
        .limit(1)
    )


def _attachments(session: Session, ticket: Ticket) -> tuple[FormAttachment, ...]:
    rows = session.execute(
        select(Attachment, Person.name)
        .join(Person, Person.id == Attachment.person_id)
        .where(
            Attachment.ticket_id == ticket.id,
            Attachment.state == AttachmentState.SAVED,
            Attachment.purpose.in_((Purpose.REPORT, Purpose.RESULT)),
            Attachment.kind != Medium.LOCATION.value,
        )
        .order_by(Attachment.id)
    )
    return tuple(
        FormAttachment(row.kind, row.label, name or "", row.created_at, row.thumbnail)
        for row, name in rows
    )
