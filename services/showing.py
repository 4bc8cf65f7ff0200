"""Shows what was attached to a ticket: each photo and voice as a notice of its own (F9)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from domain.heard import Medium
from domain.permissions import Permission
from domain.sentence import Fact, Say, Word
from models import Attachment, Purpose, Ticket
from services import notices
from services.records import permitted

if TYPE_CHECKING:
    from services.desk import Desk

KEPT_FOR = timedelta(days=3)
"""So long the platform has what was sent to it; afterwards our own file is given to it anew."""

SHOWN = 9
"""A person who wrote may be sent twenty messages, and others than these have to get through."""

_PLAYED = (Medium.IMAGE, Medium.VOICE)


def show_media(desk: "Desk", ticket_id: int) -> dict[Medium, int]:
    """Queued in the order in which it was sent."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_READ_MEDIA)
    newest = _newest(desk, ticket)
    rows = [_row(desk, ticket, each) for each in reversed(newest)]
    notices.queue(desk.session, rows)
    return Counter(map(_medium, newest))


def _newest(desk: "Desk", ticket: Ticket) -> Sequence[Attachment]:
    statement = (
        select(Attachment)
        .where(
            Attachment.ticket_id == ticket.id,
            Attachment.purpose.not_in((Purpose.SIGNATURE, Purpose.NOTE)),
            or_(
                Attachment.created_at >= desk.now - KEPT_FOR,
                Attachment.file.is_not(None),
                Attachment.kind == Medium.LOCATION.value,
            ),
        )
        .order_by(Attachment.id.desc())
        .limit(SHOWN)
    )
    return desk.session.scalars(statement).all()


def _row(desk: "Desk", ticket: Ticket, attachment: Attachment) -> dict[str, Any]:
    say = _say(ticket, attachment, desk.now)
    return notices.row(desk.actor.id, say, desk.now, ticket_id=ticket.id)


def _say(ticket: Ticket, attachment: Attachment, now: datetime) -> Say:
    """With a media id or a file the edge sends the thing itself; else a link to where it is."""
    medium = _medium(attachment)
    what = Word(f"medium.{medium.value}")
    facts: dict[str, Fact] = {"number": ticket.number, "what": what}
    page = notices.page_of(ticket.number)
    if medium in _PLAYED and (played := _played(attachment, now)):
        return Say("notice.media", {**facts, **played, "medium": medium.value}, page=page)
    if medium is Medium.LOCATION:
        return Say("notice.media_place", {**facts, "place": _place(attachment)})
    return Say("notice.media_elsewhere", facts, page=page)


def _medium(attachment: Attachment) -> Medium:
    """A short film is a film."""
    return Medium.VIDEO if attachment.kind == "shortvideo" else Medium(attachment.kind)


def _played(attachment: Attachment, now: datetime) -> dict[str, Fact]:
    """What the edge sends: what the platform still has, else the file that it is given anew."""
    if attachment.media_id and attachment.created_at >= now - KEPT_FOR:
        return {"media_id": attachment.media_id}
    return {"file": attachment.file} if attachment.file else {}


def _place(attachment: Attachment) -> str:
    return attachment.label or f"{attachment.latitude}, {attachment.longitude}"
