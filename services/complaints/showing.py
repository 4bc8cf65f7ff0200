"""Photos and voices of a complaint, sent in chat to who sees to it (C2)."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.heard import Medium
from domain.permissions import Permission
from domain.sentence import Fact, Word
from models import Attachment, Complaint
from services.complaints import records, telling
from services.showing import KEPT_FOR

if TYPE_CHECKING:
    from services.desk import Desk

_PLAYED = (Medium.IMAGE, Medium.VOICE)


def show_media(desk: "Desk", complaint_id: int) -> dict[Medium, int]:
    """Each as a notice of its own, in the order in which they came; how many of each medium."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_READ)
    found = desk.session.scalars(
        select(Attachment).where(Attachment.complaint_id == complaint_id).order_by(Attachment.id)
    ).all()
    for each in found:
        _send(desk, complaint, each)
    return Counter(map(_medium, found))


def _send(desk: "Desk", complaint: Complaint, attachment: Attachment) -> None:
    """With a media id or a file the edge sends the thing itself; else words where it is."""
    medium = _medium(attachment)
    facts: dict[str, Fact] = {"what": Word(f"medium.{medium.value}")}
    key = "complaint_desk.media_elsewhere"
    if medium in _PLAYED and (played := _played(attachment, desk.now)):
        key, facts = "complaint_desk.media", {**facts, **played, "medium": medium.value}
    elif medium is Medium.LOCATION:
        place = attachment.label or f"{attachment.latitude}, {attachment.longitude}"
        key, facts = "complaint_desk.media_place", {**facts, "place": place}
    telling.tell(desk.session, desk.actor.id, complaint, key, desk.now, is_urgent=True, facts=facts)


def _medium(attachment: Attachment) -> Medium:
    """A short film is a film."""
    return Medium.VIDEO if attachment.kind == "shortvideo" else Medium(attachment.kind)


def _played(attachment: Attachment, now: datetime) -> dict[str, Fact]:
    if attachment.media_id and attachment.created_at >= now - KEPT_FOR:
        return {"media_id": attachment.media_id}
    return {"file": attachment.file} if attachment.file else {}
