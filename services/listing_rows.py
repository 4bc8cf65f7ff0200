"""The rows of a list: tickets with their engineer, what was sent, and who looks at them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import Status
from domain.numbers import short_number
from domain.priority import Priority
from models import (
    Activity,
    Attachment,
    Engineer,
    IntakeChannel,
    Person,
    Presence,
    Rating,
    Ticket,
    table_of,
)
from services.listing_wanted import Why
from services.speakers import is_reachable

SEEN_WITHIN = timedelta(seconds=40)
"""Whoever looks at a ticket says so more often than this."""


class Duty(StrEnum):
    """What the dot beside an engineer's name says."""

    ON = auto()
    OFF = auto()
    UNREACHED = auto()  # on duty, but no message gets to them


class Clock(StrEnum):
    """Which time is shown for a ticket."""

    ANSWER = auto()
    RESULT = auto()
    HELD = auto()


@dataclass(frozen=True, slots=True)
class Listed:
    """One ticket as a row of a list."""

    id: int
    number: str
    status: Status
    symptom: str
    category: Category
    priority: Priority
    contact_name: str
    contact_department: str
    place: str
    device: str | None
    channel: IntakeChannel
    opened_at: datetime
    response_due_at: datetime | None
    resolution_due_at: datetime
    hold_until: datetime | None
    engineer: str | None
    duty: Duty | None
    media: frozenset[str] = frozenset()
    changed_at: datetime | None = None
    score: int | None = None  # the lowest of the newest rating
    watched_by: tuple[tuple[int, str], ...] = ()  # who looks at it now: ids and names
    why: Why | None = None
    wished: str | None = None  # when the requester can be met, in their words
    wished_from: datetime | None = None
    wished_until: datetime | None = None
    is_gone: bool = False  # it has left the list since the page was opened

    @property
    def short(self) -> str:
        """The end of the number, as people say it."""
        return short_number(self.number)

    @property
    def viewers(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.watched_by)

    def shown_to(self, person_id: int) -> "Listed":
        """The row for this reader, who need not be told that they look at it."""
        if all(watcher != person_id for watcher, _ in self.watched_by):
            return self
        others = tuple(each for each in self.watched_by if each[0] != person_id)
        return replace(self, watched_by=others)

    @property
    def clock(self) -> tuple[Clock, datetime] | None:
        """The next time that was promised; None while nobody owes anything."""
        match self.status:
            case Status.ASSIGNED if self.response_due_at is not None:
                return Clock.ANSWER, self.response_due_at
            case Status.NEW | Status.ASSIGNED | Status.IN_PROGRESS:
                return Clock.RESULT, self.resolution_due_at
            case Status.ON_HOLD if self.hold_until is not None:
                return Clock.HELD, self.hold_until
        return None

    @property
    def amber_at(self) -> datetime | None:
        """When three quarters of the time are gone (C §14)."""
        if self.clock is None or self.clock[0] is Clock.HELD:
            return None
        return self.opened_at + (self.clock[1] - self.opened_at) * 0.75


_tickets, _people, _engineers = table_of(Ticket), table_of(Person), table_of(Engineer)
_attachments, _presences = table_of(Attachment), table_of(Presence)
_activities, _ratings = table_of(Activity), table_of(Rating)
_ROWS: Select[Any] = (
    select(
        _tickets.c.id,
        _tickets.c.number,
        _tickets.c.status,
        _tickets.c.symptom,
        _tickets.c.category,
        _tickets.c.priority,
        _tickets.c.contact_name,
        _tickets.c.contact_department,
        _tickets.c.place,
        _tickets.c.device,
        _tickets.c.channel,
        _tickets.c.opened_at,
        _tickets.c.response_due_at,
        _tickets.c.resolution_due_at,
        _tickets.c.hold_until,
        _tickets.c.wished_words,
        _tickets.c.wished_from,
        _tickets.c.wished_until,
        _people.c.name.label("engineer"),
        _people.c.openid,
        _people.c.is_following,
        _people.c.unreached_since,
        _engineers.c.is_on_duty,
    )
    .join_from(_tickets, _people, _people.c.id == _tickets.c.assignee_id, isouter=True)
    .join(_engineers, _engineers.c.person_id == _tickets.c.assignee_id, isouter=True)
)


def rows_of(
    session: Session, ids: Collection[int], now: datetime, *, is_detailed: bool = False
) -> dict[int, Listed]:
    """The tickets with these ids, as they stand for everybody."""
    if not ids:
        return {}
    media, viewers = _media(session, ids), _viewers(session, ids, now)
    changed = _changed(session, ids) if is_detailed else {}
    scores = _scores(session, ids) if is_detailed else {}
    return {
        row.id: _listed(row, media, viewers, changed, scores)
        for row in session.execute(_ROWS.where(_tickets.c.id.in_(ids)))
    }


def _listed(
    row: Row[Any],
    media: Mapping[int, frozenset[str]],
    viewers: Mapping[int, tuple[tuple[int, str], ...]],
    changed: Mapping[int, datetime],
    scores: Mapping[int, int],
) -> Listed:
    return Listed(
        id=row.id,
        number=row.number,
        status=row.status,
        symptom=row.symptom,
        category=row.category,
        priority=row.priority,
        contact_name=row.contact_name,
        contact_department=row.contact_department,
        place=row.place,
        device=row.device,
        channel=row.channel,
        opened_at=row.opened_at,
        response_due_at=row.response_due_at,
        resolution_due_at=row.resolution_due_at,
        hold_until=row.hold_until,
        engineer=row.engineer,
        duty=_duty(row),
        media=media.get(row.id, frozenset()),
        changed_at=changed.get(row.id),
        score=scores.get(row.id),
        watched_by=viewers.get(row.id, ()),
        wished=row.wished_words,
        wished_from=row.wished_from,
        wished_until=row.wished_until,
    )


def _duty(row: Row[Any]) -> Duty | None:
    if row.is_on_duty is None:
        return None
    if not row.is_on_duty:
        return Duty.OFF
    return Duty.ON if is_reachable(row) else Duty.UNREACHED


def _media(session: Session, ids: Collection[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    statement = (  # ix_attachments_ticket_id
        select(_attachments.c.ticket_id, _attachments.c.kind)
        .where(_attachments.c.ticket_id.in_(ids))
        .distinct()
    )
    for row in session.execute(statement):
        found.setdefault(row.ticket_id, set()).add(row.kind)
    return {ticket_id: frozenset(kinds) for ticket_id, kinds in found.items()}


def _viewers(
    session: Session, ids: Collection[int], now: datetime
) -> dict[int, tuple[tuple[int, str], ...]]:
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    statement = (
        select(_presences.c.ticket_id, _people.c.id, _people.c.name)
        .join(_people, _people.c.id == _presences.c.person_id)
        .where(_presences.c.ticket_id.in_(ids), _presences.c.seen_at > now - SEEN_WITHIN)
        .order_by(_people.c.id)
    )
    for row in session.execute(statement):
        found[row.ticket_id] = (*found.get(row.ticket_id, ()), (row.id, row.name or ""))
    return found


def _changed(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    statement = (  # ix_activities_ticket_id_id
        select(_activities.c.ticket_id, func.max(_activities.c.happened_at).label("at"))
        .where(_activities.c.ticket_id.in_(ids))
        .group_by(_activities.c.ticket_id)
    )
    return {row.ticket_id: row.at for row in session.execute(statement)}


def _scores(session: Session, ids: Collection[int]) -> dict[int, int]:
    statement = (  # uq_ratings_ticket_id_cycle
        select(_ratings.c.ticket_id, _ratings.c.speed, _ratings.c.attitude, _ratings.c.result)
        .where(_ratings.c.ticket_id.in_(ids))
        .order_by(_ratings.c.ticket_id, _ratings.c.cycle)
    )
    return {
        row.ticket_id: min(row.speed, row.attitude, row.result)
        for row in session.execute(statement)
    }
