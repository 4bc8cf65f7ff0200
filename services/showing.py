"""Shows what was attached to a ticket: each photo and voice as a notice of its own (F9)."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain.heard import Medium
from domain.permissions import Permission
from domain.sentence import Fact, Say, Word
from models import Attachment, Ticket
from services import notices
from services.records import permitted

if TYPE_CHECKING:
    from services.desk import Desk

KEPT_FOR = timedelta(days=3)
"""So long the platform has what was sent to it."""

SHOWN = 9
"""A person who wrote may be sent twenty messages, and others than these have to get through."""

_PLAYED = (Medium.IMAGE, Medium.VOICE)


def show_media(desk: "Desk", ticket_id: int) -> dict[Medium, int]:
    """Queued in the order in which it was sent."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_READ_MEDIA)
    newest = _newest(desk, ticket)
    rows = [_row(desk, ticket, each) for each in reversed(newest)]
    notices.queue(desk.session, rows)
    return Counter(Medium(each.kind) for each in newest)


def _newest(desk: "Desk", ticket: Ticket) -> Sequence[Attachment]:
    statement = (
        select(Attachment)
        .where(
            Attachment.ticket_id == ticket.id,
            Attachment.created_at >= desk.now - KEPT_FOR,
        )
        .order_by(Attachment.id.desc())
        .limit(SHOWN)
    )
    return desk.session.scalars(statement).all()


def _row(desk: "Desk", ticket: Ticket, attachment: Attachment) -> dict[str, Any]:
    say = _say(ticket, attachment)
    return notices.row(desk.actor.id, say, desk.now, ticket_id=ticket.id)


def _say(ticket: Ticket, attachment: Attachment) -> Say:
    """With a media id the edge sends the thing itself, without one these words."""
    medium = Medium(attachment.kind)
    what = Word(f"medium.{medium.value}")
    facts: dict[str, Fact] = {"number": ticket.number, "what": what}
    if medium in _PLAYED and attachment.media_id:
        played = {"media_id": attachment.media_id, "medium": medium.value}
        return Say("notice.media", {**facts, **played})
    if medium is Medium.LOCATION:
        return Say("notice.media_place", {**facts, "place": _place(attachment)})
    return Say("notice.media_elsewhere", facts)


def _place(attachment: Attachment) -> str:
    return attachment.label or f"{attachment.latitude}, {attachment.longitude}"
