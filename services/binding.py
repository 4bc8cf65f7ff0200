"""Joining by a one-time code: printed by the desk, typed in chat, used once (H-28)."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.refusals import AlreadyStaff, CodeRefused, GuessesUsedUp
from domain.speaker import Speaker
from models import (
    Attachment,
    BindCode,
    BindGuess,
    Conversation,
    Device,
    EndedBy,
    Notice,
    Person,
    Takeover,
    Ticket,
    WebSession,
)
from services.complaints import records as complaints
from services.views import Bound

if TYPE_CHECKING:
    from services.desk import Desk

CODE_VALID_FOR = timedelta(days=3)
"""A code is handed over in person or by phone; three days bridge a weekend."""

SCENE = "bind:"
"""What a staff code sends before the code itself when it is scanned as a QR code."""

BECAME = "became"
"""Where a session notes that the person who speaks is somebody else's row now."""

GUESSES_OF_ONE = 5
GUESSES_OF_ALL = 20
GUESSES_WITHIN = timedelta(hours=1)


def issue_code(session: Session, person_id: int, now: datetime) -> str:
    """A new code of six digits for this person; an older one is void."""
    code = f"{secrets.randbelow(10**6):06d}"
    while session.scalar(select(BindCode.id).where(BindCode.code_hash == _hash(code))):
        code = f"{secrets.randbelow(10**6):06d}"
    session.execute(delete(BindCode).where(BindCode.person_id == person_id))
    session.add(
        BindCode(person_id=person_id, code_hash=_hash(code), expires_at=now + CODE_VALID_FOR)
    )
    return code


def _hash(code: str) -> str:
    return hashlib.sha256(f"bind:{code}".encode()).hexdigest()


def bind(desk: "Desk", code: str) -> Bound:
    """The actor becomes the person whom the code is for, with what they have done so far."""
    session, now = desk.session, desk.now
    left = _guesses_left(session, desk.actor.openid, now)
    found = session.scalar(
        select(BindCode).where(BindCode.code_hash == _hash(code)).with_for_update()
    )
    if found is None or found.expires_at <= now:
        session.add(BindGuess(openid=desk.actor.openid, guessed_at=now))
        session.flush()
        raise CodeRefused(left=left - 1)
    staff = session.get_one(Person, found.person_id)
    if _is_somebody_else(desk.actor, staff):
        raise AlreadyStaff(name=desk.actor.name)
    session.delete(found)
    session.flush()
    _become(session, desk.actor.id, staff)
    session.info[BECAME] = staff.id
    session.execute(delete(BindGuess).where(BindGuess.openid == desk.actor.openid))
    return Bound(staff.name or "", bool(staff.roles & {Role.ENGINEER, Role.VENDOR}))


def _is_somebody_else(actor: Speaker, staff: Person) -> bool:
    """One person may be entered twice, as clerk and as engineer; two people stay two."""
    return bool(actor.roles - {Role.REQUESTER}) and actor.name != staff.name


def _guesses_left(session: Session, openid: str, now: datetime) -> int:
    since = now - GUESSES_WITHIN
    count = select(func.count()).select_from(BindGuess).where(BindGuess.guessed_at > since)
    own = session.scalar(count.where(BindGuess.openid == openid)) or 0
    if own >= GUESSES_OF_ONE or (session.scalar(count) or 0) >= GUESSES_OF_ALL:
        raise GuessesUsedUp()
    return GUESSES_OF_ONE - own


def _become(session: Session, chatter_id: int, staff: Person) -> None:
    """The chat's person is merged into the one that the desk had entered."""
    chatter = session.get_one(Person, chatter_id)
    if chatter.id == staff.id:
        return
    openid, chatter.openid = chatter.openid, None
    session.flush()
    staff.openid = openid  # of a colleague with a new phone the old chat is nobody's any more
    staff.is_following, staff.unreached_since = True, None
    staff.tag = staff.remark = None
    staff.roles = staff.roles | chatter.roles
    for name in ("department", "office", "phone", "extension"):
        if not getattr(staff, name):
            setattr(staff, name, getattr(chatter, name))
    session.flush()
    _move_belongings(session, chatter.id, staff.id)


def _move_belongings(session: Session, old_id: int, new_id: int) -> None:
    # A talk that the former chat left open is over: the one that counts now is this chat's.
    session.execute(
        update(Takeover)
        .where(Takeover.person_id == new_id, Takeover.ended_at.is_(None))
        .values(ended_at=Takeover.asked_at, ended_by=EndedBy.LOST),
        execution_options={"synchronize_session": False},
    )
    for model, column in (
        (Ticket, Ticket.requester_id),
        (Notice, Notice.recipient_id),
        (Attachment, Attachment.person_id),
        (Device, Device.owner_id),
        (Takeover, Takeover.person_id),
        (WebSession, WebSession.person_id),
    ):
        session.execute(
            update(model).where(column == old_id).values({column.key: new_id}),
            execution_options={"synchronize_session": False},
        )
    complaints.are_one(session, old_id, new_id)
    session.execute(delete(Conversation).where(Conversation.person_id == new_id))
    session.execute(
        update(Conversation).where(Conversation.person_id == old_id).values(person_id=new_id),
        execution_options={"synchronize_session": False},
    )
