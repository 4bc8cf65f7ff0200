"""Acts on clocks that have run out, each exactly once (F9, F13, F16, R-011, P7)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import ANSWER_KINDS, DeadlineKind
from domain.lifecycle import Action, Status
from failpoints import hit
from models import Deadline, Person, Ticket
from services import clocks, dispatching, notices, settling, working
from services.notices import button
from services.records import act

if TYPE_CHECKING:
    from domain.dispatch import Receipt
    from services.desk import Rules

log = logging.getLogger(__name__)

Act = Callable[[Session, Ticket, "Rules", datetime], None]

BATCH = 100
_URGENT_FIRST = case((Deadline.kind.in_(ANSWER_KINDS), 0), else_=1)


def due(session: Session, now: datetime) -> list[int]:
    """Clocks that have run out, asked without a lock; those that somebody waits for first."""
    statement = (
        select(Deadline.id)
        .where(Deadline.due_at <= now)
        .order_by(_URGENT_FIRST, Deadline.due_at, Deadline.id)
        .limit(BATCH)
    )
    return list(session.scalars(statement))


def ring(session: Session, deadline_id: int, rules: "Rules", now: datetime) -> bool:
    """Act on one clock and take it away, in this transaction; whether it was ours to ring.

    The ticket is locked first, as by everybody who changes one: what the clock says is read again
    under that lock, so that an answer that came a moment ago is seen.
    """
    ticket_id = session.scalar(select(Deadline.ticket_id).where(Deadline.id == deadline_id))
    ticket = _locked(session, ticket_id) if ticket_id is not None else None
    if ticket is None:
        return False
    deadline = session.get(Deadline, deadline_id)
    if deadline is None or deadline.ticket_id != ticket.id or deadline.due_at > now:
        return False
    hit("deadline.claimed")
    kind = deadline.kind
    session.execute(
        delete(Deadline).where(Deadline.id == deadline_id),
        execution_options={"synchronize_session": False},
    )
    session.expunge(deadline)
    awaited, ring_it = _ACTS[kind]
    if ticket.status is awaited:
        ring_it(session, ticket, rules, now)
        session.flush()
    hit("deadline.acted")
    log.info("deadline_rang kind=%s ticket=%s", kind.value, ticket.number)
    return True


def _locked(session: Session, ticket_id: int) -> Ticket | None:
    """None if somebody else is at it: the next tick comes in a second."""
    return session.scalar(
        select(Ticket).where(Ticket.id == ticket_id).with_for_update(skip_locked=True)
    )


# --- an assignment is not answered (F9) ----------------------------------------------------------


def _remind_of_answer(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    if ticket.response_due_at is not None and ticket.response_due_at <= now:
        return  # the process was down: it is taken away in this same tick
    act(
        session,
        ticket,
        Action.REMIND,
        actor_id=None,
        now=now,
        engineer_id=ticket.assignee_id,
    )
    notices.tell(
        session,
        ticket.assignee_id,
        "notice.answer_reminder",
        now,
        ticket=ticket,
        is_urgent=True,
        buttons=(button(Command.ACCEPT, ticket.number), button(Command.DECLINE, ticket.number)),
        symptom=ticket.symptom,
        place=ticket.place,
        due=ticket.response_due_at,
    )


def _take_away(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """The next candidate gets it; where there is none, the desk."""
    former = session.get_one(Person, ticket.assignee_id)
    excluded = dispatching.gave_back(session, ticket) | {former.id}
    job = dispatching.job_of(ticket, excluded)
    receipt, _ = dispatching.choose(session, job, ticket.requester_id, rules)
    dispatching.release(session, former.id, ticket.priority)
    if receipt.chosen is None:
        _queue(session, ticket, former, receipt, now)
    else:
        dispatching.assign(
            session,
            ticket,
            receipt.chosen,
            rules,
            now,
            action=Action.REASSIGN,
            receipt=receipt,
            from_engineer_id=former.id,
        )
        _tell_desk_who_follows(session, ticket, former, receipt.chosen, now)
    _tell_of_change(session, ticket, former, now)


def _queue(
    session: Session, ticket: Ticket, former: Person, receipt: "Receipt", now: datetime
) -> None:
    act(session, ticket, Action.QUEUE, actor_id=None, now=now, from_engineer_id=former.id)
    ticket.assignee_id = ticket.response_due_at = None
    clocks.stop(session, ticket.id, ANSWER_KINDS)
    notices.tell_desk(
        session,
        "notice.unanswered_queued",
        now,
        ticket=ticket,
        engineer=former.name,
        symptom=ticket.symptom,
        place=ticket.place,
        reasons=dispatching.left_out_lines(receipt),
    )


def _tell_desk_who_follows(
    session: Session, ticket: Ticket, former: Person, next_id: int, now: datetime
) -> None:
    notices.tell_desk(
        session,
        "notice.unanswered",
        now,
        ticket=ticket,
        engineer=former.name,
        phone=former.reached_by,
        next=session.get_one(Person, next_id).name,
        symptom=ticket.symptom,
    )


def _tell_of_change(session: Session, ticket: Ticket, former: Person, now: datetime) -> None:
    """The one who did not answer, and the one who waits."""
    notices.tell(
        session,
        former.id,
        "notice.taken_away",
        now,
        ticket=ticket,
        is_urgent=True,
        symptom=ticket.symptom,
    )
    follower = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    notices.tell(
        session,
        ticket.requester_id,
        "notice.engineer_changes",
        now,
        ticket=ticket,
        engineer=follower.name if follower else None,
        phone=follower.reached_by if follower else None,
    )


# --- a hold is over (F11) ------------------------------------------------------------------------


def _resume(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    working.resume_ticket(session, ticket, None, now)
    notices.tell(
        session,
        ticket.assignee_id,
        "notice.hold_ended",
        now,
        ticket=ticket,
        is_urgent=True,
        buttons=(button(Command.PROGRESS, ticket.number), button(Command.RESOLVE, ticket.number)),
        symptom=ticket.symptom,
        place=ticket.place,
        due=ticket.resolution_due_at,
    )


# --- a requester is silent (F13, F16) ------------------------------------------------------------


def _remind_of_confirming(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    closes_at = session.scalar(
        select(Deadline.due_at).where(
            Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.AUTO_CLOSE
        )
    )
    if closes_at is not None and closes_at <= now:
        return  # it closes in this same tick
    act(session, ticket, Action.REMIND, actor_id=None, now=now)
    notices.tell(
        session,
        ticket.requester_id,
        "notice.confirm_reminder",
        now,
        ticket=ticket,
        buttons=(button(Command.CONFIRM, ticket.number), button(Command.REOPEN, ticket.number)),
        symptom=ticket.symptom,
        closes=closes_at,
    )


def _close(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    settling.close(session, ticket, Action.CLOSE, None, rules, now)
    may_rate = ticket.requester_id != ticket.assignee_id
    rate = (button(Command.RATE, ticket.number),) if may_rate else ()
    notices.tell(
        session,
        ticket.requester_id,
        "notice.auto_closed",
        now,
        ticket=ticket,
        buttons=(*rate, button(Command.REOPEN, ticket.number)),
        symptom=ticket.symptom,
    )


def _remind_of_rating(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    if settling.is_rated(session, ticket):
        return
    act(session, ticket, Action.REMIND, actor_id=None, now=now)
    engineer = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    notices.tell(
        session,
        ticket.requester_id,
        "notice.rating_reminder",
        now,
        ticket=ticket,
        buttons=(button(Command.RATE, ticket.number),),
        symptom=ticket.symptom,
        engineer=engineer.name if engineer else None,
    )


# The status that a clock waits in: in any other it has nothing to say any more.
_ACTS: Mapping[DeadlineKind, tuple[Status, Act]] = {
    DeadlineKind.ANSWER_REMINDER: (Status.ASSIGNED, _remind_of_answer),
    DeadlineKind.ANSWER_DUE: (Status.ASSIGNED, _take_away),
    DeadlineKind.HOLD_ENDS: (Status.ON_HOLD, _resume),
    DeadlineKind.CONFIRM_REMINDER: (Status.RESOLVED, _remind_of_confirming),
    DeadlineKind.AUTO_CLOSE: (Status.RESOLVED, _close),
    DeadlineKind.RATING_REMINDER: (Status.CLOSED, _remind_of_rating),
}
