"""How the desk stands now: what desk and head ask for in chat (O1's first form)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from domain.lifecycle import OPEN_STATUSES, Status
from domain.numbers import short_number
from domain.permissions import Permission, demand
from models import Conversation, Engineer, Holder, Person, Ticket, table_of
from services import queries, undelivered
from services.speakers import is_reachable
from services.views import OnDuty, Overview, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_NAMED_LATE = 5  # numbers in one message

_tickets, _people, _engineers = table_of(Ticket), table_of(Person), table_of(Engineer)
_UNENDED = (*OPEN_STATUSES, Status.RESOLVED)

ON_DUTY: Select[Any] = (
    select(
        _people.c.name,
        _people.c.openid,
        _people.c.is_following,
        _people.c.unreached_since,
        _engineers.c.open_tickets,
    )
    .join_from(_engineers, _people, _people.c.id == _engineers.c.person_id)
    .where(_engineers.c.is_on_duty)
    .order_by(_engineers.c.open_tickets.desc(), _people.c.id)
)
"""Who signed in; who has most in hand first."""


def overview(desk: "Desk") -> Overview:
    """Counted afresh: it is asked for a few times a day."""
    demand(desk.actor.roles, Permission.OVERVIEW_READ)
    session, now = desk.session, desk.now
    session.flush()
    late = _late(session, now)
    opened, ended = _today(session, now)
    return Overview(
        by_status=_by_status(session),
        late=tuple(short_number(number) for number in late[:_NAMED_LATE]),
        late_count=len(late),
        oldest=_oldest(desk),
        on_duty=_on_duty(session),
        people_waiting=_people_waiting(session),
        undelivered=undelivered.count(session, now),
        opened_today=opened,
        ended_today=ended,
    )


def _by_status(session: Session) -> Mapping[Status, int]:
    rows = session.execute(
        select(_tickets.c.status, func.count())
        .where(_tickets.c.status.in_(_UNENDED))
        .group_by(_tickets.c.status)
    )
    return {row[0]: row[1] for row in rows}


def _late(session: Session, now: datetime) -> list[str]:
    """Not answered, or without result, in the promised time; the clock of one on hold stands."""
    is_unanswered = and_(_tickets.c.status == Status.ASSIGNED, _tickets.c.response_due_at < now)
    at_work = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS)
    is_overdue = and_(_tickets.c.status.in_(at_work), _tickets.c.resolution_due_at < now)
    statement = (
        select(_tickets.c.number)
        .where(or_(is_unanswered, is_overdue))
        .order_by(_tickets.c.priority, _tickets.c.opened_at)
    )
    return list(session.scalars(statement))


def _oldest(desk: "Desk") -> TicketView | None:
    """Of those that wait for somebody to take them on."""
    ticket_id = desk.session.scalar(
        select(_tickets.c.id)
        .where(_tickets.c.status.in_([Status.NEW, Status.ASSIGNED]))
        .order_by(_tickets.c.opened_at, _tickets.c.id)
        .limit(1)
    )
    return None if ticket_id is None else queries.ticket(desk.session, desk.actor, ticket_id)


def _on_duty(session: Session) -> tuple[OnDuty, ...]:
    """Who has most in hand first."""
    rows = session.execute(ON_DUTY)
    return tuple(OnDuty(row.name or "", row.open_tickets, is_reachable(row)) for row in rows)


def _people_waiting(session: Session) -> int:
    waiting = select(func.count()).where(Conversation.holder == Holder.WAITING)
    return session.scalar(waiting) or 0


def _today(session: Session, now: datetime) -> tuple[int, int]:
    """Reported, and closed, since the desk's midnight."""
    local = now.astimezone(CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    opened = select(func.count()).where(_tickets.c.opened_at >= midnight)
    ended = select(func.count()).where(
        _tickets.c.status == Status.CLOSED, _tickets.c.closed_at >= midnight
    )
    return session.scalar(opened) or 0, session.scalar(ended) or 0
