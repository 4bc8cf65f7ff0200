"""What one shift leaves to the next: open matters that must not be forgotten (D1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Status
from domain.numbers import short_number
from domain.priority import Priority
from domain.roster import Work
from domain.sentence import Fact, Say
from models import Conversation, Holder, Ticket
from services import undelivered

SOON = timedelta(hours=2)
NEXT_SHIFT = timedelta(hours=16)
"""A hold that ends within it is the next one's to see."""

MOST = 30
_WORDS = 60  # characters of a symptom
IN_HAND = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)

Matter = Mapping[str, Any]
"""As a row keeps it: number, words, why (a word of hand_over.why), at (ISO) or count.

A ticket in the hands of who goes has `moves` as well: whether it goes along.
"""


def matters(session: Session, person_id: int, work: Work, now: datetime) -> list[Matter]:
    """What has to be said when this person's shift ends, the most urgent first."""
    if work is Work.DESK:
        return [*_of_the_desk(session, now), *_counts(session, now)]
    found = _in_hand(session, person_id, now)
    if work is not Work.ON_CALL:
        return found
    known = {each["number"] for each in found}
    urgent = [each for each in _of_the_desk(session, now) if each["why"] in ("urgent", "late")]
    return [*found, *(each for each in urgent if each["number"] not in known)][:MOST]


def _of_the_desk(session: Session, now: datetime) -> list[Matter]:
    """Nobody's, late or nearly so, urgent, or to be gone on with before the next change."""
    wanted = or_(
        Ticket.status == Status.NEW,
        Ticket.priority == Priority.URGENT,
        and_(Ticket.status != Status.ON_HOLD, Ticket.resolution_due_at <= now + SOON),
        and_(Ticket.status == Status.ON_HOLD, Ticket.hold_until <= now + NEXT_SHIFT),
    )
    statement = (
        # By ix_tickets_open_due: what is open, by when it is due.
        select(Ticket)
        .where(Ticket.status.in_(OPEN_STATUSES), wanted)
        .order_by(Ticket.priority, Ticket.resolution_due_at, Ticket.id)
        .limit(MOST)
    )
    return [_matter(each, now) for each in session.scalars(statement)]


def _in_hand(session: Session, person_id: int, now: datetime) -> list[Matter]:
    statement = (
        # By ix_tickets_assignee_id_status_opened_at.
        select(Ticket)
        .where(Ticket.assignee_id == person_id, Ticket.status.in_(IN_HAND))
        .order_by(Ticket.priority, Ticket.resolution_due_at, Ticket.id)
        .limit(MOST)
    )
    return [
        {**_matter(each, now), "moves": _usually_moves(each)} for each in session.scalars(statement)
    ]


def _usually_moves(ticket: Ticket) -> bool:
    """What nobody has begun, and what cannot wait; work that is begun stays with who began it."""
    return ticket.status is Status.ASSIGNED or ticket.priority is Priority.URGENT


def _matter(ticket: Ticket, now: datetime) -> Matter:
    why, at = _why(ticket, now)
    return {
        "number": ticket.number,
        "words": ticket.symptom[:_WORDS],
        "why": why,
        "at": at.isoformat() if at else None,
    }


def _why(ticket: Ticket, now: datetime) -> tuple[str, datetime | None]:
    """The one reason that matters most to who comes."""
    if ticket.status is Status.ON_HOLD:
        return "on_hold", ticket.hold_until
    if ticket.status is Status.NEW:
        return "unassigned", ticket.resolution_due_at
    if ticket.resolution_due_at <= now:
        return "late", ticket.resolution_due_at
    if ticket.priority is Priority.URGENT:
        return "urgent", ticket.resolution_due_at
    if ticket.resolution_due_at <= now + SOON:
        return "due_soon", ticket.resolution_due_at
    return "in_hand", ticket.resolution_due_at


def _counts(session: Session, now: datetime) -> list[Matter]:
    """People who wait for the desk, and notices that did not get through."""
    waiting = select(func.count()).where(Conversation.holder == Holder.WAITING)
    found = {
        "people_waiting": session.scalar(waiting) or 0,
        "undelivered": undelivered.count(session, now),
    }
    return [
        {"number": "", "words": "", "why": why, "count": count}
        for why, count in found.items()
        if count
    ]


def say_of(matter: Matter) -> Say:
    """One of them in a line."""
    facts: dict[str, Fact] = {
        "number": short_number(matter["number"]) if matter.get("number") else None,
        "words": matter.get("words") or None,
        "at": datetime.fromisoformat(matter["at"]) if matter.get("at") else None,
        "count": matter.get("count"),
    }
    return Say(f"hand_over.why.{matter['why']}", facts, is_kept=True)
