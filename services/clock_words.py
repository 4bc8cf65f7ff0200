"""The clocks of a ticket, answering and what is owed next, and why they stand so (R4, C §14)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from domain.lifecycle import ENDED_STATUSES, Status
from domain.sentence import Fact, Say, Word
from domain.targets import TargetKind, TargetState
from models import Ticket, TicketTarget
from services import clock_why, targets
from services.clock_why import lasting
from services.target_clocks import next_of, owed, promises_of, risk_of, stretches_of

if TYPE_CHECKING:
    from services.desk import Rules

__all__ = ["Clock", "ClockState", "answering", "clocks_of", "lasting", "left"]

WARNED_AT = 0.75
"""The part of its time after which the clock of one assignment is amber (C §14)."""


class ClockState(StrEnum):
    """How a clock stands."""

    IDLE = auto()  # it does not run: nobody has the ticket, or it is ended
    RUNNING = auto()
    AMBER = auto()
    LATE = auto()
    STOPPED = auto()  # on hold
    MET = auto()
    MISSED = auto()


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the two: by when, how much is left, and the derivation line by line."""

    state: ClockState
    due_at: datetime | None
    left: Say
    reasons: tuple[Say, ...]
    what: Word | None = None  # is due then

    @property
    def reason(self) -> Say:
        """The derivation as one text."""
        return Say("clock.reasons", {"lines": self.reasons})


def clocks_of(
    session: Session, ticket: Ticket, rules: "Rules", now: datetime
) -> tuple[Clock, Clock]:
    """The answer to the assignment, and what the requester is due next."""
    return answering(ticket, now), owing(session, ticket, rules, now)


# --- the assignment ------------------------------------------------------------------------------


def answering(ticket: Ticket, now: datetime) -> Clock:
    """From the assignment to the engineer's word."""
    start, due = ticket.assigned_at, ticket.response_due_at
    if ticket.responded_at is not None:
        return _answered(ticket, ticket.responded_at)
    if start is None or due is None or ticket.status is not Status.ASSIGNED:
        return Clock(ClockState.IDLE, None, Say("clock.not_running"), (Say("clock.not_assigned"),))
    minutes = round((due - start).total_seconds() / 60)
    facts: dict[str, Fact] = {"start": start, "minutes": minutes, "due": due}
    is_amber = now >= start + (due - start) * WARNED_AT
    reasons = (Say("clock.answer_due", facts),)
    return Clock(_state(due, now, is_amber=is_amber), due, left(due, now), reasons)


def _answered(ticket: Ticket, at: datetime) -> Clock:
    start, due = ticket.assigned_at, ticket.response_due_at
    if start is None:
        reason = Say("clock.answered_by_desk", {"at": at})
    else:
        reason = Say("clock.answered", {"start": start, "at": at, "took": lasting(at - start)})
    is_late = due is not None and at > due
    state = ClockState.MISSED if is_late else ClockState.MET
    return Clock(state, due, Say("clock.late_done" if is_late else "clock.in_time"), (reason,))


# --- what is owed --------------------------------------------------------------------------------


def owing(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> Clock:
    """The next word to the requester; when all was given, whether it was in time."""
    promise = next_of(owed(session, ticket))
    if ticket.status in (*ENDED_STATUSES, Status.RESOLVED) or promise is None:
        return _ended(session, ticket, now)
    due, what = promise.due_at, clock_why.what_of(promise)
    reasons = targets.derivation(session, ticket, rules, now)
    if ticket.on_hold_since is not None:
        stopped = Say("clock.stopped", {"since": ticket.on_hold_since})
        return Clock(ClockState.STOPPED, due, stopped, reasons, what)
    risk = risk_of(promise, ticket, rules, stretches_of(session, ticket, now))
    return Clock(_state(due, now, is_amber=now >= risk), due, left(due, now), reasons, what)


def _ended(session: Session, ticket: Ticket, now: datetime) -> Clock:
    """Each promise of this cycle, and how it ended."""
    rows = [each for each in promises_of(session, ticket) if each.settled_at is not None]
    reasons = tuple(map(_kept, rows)) or (Say("clock.not_running"),)
    told = [each for each in rows if each.kind is not TargetKind.RESPONSE]
    if ticket.resolved_at is None or not told:
        return Clock(ClockState.IDLE, None, Say("clock.not_running"), reasons)
    is_late = any(each.state is TargetState.MISSED for each in told)
    state = ClockState.MISSED if is_late else ClockState.MET
    words = Say("clock.late_done" if is_late else "clock.in_time")
    return Clock(state, ticket.resolution_due_at, words, reasons)


def _kept(promise: TicketTarget) -> Say:
    is_met = promise.state is TargetState.MET
    facts: dict[str, Fact] = {
        "what": clock_why.what_of(promise),
        "due": promise.due_at,
        "at": promise.done_at,
    }
    return Say("clock.kept" if is_met else "clock.broken", facts)


def _state(due: datetime, now: datetime, *, is_amber: bool) -> ClockState:
    if now >= due:
        return ClockState.LATE
    return ClockState.AMBER if is_amber else ClockState.RUNNING


def left(due: datetime, now: datetime) -> Say:
    """How long it still is, or has been late."""
    if now >= due:
        return Say("clock.late", {"by": lasting(now - due)})
    return Say("clock.left", {"time": lasting(due - now)})
