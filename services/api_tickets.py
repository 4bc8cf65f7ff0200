"""Tickets as the API lists them: those that one may read, filtered, page by page (F3, Y1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.permissions import PERMISSIONS, Permission, Relation, Role, Stand, demand, may
from domain.priority import Priority
from domain.refusals import NotFound
from domain.speaker import Speaker
from models import IS_AGREED, Activity, Device, Engineer, IntakeChannel, Person, Ticket, table_of
from services.records import involves
from services.timeline import Entry, timeline

if TYPE_CHECKING:
    from services.desk import Desk

_tickets, _people, _activities = table_of(Ticket), table_of(Person), table_of(Activity)
_devices = table_of(Device)
_requesters, _assignees = _people.alias("requesters"), _people.alias("assignees")
_devices_of, _merged = _devices.alias("devices_of"), _tickets.alias("merged")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are asked for; what is empty leaves nothing out."""

    status: frozenset[Status] = frozenset()
    category: frozenset[Category] = frozenset()
    priority: frozenset[Priority] = frozenset()
    updated_since: datetime | None = None
    requester_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the ticket that stood last on it."""

    at: datetime  # when it was opened; of a time that was wished for: that
    id: int
    is_of_wish: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket with the names around it, as far as its reader may know them."""

    ticket: Any
    requester_phone: str | None
    assignee_phone: str | None


# --- who sees what -------------------------------------------------------------------------------


def visible_to(session: Session, actor: Speaker) -> ColumnElement[bool]:
    """The tickets that somebody may read: the table of permissions as a condition (Y1)."""
    rows = PERMISSIONS[Permission.TICKET_READ]
    relations = {relation for role in actor.roles for relation in rows.get(role, ())}
    if Relation.ANY in relations:
        return true()
    is_engineer = Role.ENGINEER in actor.roles
    conditions = [
        _RELATIONS[relation](session, actor)
        for relation in Relation
        if relation in relations and (is_engineer or relation not in _OF_ENGINEERS)
    ]
    return or_(false(), *conditions)


def _in_area(session: Session, actor: Speaker) -> ColumnElement[bool]:
    areas = session.scalar(select(Engineer.areas).where(Engineer.person_id == actor.id)) or []
    named = [_tickets.c.place.contains(area, autoescape=True) for area in areas if area]
    return and_(_tickets.c.status.in_(OPEN_STATUSES), or_(false(), *named))


def _had(_: Session, actor: Speaker) -> ColumnElement[bool]:
    return exists().where(Activity.ticket_id == _tickets.c.id, involves(actor))


_OF_ENGINEERS = (Relation.WAS_ASSIGNED, Relation.IN_AREA)
_RELATIONS: Mapping[Relation, Callable[[Session, Speaker], ColumnElement[bool]]] = {
    Relation.OWN: lambda _, actor: _tickets.c.requester_id == actor.id,
    Relation.ASSIGNED: lambda _, actor: _tickets.c.assignee_id == actor.id,
    Relation.SUPPORTING: lambda _, actor: _tickets.c.supporter_id == actor.id,
    Relation.WAS_ASSIGNED: _had,
    Relation.IN_AREA: _in_area,
}


# --- tickets -------------------------------------------------------------------------------------


def _last_line(column: Any) -> ScalarSelect[Any]:
    """Of a ticket's newest line; served by ix_activities_ticket_id_id."""
    return (
        select(column)
        .where(_activities.c.ticket_id == _tickets.c.id)
        .order_by(_activities.c.id.desc())
        .limit(1)
        .correlate(_tickets)
        .scalar_subquery()
    )


_agreed_at = func.coalesce(_tickets.c.wished_from, _tickets.c.wished_until)
_HAS_TIME = and_(IS_AGREED, _agreed_at.is_not(None))
_updated_at = _last_line(_activities.c.happened_at)
_SHOWN: Select[Any] = (
    select(
        _tickets,
        _updated_at.label("updated_at"),
        _last_line(_activities.c.id).label("version"),
        _requesters.c.name.label("requester_name"),
        _assignees.c.name.label("assignee_name"),
        func.coalesce(_assignees.c.phone, _assignees.c.extension).label("assignee_reached_by"),
        _devices_of.c.code.label("device_code"),
        _merged.c.number.label("merged_into"),
    )
    .join_from(_tickets, _requesters, _requesters.c.id == _tickets.c.requester_id)
    .join(_assignees, _assignees.c.id == _tickets.c.assignee_id, isouter=True)
    .join(_devices_of, _devices_of.c.id == _tickets.c.device_id, isouter=True)
    .join(_merged, _merged.c.id == _tickets.c.merged_into_id, isouter=True)
)


def tickets(desk: "Desk", wanted: Wanted, below: Place | None, most: int) -> Sequence[Row]:
    """The newest first; a page that was begun is not moved by what is opened meanwhile.

    Served by ix_tickets_opened_at_id, or by the index of the person or status asked for.
    """
    demand_reading(desk)
    return _newest(desk, _asked_for(desk, wanted), below, most)


def tickets_by_wish(desk: "Desk", wanted: Wanted, below: Place | None, most: int) -> Sequence[Row]:
    """Where somebody is to be met first, by that time; behind them the others, the newest first."""
    demand_reading(desk)
    asked, found = _asked_for(desk, wanted), list[Row]()
    if below is None or below.is_of_wish:
        found += _soonest(desk, asked, below, most)
        below = None
    if len(found) < most:
        found += _newest(desk, asked.where(~_HAS_TIME), below, most - len(found))
    return found


def place_of(row: Row, *, is_by_wish: bool) -> Place:
    """Where a page ended that ended with this ticket."""
    ticket = row.ticket
    agreed_at = ticket.wished_from or ticket.wished_until
    is_agreed = ticket.wished_words is not None and ticket.status in OPEN_STATUSES
    if is_by_wish and is_agreed and agreed_at:
        return Place(agreed_at, ticket.id, is_of_wish=True)
    return Place(ticket.opened_at, ticket.id)


def _asked_for(desk: "Desk", wanted: Wanted) -> Select[Any]:
    return _SHOWN.where(visible_to(desk.session, desk.actor), *_conditions(wanted))


def _newest(desk: "Desk", asked: Select[Any], below: Place | None, most: int) -> list[Row]:
    if below is not None:
        asked = asked.where(tuple_(_tickets.c.opened_at, _tickets.c.id) < (below.at, below.id))
    newest = asked.order_by(_tickets.c.opened_at.desc(), _tickets.c.id.desc()).limit(most)
    return [_row(desk.actor, each) for each in desk.session.execute(newest)]


def _soonest(desk: "Desk", asked: Select[Any], after: Place | None, most: int) -> list[Row]:
    """Few are open with a time at all: ix_tickets_agreed."""
    asked = asked.where(_HAS_TIME)
    if after is not None:
        asked = asked.where(tuple_(_agreed_at, _tickets.c.id) > (after.at, after.id))
    soonest = asked.order_by(_agreed_at, _tickets.c.id).limit(most)
    return [_row(desk.actor, each) for each in desk.session.execute(soonest)]


def demand_reading(desk: "Desk") -> None:
    """Everybody reads their own; what else they see is a matter of each ticket."""
    demand(desk.actor.roles, Permission.TICKET_READ, Stand(is_own=True))


def ticket(desk: "Desk", ticket_id: int) -> Row:
    """One ticket that the actor may read, as it stands in this transaction."""
    desk.session.flush()
    found = desk.session.execute(
        _SHOWN.where(_tickets.c.id == ticket_id, visible_to(desk.session, desk.actor))
    ).first()
    if found is None:
        raise NotFound()
    return _row(desk.actor, found)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (_tickets.c.status, wanted.status),
        (_tickets.c.category, wanted.category),
        (_tickets.c.priority, wanted.priority),
    ):
        if values:
            found.append(column.in_(sorted(values)))
    if wanted.requester_id is not None:
        found.append(_tickets.c.requester_id == wanted.requester_id)
    if wanted.assignee_id is not None:
        found.append(_tickets.c.assignee_id == wanted.assignee_id)
    if wanted.updated_since is not None:
        found.append(_updated_at >= wanted.updated_since)
    return found


def _row(actor: Speaker, row: Any) -> Row:
    stand = Stand(
        is_own=row.requester_id == actor.id,
        is_assigned=row.assignee_id == actor.id,
        is_supporting=row.supporter_id == actor.id,
    )
    may_call = stand.is_own or may(actor.roles, Permission.PERSON_READ_PHONE, stand)
    return Row(row, row.contact_phone if may_call else None, row.assignee_reached_by)


def after_act(desk: "Desk", ticket_id: int) -> Ticket:
    """The ticket with which the actor just did something, whether they may read it now or not."""
    desk.session.flush()
    return desk.session.get_one(Ticket, ticket_id, populate_existing=True)


def came_by(desk: "Desk", ticket_id: int, channel: IntakeChannel) -> None:
    """How the report reached the desk that was taken down for somebody else."""
    desk.session.get_one(Ticket, ticket_id).channel = channel


# --- which version it is -------------------------------------------------------------------------


def version(session: Session, ticket_id: int) -> int:
    """The newest line of the ticket's timeline: each change of it has one."""
    session.flush()
    newest = select(func.max(Activity.id)).where(Activity.ticket_id == ticket_id)
    return session.scalar(newest) or 0


def changed_since(desk: "Desk", ticket_id: int, seen: int) -> tuple[Entry, ...]:
    """What happened after that line, as far as the actor may read it."""
    seen_at = select(Activity.happened_at).where(
        Activity.id == seen, Activity.ticket_id == ticket_id
    )
    since = desk.session.scalar(seen_at)
    entries = timeline(desk.session, desk.actor, ticket_id)
    return tuple(each for each in entries if since is None or each.at > since)


# --- what the API did ----------------------------------------------------------------------------


def newest_line(session: Session) -> int:
    """Where the timelines of all tickets stand."""
    return session.scalar(select(func.max(Activity.id))) or 0


def mark(session: Session, ticket_id: int, actor_id: int, since: int, token_id: int) -> None:
    """What was done since then was done by a token: its timeline keeps by which (Y1)."""
    session.flush()
    lines = session.scalars(
        select(Activity).where(
            Activity.ticket_id == ticket_id,
            Activity.id > since,
            Activity.actor_id == actor_id,
            Activity.action != Action.URGE,  # an urging with details is one that nobody heard
        )
    )
    for line in lines:
        line.detail = {**(line.detail or {}), "via": "api", "token": token_id}
