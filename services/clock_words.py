"""The two clocks of a ticket, answering and solving, and in words why they stand so (R4, C §14)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.lifecycle import ENDED_STATUSES, Action, Status
from domain.sentence import Fact, Say
from models import Activity, Ticket

if TYPE_CHECKING:
    from domain.deadlines import Targets

WARNED_AT = 0.75
"""The part of its time after which a clock is amber (C §14)."""


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
    """One of the two: by when, how much is left, and the derivation."""

    state: ClockState
    due_at: datetime | None
    left: Say
    reason: Say


def clocks_of(
    session: Session, ticket: Ticket, targets: "Targets", now: datetime
) -> tuple[Clock, Clock]:
    """Answering and solving."""
    return answering(ticket, now), solving(ticket, _began_at(session, ticket), targets, now)


def answering(ticket: Ticket, now: datetime) -> Clock:
    """From the assignment to the engineer's word."""
    start, due = ticket.assigned_at, ticket.response_due_at
    if ticket.responded_at is not None:
        return _answered(ticket, ticket.responded_at)
    if start is None or due is None or ticket.status is not Status.ASSIGNED:
        return Clock(ClockState.IDLE, None, Say("clock.not_running"), Say("clock.not_assigned"))
    facts: dict[str, Fact] = {"start": start, "minutes": _minutes(due - start), "due": due}
    return Clock(_state(start, due, now), due, left(due, now), Say("clock.answer_due", facts))


def _answered(ticket: Ticket, at: datetime) -> Clock:
    start, due = ticket.assigned_at, ticket.response_due_at
    if start is None:
        reason = Say("clock.answered_by_desk", {"at": at})
    else:
        reason = Say("clock.answered", {"start": start, "at": at, "took": lasting(at - start)})
    is_late = due is not None and at > due
    state = ClockState.MISSED if is_late else ClockState.MET
    return Clock(state, due, Say("clock.late_done" if is_late else "clock.in_time"), reason)


def solving(ticket: Ticket, start: datetime, targets: "Targets", now: datetime) -> Clock:
    """From the report (or its reopening) to the solution; time on hold is added."""
    due = ticket.resolution_due_at
    reason = _solving_reason(start, due, targets.resolve_within)
    if ticket.resolved_at is not None:
        is_late = ticket.resolved_at > due
        state = ClockState.MISSED if is_late else ClockState.MET
        words = "clock.late_done" if is_late else "clock.in_time"
        return Clock(state, due, Say(words), reason)
    if ticket.status in ENDED_STATUSES:
        return Clock(ClockState.IDLE, due, Say("clock.not_running"), reason)
    if ticket.on_hold_since is not None:
        stopped = Say("clock.stopped", {"since": ticket.on_hold_since})
        return Clock(ClockState.STOPPED, due, stopped, reason)
    return Clock(_state(start, due, now), due, left(due, now), reason)


def _solving_reason(start: datetime, due: datetime, target: timedelta) -> Say:
    """What is more than the target was spent on hold, or merged into another one."""
    waited = due - start - target
    paused: Fact = lasting(waited) if waited >= timedelta(minutes=1) else None
    facts: dict[str, Fact] = {"start": start, "target": lasting(target), "due": due}
    return Say("clock.solve_due", {**facts, "paused": paused})


def _began_at(session: Session, ticket: Ticket) -> datetime:
    """When it was opened last."""
    if ticket.cycle == 1:
        return ticket.opened_at
    reopened = session.scalar(
        select(Activity.happened_at)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.REOPEN)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return reopened or ticket.opened_at


def _state(start: datetime, due: datetime, now: datetime) -> ClockState:
    if now >= due:
        return ClockState.LATE
    if now >= start + (due - start) * WARNED_AT:
        return ClockState.AMBER
    return ClockState.RUNNING


def left(due: datetime, now: datetime) -> Say:
    """How long it still is, or has been late."""
    if now >= due:
        return Say("clock.late", {"by": lasting(now - due)})
    return Say("clock.left", {"time": lasting(due - now)})


def lasting(time: timedelta) -> Say:
    """A duration as people say it: minutes, hours, days; never less than a minute."""
    minutes = max(1, _minutes(time))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return Say("clock.days", {"days": days, "hours": hours or None})
    if hours:
        return Say("clock.hours", {"hours": hours, "minutes": minutes or None})
    return Say("clock.minutes", {"minutes": minutes})


def _minutes(time: timedelta) -> int:
    return round(time.total_seconds() / 60)
