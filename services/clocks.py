"""Sets and clears the clocks of a ticket, in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from domain.calendar import CalendarRunsOut, Runs, ServiceHours, Stretch
from domain.deadlines import ANSWER_KINDS, DeadlineKind, Targets
from domain.priority import Priority
from models import Deadline, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Rules

_INSERT = insert(table_of(Deadline))

LATE_FROM = timedelta(minutes=5)
"""A clock that rings later than this was not kept: the process was down, or its time was wrong."""


class Due(NamedTuple):
    """A clock that has run out, as its act is told of it."""

    kind: DeadlineKind
    step: int  # of a ladder: which rung it is
    due_at: datetime  # long ago, if the process was down


def late_since(due_at: datetime, now: datetime) -> datetime | None:
    """When it ought to have rung; None if it rings about in time."""
    return due_at if now - due_at >= LATE_FROM else None


def start(
    session: Session, ticket_id: int, kind: DeadlineKind, due_at: datetime, *, step: int = 0
) -> None:
    """One clock of each kind runs for a ticket; a new one takes the place of the old."""
    stop(session, ticket_id, (kind,))
    session.connection().execute(_INSERT, [{**row(ticket_id, kind, due_at), "step": step}])


def start_answering(session: Session, ticket: Ticket, rules: "Rules", now: datetime) -> None:
    """The engineer has this long to answer an assignment (F9)."""
    stop(session, ticket.id, (*ANSWER_KINDS, DeadlineKind.DISPATCH))
    remind_at, due_at = answer_times(rules, ticket.priority, now)
    ticket.response_due_at = due_at
    session.connection().execute(_INSERT, answer_rows(ticket.id, remind_at, due_at))


def start_calling(
    session: Session, ticket: Ticket, targets: Targets, now: datetime, step: int
) -> None:
    """Whoever is on call has this long; `step`: which call it will be then (F15)."""
    stop(session, ticket.id, (*ANSWER_KINDS, DeadlineKind.DISPATCH))
    due_at = now + targets.on_call_answer_within
    if ticket.assignee_id is not None:
        ticket.response_due_at = due_at
    start(session, ticket.id, DeadlineKind.CALL_OUT, due_at, step=step)


def answer_times(rules: "Rules", priority: Priority, now: datetime) -> tuple[datetime, datetime]:
    """When to remind, and when the answer is due: off hours time runs for what is urgent alone."""
    within = rules.targets.respond_within
    if priority is Priority.URGENT or rules.hours.is_open(now + within):
        return rules.targets.reminder_at(now), rules.targets.response_due_at(now)
    reminded, due = (due_by(rules.hours, now, part) for part in (within / 2, within))
    return reminded.astimezone(now.tzinfo), due.astimezone(now.tzinfo)


def due_by(
    hours: ServiceHours,
    began_at: datetime,
    within: timedelta,
    runs: str = Runs.SERVICE_HOURS,
    pauses: Iterable[Stretch] = (),
) -> datetime:
    """On the clock of such hours; a desk that never opens again owes it by the wall's."""
    try:
        return hours.add(began_at, within, Runs(runs), pauses)
    except CalendarRunsOut:
        return began_at + within


def answer_rows(ticket_id: int, remind_at: datetime, due_at: datetime) -> list[dict[str, Any]]:
    return [
        row(ticket_id, DeadlineKind.ANSWER_REMINDER, remind_at),
        row(ticket_id, DeadlineKind.ANSWER_DUE, due_at),
    ]


def row(ticket_id: int, kind: DeadlineKind, due_at: datetime) -> dict[str, Any]:
    return {"ticket_id": ticket_id, "kind": kind, "due_at": due_at}


def insert_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    session.connection().execute(_INSERT, rows)


def stop(session: Session, ticket_id: int, kinds: Iterable[DeadlineKind] | None = None) -> None:
    """Take away the clocks of these kinds, or all."""
    statement = delete(Deadline).where(Deadline.ticket_id == ticket_id)
    if kinds is not None:
        statement = statement.where(Deadline.kind.in_(list(kinds)))
    session.execute(statement, execution_options={"synchronize_session": False})
