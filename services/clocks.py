"""Sets and clears the clocks of a ticket, in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from domain.deadlines import ANSWER_KINDS, DeadlineKind, Targets
from models import Deadline, Ticket, table_of

_INSERT = insert(table_of(Deadline))


def start(session: Session, ticket_id: int, kind: DeadlineKind, due_at: datetime) -> None:
    """One clock of each kind runs for a ticket; a new one takes the place of the old."""
    stop(session, ticket_id, (kind,))
    session.connection().execute(_INSERT, [row(ticket_id, kind, due_at)])


def start_answering(session: Session, ticket: Ticket, targets: Targets, now: datetime) -> None:
    """The engineer has this long to answer an assignment (F9)."""
    stop(session, ticket.id, ANSWER_KINDS)
    session.connection().execute(_INSERT, answer_rows(ticket.id, targets, now))


def answer_rows(ticket_id: int, targets: Targets, now: datetime) -> list[dict[str, Any]]:
    return [
        row(ticket_id, DeadlineKind.ANSWER_REMINDER, targets.reminder_at(now)),
        row(ticket_id, DeadlineKind.ANSWER_DUE, targets.response_due_at(now)),
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
