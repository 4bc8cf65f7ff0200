"""A ticket's timeline, and the look-up of the ticket that something happens to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Action, Status, next_status
from domain.permissions import Permission, Role, Stand, demand, may
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import Activity, Engineer, Ticket
from services import following


def locked(session: Session, ticket_id: int) -> Ticket:
    """The ticket under its lock; NotFound if there is none."""
    ticket = session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None:
        raise NotFound()
    return ticket


def permitted(session: Session, actor: Speaker, ticket_id: int, permission: Permission) -> Ticket:
    """The locked ticket, if the actor may do this to it; one that they may not see is not found."""
    ticket = locked(session, ticket_id)
    stand = stand_of(session, actor, ticket)
    if not may(actor.roles, permission, stand):
        if not may(actor.roles, Permission.TICKET_READ, stand):
            raise NotFound()
        demand(actor.roles, permission, stand)
    return ticket


def stand_of(session: Session, actor: Speaker, ticket: Any) -> Stand:
    """How the actor stands to a ticket or its row; only engineers need the costlier questions."""
    is_engineer = Role.ENGINEER in actor.roles
    is_assigned = ticket.assignee_id == actor.id
    return Stand(
        is_own=ticket.requester_id == actor.id,
        is_assigned=is_assigned,
        was_assigned=is_engineer and not is_assigned and has_had(session, actor, ticket),
        is_supporting=ticket.supporter_id == actor.id,
        is_in_area=is_engineer and _is_in_area(session, actor, ticket),
    )


def has_had(session: Session, actor: Speaker, ticket: Any) -> bool:
    """Whether the actor ever had to do with the ticket, or was asked to."""
    had = exists().where(Activity.ticket_id == ticket.id, involves(actor))
    return bool(session.scalar(select(had)))


def involves(actor: Speaker) -> ColumnElement[bool]:
    """Lines of what the actor did, or of tickets that were dispatched to them."""
    dispatched_to = Activity.detail["engineer_id"].as_integer()
    return or_(Activity.actor_id == actor.id, dispatched_to == actor.id)


def _is_in_area(session: Session, actor: Speaker, ticket: Any) -> bool:
    if ticket.status not in OPEN_STATUSES:
        return False
    areas = session.scalar(select(Engineer.areas).where(Engineer.person_id == actor.id)) or []
    return any(area and area in ticket.place for area in areas)


def act(
    session: Session,
    ticket: Ticket,
    action: Action,
    *,
    actor_id: int | None,
    now: datetime,
    **detail: Any,
) -> Status:
    """Move the ticket as the lifecycle says, and record it; answers the status it had."""
    before = ticket.status
    ticket.status = next_status(before, action)
    session.add(
        Activity(
            ticket_id=ticket.id,
            action=action,
            status_before=before,
            status_after=ticket.status,
            actor_id=actor_id,
            happened_at=now,
            detail=_plain(detail) or None,
        )
    )
    following.heard_of(session, ticket, action, before, actor_id, now, detail.get("words"))
    return before


def end_hold(ticket: Ticket) -> None:
    """The ticket waits for nothing any more; its promises go on by `targets.resume`."""
    ticket.on_hold_since = ticket.hold_until = None


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if value is not None}
