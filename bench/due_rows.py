"""A database full of clocks that run: what the deadline bench pours, due and not yet due."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, select, text

from bench import people
from bench.pouring import go_on_counting, pour
from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.priority import Impact, Priority, Urgency
from models import Activity, Database, Deadline, IntakeChannel, Person, Ticket, TicketKind, table_of

REQUESTERS = 2_000
BATCH = 20_000  # tickets of one transaction
FAR = timedelta(days=3650)

_TICKET = (
    *("id", "number", "kind", "status", "cycle", "channel", "requester_id", "contact_name"),
    *("contact_department", "contact_phone", "contact_office", "symptom", "description", "place"),
    *("category", "impact", "urgency", "priority", "assignee_id", "opened_at"),
    *("response_due_at", "responded_at", "resolution_due_at", "resolved_at", "is_complex"),
    "opened_by_inbox_id",
)
_ACTIVITY = ("ticket_id", "action", "status_before", "status_after", "actor_id", "happened_at")
_DEADLINE = ("ticket_id", "kind", "step", "due_at")


def fill(url: str, closing: int, pending: int, now: datetime) -> None:
    """Tickets 1 to `closing` are solved and close themselves; `pending` clocks run for others."""
    people.settle_in(url, REQUESTERS)
    database = Database(url, statement_within=3600)
    try:
        with database.reading() as session:
            known = session.execute(select(Person.id, Person.roles)).all()
        engineers = [row.id for row in known if Role.ENGINEER in row.roles]
        requesters = [row.id for row in known if Role.REQUESTER in row.roles]
        tickets = closing + pending // 2
        for first in range(1, tickets + 1, BATCH):
            ids = range(first, min(first + BATCH, tickets + 1))
            with database.engine.begin() as connection:
                _pour_tickets(connection, ids, closing, requesters, engineers, now)
        with database.engine.begin() as connection:
            go_on_counting(connection, [table_of(Ticket)])
        settle(database)
    finally:
        database.dispose()


def settle(database: Database) -> None:
    """What pouring has left to do is done before anything is measured, as on a desk that grew."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.is_sqlite:
            connection.execute(text("ANALYZE"))
        else:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))
    os.sync()  # or else the disk still writes what was poured while the first are measured


def _pour_tickets(
    connection: Connection,
    ids: range,
    closing: int,
    requesters: list[int],
    engineers: list[int],
    now: datetime,
) -> None:
    rows = [
        _ticket(each, each <= closing, requesters, engineers, now - timedelta(hours=30))
        for each in ids
    ]
    pour(connection, table_of(Ticket), _TICKET, rows)
    pour(connection, table_of(Activity), _ACTIVITY, _lines(rows))
    pour(connection, table_of(Deadline), _DEADLINE, _clocks(rows, now))


def _ticket(
    number: int, is_solved: bool, requesters: list[int], engineers: list[int], at: datetime
) -> tuple[Any, ...]:
    status = Status.RESOLVED if is_solved else Status.ASSIGNED
    return (
        *(number, f"IT20200101-{number:07d}", TicketKind.INCIDENT, status, 1),
        *(IntakeChannel.WECHAT, requesters[number % len(requesters)], "王芳", "财务部", "8899"),
        *("三楼财务室", "惠普打印机一直卡纸", "三楼财务室那台惠普打印机一直卡纸", "三楼财务室"),
        *(Category.PRINTER, Impact.PERSON, Urgency.NORMAL, Priority.NORMAL),
        *(engineers[number % len(engineers)], at, at + timedelta(minutes=10)),
        *(at if is_solved else None, at + timedelta(hours=2), at if is_solved else None, False),
        number,
    )


def _lines(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (row[0], Action.OPEN, None, Status.NEW, row[6], row[19])
        yield (row[0], Action.ASSIGN, Status.NEW, Status.ASSIGNED, None, row[19])


_spread = count()


def _clocks(rows: list[tuple[Any, ...]], now: datetime) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if row[3] is Status.RESOLVED:
            yield (row[0], DeadlineKind.AUTO_CLOSE, 0, now + FAR)
            continue
        due = now + timedelta(days=1, seconds=next(_spread) % (30 * 86400))
        yield (row[0], DeadlineKind.ANSWER_REMINDER, 0, due)
        yield (row[0], DeadlineKind.ANSWER_DUE, 0, due + timedelta(minutes=5))
