"""An assignment by the desk waits some seconds before it is told, and can be taken back (C §7).

What the ticket was like before is kept with the line of the assignment; taking it back is allowed
as long as no notice of it has been claimed: the same rows are locked by who sends and who undoes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from domain.deadlines import DeadlineKind
from domain.dispatch import PRIORITY_WEIGHT
from domain.lifecycle import LIFECYCLE, Action, Status
from domain.permissions import Permission
from domain.refusals import Refusal
from models import Activity, Deadline, Engineer, Notice, NoticeState, Person, Ticket, table_of
from services import clocks, dispatching, queries, targets
from services.records import act, permitted
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

WITHIN = timedelta(seconds=8)
"""Longer than a slip of the mouse takes to be seen; nobody waits that long for work to begin."""

_TIMES = (
    "assigned_at",
    "response_due_at",
    "responded_at",
    "resolution_due_at",
    "on_hold_since",
    "hold_until",
)
_notices, _engineers = table_of(Notice), table_of(Engineer)
_LATER = (
    update(_notices)
    .where(_notices.c.id.in_(bindparam("ids", expanding=True)))
    .values(next_try_at=bindparam("at"))
)
_REVIVE = (
    update(_notices)
    .where(_notices.c.replaced_by_id.in_(bindparam("ids", expanding=True)))
    .values(
        state=NoticeState.PENDING,
        replaced_by_id=None,
        settled_at=None,
        next_try_at=bindparam("at"),
    )
)
_GIVE_BACK = (
    update(_engineers)
    .where(_engineers.c.person_id == bindparam("of_engineer"))
    .values(
        open_tickets=_engineers.c.open_tickets + 1,
        workload=_engineers.c.workload + bindparam("weight"),
    )
)


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the actor did last and can take back for a moment: to whom, and until when."""

    is_reply: bool
    name: str
    until: datetime


class TooLateToUndo(Refusal):
    """The engineer is being told already, or something has come of it."""

    text_key = "desk_act.too_late_to_undo"


# --- before and after an assignment -------------------------------------------------------------


def picture(session: Session, ticket: Ticket, engineer_id: int) -> dict[str, Any]:
    """How the ticket stands now, as a line of its timeline keeps it."""
    clocks_now = session.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id))
    times = {name: getattr(ticket, name) for name in _TIMES}
    waited_since = session.get_one(Engineer, engineer_id).last_assigned_at
    return {
        "status": ticket.status.value,
        "assignee_id": ticket.assignee_id,
        "newest_notice": session.scalar(_newest_notice(ticket.id)) or 0,
        "last_assigned_at": waited_since.isoformat() if waited_since else None,
        "clocks": [[each.kind.value, each.due_at.isoformat(), each.step] for each in clocks_now],
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }


def _newest_notice(ticket_id: int) -> Any:
    return select(func.max(Notice.id)).where(Notice.ticket_id == ticket_id)


def hold_back(session: Session, ticket: Ticket, before: dict[str, Any], now: datetime) -> None:
    """What was just queued of this ticket leaves after some seconds, and can be taken back."""
    session.flush()
    newest = before.pop("newest_notice")
    told = select(Notice.id).where(Notice.ticket_id == ticket.id, Notice.id > newest)
    ids = list(session.scalars(told))
    session.connection().execute(_LATER, {"ids": ids, "at": now + WITHIN})
    line = session.scalars(_last_assignment(ticket.id)).one()
    line.detail = {**(line.detail or {}), "undoable": {**before, "notices": ids}}
    session.flush()


def _last_assignment(ticket_id: int) -> Any:
    return (
        select(Activity)
        .where(
            Activity.ticket_id == ticket_id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN]),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    )


# --- taking it back -----------------------------------------------------------------------------


def undo(desk: "Desk", ticket_id: int) -> TicketView:
    """The actor's own assignment is taken back before anybody heard of it; else TooLateToUndo."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    line = _own_assignment(desk, ticket)
    before = (line.detail or {})["undoable"]
    later = _later_lines(session, line, Status(before["status"]))
    if not withdraw(session, before["notices"], now):
        raise TooLateToUndo()
    dispatching.decide_alone(session)
    _put_counts_back(session, ticket, before)
    _put_back(session, ticket, before)
    _rewrite(line, later, now)
    session.flush()
    targets.put_back(session, ticket, desk.rules, now)
    act(
        session,
        ticket,
        Action.NOTE,
        actor_id=desk.actor.id,
        now=now,
        undo=True,
        to=(line.detail or {})["undone"]["to"],
    )
    return queries.view(session, ticket)


def _own_assignment(desk: "Desk", ticket: Ticket) -> Activity:
    line: Activity | None = desk.session.scalars(_last_assignment(ticket.id)).first()
    if line is None or line.actor_id != desk.actor.id or ticket.status is not Status.ASSIGNED:
        raise TooLateToUndo()
    detail = line.detail or {}
    if "undoable" not in detail or detail.get("engineer_id") != ticket.assignee_id:
        raise TooLateToUndo()
    return line


def _later_lines(session: Session, line: Activity, status: Status) -> list[Activity]:
    """What was added meanwhile, such as a photo; only what fits the former status, too."""
    later = list(
        session.scalars(
            select(Activity).where(Activity.ticket_id == line.ticket_id, Activity.id > line.id)
        )
    )
    if any(LIFECYCLE.get((status, each.action)) is not status for each in later):
        raise TooLateToUndo()
    return later


def withdraw(session: Session, ids: list[int], now: datetime) -> bool:
    """All of them or none: who sends has the same rows locked while they are being claimed."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.id.in_(ids))
        .order_by(Notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(each.state is not NoticeState.PENDING or each.tries > 0 for each in rows):
        return False
    for each in rows:
        each.state, each.settled_at = NoticeState.REPLACED, now
    session.flush()
    session.connection().execute(_REVIVE, {"ids": ids, "at": now})
    session.info["tells_somebody"] = True
    return True


def _put_counts_back(session: Session, ticket: Ticket, before: dict[str, Any]) -> None:
    new = session.get_one(Engineer, ticket.assignee_id, populate_existing=True)
    if new.last_assigned_at == ticket.assigned_at:  # nothing else was given to them since
        new.last_assigned_at = _instant(before["last_assigned_at"])
    session.flush()
    dispatching.release(session, ticket.assignee_id, ticket.priority)
    if before["assignee_id"] is not None:
        weight = PRIORITY_WEIGHT[ticket.priority]
        values = {"of_engineer": before["assignee_id"], "weight": weight}
        session.connection().execute(_GIVE_BACK, values)


def _put_back(session: Session, ticket: Ticket, before: dict[str, Any]) -> None:
    ticket.status = Status(before["status"])
    ticket.assignee_id = before["assignee_id"]
    for name in _TIMES:
        setattr(ticket, name, _instant(before[name]))
    clocks.stop(session, ticket.id)
    rows = [
        {**clocks.row(ticket.id, DeadlineKind(kind), datetime.fromisoformat(due_at)), "step": step}
        for kind, due_at, step in before["clocks"]
    ]
    if rows:
        clocks.insert_rows(session, rows)


def _rewrite(line: Activity, later: list[Activity], now: datetime) -> None:
    """The assignment becomes a note of what nearly happened: it gives nobody any rights."""
    assert line.status_before is not None, "only opening has no status before it"
    was = {"to": (line.detail or {})["engineer_id"], "at": now.isoformat()}
    line.action, line.status_after = Action.NOTE, line.status_before
    line.detail = {"undone": was}
    for each in later:
        each.status_before = each.status_after = line.status_before


def _instant(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def undoable(desk: "Desk", ticket_id: int) -> Undoable | None:
    """What the page of the ticket offers to take back."""
    line = desk.session.scalars(
        select(Activity)
        .where(
            Activity.ticket_id == ticket_id,
            Activity.actor_id == desk.actor.id,
            Activity.happened_at > desk.now - WITHIN,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN, Action.TALK]),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    ).first()
    detail = (line.detail or {}) if line else {}
    until = line.happened_at + WITHIN if line else desk.now
    if "notice_id" in detail:
        return Undoable(is_reply=True, name="", until=until)
    if "undoable" in detail:
        engineer = desk.session.get_one(Person, detail["engineer_id"])
        return Undoable(is_reply=False, name=engineer.name or "", until=until)
    return None
