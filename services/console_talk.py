"""A clerk takes a talk over by the console, writes in it, and gives it back (W1, B6).

Who holds it is compared and set in one statement; each act asks again under the lock of the row.
"""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand, has_role_for
from domain.refusals import NotFound, Refusal
from domain.sentence import Say
from models import (
    Delivery,
    EndedBy,
    Holder,
    Notice,
    NoticeState,
    Outcome,
    Person,
    Takeover,
    TalkLine,
)
from services import clerks, conversations, holders, notices, takeover, takeover_rows
from services.holders import Held
from services.notices import SAID_BY_CLERK

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

UNDO_FOR = timedelta(seconds=10)
"""WeChat cannot call a message back: it leaves after this (C §7)."""

MOST_CHARACTERS = 600
MOST_BYTES = 2048
"""Of one customer message; beyond them the platform answers 45002 (peers §E)."""


class TalkHeld(Refusal):
    """Somebody else of the desk was faster."""

    text_key = "talk.held"


class NotYourTalk(Refusal):
    """The talk is with the bot or a colleague by now: nothing was said."""

    text_key = "talk.not_yours"


class SaidAlready(Refusal):
    """It has left, and cannot be taken back."""

    text_key = "talk.gone"


class NoWayToChat(Refusal):
    """Somebody who does not follow the account can only be called."""

    text_key = "talk.no_chat"


def fits(words: str) -> bool:
    """Whether the platform takes it as one message."""
    return len(words) <= MOST_CHARACTERS and len(words.encode()) <= MOST_BYTES


# --- who holds it --------------------------------------------------------------------------------


def take(desk: "Desk", person_id: int) -> None:
    """From the bot, or out of the queue; TalkHeld if a colleague has it."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    person = _within_reach(desk.session, person_id)
    held = holders.held(desk.session, person_id)
    if _is_mine(desk, held):
        return  # pressed twice: taken once
    if held.holder is Holder.CLERK:
        raise TalkHeld(clerk=_holder_name(desk.session, held))
    idle_at = desk.now + desk.rules.takeover.idle_for
    if not holders.to_console(desk.session, held, desk.actor.id, desk.now, idle_at):
        raise TalkHeld(clerk=_holder_name(desk.session, holders.held(desk.session, person_id)))
    talk = takeover_rows.open_of(desk.session, person_id)
    talk = talk or takeover_rows.begun(desk.session, person_id, desk.now)
    talk.began_at, talk.clerk_id = desk.now, desk.actor.id
    desk.session.flush()
    takeover_rows.unsay(desk.session, person_id, desk.now)
    if person.openid:  # the bot begins anew when it has the talk back
        conversations.forget(desk.session, person.openid)
    log.info("clerk_took takeover=%s by=console", talk.id)


def give_back(desk: "Desk", person_id: int) -> None:
    """To the bot; one line tells the person so."""
    held = _mine(desk, person_id)
    takeover.bot_returns(desk.session, held, EndedBy.CLERK, desk.now, desk.now)


def give_to(desk: "Desk", person_id: int, colleague_id: int) -> None:
    """To a colleague of the desk, who hears of it."""
    held = _mine(desk, person_id)
    colleague = desk.session.get(Person, colleague_id)
    if colleague is None or not _may_take(colleague) or colleague.id == desk.actor.id:
        raise NotFound()
    idle_at = desk.now + desk.rules.takeover.idle_for
    holders.to_console(desk.session, held, colleague_id, desk.now, idle_at)
    talk = _open(desk.session, person_id)
    talk.clerk_id = colleague_id
    desk.session.flush()
    person = desk.session.get_one(Person, person_id)
    notices.tell(
        desk.session,
        colleague_id,
        "talk.given",
        desk.now,
        is_urgent=True,
        clerk=desk.actor.name,
        contact=person.name,
        department=person.department,
    )
    log.info("clerk_gave takeover=%s", talk.id)


def colleagues(desk: "Desk") -> tuple[tuple[int, str], ...]:
    """Who else of the desk may take a talk, by name."""
    people = desk.session.scalars(
        select(Person)
        .where(Person.is_active, Person.id != desk.actor.id, takeover_rows.WORKS_AT_DESK)
        .order_by(Person.name)
        .limit(50)
    )
    return tuple((each.id, each.name or "") for each in people)


# --- what is said --------------------------------------------------------------------------------


def say(desk: "Desk", person_id: int, words: str) -> int:
    """The words leave as a customer message once they cannot be taken back; the notice's id."""
    held = _mine(desk, person_id)
    talk = _open(desk.session, person_id)
    row = notices.row(
        person_id, Say(SAID_BY_CLERK, {"words": words}), desk.now, ticket_id=talk.ticket_id
    )
    notice = Notice(**{**row, "next_try_at": desk.now + UNDO_FOR})
    desk.session.add(notice)
    desk.session.flush()
    desk.session.add(
        TalkLine(
            takeover_id=talk.id,
            is_clerk=True,
            kf_account=clerks.console_account(desk.actor.id),
            text=words,
            said_at=desk.now,
            digest=line_of(notice.id),
        )
    )
    desk.session.flush()
    desk.session.info["tells_somebody"] = True
    holders.renew(desk.session, held, desk.now + desk.rules.takeover.idle_for)
    return notice.id


def take_back(desk: "Desk", person_id: int, notice_id: int) -> str:
    """The words as they were typed; SaidAlready once they have left. One's own alone."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    line = desk.session.scalar(
        select(TalkLine)
        .join(Takeover, Takeover.id == TalkLine.takeover_id)
        .where(
            Takeover.person_id == person_id,
            TalkLine.digest == line_of(notice_id),
            TalkLine.kf_account == clerks.console_account(desk.actor.id),
        )
    )
    if line is None:
        raise NotFound()
    if not _withdrawn(desk.session, notice_id, desk.now):
        raise SaidAlready()
    desk.session.execute(delete(TalkLine).where(TalkLine.id == line.id))
    return line.text


def line_of(notice_id: int) -> str:
    """What ties a line of the talk to the notice that carries it."""
    return f"notice:{notice_id}"


def _withdrawn(session: Session, notice_id: int, now: datetime) -> bool:
    """Compared and set at once with the courier's claim: it is either sent or taken back."""
    may_have_arrived = exists().where(
        Delivery.notice_id == notice_id, Delivery.outcome == Outcome.UNCLEAR
    )
    done = session.execute(
        update(Notice)
        .where(
            Notice.id == notice_id,
            Notice.text_key == SAID_BY_CLERK,
            or_(
                Notice.state == NoticeState.HELD,
                and_(Notice.state == NoticeState.PENDING, Notice.tries == 0),
            ),
            ~may_have_arrived,
        )
        .values(state=NoticeState.REPLACED, settled_at=now),
        execution_options={"synchronize_session": False},
    )
    return getattr(done, "rowcount", 0) == 1


# --- rows ----------------------------------------------------------------------------------------


def _within_reach(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    if person.openid is None or not person.is_following:
        raise NoWayToChat()
    return person


def _mine(desk: "Desk", person_id: int) -> Held:
    """The talk under its lock, if the actor holds it; NotYourTalk for any other."""
    demand(desk.actor.roles, Permission.CONVERSATION_TAKE)
    _within_reach(desk.session, person_id)
    held = holders.held(desk.session, person_id)
    if not _is_mine(desk, held):
        raise NotYourTalk()
    return held


def _is_mine(desk: "Desk", held: Held) -> bool:
    return held.is_by_console and held.clerk_id == desk.actor.id


def _open(session: Session, person_id: int) -> Takeover:
    talk = takeover_rows.open_of(session, person_id)
    if talk is None:
        raise NotYourTalk()
    return talk


def _holder_name(session: Session, held: Held) -> str | None:
    if held.is_by_console:
        return clerks.person_name(session, held.clerk_id)
    return clerks.name_of(session, held.kf_account) or held.kf_account


def _may_take(person: Person) -> bool:
    return person.is_active and has_role_for(person.roles, Permission.CONVERSATION_TAKE)
