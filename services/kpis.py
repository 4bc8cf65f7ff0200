"""The desk's figures of a month: how fast it answers, how much it solves, what stood still (R5).

Response time   of all first answers given in the month, on their own clock
Solution rate   of all reported in the month: solved, and solved for good at the first go
Availability    of each kind of service, day and night: time without a fault that hit the business
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import Status
from domain.months import Month
from domain.permissions import Permission, demand
from domain.priority import Impact
from domain.targets import TargetKind
from models import Ticket, TicketKind, table_of
from services.attainment import FACTS

if TYPE_CHECKING:
    from services.desk import Desk

_tickets = table_of(Ticket)
_WITHDRAWN = (Status.CANCELLED, Status.MERGED)
_OUTAGE_AT_MOST = timedelta(days=92)
"""A fault that was reported longer ago than this before the month is not looked for."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Minutes until a person answered."""

    count: int
    median: int | None
    slow: int | None  # nine in ten were faster, or as fast


@dataclass(frozen=True, slots=True)
class Solved:
    """Of those reported in the month, without what was withdrawn or merged."""

    reported: int
    solved: int
    at_once: int  # and never reopened

    @property
    def tenths(self) -> int | None:
        return self.solved * 1000 // self.reported if self.reported else None

    @property
    def at_once_tenths(self) -> int | None:
        return self.at_once * 1000 // self.solved if self.solved else None


@dataclass(frozen=True, slots=True)
class Available:
    """One kind of service."""

    category: Category
    outages: int
    down: timedelta
    of: timedelta

    @property
    def hundredths(self) -> int:
        """Hundredths of a percent, rounded down."""
        return int(10_000 * (self.of - self.down) / self.of) if self.of else 10_000

    @property
    def down_minutes(self) -> int:
        return int(self.down.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Kpis:
    """All three; of availability those that had an outage, the worst first."""

    month: Month
    speed: Speed
    solved: Solved
    available: tuple[Available, ...]

    @property
    def worst(self) -> Available | None:
        return self.available[0] if self.available else None


def kpis(desk: "Desk", month: Month) -> Kpis:
    """For desk, head and admin."""
    demand(desk.actor.roles, Permission.TARGET_READ)
    session = desk.session
    return Kpis(month, _speed(session, month), _solved(session, month), _available(desk, month))


def _speed(session: Session, month: Month) -> Speed:
    """How often each number of minutes; ix_ticket_targets_settled_at."""
    rows = session.execute(
        select(FACTS.c.ran_minutes, func.count())
        .where(
            FACTS.c.settled_at >= month.begins_at,
            FACTS.c.settled_at < month.ends_at,
            FACTS.c.kind == TargetKind.RESPONSE,
            FACTS.c.ran_minutes.is_not(None),
        )
        .group_by(FACTS.c.ran_minutes)
        .order_by(FACTS.c.ran_minutes)
    )
    known = [(int(row[0]), int(row[1])) for row in rows]
    return Speed(sum(count for _, count in known), nearest(known, 50), nearest(known, 90))


def nearest(known: Sequence[tuple[int, int]], percent: int) -> int | None:
    """The smallest value that so many percent do not exceed; `known`: in order, and how often."""
    total = sum(count for _, count in known)
    seen = 0
    for value, count in known:
        seen += count
        if seen * 100 >= total * percent:
            return value
    return None


def _solved(session: Session, month: Month) -> Solved:
    """Along ix_tickets_opened_at_id."""
    is_solved = _tickets.c.resolved_at.is_not(None)
    row = session.execute(
        select(
            func.count(),
            func.sum(case((is_solved, 1), else_=0)),
            func.sum(case((and_(is_solved, _tickets.c.cycle == 1), 1), else_=0)),
        ).where(
            _tickets.c.opened_at >= month.begins_at,
            _tickets.c.opened_at < month.ends_at,
            _tickets.c.status.not_in(_WITHDRAWN),
        )
    ).one()
    return Solved(int(row[0]), int(row[1] or 0), int(row[2] or 0))


# --- availability ---------------------------------------------------------------------------------

_Outage = tuple[datetime, datetime]


def _available(desk: "Desk", month: Month) -> tuple[Available, ...]:
    until = min(month.ends_at, max(desk.now, month.begins_at))
    of = until - month.begins_at
    outages = _outages(desk.session, month.begins_at, until)
    found = [Available(each, len(some), _lasted(some), of) for each, some in outages.items()]
    return tuple(sorted(found, key=lambda each: (each.hundredths, -each.outages, each.category)))


def _outages(
    session: Session, begins: datetime, until: datetime
) -> Mapping[Category, list[_Outage]]:
    """Faults that hit the business, as far as they lay within; by ix_tickets_opened_at_id."""
    rows = session.execute(
        select(_tickets.c.category, _tickets.c.opened_at, _tickets.c.resolved_at).where(
            _tickets.c.opened_at >= begins - _OUTAGE_AT_MOST,
            _tickets.c.opened_at < until,
            or_(_tickets.c.resolved_at.is_(None), _tickets.c.resolved_at > begins),
            _tickets.c.impact == Impact.BUSINESS,
            _tickets.c.kind == TicketKind.INCIDENT,
            _tickets.c.status.not_in(_WITHDRAWN),
        )
    )
    found: dict[Category, list[_Outage]] = {}
    for row in rows:
        found.setdefault(row.category, []).append(_within(row, begins, until))
    return found


def _within(row: Any, begins: datetime, until: datetime) -> _Outage:
    return max(row.opened_at, begins), min(row.resolved_at or until, until)


def _lasted(outages: Iterable[_Outage]) -> timedelta:
    """What two faults share is counted once."""
    lasted, seen = timedelta(), None
    for begins, ends in sorted(outages):
        start = begins if seen is None else max(begins, seen)
        lasted += max(timedelta(), ends - start)
        seen = ends if seen is None else max(seen, ends)
    return lasted
