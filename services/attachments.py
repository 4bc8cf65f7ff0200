"""Photos, voices, films and places: kept with a ticket, or until the next report (F1)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.heard import Heard
from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import Permission
from domain.sentence import Word
from models import Attachment, AttachmentState, Ticket, table_of
from services import notices, queries
from services.notices import button
from services.records import act, permitted
from services.views import Attached

if TYPE_CHECKING:
    from services.desk import Desk

WAITS_FOR = timedelta(hours=4)
"""How long a photo waits for the report that it belongs to."""

_ATTACHABLE = (*OPEN_STATUSES, Status.RESOLVED)
_attachments = table_of(Attachment)
_ADOPT = (
    update(_attachments)
    .where(
        _attachments.c.person_id == bindparam("of_person"),
        _attachments.c.ticket_id.is_(None),
        _attachments.c.created_at >= bindparam("since"),
    )
    .values(ticket_id=bindparam("to_ticket"))
)


def attach(
    desk: "Desk", heard: Heard, ticket_id: int | None, *, is_waiting: bool = False
) -> Attached:
    """Keep what was sent; its bytes are fetched after the answer."""
    session = desk.session
    target = None if is_waiting else _target(desk, ticket_id)
    has_media = heard.media_id is not None
    session.info["tells_somebody"] = True
    if target is not None:
        _record(desk, target, heard)
    session.add(
        Attachment(
            person_id=desk.actor.id,
            ticket_id=target.id if target else None,
            kind=heard.medium.value,
            media_id=heard.media_id,
            latitude=heard.latitude,
            longitude=heard.longitude,
            label=heard.label[:200] or None,
            state=AttachmentState.WAITING if has_media else AttachmentState.SAVED,
            next_try_at=desk.now if has_media else None,
            created_at=desk.now,
        )
    )
    session.flush()
    if target is None:
        return Attached(None, _count_waiting(session, desk.actor.id, desk.now))
    count = select(func.count()).select_from(Attachment).where(Attachment.ticket_id == target.id)
    return Attached(queries.view(session, target), session.scalar(count) or 0)


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


def _record(desk: "Desk", ticket: Ticket, heard: Heard) -> None:
    act(
        desk.session,
        ticket,
        Action.ATTACH,
        actor_id=desk.actor.id,
        now=desk.now,
        kind=heard.medium.value,
    )
    if ticket.assignee_id not in (None, desk.actor.id):
        notices.tell(
            desk.session,
            ticket.assignee_id,
            "notice.attached",
            desk.now,
            ticket=ticket,
            buttons=(button(Command.PHOTOS, ticket.number),),
            contact=ticket.contact_name,
            what=Word(f"medium.{heard.medium.value}"),
        )


def _count_waiting(session: Session, person_id: int, now: datetime) -> int:
    statement = (
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.person_id == person_id,
            Attachment.ticket_id.is_(None),
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
