"""What several tests of the services ask for: one person's acts, and what all rows show."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from threading import Barrier
from typing import Any, cast

from sqlalchemy import Select, select

from domain.category import Category
from domain.deadlines import DeadlineKind
from domain.dispatch import PRIORITY_WEIGHT
from domain.lifecycle import LIFECYCLE, OPEN_STATUSES, Action, Status
from domain.priority import Urgency
from domain.refusals import Refusal
from domain.sentence import from_json
from domain.speaker import Speaker
from domain.targets import TargetKind, TargetState
from models import (
    Activity,
    Base,
    Database,
    Deadline,
    Engineer,
    Notice,
    Rating,
    Session,
    Ticket,
    TicketTarget,
)
from services.desk import Desk, Rules
from services.views import Report, WorkResult

RESULT = WorkResult("worn_part", "换了搓纸轮，测试正常", 30, True, ("搓纸轮",))
HELD = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)


def a_report(**facts: Any) -> Report:
    """The printer on the third floor, or what is said to be different."""
    return Report(
        **{
            "symptom": "惠普打印机一直卡纸",
            "description": "三楼财务室那台惠普打印机一直卡纸",
            "place": "三楼财务室",
            "category": Category.PRINTER,
            "urgency": Urgency.NORMAL,
            **facts,
        }
    )


class _Acts:
    """Each act in a transaction of its own; a refusal is committed, as the router does it."""

    def __init__(self, database: Database, desk: Callable[[Session], Desk]) -> None:
        self._database = database
        self._desk = desk

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def act(*args: Any, **facts: Any) -> Any:
            with self._database.transaction() as session:
                try:
                    return getattr(self._desk(session), name)(*args, **facts)
                except Refusal as no:
                    refusal = no
            raise refusal

        return act


def acts_of(
    database: Database, rules: Rules, actor: Speaker, at: datetime, inbox_id: int | None = None
) -> Desk:
    """What one person may ask of the desk, at one moment."""
    return cast(
        Desk, _Acts(database, lambda session: Desk(session, at, rules, actor, inbox_id=inbox_id))
    )


# --- at the same instant -------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All begin together; answers what each returned or was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        try:
            return act()
        except Refusal as no:
            return no

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=30) for done in [pool.submit(run, act) for act in acts]]


# --- what the rows show --------------------------------------------------------------------------


def all_of(database: Database, model: type[Base], **equal: Any) -> list[Any]:
    """Every row of a table, in order, free of its session."""
    order = list(model.__table__.primary_key)
    with database.reading() as session:
        found = list(session.scalars(select(model).filter_by(**equal).order_by(*order)))
        session.expunge_all()
        return found


def only(database: Database, model: type[Base], **equal: Any) -> Any:
    (found,) = all_of(database, model, **equal)
    return found


def everything(database: Database, *, but: Collection[str] = ()) -> dict[str, list[str]]:
    """All rows of all tables: equal before and after what changed nothing.

    `but`: tables, or columns as `people.tag`, that the server's own upkeep writes.
    """
    with database.reading() as session:
        return {
            name: sorted(map(repr, session.execute(asked)))
            for name, asked in _all_tables(frozenset(but)).items()
        }


@cache
def _all_tables(but: frozenset[str]) -> dict[str, Select[Any]]:
    return {
        table.name: select(*(each for each in table.c if f"{table.name}.{each.name}" not in but))
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }


def told(database: Database, recipient: Speaker) -> list[str]:
    """The keys of what somebody was told, in order."""
    return [notice.text_key for notice in all_of(database, Notice, recipient_id=recipient.id)]


def said(notice: Notice) -> Any:
    """The sentence of a notice, with whatever facts it has."""
    return from_json(notice.say)


def happened(database: Database, ticket_id: int) -> list[Action]:
    """A ticket's timeline."""
    return [line.action for line in all_of(database, Activity, ticket_id=ticket_id)]


PROMISED = {DeadlineKind.TARGET_AT_RISK, DeadlineKind.TARGET_DUE}
_LADDER = DeadlineKind.LADDER


def clocks_of(database: Database, ticket_id: int) -> dict[DeadlineKind, datetime]:
    """But for those of its promises, which `promise_clocks_of` shows, and of the ladder."""
    clocks = all_of(database, Deadline, ticket_id=ticket_id)
    return {each.kind: each.due_at for each in clocks if each.kind not in (*PROMISED, _LADDER)}


def promise_clocks_of(database: Database, ticket_id: int) -> dict[DeadlineKind, datetime]:
    clocks = all_of(database, Deadline, ticket_id=ticket_id)
    return {each.kind: each.due_at for each in clocks if each.kind in PROMISED}


# --- what must always hold -----------------------------------------------------------------------

_ANSWER = {DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE}
_NEEDED = {
    Status.ASSIGNED: {DeadlineKind.ANSWER_DUE},
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE},
}
_ALLOWED = {
    Status.NEW: {*PROMISED, _LADDER, DeadlineKind.DISPATCH, DeadlineKind.CALL_OUT},
    Status.ASSIGNED: {*_ANSWER, *PROMISED, _LADDER, DeadlineKind.CALL_OUT},
    Status.IN_PROGRESS: {*PROMISED, _LADDER},
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS, _LADDER},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE, DeadlineKind.CONFIRM_REMINDER},
    Status.CLOSED: {DeadlineKind.RATING_REMINDER},
}


def check_invariants(database: Database) -> None:
    """I3, I4, I5, I8, and the kept counts, on every row there is."""
    tickets = all_of(database, Ticket)
    lines, clocks = all_of(database, Activity), all_of(database, Deadline)
    promises = all_of(database, TicketTarget)
    for ticket in tickets:
        _check_promises(ticket, [each for each in promises if each.ticket_id == ticket.id], clocks)
        _check_fold(ticket, [line for line in lines if line.ticket_id == ticket.id])
        _check_clocks(ticket, {clock.kind for clock in clocks if clock.ticket_id == ticket.id})
        _check_instants(ticket)
    _check_counts(all_of(database, Engineer), tickets)
    assert len({ticket.number for ticket in tickets}) == len(tickets)
    cycles = Counter((each.ticket_id, each.cycle) for each in all_of(database, Rating))
    assert max(cycles.values(), default=0) <= 1


def _check_fold(ticket: Ticket, lines: Iterable[Activity]) -> None:
    """I3: what the ticket says of itself is what its timeline adds up to."""
    status: Status | None = None
    engineer_id, cycle = None, 1
    for line in lines:
        assert line.status_before is status
        if line.action is Action.OPEN:
            assert status is None
            status = Status.NEW
        else:
            assert status is not None
            status = LIFECYCLE[status, line.action]
        assert line.status_after is status
        if line.action in (Action.ASSIGN, Action.REASSIGN):
            engineer_id = (line.detail or {})["engineer_id"]
        if status is Status.NEW:
            engineer_id = None
        cycle += line.action is Action.REOPEN
    assert (ticket.status, ticket.assignee_id, ticket.cycle) == (status, engineer_id, cycle)


def _check_clocks(ticket: Ticket, running: set[DeadlineKind]) -> None:
    """I5: a state that waits has its clock, an ended ticket none."""
    # Off hours whoever is on call has a clock of their own (F15).
    is_called = DeadlineKind.CALL_OUT in running
    needed = set() if is_called else _NEEDED.get(ticket.status, set())
    assert needed <= running <= _ALLOWED.get(ticket.status, set())


def _check_promises(
    ticket: Ticket, rows: Collection[TicketTarget], clocks: Iterable[Deadline]
) -> None:
    """What a ticket owes is what it says it owes, and rings; what is ended owes nothing."""
    running = [each for each in rows if each.state is TargetState.RUNNING]
    late = [each for each in rows if each.state is TargetState.MISSED and each.done_at is None]
    rings = {
        each.due_at
        for each in clocks
        if each.ticket_id == ticket.id and each.kind is DeadlineKind.TARGET_DUE
    }
    assert all(each.cycle == ticket.cycle for each in running)
    assert ticket.status in (*OPEN_STATUSES,) or not running
    if ticket.status in OPEN_STATUSES:
        told = [each for each in (*running, *late) if each.kind is not TargetKind.RESPONSE]
        current = [each.due_at for each in told if each.cycle == ticket.cycle]
        assert not current or ticket.resolution_due_at == min(current)
    if running and ticket.status is not Status.ON_HOLD:
        assert rings == {min(each.due_at for each in running)}
    else:
        assert not rings


def _check_instants(ticket: Ticket) -> None:
    """Nobody is promised what no longer holds."""
    is_open = ticket.status not in (Status.CLOSED, Status.CANCELLED, Status.MERGED)
    if ticket.status is Status.NEW:
        assert ticket.response_due_at is None
    if ticket.status is Status.ASSIGNED:
        assert ticket.response_due_at is not None and ticket.responded_at is None
    if ticket.status in (Status.IN_PROGRESS, Status.ON_HOLD):
        assert ticket.responded_at is not None
    if is_open:
        assert (ticket.hold_until is not None) is (ticket.status is Status.ON_HOLD)
        assert (ticket.on_hold_since is not None) is (ticket.status is Status.ON_HOLD)


def _check_counts(engineers: Iterable[Engineer], tickets: Iterable[Ticket]) -> None:
    """What an engineer's card says is what a recount says."""
    held = [ticket for ticket in tickets if ticket.status in HELD]
    for engineer in engineers:
        own = [ticket for ticket in held if ticket.assignee_id == engineer.person_id]
        weight = sum(PRIORITY_WEIGHT[ticket.priority] for ticket in own)
        assert (engineer.open_tickets, engineer.workload) == (len(own), weight)
