"""Acts on clocks that have run out, each exactly once (F9, F13, F16, R-011, P7).

A kind acts either alone, on one ticket in one transaction, or together: many tickets, few
statements. Whoever has a new kind adds its line to `_ACTS` at the foot.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.deadlines import AWAITED_KINDS, OUTDATED_BY, DeadlineKind
from domain.lifecycle import OPEN_STATUSES, Status
from failpoints import hit
from models import Deadline, Person, Ticket, table_of
from models.pouring import among
from services import (
    calling,
    escalating,
    notices,
    ringing_together,
    target_rings,
    unanswered,
    working,
)
from services.clocks import Due, late_since
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

Act = Callable[[Session, Ticket, "Rules", datetime, Due], None]
ActTogether = Callable[[Session, Sequence[Any], "Rules", datetime], None]

ASKED = 10_000
"""Clocks that one look at the table answers. With fewer, hands that are done wait for the last."""

BATCH = 500
"""Tickets of one transaction: a message that waits for the writer of SQLite waits that long."""

_deadlines, _tickets, _people = table_of(Deadline), table_of(Ticket), table_of(Person)
_requesters = _people.alias("requesters")
_DUE = (
    select(_deadlines.c.id, _deadlines.c.kind)
    .where(_deadlines.c.due_at <= bindparam("at"))  # ix_deadlines_due_at
    .order_by(
        case((_deadlines.c.kind.in_(AWAITED_KINDS), 0), else_=1),
        _deadlines.c.due_at,
        _deadlines.c.id,
    )
    .limit(bindparam("most"))
)
_of_these = among(_deadlines.c.id, "ids")
_LOCK = (
    select(_tickets.c.id)
    .where(_tickets.c.id.in_(select(_deadlines.c.ticket_id).where(_of_these)))
    .order_by(_tickets.c.id)
    .with_for_update(skip_locked=True)
)
_READ = (
    select(
        _deadlines.c.id,
        _deadlines.c.ticket_id,
        _deadlines.c.kind,
        _deadlines.c.step,
        _deadlines.c.due_at,
        _tickets.c.number,
        _tickets.c.status,
        _tickets.c.cycle,
        _tickets.c.symptom,
        _tickets.c.place,
        _tickets.c.requester_id,
        _tickets.c.assignee_id,
        _tickets.c.response_due_at,
        _people.c.name.label("engineer"),
        _requesters.c.openid.label("requester_openid"),
    )
    .join_from(_deadlines, _tickets, _tickets.c.id == _deadlines.c.ticket_id)
    .join(_requesters, _requesters.c.id == _tickets.c.requester_id)
    .join(_people, _people.c.id == _tickets.c.assignee_id, isouter=True)
    .where(_of_these, _deadlines.c.due_at <= bindparam("at"))
)
_DELETE = delete(_deadlines).where(_of_these)
_NEWER = select(_deadlines.c.ticket_id).where(
    among(_deadlines.c.ticket_id, "tickets"),
    _deadlines.c.kind == bindparam("newer"),
    _deadlines.c.due_at <= bindparam("at"),
)


def due(session: Session, now: datetime, but: Collection[int] = ()) -> list[list[int]]:
    """Clocks that have run out, by the transactions in which they ring; asked without a lock.

    Those that somebody waits for come first. `but`: those that broke a moment ago.
    """
    found = session.connection().execute(_DUE, {"at": now, "most": ASKED + len(but)}).all()
    rows = [row for row in found if row.id not in but]
    return [
        batch
        for _, group in groupby(rows, lambda row: row.kind in AWAITED_KINDS)
        for batch in _batches(group)
    ]


def _batches(rows: Iterator[Any]) -> Iterator[list[int]]:
    """Alone what acts alone, in its turn; what acts together, kind by kind."""
    together: dict[DeadlineKind, list[int]] = {}
    for row in rows:
        if row.kind not in _TOGETHER:
            yield [row.id]
            continue
        batch = together.setdefault(row.kind, [])
        batch.append(row.id)
        if len(batch) == BATCH:
            yield together.pop(row.kind)
    yield from together.values()


def ring(session: Session, ids: Collection[int], rules: "Rules", now: datetime) -> int:
    """Act on clocks of one kind and take them away, in this transaction; how many were ours.

    The tickets are locked first, as by everybody who changes one: what the clocks say is read
    again under that lock, so that an answer that came a moment ago is seen.
    """
    rows = _claimed(session, ids, now)
    if not rows:
        return 0
    hit("deadline.claimed")
    if gone := [row.id for row in rows if not ringing_together.runs_on(row)]:
        session.connection().execute(_DELETE, {"ids": gone})
    kind = rows[0].kind
    _act(session, kind, _current(session, kind, rows, now), rules, now)
    session.flush()
    hit("deadline.acted")
    log.info("deadlines_rang kind=%s count=%d first=%s", kind.value, len(rows), rows[0].number)
    return len(rows)


def _claimed(session: Session, ids: Collection[int], now: datetime) -> Sequence[Any]:
    """What is still to be rung; a ticket that somebody else is at waits for the next tick."""
    connection, these = session.connection(), list(ids)
    if connection.dialect.name == "sqlite":  # whose one writer we are
        return connection.execute(_READ, {"ids": these, "at": now}).all()
    locked = set(connection.execute(_LOCK, {"ids": these}).scalars())
    if not locked:
        return []
    rows = connection.execute(_READ, {"ids": these, "at": now}).all()
    return [row for row in rows if row.ticket_id in locked]


def _current(
    session: Session, kind: DeadlineKind, rows: Sequence[Any], now: datetime
) -> Sequence[Any]:
    """Without those of which a newer clock of the same ticket has run out, too (R-073)."""
    newer = OUTDATED_BY.get(kind)
    if newer is None:
        return rows
    asked = {"tickets": [row.ticket_id for row in rows], "newer": newer, "at": now}
    outdated = set(session.connection().execute(_NEWER, asked).scalars())
    return [row for row in rows if row.ticket_id not in outdated]


def _act(
    session: Session, kind: DeadlineKind, rows: Sequence[Any], rules: "Rules", now: datetime
) -> None:
    if kind in _TOGETHER:
        awaited, act_together = _TOGETHER[kind]
        if waiting := [row for row in rows if row.status is awaited]:
            act_together(session, waiting, rules, now)
        return
    statuses, act = _ACTS[kind]
    for row in rows:
        if row.status in statuses:
            ticket = session.get_one(Ticket, row.ticket_id)
            with notices.late(session, late_since(row.due_at, now)):
                act(session, ticket, rules, now, Due(kind, row.step, row.due_at))


# --- a hold is over (F11) ------------------------------------------------------------------------


def _resume(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    working.resume_ticket(session, ticket, None, rules, now)
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


_RUN_IN = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS)
"""Promises run in these; on hold they stand still."""

# In which status a clock has something to say: in any other it is taken away and that is all.
_ACTS: Mapping[DeadlineKind, tuple[Collection[Status], Act]] = {
    DeadlineKind.ANSWER_DUE: ((Status.ASSIGNED,), unanswered.take_away),
    DeadlineKind.HOLD_ENDS: ((Status.ON_HOLD,), _resume),
    DeadlineKind.TARGET_AT_RISK: (_RUN_IN, target_rings.at_risk),
    DeadlineKind.TARGET_DUE: (_RUN_IN, target_rings.broken),
    DeadlineKind.LADDER: (OPEN_STATUSES, escalating.climb),
    DeadlineKind.CALL_OUT: ((Status.NEW, Status.ASSIGNED), calling.call_next),
    DeadlineKind.DISPATCH: ((Status.NEW,), calling.give_out_in_the_morning),
}
_TOGETHER: Mapping[DeadlineKind, tuple[Status, ActTogether]] = {
    DeadlineKind.ANSWER_REMINDER: (Status.ASSIGNED, ringing_together.remind_of_answer),
    DeadlineKind.CONFIRM_REMINDER: (Status.RESOLVED, ringing_together.remind_of_confirming),
    DeadlineKind.AUTO_CLOSE: (Status.RESOLVED, ringing_together.close),
    DeadlineKind.RATING_REMINDER: (Status.CLOSED, ringing_together.remind_of_rating),
}
