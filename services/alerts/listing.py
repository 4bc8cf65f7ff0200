"""Alarms as lists: what fires, is silenced, is over; and one of them whole (F4, E class 8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.alerts import AlertState, Severity
from domain.lifecycle import Status
from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import (
    Alert,
    AlertDelivery,
    AlertEvent,
    AlertGroup,
    AlertSource,
    Person,
    Ticket,
)
from services.alerts import deliveries
from services.speakers import speaker_of

if TYPE_CHECKING:
    from services.desk import Desk

PAGE = 50
COUNTED = 999
_FIRST = 3  # of those to be confirmed stand above the list of tickets


class Which(StrEnum):
    OPEN = auto()
    SILENCED = auto()
    RECOVERED = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alarms; `before`: the last id of the page before."""

    which: Which = Which.OPEN
    source_id: int | None = None
    severity: Severity | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One alarm as a row."""

    id: int
    name: str
    summary: str
    severity: Severity
    state: AlertState
    is_silenced: bool
    silenced_until: datetime | None
    source: str
    group: str
    group_count: int
    count: int
    flaps: int
    first_at: datetime
    last_at: datetime
    recovered_at: datetime | None
    ticket: str | None
    ticket_status: Status | None

    @property
    def is_to_confirm(self) -> bool:
        """Nobody has said yet what becomes of it."""
        return self.state is AlertState.FIRING and not self.is_silenced and self.ticket is None


@dataclass(frozen=True, slots=True)
class Sent:
    """The delivery by which it came, as long as that is kept."""

    id: int
    address: str
    request: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an alarm's history."""

    kind: str
    at: datetime
    words: str | None
    actor: str | None
    delivery: Sent | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One alarm with all that is known of it."""

    row: Listed
    labels: dict[str, str]
    reason: str | None
    fingerprint: str
    source_id: int
    responsible: str
    muted_until: datetime | None
    events: tuple[Event, ...]
    others: int  # alarms of the same group that still fire


_ROWS = (
    select(Alert, AlertGroup, AlertSource.name.label("source"), Ticket.number, Ticket.status)
    .join(AlertGroup, AlertGroup.id == Alert.group_id)
    .join(AlertSource, AlertSource.id == Alert.source_id)
    .join(Ticket, Ticket.id == AlertGroup.ticket_id, isouter=True)
)


def rows(desk: "Desk", wanted: Wanted, most: int = PAGE) -> tuple[Listed, ...]:
    """The newest first (ix_alerts_state_id)."""
    demand(desk.actor.roles, Permission.ALERT_READ)
    statement = _ROWS.where(*_conditions(wanted, desk.now)).order_by(Alert.id.desc()).limit(most)
    if wanted.before is not None:
        statement = statement.where(Alert.id < wanted.before)
    return tuple(_listed(row, desk.now) for row in desk.session.execute(statement))


def counts(desk: "Desk", wanted: Wanted) -> dict[Which, int]:
    """Of each part under the same filters, counted no further than one above COUNTED."""
    columns = {}
    for which in Which:
        part = Wanted(which, wanted.source_id, wanted.severity)
        some = select(Alert.id).where(*_conditions(part, desk.now)).limit(COUNTED + 1).subquery()
        columns[which] = select(func.count()).select_from(some).scalar_subquery()
    row = desk.session.execute(select(*columns.values())).one()
    return dict(zip(columns, row, strict=True))


def to_confirm(desk: "Desk") -> tuple[int, tuple[Listed, ...]]:
    """How many wait for a word of the desk, and the first of them, gravest first."""
    demand(desk.actor.roles, Permission.ALERT_READ)
    statement = (
        _ROWS.where(*_conditions(Wanted(), desk.now), AlertGroup.ticket_id.is_(None))
        .order_by(Alert.id)
        .limit(COUNTED + 1)
    )
    found = [_listed(row, desk.now) for row in desk.session.execute(statement)]
    grave = sorted(found, key=lambda each: list(Severity).index(each.severity))
    return len(found), tuple(grave[:_FIRST])


def of_ticket(desk: "Desk", ticket_id: int, most: int = 20) -> tuple[int, tuple[Listed, ...]]:
    """The alarms that a ticket carries, and how many (ix_alert_groups_ticket_id)."""
    statement = _ROWS.where(AlertGroup.ticket_id == ticket_id)
    listed = desk.session.execute(statement.order_by(Alert.id.desc()).limit(most)).all()
    if not listed:
        return 0, ()
    count = (
        select(func.count())
        .select_from(Alert)
        .join(AlertGroup, AlertGroup.id == Alert.group_id)
        .where(AlertGroup.ticket_id == ticket_id)
    )
    rows_of_it = tuple(_listed(row, desk.now) for row in listed)
    return desk.session.scalar(count) or 0, rows_of_it


def one(desk: "Desk", alert_id: int) -> Whole:
    """NotFound if there is no such alarm."""
    demand(desk.actor.roles, Permission.ALERT_READ)
    row = desk.session.execute(_ROWS.where(Alert.id == alert_id)).first()
    if row is None:
        raise NotFound()
    alert = row.Alert
    source = desk.session.get_one(AlertSource, alert.source_id)
    responsible = speaker_of(desk.session.get_one(Person, source.responsible_id))
    others = select(func.count()).where(
        Alert.group_id == alert.group_id, Alert.state == AlertState.FIRING, Alert.id != alert.id
    )
    return Whole(
        row=_listed(row, desk.now),
        labels=dict(alert.labels),
        reason=alert.reason,
        fingerprint=alert.fingerprint[:12],
        source_id=source.id,
        responsible=responsible.name or "",
        muted_until=source.muted_until,
        events=_events(desk, alert_id),
        others=desk.session.scalar(others) or 0,
    )


def _events(desk: "Desk", alert_id: int) -> tuple[Event, ...]:
    """Newest first, with the deliveries that are still kept."""
    found = desk.session.execute(
        select(AlertEvent, Person.name)
        .join(Person, Person.id == AlertEvent.actor_id, isouter=True)
        .where(AlertEvent.alert_id == alert_id)
        .order_by(AlertEvent.id.desc())
        .limit(PAGE)
    ).all()
    ids = [row.AlertEvent.delivery_id for row in found if row.AlertEvent.delivery_id is not None]
    kept = deliveries.kept_of(desk.session, ids)
    return tuple(
        Event(
            row.AlertEvent.kind.value,
            row.AlertEvent.happened_at,
            row.AlertEvent.words,
            row.name,
            _sent(kept.get(row.AlertEvent.delivery_id or 0)),
        )
        for row in found
    )


def _sent(delivery: AlertDelivery | None) -> Sent | None:
    return Sent(delivery.id, delivery.address, delivery.request) if delivery else None


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    is_silent = and_(Alert.silenced_until.is_not(None), Alert.silenced_until > now)
    fires = Alert.state == AlertState.FIRING
    found: list[ColumnElement[bool]] = []
    match wanted.which:
        case Which.OPEN:
            found += [fires, or_(Alert.silenced_until.is_(None), Alert.silenced_until <= now)]
        case Which.SILENCED:
            found += [fires, is_silent]
        case Which.RECOVERED:
            found.append(Alert.state == AlertState.RECOVERED)
    if wanted.source_id is not None:
        found.append(Alert.source_id == wanted.source_id)
    if wanted.severity is not None:
        found.append(Alert.severity == wanted.severity)
    return found


def _listed(row: Any, now: datetime) -> Listed:
    alert, group = row.Alert, row.AlertGroup
    is_silent = alert.silenced_until is not None and alert.silenced_until > now
    return Listed(
        id=alert.id,
        name=alert.name,
        summary=alert.summary,
        severity=alert.severity,
        state=alert.state,
        is_silenced=is_silent and alert.state is AlertState.FIRING,
        silenced_until=alert.silenced_until if is_silent else None,
        source=row.source,
        group=group.title,
        group_count=group.count,
        count=alert.count,
        flaps=alert.flaps,
        first_at=alert.first_at,
        last_at=alert.last_at,
        recovered_at=alert.recovered_at,
        ticket=row.number,
        ticket_status=row.status,
    )
