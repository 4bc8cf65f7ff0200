"""The rows of takeovers: the open one, the last that ended, a new one and its ticket (W1)."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.lifecycle import ENDED_STATUSES
from domain.permissions import Role
from domain.takeover import Pulls
from models import (
    Conversation,
    Holder,
    InboxMessage,
    Notice,
    NoticeState,
    Takeover,
    Ticket,
)
from services import holders, notices, talks
from services.notices import SAID_BY_CLERK
from services.speakers import holds

WORKS_AT_DESK = holds(Role.DESK)
_SAID_OF_THE_WAIT = ("human.said", "notice.nobody_took", "notice.desk_left", "notice.desk_opened")


def open_of(session: Session, person_id: int) -> Takeover | None:
    return session.scalar(
        select(Takeover).where(Takeover.person_id == person_id, Takeover.ended_at.is_(None))
    )


def last_of(session: Session, person_id: int) -> Takeover | None:
    """The newest that has ended."""
    return session.scalar(
        select(Takeover)
        .where(Takeover.person_id == person_id, Takeover.ended_at.is_not(None))
        .order_by(Takeover.id.desc())
        .limit(1)
    )


def begun(session: Session, person_id: int, at: datetime) -> Takeover:
    talk = Takeover(
        person_id=person_id,
        asked_at=at,
        ticket_id=_ticket_of(session, person_id),
        records_tries=Pulls().kept,
    )
    session.add(talk)
    return talk


def _ticket_of(session: Session, person_id: int) -> int | None:
    """The ticket last spoken of, if it is open; else the person's newest that is."""
    is_open = Ticket.status.not_in(ENDED_STATUSES)
    spoken_of = holders.held(session, person_id).ticket_id
    if spoken_of is not None:
        found = session.scalar(select(Ticket.id).where(Ticket.id == spoken_of, is_open))
        if found is not None:
            return found
    return session.scalar(
        select(Ticket.id)
        .where(Ticket.requester_id == person_id, is_open)
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(1)
    )


def said_at(session: Session, inbox_id: int | None) -> datetime | None:
    """When the message under way was sent, by the platform's clock."""
    return session.scalar(select(InboxMessage.sent_at).where(InboxMessage.id == inbox_id))


def ahead_of(session: Session, talk: Takeover) -> int:
    """How many others stand in the queue who came earlier."""
    statement = (
        select(func.count())
        .select_from(Takeover)
        .join(Conversation, Conversation.person_id == Takeover.person_id)
        .where(
            Conversation.holder == Holder.WAITING,
            Takeover.ended_at.is_(None),
            Takeover.words.is_not(None),
            Takeover.asked_at <= talk.asked_at,
            Takeover.person_id != (talk.person_id or 0),
        )
    )
    return session.scalar(statement) or 0


def tell_desk(session: Session, talk: Takeover, key: str, now: datetime) -> None:
    """Who wants the desk, how they are reached, and what it is about."""
    notices.tell_desk(session, key, now, known=talks.about(session, talk))


def send_now(session: Session, person_id: int, now: datetime) -> None:
    """What a clerk may still take back leaves at once."""
    session.execute(
        update(Notice)
        .where(
            Notice.recipient_id == person_id,
            Notice.text_key == SAID_BY_CLERK,
            Notice.state == NoticeState.PENDING,
            Notice.next_try_at > now,
        )
        .values(next_try_at=now),
        execution_options={"synchronize_session": False},
    )


def unsay(session: Session, person_id: int, at: datetime) -> None:
    """What waits to be said of the wait is no longer so: a clerk is there."""
    session.execute(
        update(Notice)
        .where(
            Notice.recipient_id == person_id,
            Notice.text_key.in_(_SAID_OF_THE_WAIT),
            Notice.state.in_([NoticeState.PENDING, NoticeState.HELD]),
        )
        .values(state=NoticeState.REPLACED, settled_at=at),
        execution_options={"synchronize_session": False},
    )
