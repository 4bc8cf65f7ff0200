"""Whether anything changed that a list shows: one statement, asked once a second for all tabs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from models import (
    IS_UNENDED,
    Activity,
    Conversation,
    Deadline,
    Engineer,
    Holder,
    Person,
    Presence,
    Takeover,
    Ticket,
    table_of,
)
from services.listing_rows import SEEN_WITHIN
from services.listing_wanted import limits_at
from services.shared_answers import shared

if TYPE_CHECKING:
    from services.desk import Desk, Rules

_tickets, _deadlines = table_of(Ticket), table_of(Deadline)
_presences, _engineers = table_of(Presence), table_of(Engineer)


def _next_due(after: str) -> Any:
    # ix_tickets_open_due
    return (
        select(_tickets.c.resolution_due_at)
        .where(IS_UNENDED, _tickets.c.resolution_due_at > bindparam(after))
        .order_by(_tickets.c.resolution_due_at)
        .limit(1)
        .scalar_subquery()
    )


_STILL_WAITS = and_(  # ix_takeovers_open: few are; a desk has a conversation for everybody
    Takeover.ended_at.is_(None),
    exists().where(
        Conversation.person_id == Takeover.person_id, Conversation.holder == Holder.WAITING
    ),
)
_waiting = select(func.count()).select_from(Takeover).where(_STILL_WAITS).scalar_subquery()
# Each part is one look into an index. What only time changes is told by the next time that is due:
# when it has passed, another one is.
_STATE: Select[Any] = select(
    select(func.max(Activity.id)).scalar_subquery(),
    select(func.min(_deadlines.c.due_at))
    .where(_deadlines.c.due_at > bindparam("now"))
    .scalar_subquery(),
    _next_due("now"),
    _next_due("soon"),
    _waiting,
    select(func.coalesce(func.sum(_presences.c.ticket_id * 7919 + _presences.c.person_id), 0))
    .where(_presences.c.seen_at > bindparam("lately"))
    .scalar_subquery(),
    select(func.coalesce(func.sum(_engineers.c.person_id), 0))
    .where(_engineers.c.is_on_duty)
    .scalar_subquery(),
)


def state(desk: "Desk") -> tuple[str, ...]:
    """Other words whenever a ticket, a talk, a duty or a clock moved."""
    return state_at(desk.session, desk.now, desk.rules)


def state_at(session: Session, now: datetime, rules: "Rules") -> tuple[str, ...]:
    """As `state`, for who only asks whether something moved."""
    return shared(session, "state", lambda: _state(session, now, rules))


def _state(session: Session, now: datetime, rules: "Rules") -> tuple[str, ...]:
    limits = limits_at(now, rules.targets.respond_within)
    facts = {"now": limits.now, "soon": limits.result_soon, "lately": now - SEEN_WITHIN}
    found = session.execute(_STATE, facts).one()
    return tuple(map(str, (*found, limits.today)))


def people_waiting(desk: "Desk") -> tuple[tuple[str, datetime], ...]:
    """Who waits for a person of the desk, longest first; served by the index of open takeovers."""
    statement = (
        select(Person.name, Takeover.asked_at)
        .select_from(Takeover)
        .outerjoin(Person, Person.id == Takeover.person_id)  # so that it begins with the few
        .where(_STILL_WAITS)
        .order_by(Takeover.asked_at, Takeover.id)
        .limit(20)
    )
    return tuple((row.name or "", row.asked_at) for row in desk.session.execute(statement))
