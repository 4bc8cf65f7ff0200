"""Promises as rows: what begins with a ticket, when it is due, how it ended (R4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.calendar import Runs, ServiceHours, Stretch
from domain.deadlines import DeadlineKind
from domain.targets import Agreement, Case, Target, TargetKind, TargetRule, TargetState
from models import Person, Ticket, TicketPause, TicketTarget, table_of
from services import clocks, compensations
from services.clocks import due_by

if TYPE_CHECKING:
    from services.desk import Rules

_INSERT = insert(table_of(TicketTarget))
_NEVER = timedelta(days=366)
"""Where an agreement promises nothing, lists still want an instant: one that is out of sight."""

Due = tuple[TargetKind, datetime]


# --- what begins ---------------------------------------------------------------------------------


def rows_for(
    case: Case, agreement: Agreement, began_at: datetime, hours: ServiceHours, **facts: Any
) -> list[dict[str, Any]]:
    """The promises that begin with a ticket, as rows of one insert; `facts` are other columns."""
    rule = agreement.rule_for(case)
    return [
        {
            "kind": kind,
            "round": 1,
            "agreement_id": agreement.id,
            "rule": rule.name,
            "within_minutes": minutes_of(target.within),
            "runs": target.runs.value,
            "began_at": began_at,
            "due_at": due_by(hours, began_at, target.within, target.runs),
            "state": TargetState.RUNNING,
            "priority": case.priority,
            "department": case.department,
            "done_at": None,
            "settled_at": None,
            "ran_minutes": None,
            **facts,
        }
        for kind, target in begins_with(rule)
    ]


def begins_with(rule: TargetRule) -> list[tuple[TargetKind, Target]]:
    """News follow a diagnosis; where none is promised, they are due from the beginning."""
    is_diagnosed = TargetKind.DIAGNOSIS in rule.targets
    return [
        (kind, target)
        for kind, target in rule.targets.items()
        if kind is not TargetKind.FEEDBACK or not is_diagnosed
    ]


def insert_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(_INSERT, list(rows))


def case_of(ticket: Ticket) -> Case:
    return Case(ticket.priority, ticket.kind.value, ticket.contact_department, ticket.is_complex)


def agreement_of(ticket: Ticket, rules: "Rules") -> Agreement:
    """The version that the ticket was opened under; the one in force if that is not known."""
    return rules.agreements.get(ticket.agreement_id, rules.agreement)


# --- when it is due ------------------------------------------------------------------------------


def next_due(promises: Iterable[Due], began_at: datetime) -> datetime:
    """What the requester is due next: a word on the fault; an answer only if nothing else is."""
    listed = list(promises)
    told = [due for kind, due in listed if kind is not TargetKind.RESPONSE]
    return min(told or [due for _, due in listed], default=began_at + _NEVER)


def deadline_rows(
    ticket_id: int, rows: Sequence[Mapping[str, Any]], warned_at: float, hours: ServiceHours
) -> list[dict[str, Any]]:
    """The two clocks of whichever runs out first, for a ticket that was just opened."""
    running = [each for each in rows if each["state"] is TargetState.RUNNING]
    if not running:
        return []
    first = min(running, key=lambda each: each["due_at"])
    part = timedelta(minutes=first["within_minutes"]) * warned_at
    risk = due_by(hours, first["began_at"], part, first["runs"])
    return [
        clocks.row(ticket_id, DeadlineKind.TARGET_AT_RISK, risk),
        clocks.row(ticket_id, DeadlineKind.TARGET_DUE, first["due_at"]),
    ]


# --- how it ended --------------------------------------------------------------------------------


def settle(
    session: Session, ticket: Ticket, promise: TicketTarget, rules: "Rules", now: datetime
) -> None:
    """Fulfilled, and how long it took on its own clock."""
    fulfil(session, ticket, promise, now)
    reckon(session, promise, rules, now)


def reckon(session: Session, promise: TicketTarget, rules: "Rules", done_at: datetime) -> None:
    """How long it took until then on its own clock, and what is owed if that was too long."""
    pauses = pauses_of(session, promise.ticket_id, promise.cycle)
    stretches = [stretch_of(each, done_at) for each in pauses]
    ran = rules.hours.between(promise.began_at, done_at, Runs(promise.runs), stretches)
    promise.ran_minutes = minutes_of(ran)
    promise.paused = _paused(promise, pauses, rules.hours, done_at)
    if promise.state is TargetState.MISSED:
        compensations.owe(session, promise)


def fulfil(session: Session, ticket: Ticket, promise: TicketTarget, at: datetime) -> None:
    """In time or late; what was missed before stays missed."""
    promise.done_at = at
    if promise.state is TargetState.RUNNING:
        is_met = at <= promise.due_at
        promise.state = TargetState.MET if is_met else TargetState.MISSED
        promise.settled_at = at if is_met else promise.due_at
        picture(session, ticket, promise)


def picture(session: Session, ticket: Ticket, promise: TicketTarget) -> None:
    """What the figures will be asked by, as it is now."""
    promise.engineer_id = ticket.assignee_id
    engineer = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    promise.team_id = engineer.team_id if engineer else None
    promise.category, promise.priority = ticket.category, ticket.priority
    promise.department = ticket.contact_department


def _paused(
    promise: TicketTarget, pauses: Iterable[TicketPause], hours: ServiceHours, now: datetime
) -> dict[str, Any] | None:
    """Minutes of the promise's own clock, by for whom they were waited."""
    found: dict[str, int] = {}
    for pause in pauses:
        begins, ends = max(pause.began_at, promise.began_at), min(pause.ended_at or now, now)
        minutes = minutes_of(hours.between(begins, ends, Runs(promise.runs)))
        if minutes:
            found[pause.waits_for.value] = found.get(pause.waits_for.value, 0) + minutes
    return found or None


def pauses_of(session: Session, ticket_id: int, cycle: int) -> list[TicketPause]:
    """In order; served by ix_ticket_pauses_ticket_id_cycle."""
    return list(
        session.scalars(
            select(TicketPause)
            .where(TicketPause.ticket_id == ticket_id, TicketPause.cycle == cycle)
            .order_by(TicketPause.began_at, TicketPause.id)
        )
    )


def stretch_of(pause: TicketPause, now: datetime) -> Stretch:
    """One that still lasts goes on until what was said, where that was said."""
    return Stretch(pause.began_at, pause.ended_at or pause.until or now)


def minutes_of(time: timedelta) -> int:
    return int(time.total_seconds() // 60)
