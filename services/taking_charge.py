"""The ladder by hand: somebody sees to it, somebody is told now, or nobody any more (F11)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.commands import Command
from domain.deadlines import DeadlineKind
from domain.escalation import Hearer
from domain.lifecycle import Action, next_status
from domain.permissions import Permission, demand
from domain.refusals import Refusal
from models import Activity, Deadline, Ticket
from services import calling, clocks, escalating, notices, queries
from services.notices import button
from services.records import permitted
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

TAKEN_FOR = timedelta(minutes=30)
"""So long nobody else is told once somebody sees to it; then the ladder is climbed on (B4)."""

_WAITING = (DeadlineKind.LADDER, DeadlineKind.CALL_OUT)


class NobodyThere(Refusal):
    """There is no lead or head whom a message could reach."""

    text_key = "ladder.nobody_there"


class NotClimbing(Refusal):
    """Nothing is being escalated that could be stopped."""

    text_key = "ladder.not_climbing"


def take_charge(desk: "Desk", ticket_id: int) -> TicketView:
    """The actor sees to it: for a while nobody else is told."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_READ)
    if not _was_told(desk, ticket):
        demand(desk.actor.roles, Permission.TICKET_DISPATCH)
    next_status(ticket.status, Action.ESCALATE)
    if _took_last(desk, ticket):
        return queries.view(session, ticket)  # tapped twice: said once
    escalating.note(session, ticket, "taken", None, now, actor_id=desk.actor.id, taken=True)
    for deadline in _waiting(desk, ticket):
        later = max(deadline.due_at, now + TAKEN_FOR)
        clocks.start(session, ticket.id, deadline.kind, later, step=deadline.step)
    for person_id in calling.called_above(session, ticket):
        if person_id != desk.actor.id:
            notices.tell(
                session,
                person_id,
                "notice.taken_charge",
                now,
                ticket=ticket,
                who=desk.actor.name,
                symptom=ticket.symptom,
            )
    return queries.view(session, ticket)


def _was_told(desk: "Desk", ticket: Ticket) -> bool:
    told = select(Activity.id).where(
        Activity.ticket_id == ticket.id,
        Activity.action == Action.ESCALATE,
        Activity.detail["engineer_id"].as_integer() == desk.actor.id,
    )
    return desk.session.scalar(told.limit(1)) is not None


def _took_last(desk: "Desk", ticket: Ticket) -> bool:
    """Whether the newest word of the ladder is the actor's own."""
    newest = desk.session.scalar(
        select(Activity)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.ESCALATE)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return (
        newest is not None
        and newest.actor_id == desk.actor.id
        and bool((newest.detail or {}).get("taken"))
    )


def _waiting(desk: "Desk", ticket: Ticket) -> list[Deadline]:
    statement = select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.kind.in_(_WAITING))
    found = list(desk.session.scalars(statement))
    for each in found:
        desk.session.expunge(each)
    return found


def escalate(desk: "Desk", ticket_id: int, to: Hearer, reason: str) -> TicketView:
    """Tell the lead or the head now, whatever the ladder says."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    next_status(ticket.status, Action.ESCALATE)
    people = [
        each for each in escalating.people_of(session, ticket, (to,)) if each != desk.actor.id
    ]
    if not people:
        raise NobodyThere()
    facts = escalating.facts_of(session, ticket)
    for person_id in people:
        escalating.note(
            session,
            ticket,
            "by_hand",
            person_id,
            now,
            actor_id=desk.actor.id,
            by_hand=True,
            reason=reason,
        )
        notices.tell(
            session,
            person_id,
            "notice.ladder_by_hand",
            now,
            ticket=ticket,
            is_urgent=True,
            buttons=(
                button(Command.TAKE_CHARGE, ticket.number),
                button(Command.SHOW, ticket.number),
            ),
            known={**facts, "who": desk.actor.name, "reason": reason},
        )
    return queries.view(session, ticket)


def quiet(desk: "Desk", ticket_id: int, reason: str) -> TicketView:
    """Nobody further is told of what is late now; what becomes late later begins anew."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_DISPATCH)
    if escalating.current(session, ticket) is None:
        raise NotClimbing()
    escalating.note(
        session,
        ticket,
        "quiet",
        None,
        desk.now,
        actor_id=desk.actor.id,
        quiet=True,
        reason=reason,
    )
    escalating.stop(session, ticket)
    return queries.view(session, ticket)
