"""What the desk owes a ticket's requester: each promise from its beginning to its end (F14, R4).

A promise is a row. It is met or missed once; what was missed stays so when it is fulfilled late.
Response: the first act of a person. Diagnosis: the first word of what it is. Feedback: news.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.lifecycle import Action
from domain.permissions import Permission
from domain.sentence import Say
from domain.targets import TargetKind, TargetState
from models import Activity, Ticket, TicketTarget
from services import clock_why, compensations
from services.pausing import (
    due_after,
    end_pause,
    pause,
    pause_and_move,
    put_back,
    resume,
    waited_elsewhere,
)
from services.reclassifying import reclassify, retarget
from services.records import permitted
from services.target_clocks import (
    is_running,
    move,
    next_of,
    owed,
    promise,
    promises_of,
    refresh,
    stop,
)
from services.target_rows import (
    agreement_of,
    case_of,
    deadline_rows,
    fulfil,
    insert_rows,
    next_due,
    pauses_of,
    picture,
    reckon,
    rows_for,
    settle,
)

if TYPE_CHECKING:
    from services.desk import Desk, Rules

__all__ = [
    "answered",
    "answered_in_talk",
    "begin",
    "deadline_rows",
    "derivation",
    "dropped",
    "due_after",
    "due_if_held",
    "insert_rows",
    "move",
    "next_due",
    "owed",
    "pause",
    "pause_and_move",
    "put_back",
    "reclassify",
    "refresh",
    "resume",
    "retarget",
    "rows_for",
    "solved",
    "spoken_for",
    "taken_back",
    "why_due",
]


# --- beginning -----------------------------------------------------------------------------------


def begin(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """A new cycle has its promises anew; what was merged goes on where it stood."""
    session.flush()
    if not _revived(session, ticket, rules, now):
        ticket.diagnosed_at = None
        rows = rows_for(
            case_of(ticket),
            agreement_of(ticket, rules),
            now,
            rules.hours,
            ticket_id=ticket.id,
            cycle=ticket.cycle,
            category=ticket.category,
            engineer_id=ticket.assignee_id,
        )
        insert_rows(session, rows)
    refresh(session, ticket, rules)


def _revived(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> bool:
    """What was dropped when the ticket became part of another one; that time is a pause."""
    newest = {each.kind: each for each in promises_of(session, ticket)}
    if not newest:
        return False
    merged_at = _merged_at(session, ticket)
    if merged_at is not None:
        waited_elsewhere(session, ticket, merged_at, now)
    for each in newest.values():
        if each.state is TargetState.DROPPED:
            each.state = TargetState.RUNNING
    session.flush()
    move(session, ticket, rules, now)
    return True


def _merged_at(session: Session, ticket: Ticket) -> datetime | None:
    return session.scalar(
        select(Activity.happened_at)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.MERGE)
        .order_by(Activity.id.desc())
        .limit(1)
    )


# --- fulfilling ----------------------------------------------------------------------------------


def answered(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """A person has acted on it for the first time: an engineer accepts, the desk answers."""
    reckon_talks(session, ticket, rules)
    done = [each for each in owed(session, ticket) if each.kind is TargetKind.RESPONSE]
    for each in done:
        settle(session, ticket, each, rules, now)
    if done:
        refresh(session, ticket, rules)


def answered_in_talk(session: Session, ticket: Ticket, at: datetime) -> None:
    """A clerk has talked with them in the backend; the clock of it finds that out by itself.

    Who takes the talk's news from WeChat knows no service hours: `reckon_talks` follows.
    """
    for each in owed(session, ticket):
        if each.kind is TargetKind.RESPONSE:
            fulfil(session, ticket, each, at)


def reckon_talks(session: Session, ticket: Ticket, rules: "Rules") -> None:
    """How long it took until the desk talked with them, wherever that is not known yet."""
    for each in promises_of(session, ticket):
        if each.done_at is not None and each.ran_minutes is None:
            reckon(session, each, rules, each.done_at)


def spoken_for(
    session: Session,
    ticket: Ticket,
    rules: "Rules",
    now: datetime,
    *,
    is_diagnosis: bool = True,
) -> None:
    """The requester was told what it is, or how it stands; the next news are due from now on.

    What is no diagnosis (the engineer has come, the desk says a word) is news once there is one.
    """
    reckon_talks(session, ticket, rules)
    kinds = {TargetKind.RESPONSE, TargetKind.FEEDBACK}
    if is_diagnosis:
        kinds.add(TargetKind.DIAGNOSIS)
        ticket.diagnosed_at = ticket.diagnosed_at or now
    fulfilled = [each for each in owed(session, ticket) if each.kind in kinds]
    for each in fulfilled:
        settle(session, ticket, each, rules, now)
    if any(each.kind is not TargetKind.RESPONSE for each in fulfilled):
        _promise_news(session, ticket, rules, now)
    refresh(session, ticket, rules)


def _promise_news(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """A feedback at least every 24 hours (规范3)."""
    rule = agreement_of(ticket, rules).rule_for(case_of(ticket))
    target = rule.targets.get(TargetKind.FEEDBACK)
    if target is not None:
        promise(session, ticket, rules, TargetKind.FEEDBACK, target, now)


def taken_back(session: Session, ticket: Ticket, rules: "Rules", at: datetime) -> None:
    """Words that never left fulfilled nothing."""
    for each in promises_of(session, ticket):
        if each.kind is TargetKind.FEEDBACK and each.began_at == at and is_running(each):
            session.delete(each)
        elif each.done_at == at:
            each.done_at = each.ran_minutes = each.paused = None
            if each.state is TargetState.MET:
                each.state, each.settled_at = TargetState.RUNNING, None
    refresh(session, ticket, rules)


def solved(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """A solution fulfils everything."""
    reckon_talks(session, ticket, rules)
    for each in promises_of(session, ticket):
        if is_running(each) or (each.state is TargetState.MISSED and each.done_at is None):
            settle(session, ticket, each, rules, now)
    stop(session, ticket)


def dropped(session: Session, ticket: Ticket, now: datetime) -> None:
    """Cancelled or merged: nothing is owed any more; what was late by then was missed."""
    end_pause(session, ticket, now)
    for each in filter(is_running, promises_of(session, ticket)):
        if each.due_at < now:
            missed(session, ticket, each)
        else:
            each.state = TargetState.DROPPED
    stop(session, ticket)


def missed(session: Session, ticket: Ticket, promise: TicketTarget) -> None:
    """Its time is over; the month it counts in is the one in which it was due."""
    promise.state, promise.settled_at = TargetState.MISSED, promise.due_at
    picture(session, ticket, promise)
    compensations.owe(session, promise)


# --- explaining ----------------------------------------------------------------------------------


def derivation(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> tuple[Say, ...]:
    """Why what is due next is due then: the lines of «为什么» (R4)."""
    due = next_of(owed(session, ticket))
    if due is None:
        return ()
    pauses = pauses_of(session, ticket.id, ticket.cycle)
    first_at = min(each.began_at for each in promises_of(session, ticket))
    return clock_why.lines(due, pauses, rules.hours, now, first_at=first_at)


def why_due(desk: "Desk", ticket_id: int) -> tuple[Say, ...]:
    """The same, for whoever may read the ticket."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_READ)
    return derivation(desk.session, ticket, desk.rules, desk.now)


def due_if_held(desk: "Desk", ticket_id: int, until: datetime) -> datetime | None:
    """What a hold would do to the next word, for whoever may hold the ticket."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_HOLD)
    return due_after(desk.session, ticket, desk.rules, until, desk.now)
