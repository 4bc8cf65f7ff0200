"""The promises of a ticket that are not kept yet, and the two clocks of what runs out next (R4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.calendar import Stretch
from domain.deadlines import DeadlineKind
from domain.lifecycle import OPEN_STATUSES, Status
from domain.targets import Target, TargetKind, TargetState
from models import Ticket, TicketTarget
from services import clocks
from services.clocks import due_by
from services.target_rows import (
    agreement_of,
    case_of,
    minutes_of,
    pauses_of,
    picture,
    stretch_of,
)

if TYPE_CHECKING:
    from services.desk import Rules

RING_KINDS = (DeadlineKind.TARGET_AT_RISK, DeadlineKind.TARGET_DUE)

_RUN_IN = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS)


# --- reading -------------------------------------------------------------------------------------


def promises_of(session: Session, ticket: Ticket) -> list[TicketTarget]:
    """Of this cycle, in order; served by uq_ticket_targets_ticket_id."""
    return list(
        session.scalars(
            select(TicketTarget)
            .where(TicketTarget.ticket_id == ticket.id, TicketTarget.cycle == ticket.cycle)
            .order_by(TicketTarget.began_at, TicketTarget.id)
        )
    )


def owed(session: Session, ticket: Ticket) -> list[TicketTarget]:
    """What is not fulfilled: it runs, or is late."""
    if ticket.status not in OPEN_STATUSES:
        return [each for each in promises_of(session, ticket) if is_running(each)]
    return [
        each
        for each in promises_of(session, ticket)
        if is_running(each) or (each.state is TargetState.MISSED and each.done_at is None)
    ]


def is_running(promise: TicketTarget) -> bool:
    return promise.state is TargetState.RUNNING


def next_of(promises: Iterable[TicketTarget]) -> TicketTarget | None:
    """What the requester is due next: a word on the fault; an answer only if nothing else is."""
    listed = sorted(promises, key=lambda each: each.due_at)
    told = [each for each in listed if each.kind is not TargetKind.RESPONSE]
    return next(iter(told or listed), None)


# --- when it is due ------------------------------------------------------------------------------


def stretches_of(session: Session, ticket: Ticket, now: datetime) -> list[Stretch]:
    """The pauses of this cycle."""
    return [stretch_of(each, now) for each in pauses_of(session, ticket.id, ticket.cycle)]


def due_of(promise: TicketTarget, rules: "Rules", pauses: Iterable[Stretch]) -> datetime:
    within = timedelta(minutes=promise.within_minutes)
    return due_by(rules.hours, promise.began_at, within, promise.runs, pauses)


def risk_of(
    promise: TicketTarget, ticket: Ticket, rules: "Rules", pauses: Iterable[Stretch]
) -> datetime:
    """When three quarters of its time are gone, on its own clock (C §14)."""
    part = timedelta(minutes=promise.within_minutes) * agreement_of(ticket, rules).warned_at
    return due_by(rules.hours, promise.began_at, part, promise.runs, pauses)


def move(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> bool:
    """Every running promise is due when its clock says so now; whether one has moved.

    None is late by it: what would have been due before now stays as it was promised.
    """
    pauses = stretches_of(session, ticket, now)
    has_moved = False
    for each in filter(is_running, promises_of(session, ticket)):
        due_at = due_of(each, rules, pauses)
        if due_at != each.due_at and not due_at <= now < each.due_at:
            each.due_at, has_moved = due_at, True
    session.flush()
    return has_moved


# --- one more ------------------------------------------------------------------------------------


def promise(
    session: Session,
    ticket: Ticket,
    rules: "Rules",
    kind: TargetKind,
    target: Target,
    now: datetime,
    *,
    began_at: datetime | None = None,
) -> None:
    """The next round of this kind; one that would be over already counts from now on."""
    pauses = stretches_of(session, ticket, now)
    began = began_at or now
    due = due_by(rules.hours, began, target.within, target.runs, pauses)
    if due <= now:
        began, due = now, due_by(rules.hours, now, target.within, target.runs, pauses)
    agreement = agreement_of(ticket, rules)
    row = TicketTarget(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        kind=kind,
        round=_rounds(session, ticket, kind) + 1,
        agreement_id=agreement.id,
        rule=agreement.rule_for(case_of(ticket)).name,
        within_minutes=minutes_of(target.within),
        runs=target.runs.value,
        began_at=began,
        due_at=due,
        state=TargetState.RUNNING,
    )
    picture(session, ticket, row)
    session.add(row)
    session.flush()


def _rounds(session: Session, ticket: Ticket, kind: TargetKind) -> int:
    rounds = session.scalar(
        select(func.max(TicketTarget.round)).where(
            TicketTarget.ticket_id == ticket.id,
            TicketTarget.cycle == ticket.cycle,
            TicketTarget.kind == kind,
        )
    )
    return rounds or 0


# --- the clocks ----------------------------------------------------------------------------------


def refresh(session: Session, ticket: Ticket, rules: "Rules") -> None:
    """What the ticket says it owes next, and the two clocks of what runs out next."""
    session.flush()
    rows = owed(session, ticket)
    due = next_of(rows)
    if due is not None:
        ticket.resolution_due_at = due.due_at
    stop(session, ticket)
    running = list(filter(is_running, rows))
    if running and ticket.status in _RUN_IN:
        _wind(session, ticket, rules, min(running, key=lambda each: each.due_at))


def _wind(session: Session, ticket: Ticket, rules: "Rules", first: TicketTarget) -> None:
    rows = [clocks.row(ticket.id, DeadlineKind.TARGET_DUE, first.due_at)]
    if first.warned_at is None:
        pauses = stretches_of(session, ticket, first.due_at)
        risk = risk_of(first, ticket, rules, pauses)
        rows.append(clocks.row(ticket.id, DeadlineKind.TARGET_AT_RISK, risk))
    clocks.insert_rows(session, rows)


def stop(session: Session, ticket: Ticket) -> None:
    """No promise rings any more, for now."""
    clocks.stop(session, ticket.id, RING_KINDS)
