"""Photos, voices, films and places: kept with a ticket, or until the next report (F1)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.heard import Heard, Medium
from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import Permission, may
from domain.refusals import Refusal
from domain.sentence import Word
from models import Attachment, AttachmentState, Purpose, Ticket, table_of
from services import notices, queries
from services.notices import button
from services.records import act, permitted, stand_of
from services.views import Attached
from storage import Saved

if TYPE_CHECKING:
    from services.desk import Desk

MOST_UPLOADS = 9
"""Photos that one person adds to one ticket by pages, for one purpose (H-36)."""

WAITS_FOR = timedelta(hours=4)
"""How long a photo waits for the report that it belongs to."""

_ATTACHABLE = (*OPEN_STATUSES, Status.RESOLVED)
_attachments = table_of(Attachment)
_LOOSE = (
    _attachments.c.person_id == bindparam("of_person"),
    _attachments.c.ticket_id.is_(None),
    _attachments.c.complaint_id.is_(None),
    _attachments.c.created_at >= bindparam("since"),
)
_ADOPT = (
    update(_attachments)
    .where(*_LOOSE, _attachments.c.purpose != Purpose.COMPLAINT)
    .values(ticket_id=bindparam("to_ticket"))
)
_ADOPT_FOR_COMPLAINT = (
    update(_attachments).where(*_LOOSE).values(complaint_id=bindparam("to_complaint"))
)


class TooManyFiles(Refusal):
    """As many files as photos; more are a mistake, or an attack."""

    text_key = "sent_file.refusal.too_many"

    def __init__(self) -> None:
        super().__init__(most=MOST_UPLOADS)


class TooManyPhotos(Refusal):
    """A page takes nine; more are a mistake, or an attack."""

    text_key = "refusal.too_many_photos"

    def __init__(self) -> None:
        super().__init__(most=MOST_UPLOADS)


def attach(
    desk: "Desk", heard: Heard, ticket_id: int | None, *, is_waiting: bool = False
) -> Attached:
    """Keep what was sent; its bytes are fetched after the answer."""
    session = desk.session
    target = None if is_waiting or desk.is_confidential else _target(desk, ticket_id)
    if target is not None:
        _record(desk, target, heard.medium)
    attachment = made_of_message(desk, heard, _purpose(desk, target))
    attachment.ticket_id = target.id if target else None
    session.add(attachment)
    return _attached(desk, target)


def made_of_message(desk: "Desk", heard: Heard, purpose: Purpose) -> Attachment:
    """What was sent, not yet anybody's; its bytes are fetched after the answer."""
    has_media = heard.media_id is not None
    desk.session.info["tells_somebody"] = True
    return Attachment(
        person_id=desk.actor.id,
        kind=heard.medium.value,
        purpose=purpose,
        media_id=heard.media_id,
        latitude=heard.latitude,
        longitude=heard.longitude,
        label=heard.label[:200] or None,
        state=AttachmentState.WAITING if has_media else AttachmentState.SAVED,
        next_try_at=desk.now if has_media else None,
        created_at=desk.now,
    )


def made_of_upload(desk: "Desk", kind: str, saved: Saved, purpose: Purpose) -> Attachment:
    """What a page took and the store has kept already, not yet anybody's."""
    return Attachment(
        person_id=desk.actor.id,
        kind=kind,
        purpose=purpose,
        state=AttachmentState.SAVED,
        file=saved.name,
        content_type=saved.content_type,
        size=saved.size,
        thumbnail=saved.thumbnail,
        label=saved.called,
        created_at=desk.now,
    )


def keep_upload(
    desk: "Desk",
    ticket_id: int | None,
    kind: str,
    saved: Saved,
    purpose: Purpose = Purpose.REPORT,
) -> Attached:
    """What a page took and the store has kept already; without a ticket it waits for the report."""
    session = desk.session
    ticket = _target(desk, ticket_id) if ticket_id is not None else None
    if _count_uploads(desk, ticket_id, kind, purpose) >= MOST_UPLOADS:
        raise TooManyFiles() if kind == Medium.FILE.value else TooManyPhotos()
    if ticket is not None:
        _record(desk, ticket, Medium(kind), is_told=purpose is Purpose.REPORT)
    attachment = made_of_upload(desk, kind, saved, purpose)
    attachment.ticket_id = ticket_id
    session.add(attachment)
    return _attached(desk, ticket)


def may_attach(desk: "Desk", ticket: Ticket) -> bool:
    """Whether the actor may put something to it, and it still takes something."""
    stand = stand_of(desk.session, desk.actor, ticket)
    is_allowed = may(desk.actor.roles, Permission.TICKET_ATTACH, stand)
    return is_allowed and ticket.status in _ATTACHABLE


def _count_uploads(desk: "Desk", ticket_id: int | None, kind: str, purpose: Purpose) -> int:
    statement = (
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.person_id == desk.actor.id,
            Attachment.ticket_id == ticket_id,
            Attachment.kind == kind,
            Attachment.purpose == purpose,
            Attachment.media_id.is_(None),
            Attachment.complaint_id.is_(None),
            or_(
                Attachment.ticket_id.is_not(None),
                Attachment.created_at >= desk.now - WAITS_FOR,
            ),
        )
    )
    return desk.session.scalar(statement) or 0


def _attached(desk: "Desk", target: Ticket | None) -> Attached:
    session = desk.session
    session.flush()
    if target is None:
        return Attached(None, _count_waiting(session, desk.actor.id, desk.now))
    count = select(func.count()).select_from(Attachment).where(Attachment.ticket_id == target.id)
    return Attached(queries.view(session, target), session.scalar(count) or 0)


def _purpose(desk: "Desk", ticket: Ticket | None) -> Purpose:
    """Who works on a ticket shows what they did; everybody else shows what is wrong."""
    if desk.is_confidential:
        return Purpose.COMPLAINT
    is_worker = ticket is not None and ticket.assignee_id == desk.actor.id
    return Purpose.RESULT if is_worker else Purpose.REPORT


def _target(desk: "Desk", ticket_id: int | None) -> Ticket | None:
    """The named ticket; else the one opened last, if it is young or still waits for an engineer."""
    if ticket_id is not None:
        return permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_ATTACH)
    return desk.session.scalar(
        select(Ticket)
        .where(
            Ticket.requester_id == desk.actor.id,
            Ticket.status.in_(_ATTACHABLE),
            or_(
                Ticket.opened_at >= desk.now - WAITS_FOR,
                Ticket.status.in_([Status.NEW, Status.ASSIGNED]),
            ),
        )
        .order_by(Ticket.opened_at.desc())
        .limit(1)
        .with_for_update()
    )


def _record(desk: "Desk", ticket: Ticket, medium: Medium, *, is_told: bool = True) -> None:
    act(
        desk.session,
        ticket,
        Action.ATTACH,
        actor_id=desk.actor.id,
        now=desk.now,
        kind=medium.value,
    )
    if is_told and ticket.assignee_id not in (None, desk.actor.id) and _is_first(desk, ticket):
        notices.tell(
            desk.session,
            ticket.assignee_id,
            "notice.attached",
            desk.now,
            ticket=ticket,
            buttons=(button(Command.PHOTOS, ticket.number),),
            contact=ticket.contact_name,
            what=Word(f"medium.{medium.value}"),
        )


def _is_first(desk: "Desk", ticket: Ticket) -> bool:
    """Of nine photos on one page the engineer hears once."""
    told: set[int] = desk.session.info.setdefault("attached_told", set())
    is_first = ticket.id not in told
    told.add(ticket.id)
    return is_first


def _count_waiting(session: Session, person_id: int, now: datetime) -> int:
    statement = (
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.person_id == person_id,
            Attachment.ticket_id.is_(None),
            Attachment.complaint_id.is_(None),
            Attachment.created_at >= now - WAITS_FOR,
        )
    )
    return session.scalar(statement) or 0


def adopt(session: Session, person_id: int, ticket_id: int, now: datetime) -> int:
    """What waited for a report belongs to this ticket now; answers how many."""
    done = session.connection().execute(
        _ADOPT,
        {"of_person": person_id, "since": now - WAITS_FOR, "to_ticket": ticket_id},
    )
    return done.rowcount


def adopt_for_complaint(session: Session, person_id: int, complaint_id: int, now: datetime) -> None:
    """Whatever lies about of the last hours was sent for this (C1)."""
    session.connection().execute(
        _ADOPT_FOR_COMPLAINT,
        {"of_person": person_id, "since": now - WAITS_FOR, "to_complaint": complaint_id},
    )
