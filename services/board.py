"""What the big screen shows: how much there is, what hurts, who works, what came and went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from domain.lifecycle import Status
from domain.permissions import Permission, demand
from models import Activity, Engineer, Person, Ticket, table_of
from services import listing, listing_state, overview, undelivered
from services.listing_rows import Duty, Listed
from services.listing_wanted import UNENDED, Filters, Sort, View, Wanted
from services.shared_answers import shared
from services.speakers import is_reachable

if TYPE_CHECKING:
    from services.desk import Desk

_UNANSWERED = 8  # lines that are read from four metres
_ENGINEERS = 12
_LATEST_ACTS = 20_000  # walked by their key: more than a day has
_LATEST_TICKETS = 20_000

_tickets, _activities = table_of(Ticket), table_of(Activity)
_people, _engineers = table_of(Person), table_of(Engineer)


@dataclass(frozen=True, slots=True)
class AtWork:
    """An engineer on duty, and how much they have."""

    name: str
    open_tickets: int
    duty: Duty


@dataclass(frozen=True, slots=True)
class Hour:
    """What was reported and what ended within one hour of today."""

    hour: int
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Board:
    """The desk now; counts stop one above `listing.COUNTED`."""

    by_status: Mapping[Status, int]
    open: int
    late: int
    soon: int
    unanswered: int  # nobody has taken them on
    waiting: int  # people, for a person of the desk
    undelivered: int
    oldest: Listed | None
    longest: tuple[Listed, ...]  # unanswered, the oldest first
    at_work: tuple[AtWork, ...]
    more_at_work: int  # whom the screen has no room for
    most_open: int  # that one engineer is given
    hours: tuple[Hour, ...]

    @property
    def came(self) -> int:
        return sum(hour.came for hour in self.hours)

    @property
    def went(self) -> int:
        return sum(hour.went for hour in self.hours)


def board(desk: "Desk") -> Board:
    """For desk and head; several screens of one moment ask the database once."""
    demand(desk.actor.roles, Permission.OVERVIEW_READ)
    return shared(desk.session, "board", lambda: _board(desk))


def _board(desk: "Desk") -> Board:
    counts = listing.counts(desk, [View.OPEN, View.LATE, View.SOON])
    waiting_for_somebody = Filters(statuses=(Status.NEW, Status.ASSIGNED))
    unanswered = Wanted(View.OPEN, waiting_for_somebody, Sort.OPENED, size=_UNANSWERED)
    longest = listing.page(desk, unanswered).rows
    at_work = _at_work(desk.session)
    return Board(
        by_status={each: _of_status(desk, each) for each in UNENDED},
        open=counts[View.OPEN],
        late=counts[View.LATE],
        soon=counts[View.SOON],
        unanswered=listing.count(desk, unanswered),
        waiting=len(listing_state.people_waiting(desk)),
        undelivered=undelivered.count(desk.session, desk.now),
        oldest=next(iter(longest), None),
        longest=longest,
        at_work=at_work[:_ENGINEERS],
        more_at_work=max(0, len(at_work) - _ENGINEERS),
        most_open=desk.rules.max_open_tickets,
        hours=_hours(desk.session, desk.now),
    )


def _of_status(desk: "Desk", status: Status) -> int:
    return listing.count(desk, Wanted(View.OPEN, Filters(statuses=(status,)), Sort.OPENED))


def _at_work(session: Session) -> tuple[AtWork, ...]:
    """Who has most first."""
    rows = session.execute(overview.ON_DUTY)
    return tuple(AtWork(row.name or "", row.open_tickets, _duty(row)) for row in rows)


def _duty(row: Row[Any]) -> Duty:
    return Duty.ON if is_reachable(row) else Duty.UNREACHED


def _hours(session: Session, now: datetime) -> tuple[Hour, ...]:
    """Each hour of the desk's day until now."""
    local = now.astimezone(CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    came = _by_hour(session.scalars(_came(midnight)))
    went = _by_hour(session.scalars(_went(midnight)))
    return tuple(Hour(hour, came.get(hour, 0), went.get(hour, 0)) for hour in range(24))


def _came(since: datetime) -> Select[Any]:
    # ix_tickets_opened_at_id
    return (
        select(_tickets.c.opened_at)
        .where(_tickets.c.opened_at >= since)
        .order_by(_tickets.c.opened_at)
        .limit(_LATEST_TICKETS)
    )


def _went(since: datetime) -> Select[Any]:
    """Walked by the key from the newest act back."""
    newest = select(func.max(_activities.c.id)).scalar_subquery()
    is_done = _activities.c.status_after == Status.CLOSED  # what was withdrawn is not done
    moved = or_(
        _activities.c.status_before.is_(None),
        _activities.c.status_before != _activities.c.status_after,
    )
    return select(_activities.c.happened_at).where(
        _activities.c.id > newest - _LATEST_ACTS,
        and_(_activities.c.happened_at >= since, is_done, moved),
    )


def _by_hour(instants: Iterable[datetime]) -> dict[int, int]:
    found: dict[int, int] = {}
    for at in instants:
        hour = at.astimezone(CHINA).hour
        found[hour] = found.get(hour, 0) + 1
    return found
