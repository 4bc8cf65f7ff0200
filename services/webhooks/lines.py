"""Lines of the histories that others are told of, with what a webhook may know of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.webhooks import OF_ACTION, OF_COMPLAINT_ACTION, Event
from models import (
    Activity,
    Complaint,
    ComplaintEvent,
    ComplaintPerson,
    Device,
    Person,
    Rating,
    Ticket,
    table_of,
)
from services.speakers import holds

_activities, _tickets = table_of(Activity), table_of(Ticket)
_devices, _ratings = table_of(Device), table_of(Rating)
_events, _complaints = table_of(ComplaintEvent), table_of(Complaint)
_merged = _tickets.alias("merged")

_AFTER: ColumnElement[Any] = bindparam("after")
_UPTO: ColumnElement[Any] = bindparam("upto")
# By their primary keys.
_OF_TICKETS = (
    select(_activities)
    .where(
        _activities.c.id > _AFTER,
        _activities.c.id <= _UPTO,
        _activities.c.action.in_(list(OF_ACTION)),
    )
    .order_by(_activities.c.id)
)
# Whoever manages webhooks reads their log, and must not learn there of what concerns them (P8).
_concerns_an_admin = exists().where(
    ComplaintPerson.complaint_id == _events.c.complaint_id,
    ComplaintPerson.person_id == Person.id,
    holds(Role.ADMIN),
)
_OF_COMPLAINTS = (
    select(_events, _complaints.c.number)
    .join_from(_events, _complaints, _complaints.c.id == _events.c.complaint_id)
    .where(
        _events.c.id > _AFTER,
        _events.c.id <= _UPTO,
        _events.c.action.in_(list(OF_COMPLAINT_ACTION)),
        ~_concerns_an_admin,
    )
    .order_by(_events.c.id)
)
_newest_line = (
    select(_activities.c.id, _activities.c.happened_at)
    .where(_activities.c.ticket_id == _tickets.c.id)
    .order_by(_activities.c.id.desc())
    .limit(1)
    .correlate(_tickets)
)
_TICKETS = (
    select(
        _tickets,
        _newest_line.with_only_columns(_activities.c.id).scalar_subquery().label("version"),
        _newest_line.with_only_columns(_activities.c.happened_at)
        .scalar_subquery()
        .label("updated_at"),
        _devices.c.code.label("device_code"),
        _merged.c.number.label("merged_into"),
    )
    .join_from(_tickets, _devices, _devices.c.id == _tickets.c.device_id, isouter=True)
    .join(_merged, _merged.c.id == _tickets.c.merged_into_id, isouter=True)
    .where(_tickets.c.id.in_(bindparam("ids", expanding=True)))
)
_RATINGS = (
    select(_ratings)
    .where(_ratings.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(_ratings.c.cycle)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One happening; `ticket` as it stood when this was read."""

    source: str
    id: int
    event: Event
    at: datetime
    subject: str  # the number
    status_before: str | None
    status_after: str
    actor_id: int | None = None
    ticket: Any = None
    ratings: Sequence[Any] = field(default=())

    @property
    def rating(self) -> Any:
        """The one that was given here: a later cycle may have another."""
        given = [each for each in self.ratings if each.rated_at <= self.at]
        return given[-1] if given else None


def newest_of_tickets(session: Session) -> int:
    return session.scalar(select(func.max(Activity.id))) or 0


def newest_of_complaints(session: Session) -> int:
    return session.scalar(select(func.max(ComplaintEvent.id))) or 0


def of_tickets(session: Session, after: int, upto: int, seen: Iterable[int]) -> list[Line]:
    """What happened to tickets in these lines, but for what was seen before."""
    known, connection = set(seen), session.connection()
    rows = connection.execute(_OF_TICKETS, {"after": after, "upto": upto})
    fresh = [row for row in rows if row.id not in known]
    if not fresh:
        return []
    ids = sorted({row.ticket_id for row in fresh})
    tickets = {row.id: row for row in connection.execute(_TICKETS, {"ids": ids})}
    ratings = _ratings_of(session, [row.ticket_id for row in fresh if _is_rating(row)])
    return [
        _of_ticket(row, tickets[row.ticket_id], ratings.get(row.ticket_id, ()))
        for row in fresh
        if row.ticket_id in tickets
    ]


def _is_rating(row: Any) -> bool:
    return OF_ACTION[row.action] is Event.RATING_GIVEN


def _ratings_of(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = {}
    if ticket_ids:
        for row in session.connection().execute(_RATINGS, {"ids": ticket_ids}):
            found.setdefault(row.ticket_id, []).append(row)
    return found


def _of_ticket(row: Any, ticket: Any, ratings: Sequence[Any]) -> Line:
    event = OF_ACTION[row.action]
    return Line(
        source="ticket",
        id=row.id,
        event=event,
        at=row.happened_at,
        subject=ticket.number,
        status_before=row.status_before.value if row.status_before else None,
        status_after=row.status_after.value,
        actor_id=row.actor_id,
        ticket=ticket,
        ratings=ratings if _is_rating(row) else (),
    )


def of_complaints(session: Session, after: int, upto: int, seen: Iterable[int]) -> list[Line]:
    """Complaints that were made or decided; never of whom or what they are about (P8)."""
    known = set(seen)
    rows = session.connection().execute(_OF_COMPLAINTS, {"after": after, "upto": upto})
    return [
        Line(
            source="complaint",
            id=row.id,
            event=OF_COMPLAINT_ACTION[row.action],
            at=row.happened_at,
            subject=row.number,
            status_before=None,
            status_after=row.status_after.value,
        )
        for row in rows
        if row.id not in known
    ]
