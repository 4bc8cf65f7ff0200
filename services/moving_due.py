"""A change of service hours and the promises that run: which move, by how much; then moves them."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.calendar import ServiceHours, Stretch
from domain.deadlines import DeadlineKind
from domain.lifecycle import Status
from domain.sentence import Fact, Say
from domain.targets import TargetKind, TargetState
from models import Deadline, Ticket, TicketPause, TicketTarget, table_of
from services import clocks, notices, targets
from services.clocks import due_by
from services.desk import Rules
from services.live_rules import LiveRules
from services.target_rows import stretch_of

log = logging.getLogger(__name__)

_promises, _tickets = table_of(TicketTarget), table_of(Ticket)
# All that runs, by the partial index ix_ticket_targets_running.
_RUNNING = (
    select(
        _promises.c.id,
        _promises.c.ticket_id,
        _promises.c.cycle,
        _promises.c.kind,
        _promises.c.within_minutes,
        _promises.c.runs,
        _promises.c.began_at,
        _promises.c.due_at,
        _tickets.c.number,
        _tickets.c.symptom,
    )
    .join(_tickets, _tickets.c.id == _promises.c.ticket_id)
    .where(_promises.c.state == TargetState.RUNNING)
    .order_by(_promises.c.due_at, _promises.c.id)
)
_PAUSES = select(TicketPause).where(
    TicketPause.ticket_id.in_(
        select(_promises.c.ticket_id).where(_promises.c.state == TargetState.RUNNING)
    )
)
_MOVE = (
    update(_promises)
    .where(_promises.c.id == bindparam("promise"), _promises.c.state == TargetState.RUNNING)
    .values(due_at=bindparam("to"))
)
_ANSWERING = (DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE)
_deadlines = table_of(Deadline)
_RING = (
    update(_deadlines)
    .where(_deadlines.c.ticket_id == bindparam("of_ticket"))
    .where(_deadlines.c.kind == bindparam("of_kind"))
    .values(due_at=bindparam("to"))
)
_AT_ONCE = 500  # tickets that are locked and moved together


@dataclass(frozen=True, slots=True)
class Move:
    """One promise that would be due at another time."""

    promise_id: int
    ticket_id: int
    number: str
    symptom: str
    kind: TargetKind
    before: datetime
    after: datetime

    @property
    def by(self) -> timedelta:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change does to what runs; `kept`: by the new hours they would be late already."""

    moved: Sequence[Move] = ()
    kept: int = 0
    running: int = 0

    @property
    def tickets(self) -> int:
        return len({each.ticket_id for each in self.moved})

    @property
    def later(self) -> tuple[Move, ...]:
        return tuple(each for each in self.moved if each.by > timedelta(0))

    @property
    def earlier(self) -> tuple[Move, ...]:
        return tuple(each for each in self.moved if each.by < timedelta(0))


def moves(session: Session, before: ServiceHours, after: ServiceHours, now: datetime) -> Moves:
    """What would be due at another time; what is overdue, or would be, stays as it was promised."""
    pauses = _pauses(session, now)
    rows = session.execute(_RUNNING).all()
    moved, kept = [], 0
    for row in rows:
        own = pauses.get((row.ticket_id, row.cycle), ())
        to = _due(row, after, own)
        if row.due_at <= now or to == _due(row, before, own):
            continue
        if to <= now:
            kept += 1
        else:
            moved.append(_move(row, to))
    return Moves(moved, kept, len({row.ticket_id for row in rows}))


def _due(row: Any, hours: ServiceHours, pauses: Collection[Stretch]) -> datetime:
    return due_by(hours, row.began_at, timedelta(minutes=row.within_minutes), row.runs, pauses)


def _move(row: Any, to: datetime) -> Move:
    kind = TargetKind(row.kind)
    return Move(row.id, row.ticket_id, row.number, row.symptom, kind, row.due_at, to)


def _pauses(session: Session, now: datetime) -> Mapping[tuple[int, int], Sequence[Stretch]]:
    found: dict[tuple[int, int], list[Stretch]] = {}
    for pause in session.scalars(_PAUSES):
        found.setdefault((pause.ticket_id, pause.cycle), []).append(stretch_of(pause, now))
    return found


# --- moved ---------------------------------------------------------------------------------------


def move(
    session: Session, rules: Rules, after: ServiceHours, now: datetime, *, is_told: bool
) -> Moves:
    """Moves all of them; whoever waits longer for the next word is told, if that is wanted."""
    found = moves(session, rules.hours, after, now)
    wanted = rules_under(rules, after)
    moved = sorted(found.moved, key=_ticket_of)
    by_ticket = [(ticket_id, list(group)) for ticket_id, group in groupby(moved, key=_ticket_of)]
    told: list[tuple[int, Say]] = []
    for first in range(0, len(by_ticket), _AT_ONCE):
        told += _moved(session, dict(by_ticket[first : first + _AT_ONCE]), wanted)
    _move_answering(session, rules, wanted, now)
    _move_dispatching(session, after, now)
    if is_told:
        _tell(session, told, now)
    log.info("promises_moved tickets=%d kept=%d", found.tickets, found.kept)
    return found


def rules_under(rules: Rules, hours: ServiceHours) -> Rules:
    """The rules as they stand, with these hours."""
    current = rules.current if isinstance(rules, LiveRules) else rules
    return replace(current, hours=hours)


def _ticket_of(each: Move) -> int:
    return each.ticket_id


def _moved(
    session: Session, some: Mapping[int, Sequence[Move]], rules: Rules
) -> Iterator[tuple[int, Say]]:
    """Whom it concerns, and what they wait for longer."""
    session.expire_all()
    locked = session.scalars(
        select(Ticket).where(Ticket.id.in_(some)).order_by(Ticket.id).with_for_update()
    ).all()
    rows = [
        {"promise": each.promise_id, "to": each.after} for group in some.values() for each in group
    ]
    session.connection().execute(_MOVE, rows)
    for ticket in locked:
        due = ticket.resolution_due_at
        targets.refresh(session, ticket, rules)
        if ticket.resolution_due_at > due and ticket.on_hold_since is None:
            facts: dict[str, Fact] = {
                "number": ticket.number,
                "symptom": ticket.symptom,
                "before": due,
                "after": ticket.resolution_due_at,
            }
            yield ticket.requester_id, Say("notice.due_moved_line", facts)


def _tell(session: Session, told: Sequence[tuple[int, Say]], now: datetime) -> None:
    """One message for each person, however many tickets they wait for (H-56)."""
    by_person: dict[int, list[Say]] = {}
    for person_id, line in told:
        by_person.setdefault(person_id, []).append(line)
    notices.queue(
        session,
        [
            notices.row(person_id, Say("notice.due_moved", {"lines": tuple(lines)}), now)
            for person_id, lines in by_person.items()
        ],
    )


def _move_answering(session: Session, before: Rules, after: Rules, now: datetime) -> None:
    """Who was given a ticket at night answers when the desk opens, whenever that is now (F9)."""
    # ix_tickets_answer_due: who has to answer next.
    waiting = session.scalars(
        select(Ticket).where(Ticket.status == Status.ASSIGNED, Ticket.response_due_at > now)
    ).all()
    for ticket in waiting:
        if ticket.assigned_at is None:
            continue
        given = ticket.priority, ticket.assigned_at
        old, new = clocks.answer_times(before, *given), clocks.answer_times(after, *given)
        if new != old and old[1] == ticket.response_due_at and new[1] > now:
            ticket.response_due_at = new[1]
            for kind, due_at in zip(_ANSWERING, new, strict=True):
                session.execute(_RING, {"of_ticket": ticket.id, "of_kind": kind, "to": due_at})


def _move_dispatching(session: Session, hours: ServiceHours, now: datetime) -> None:
    """What came in at night is given out when the desk opens, whenever that is now (F15)."""
    opens = now if hours.is_open(now) else hours.next_opening(now)
    session.execute(
        update(Deadline)
        .where(Deadline.kind == DeadlineKind.DISPATCH, Deadline.due_at > now)
        .values(due_at=opens),
        execution_options={"synchronize_session": False},
    )
