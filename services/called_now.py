"""Whom an urgent matter is waking right now, as its page tells who reported it (F15)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from domain.priority import Priority
from models import Activity, Deadline, Person, Ticket
from services import on_call
from services.views import Called, PersonView

if TYPE_CHECKING:
    from services.desk import Rules


def called_now(session: Session, ticket_id: int, rules: "Rules", now: datetime) -> Called | None:
    """Who has been called and has not answered yet, or that nobody could be; None by day."""
    ticket = session.get_one(Ticket, ticket_id)
    if ticket.status not in (Status.NEW, Status.ASSIGNED):
        return None
    answers_by = _due_at(session, ticket, DeadlineKind.CALL_OUT)
    if answers_by is not None:
        return _called(session, ticket, answers_by)
    if ticket.status is Status.ASSIGNED or ticket.priority is not Priority.URGENT:
        return None
    opens_at = _due_at(session, ticket, DeadlineKind.DISPATCH)
    if opens_at is None or opens_at <= now:
        return None
    is_silenced = on_call.is_silenced(session, ticket.requester_id, now)
    return Called(None, is_silenced=is_silenced, opens_at=opens_at, desk_phone=rules.desk_phone)


def _called(session: Session, ticket: Ticket, answers_by: datetime) -> Called | None:
    """The newest who was called: to come, or to find somebody who comes."""
    newest = session.execute(
        select(Activity.action, Activity.detail["engineer_id"].as_integer().label("person_id"))
        .where(
            # By ix_activities_ticket_id: a few lines.
            Activity.ticket_id == ticket.id,
            Activity.action.in_([Action.ASSIGN, Action.REASSIGN, Action.ESCALATE]),
            Activity.detail["called"].as_integer() >= 0,
        )
        .order_by(Activity.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    person = session.get_one(Person, newest.person_id)
    seen = PersonView(person.id, person.name or "", person.reached_by)
    return Called(seen, newest.action is not Action.ESCALATE, answers_by=answers_by)


def _due_at(session: Session, ticket: Ticket, kind: DeadlineKind) -> datetime | None:
    wanted = select(Deadline.due_at).where(Deadline.ticket_id == ticket.id, Deadline.kind == kind)
    return session.scalar(wanted)
