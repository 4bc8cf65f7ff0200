"""Links to photos, voices and films: for one person, for ten minutes (H-36, S-085)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from domain.heard import Medium
from domain.numbers import short_number
from domain.permissions import Permission, may
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import Attachment, AttachmentState, Purpose, Takeover, Ticket
from services.complaints import reading
from services.records import stand_of
from storage import type_of

if TYPE_CHECKING:
    from services.desk import Desk

VALID_FOR = timedelta(minutes=10)
_LONGEST = 300  # characters of a token


class Variant(StrEnum):
    """Which form of it: small, whole, or as browsers play it."""

    THUMB = auto()
    FULL = auto()
    PLAYABLE = auto()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link stands for."""

    attachment_id: int
    person_id: int
    variant: Variant
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the store, and how it is called where it is saved."""

    file: str
    content_type: str
    filename: str


class MediaLinks:
    """Writes and reads the tokens; the key is the server's."""

    def __init__(self, secret_key: bytes) -> None:
        self._sealer = URLSafeSerializer(
            secret_key, salt="media-link", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def token(self, attachment_id: int, person_id: int, variant: Variant, now: datetime) -> str:
        ends = int((now + VALID_FOR).timestamp())
        return str(self._sealer.dumps([attachment_id, person_id, variant.value, ends]))

    def read(self, token: str, now: datetime) -> Claim | None:
        """None for a token that is not ours, or no longer valid."""
        try:
            attachment_id, person_id, variant, ends = self._sealer.loads(token[:_LONGEST])
            ends_at = datetime.fromtimestamp(ends, UTC)
            claim = Claim(int(attachment_id), int(person_id), Variant(variant), ends_at)
        except (BadData, TypeError, ValueError):
            return None
        return claim if now < claim.ends_at else None


def opened(desk: "Desk", claim: Claim) -> Kept:
    """The file, if the link is the actor's and they may still see it; else NotFound."""
    attachment = desk.session.get(Attachment, claim.attachment_id)
    if claim.person_id != desk.actor.id or attachment is None:
        raise NotFound()
    number = _number_for(desk, attachment)
    file = _file_of(attachment, claim.variant)
    if attachment.state is not AttachmentState.SAVED or file is None:
        raise NotFound()
    extension = file.rpartition(".")[2]
    is_named = attachment.kind == Medium.FILE.value and attachment.label
    name = attachment.label if is_named else f"{number}-{attachment.id}.{extension}"
    return Kept(file, type_of(file), name or "")


def _number_for(desk: "Desk", attachment: Attachment) -> str:
    """The number of its ticket; what waits for a report is its sender's alone (S-014).

    Or the desk's, if it was sent while the sender talked with the desk (W1). What a complaint has
    is for its readers, whoever sent it and wherever (P8).
    """
    session, actor = desk.session, desk.actor
    if attachment.complaint_id is not None:
        reading.attachment(desk, attachment.id)
        return "0"
    if attachment.ticket_id is None:
        is_own = attachment.person_id == actor.id
        is_complained = attachment.purpose is Purpose.COMPLAINT
        if not is_own and (is_complained or not _is_said_to_desk(session, actor, attachment)):
            raise NotFound()
        return "0"
    ticket = session.get_one(Ticket, attachment.ticket_id)
    stand = stand_of(session, actor, ticket)
    if attachment.purpose is Purpose.NOTE:
        stand = replace(stand, is_own=False)  # who reported it has no part in what the desk notes
    if not may(actor.roles, Permission.TICKET_READ_MEDIA, stand):
        raise NotFound()
    return short_number(ticket.number)


def _is_said_to_desk(session: Session, actor: Speaker, attachment: Attachment) -> bool:
    if not may(actor.roles, Permission.CONVERSATION_TAKE):
        return False
    talked = exists().where(  # served by ix_takeovers_person_id_id
        Takeover.person_id == attachment.person_id,
        Takeover.asked_at <= attachment.created_at,
        or_(Takeover.ended_at.is_(None), Takeover.ended_at >= attachment.created_at),
    )
    return bool(session.scalar(select(talked)))


def _file_of(attachment: Attachment, variant: Variant) -> str | None:
    match variant:
        case Variant.THUMB:
            return attachment.thumbnail
        case Variant.PLAYABLE:
            return attachment.playable or attachment.file
        case Variant.FULL:
            return attachment.file
