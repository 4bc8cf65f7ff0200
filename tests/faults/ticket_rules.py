"""I2…I5, I8: a ticket is what its timeline adds up to, once, with the clocks that it needs."""

from collections import Counter
from collections.abc import Iterator

from domain.deadlines import DeadlineKind
from domain.dispatch import PRIORITY_WEIGHT
from domain.lifecycle import ENDED_STATUSES, LIFECYCLE, OPEN_STATUSES, Action, Status
from domain.targets import TargetState
from models import Activity, Deadline, Engineer, InboxMessage, Rating, Ticket, TicketTarget
from tests.faults.rows import Known, Rows


def effects(rows: Rows, known: Known) -> Iterator[str]:
    tickets = rows.of(Ticket)
    if len(tickets) != known.reports:
        yield f"{known.reports} reports became {len(tickets)} tickets"
    inbox = {row.id: row for row in rows.of(InboxMessage)}
    for ticket in tickets:
        if ticket.opened_by_inbox_id not in inbox:
            yield f"{ticket.number} was opened by no message"
    opened = Counter((row.detail or {}).get("inbox_id") for row in _acts(rows, Action.OPEN))
    for inbox_id, times in opened.items():
        if times > 1:
            yield f"message {inbox_id} opened {times} tickets"


def _acts(rows: Rows, action: Action) -> list[Activity]:
    return [row for row in rows.of(Activity) if row.action is action]


def fold(rows: Rows, known: Known) -> Iterator[str]:
    lines = rows.grouped(Activity, "ticket_id")
    for ticket in rows.of(Ticket):
        try:
            folded = folded_of(lines[ticket.id])
        except (KeyError, ValueError) as error:
            yield f"{ticket.number}: its timeline is impossible: {error!r}"
            continue
        shown = (ticket.status, ticket.assignee_id, ticket.cycle)
        if shown != folded:
            yield f"{ticket.number} is {shown}, its timeline says {folded}"


def folded_of(lines: list[Activity]) -> tuple[Status | None, int | None, int]:
    """Status, engineer and cycle; KeyError for a step that the lifecycle does not know."""
    status, engineer_id, cycle = None, None, 1
    for line in lines:
        after = Status.NEW if status is None else LIFECYCLE[status, line.action]
        is_opening = line.action is Action.OPEN
        if (status is None) is not is_opening or (line.status_before, line.status_after) != (
            status,
            after,
        ):
            raise ValueError(f"{line.action} from {status} to {line.status_after}")
        status = after
        if line.action in (Action.ASSIGN, Action.REASSIGN):
            engineer_id = (line.detail or {})["engineer_id"]
        if status is Status.NEW:
            engineer_id = None
        cycle += line.action is Action.REOPEN
    return status, engineer_id, cycle


def numbers(rows: Rows, known: Known) -> Iterator[str]:
    for number, times in Counter(ticket.number for ticket in rows.of(Ticket)).items():
        if times > 1:
            yield f"{times} tickets are called {number}"


_NEEDED = {
    Status.ASSIGNED: {DeadlineKind.ANSWER_DUE},
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE},
}
_PROMISED = {DeadlineKind.TARGET_AT_RISK, DeadlineKind.TARGET_DUE, DeadlineKind.LADDER}
_ALLOWED = {
    Status.NEW: {*_PROMISED, DeadlineKind.DISPATCH, DeadlineKind.CALL_OUT},
    Status.ASSIGNED: {*_PROMISED, DeadlineKind.ANSWER_REMINDER, DeadlineKind.ANSWER_DUE},
    Status.IN_PROGRESS: _PROMISED,
    Status.ON_HOLD: {DeadlineKind.HOLD_ENDS, DeadlineKind.LADDER},
    Status.RESOLVED: {DeadlineKind.AUTO_CLOSE, DeadlineKind.CONFIRM_REMINDER},
    Status.CLOSED: {DeadlineKind.RATING_REMINDER},
}


def clocks(rows: Rows, known: Known) -> Iterator[str]:
    """The one clock of an ended ticket reminds of a rating that is still missing."""
    running = rows.grouped(Deadline, "ticket_id")
    rated = {(row.ticket_id, row.cycle) for row in rows.of(Rating)}
    for ticket in rows.of(Ticket):
        kinds = [row.kind for row in running[ticket.id]]
        if len(kinds) != len(set(kinds)):
            yield f"{ticket.number} has a clock twice: {kinds}"
        if missing := _NEEDED.get(ticket.status, set()) - set(kinds):
            yield f"{ticket.number} is {ticket.status} without {missing}"
        if idle := set(kinds) - _ALLOWED.get(ticket.status, set()):
            yield f"{ticket.number} is {ticket.status} with {idle}"
        if ticket.status in ENDED_STATUSES and kinds and (ticket.id, ticket.cycle) in rated:
            yield f"{ticket.number} is ended and rated with {kinds}"


def promises(rows: Rows, known: Known) -> Iterator[str]:
    """What is owed rings, each promise is there once, and an ended ticket owes nothing (F14)."""
    own = rows.grouped(TicketTarget, "ticket_id")
    ringing = {row.ticket_id for row in rows.of(Deadline) if row.kind is DeadlineKind.TARGET_DUE}
    for ticket in rows.of(Ticket):
        names = Counter((each.cycle, each.kind, each.round) for each in own[ticket.id])
        if twice := [name for name, times in names.items() if times > 1]:
            yield f"{ticket.number} owes twice: {twice}"
        running = [each for each in own[ticket.id] if each.state is TargetState.RUNNING]
        if running and ticket.status not in OPEN_STATUSES:
            yield f"{ticket.number} is {ticket.status} and owes {len(running)} promises"
        if running and ticket.status is not Status.ON_HOLD and ticket.id not in ringing:
            yield f"{ticket.number} owes something that will not ring"
        if not own[ticket.id]:
            yield f"{ticket.number} was promised nothing"


def loads(rows: Rows, known: Known) -> Iterator[str]:
    held = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
    for engineer in rows.of(Engineer):
        own = [
            ticket
            for ticket in rows.of(Ticket)
            if ticket.assignee_id == engineer.person_id and ticket.status in held
        ]
        counted = len(own), sum(PRIORITY_WEIGHT[ticket.priority] for ticket in own)
        if (engineer.open_tickets, engineer.workload) != counted:
            shown = engineer.open_tickets, engineer.workload
            yield f"engineer {engineer.person_id} shows {shown}, counted {counted}"


def ratings(rows: Rows, known: Known) -> Iterator[str]:
    rated = Counter((row.ticket_id, row.cycle) for row in rows.of(Rating))
    for (ticket_id, cycle), times in rated.items():
        if times > 1:
            yield f"ticket {ticket_id} has {times} ratings of cycle {cycle}"
    acts = Counter(row.ticket_id for row in _acts(rows, Action.RATE))
    for ticket_id in {ticket_id for ticket_id, _ in rated} | acts.keys():
        kept = sum(times for (of, _), times in rated.items() if of == ticket_id)
        if kept != acts[ticket_id]:
            yield f"ticket {ticket_id} has {kept} ratings, its timeline {acts[ticket_id]}"
