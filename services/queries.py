"""Reads tickets for people: their own, those that wait for them, one by its number."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import Permission, may
from domain.refusals import NotFound
from domain.sentence import Say
from domain.speaker import Speaker
from models import IS_UNENDED, Activity, Person, Rating, Resolution, Ticket, table_of
from services.records import involves, stand_of
from services.views import PersonView, TicketView

_LISTED = 20  # a chat message holds no more; the rest is in the console

_tickets, _people, _activities = table_of(Ticket), table_of(Person), table_of(Activity)
_assignees = _people.alias("assignees")
_of_person: BindParameter[int] = bindparam("of_person")
_of_ticket: BindParameter[int] = bindparam("of_ticket")

# Lists are read for every second message: built once, and without mapped objects (ADR 2).
_VIEWED = (
    select(
        _tickets.c.id,
        _tickets.c.number,
        _tickets.c.status,
        _tickets.c.cycle,
        _tickets.c.symptom,
        _tickets.c.description,
        _tickets.c.device,
        _tickets.c.place,
        _tickets.c.category,
        _tickets.c.priority,
        _tickets.c.urgency,
        _tickets.c.requester_id,
        _tickets.c.contact_name,
        _tickets.c.contact_phone,
        _tickets.c.contact_department,
        _tickets.c.opened_at,
        _tickets.c.response_due_at,
        _tickets.c.responded_at,
        _tickets.c.resolution_due_at,
        _tickets.c.hold_until,
        _tickets.c.wished_words,
        _tickets.c.wished_from,
        _tickets.c.wished_until,
        _tickets.c.assignee_id,
        _tickets.c.supporter_id,
        _assignees.c.name.label("assignee_name"),
        _assignees.c.phone.label("assignee_phone"),
        _assignees.c.extension.label("assignee_extension"),
    )
    .join_from(_tickets, _assignees, _tickets.c.assignee_id == _assignees.c.id, isouter=True)
    .limit(_LISTED)
)


def _is(*statuses: Status) -> ColumnElement[bool]:
    return or_(*(_tickets.c.status == status for status in statuses))


_ONE = _VIEWED.where(_tickets.c.id == _of_ticket)
_BY_URGENCY = (_tickets.c.priority, _tickets.c.opened_at)
# Served by ix_tickets_requester_id_opened_at.
_REPORTED = _VIEWED.where(
    _tickets.c.requester_id == _of_person, _is(*OPEN_STATUSES, Status.RESOLVED)
).order_by(_tickets.c.opened_at, _tickets.c.id)
_ENDED = (
    _VIEWED.where(
        _tickets.c.requester_id == _of_person,
        _is(Status.CLOSED),
        _tickets.c.closed_at >= bindparam("since"),
    )
    .order_by(_tickets.c.closed_at.desc())
    .limit(1)
)
# Served by ix_tickets_assignee_id_status_opened_at.
_WAITING = _VIEWED.where(_tickets.c.assignee_id == _of_person, _is(Status.ASSIGNED)).order_by(
    *_BY_URGENCY
)
_WORKED_ON = _VIEWED.where(
    _tickets.c.assignee_id == _of_person, _is(Status.IN_PROGRESS, Status.ON_HOLD)
).order_by(*_BY_URGENCY)
# With statuses handed over SQLite would read and sort all that is open.
_DUE_NEXT = (
    _VIEWED.where(IS_UNENDED)
    .order_by(_tickets.c.resolution_due_at, _tickets.c.id)
    .limit(bindparam("most"))
)
_rated = exists().where(Rating.ticket_id == _tickets.c.id, Rating.cycle == _tickets.c.cycle)
_solved_by_oneself = exists().where(
    Resolution.ticket_id == _tickets.c.id,
    Resolution.cycle == _tickets.c.cycle,
    Resolution.engineer_id == _of_person,
)
_TO_RATE = (
    _VIEWED.where(
        _tickets.c.requester_id == _of_person,
        _is(Status.CLOSED),
        _tickets.c.assignee_id.is_distinct_from(_of_person),
        ~_rated,
        ~_solved_by_oneself,
    )
    .order_by(_tickets.c.closed_at.desc())
    .limit(1)
)


def view(session: Session, ticket: Ticket) -> TicketView:
    """The ticket as it stands, with its engineer."""
    return _view(_rows(session, _ONE, of_ticket=ticket.id)[0])


def due_next(session: Session, most: int) -> tuple[TicketView, ...]:
    """Of all that has not ended, what is due first; for those who read every ticket."""
    return tuple(map(_view, _rows(session, _DUE_NEXT, most=most)))


def _rows(session: Session, statement: Select[Any], **facts: object) -> Sequence[Row[Any]]:
    session.flush()  # what was changed in this transaction is seen
    return session.connection().execute(statement, facts).all()


def _view(row: Row[Any]) -> TicketView:
    return TicketView(
        id=row.id,
        number=row.number,
        status=row.status,
        cycle=row.cycle,
        symptom=row.symptom,
        description=row.description,
        device=row.device,
        place=row.place,
        category=row.category,
        priority=row.priority,
        urgency=row.urgency,
        requester_id=row.requester_id,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_department=row.contact_department,
        opened_at=row.opened_at,
        response_due_at=row.response_due_at,
        responded_at=row.responded_at,
        resolution_due_at=row.resolution_due_at,
        hold_until=row.hold_until,
        assignee=_assignee(row),
        wished=row.wished_words,
        wished_from=row.wished_from,
        wished_until=row.wished_until,
    )


def _assignee(row: Row[Any]) -> PersonView | None:
    if row.assignee_id is None:
        return None
    return PersonView(
        row.assignee_id, row.assignee_name or "", row.assignee_phone or row.assignee_extension
    )


def _views(
    session: Session, statement: Select[Any], person_id: int, **facts: object
) -> tuple[TicketView, ...]:
    return tuple(map(_view, _rows(session, statement, of_person=person_id, **facts)))


def ticket(session: Session, actor: Speaker, ticket_id: int) -> TicketView:
    """A ticket that the actor may read; NotFound for any other, whether it exists or not."""
    for row in _rows(session, _ONE, of_ticket=ticket_id):
        if may(actor.roles, Permission.TICKET_READ, stand_of(session, actor, row)):
            return _view(row)
    raise NotFound()


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
    return _views(session, _REPORTED, actor.id)


def last_ended(session: Session, actor: Speaker, since: datetime) -> TicketView | None:
    return next(iter(_views(session, _ENDED, actor.id, since=since)), None)


def to_rate(session: Session, actor: Speaker) -> TicketView | None:
    return next(iter(_views(session, _TO_RATE, actor.id)), None)


def waiting_for(session: Session, actor: Speaker) -> tuple[TicketView, ...]:
    return _views(session, _WAITING, actor.id)


def work_of(session: Session, actor: Speaker) -> tuple[TicketView, ...]:
    return _views(session, _WORKED_ON, actor.id)


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


_LAST_WORD = (
    select(
        _activities.c.action,
        _activities.c.happened_at,
        _activities.c.detail,
        _people.c.name.label("who"),
    )
    .join_from(_activities, _people, _people.c.id == _activities.c.actor_id, isouter=True)
    .where(
        _activities.c.ticket_id == _of_ticket,
        or_(*(_activities.c.action == action for action in _TOLD)),
    )
    .order_by(_activities.c.id.desc())
    .limit(1)
)


def last_word(session: Session, actor: Speaker, ticket_id: int) -> Say | None:
    """The newest thing that was done, as the requester may read it."""
    ticket(session, actor, ticket_id)
    for row in _rows(session, _LAST_WORD, of_ticket=ticket_id):
        detail = row.detail or {}
        words = detail.get("words") or detail.get("reason")
        facts = {"who": row.who, "at": row.happened_at, "words": words}
        return Say(f"timeline.{row.action.value}", facts)
    return None
