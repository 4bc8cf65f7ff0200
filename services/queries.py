"""Reads tickets for people: their own, those that wait for them, one by its number."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import Permission, may
from domain.refusals import NotFound
from domain.sentence import Say
from domain.speaker import Speaker
from models import Activity, Person, Rating, Resolution, Ticket
from services.records import involves, stand_of
from services.views import PersonView, TicketView

_LISTED = 20  # a chat message holds no more; the rest is in the console
_assignee = aliased(Person)
_SELECT = select(Ticket, _assignee).join(_assignee, Ticket.assignee, isouter=True)


def view(session: Session, ticket: Ticket) -> TicketView:
    """The ticket as it stands, with its engineer."""
    assignee = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    return _view(ticket, assignee)


def _view(ticket: Ticket, assignee: Person | None) -> TicketView:
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        status=ticket.status,
        cycle=ticket.cycle,
        symptom=ticket.symptom,
        description=ticket.description,
        device=ticket.device,
        place=ticket.place,
        category=ticket.category,
        priority=ticket.priority,
        urgency=ticket.urgency,
        requester_id=ticket.requester_id,
        contact_name=ticket.contact_name,
        contact_phone=ticket.contact_phone,
        contact_department=ticket.contact_department,
        opened_at=ticket.opened_at,
        response_due_at=ticket.response_due_at,
        responded_at=ticket.responded_at,
        resolution_due_at=ticket.resolution_due_at,
        hold_until=ticket.hold_until,
        assignee=PersonView(assignee.id, assignee.name or "", assignee.reached_by)
        if assignee
        else None,
    )


def _views(session: Session, statement: Select[Ticket, Person]) -> tuple[TicketView, ...]:
    return tuple(_view(ticket, assignee) for ticket, assignee in session.execute(statement))


def ticket(session: Session, actor: Speaker, ticket_id: int) -> TicketView:
    """A ticket that the actor may read; NotFound for any other, whether it exists or not."""
    found = session.get(Ticket, ticket_id)
    if found is None:
        raise NotFound()
    if not may(actor.roles, Permission.TICKET_READ, stand_of(session, actor, found)):
        raise NotFound()
    return view(session, found)


def find(
    session: Session, actor: Speaker, reference: str, among: Collection[TicketView]
) -> TicketView:
    """By the whole number; or by its end, among these, else the newest that the actor may read."""
    for each in among:
        if reference in (each.number, each.short):
            return each
    statement = select(Ticket).order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(10)
    if "-" in reference:
        statement = statement.where(Ticket.number == reference)
    else:
        ends = Ticket.number.endswith(f"-{reference}", autoescape=True)
        statement = statement.where(ends, _touches(actor))
    for found in session.scalars(statement):
        if may(actor.roles, Permission.TICKET_READ, stand_of(session, actor, found)):
            return view(session, found)
    raise NotFound()


def _touches(actor: Speaker) -> Any:
    """What a person may mean by four digits: their own, or one they work on; the desk any."""
    if may(actor.roles, Permission.TICKET_READ):
        return True
    had = exists().where(Activity.ticket_id == Ticket.id, involves(actor))
    mine = or_(
        Ticket.requester_id == actor.id,
        Ticket.assignee_id == actor.id,
        Ticket.supporter_id == actor.id,
    )
    return or_(mine, had)


def reported_by(session: Session, actor: Speaker) -> tuple[TicketView, ...]:
    statement = (
        _SELECT.where(
            Ticket.requester_id == actor.id,
            Ticket.status.in_([*OPEN_STATUSES, Status.RESOLVED]),
        )
        .order_by(Ticket.opened_at, Ticket.id)
        .limit(_LISTED)
    )
    return _views(session, statement)


def last_ended(session: Session, actor: Speaker, since: datetime) -> TicketView | None:
    statement = (
        _SELECT.where(
            Ticket.requester_id == actor.id,
            Ticket.status == Status.CLOSED,
            Ticket.closed_at >= since,
        )
        .order_by(Ticket.closed_at.desc())
        .limit(1)
    )
    return next(iter(_views(session, statement)), None)


def to_rate(session: Session, actor: Speaker) -> TicketView | None:
    rated = exists().where(Rating.ticket_id == Ticket.id, Rating.cycle == Ticket.cycle)
    solved = exists().where(
        Resolution.ticket_id == Ticket.id,
        Resolution.cycle == Ticket.cycle,
        Resolution.engineer_id == actor.id,
    )
    statement = (
        _SELECT.where(
            Ticket.requester_id == actor.id,
            Ticket.status == Status.CLOSED,
            Ticket.assignee_id.is_distinct_from(actor.id),
            ~rated,
            ~solved,
        )
        .order_by(Ticket.closed_at.desc())
        .limit(1)
    )
    return next(iter(_views(session, statement)), None)


def waiting_for(session: Session, actor: Speaker) -> tuple[TicketView, ...]:
    return _in_hand(session, actor, Status.ASSIGNED)


def work_of(session: Session, actor: Speaker) -> tuple[TicketView, ...]:
    return _in_hand(session, actor, Status.IN_PROGRESS, Status.ON_HOLD)


def _in_hand(session: Session, actor: Speaker, *statuses: Status) -> tuple[TicketView, ...]:
    statement = (
        _SELECT.where(Ticket.assignee_id == actor.id, Ticket.status.in_(statuses))
        .order_by(Ticket.priority, Ticket.opened_at)
        .limit(_LISTED)
    )
    return _views(session, statement)


def count_in_hand(session: Session, person_id: int) -> int:
    """Tickets that an engineer still owes work on."""
    held = [Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD]
    statement = (
        select(func.count())
        .select_from(Ticket)
        .where(Ticket.assignee_id == person_id, Ticket.status.in_(held))
    )
    return session.scalar(statement) or 0


def solution_of(session: Session, actor: Speaker, ticket_id: int) -> str:
    ticket(session, actor, ticket_id)
    statement = (
        select(Resolution.action_taken)
        .where(Resolution.ticket_id == ticket_id)
        .order_by(Resolution.cycle.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""


_TOLD = (
    Action.ASSIGN,
    Action.REASSIGN,
    Action.ACCEPT,
    Action.PROGRESS,
    Action.HOLD,
    Action.RESUME,
    Action.RESOLVE,
    Action.REOPEN,
)


def last_word(session: Session, actor: Speaker, ticket_id: int) -> Say | None:
    """The newest thing that was done, as the requester may read it."""
    ticket(session, actor, ticket_id)
    statement = (
        select(Activity, Person.name)
        .join(Person, Person.id == Activity.actor_id, isouter=True)
        .where(Activity.ticket_id == ticket_id, Activity.action.in_(_TOLD))
        .order_by(Activity.id.desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    activity, name = found
    detail = activity.detail or {}
    words = detail.get("words") or detail.get("reason")
    return Say(
        f"timeline.{activity.action.value}",
        {"who": name, "at": activity.happened_at, "words": words},
    )
