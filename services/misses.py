"""Promises that were not kept, one by one: who waited, for how long, and why (R4)."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from domain.permissions import Permission, demand
from domain.priority import Priority
from domain.refusals import NotFound
from domain.targets import TargetKind, TargetState
from models import Compensation, Person, Team, Ticket, TicketTarget
from services import audit
from services.attainment import FACTS, Wanted, conditions

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

PAGE = 50
COUNTED = 1000  # and no further

After = tuple[datetime, int]
"""Where a page ended: when the last one was settled, and its number."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One promise that came late or never, as it was when it was settled."""

    id: int
    number: str
    symptom: str
    kind: TargetKind
    rule: str
    priority: Priority
    within_minutes: int
    due_at: datetime
    done_at: datetime | None
    settled_at: datetime
    ran_minutes: int | None
    paused: Mapping[str, int]
    requester: str
    department: str
    engineer: str
    team: str
    reason: str
    reason_by: str
    compensation: str
    points: int

    @property
    def late_minutes(self) -> int | None:
        """On the promise's own clock; None: it has not come."""
        if self.ran_minutes is None:
            return None
        return max(0, self.ran_minutes - self.within_minutes)


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first; `after` leads on, if there is more."""

    misses: tuple[Miss, ...]
    after: After | None


def page(
    desk: "Desk", wanted: Wanted, *, is_unexplained: bool = False, after: After | None = None
) -> Page:
    """Misses of a month, back along ix_ticket_targets_settled_at."""
    demand(desk.actor.roles, Permission.TARGET_READ)
    statement = _SELECT.where(*_missed(wanted, is_unexplained=is_unexplained))
    if after is not None:
        statement = statement.where(_before(after))
    rows = desk.session.execute(statement.limit(PAGE + 1)).all()
    shown = tuple(_miss(row) for row in rows[:PAGE])
    last = shown[-1] if len(rows) > PAGE else None
    return Page(shown, (last.settled_at, last.id) if last else None)


def every(desk: "Desk", wanted: Wanted, most: int) -> Iterator[Miss]:
    """For a file: page after page, no more than it should hold."""
    after: After | None = None
    for _ in range(0, most, PAGE):
        found = page(desk, wanted, after=after)
        yield from found.misses
        after = found.after
        if after is None:
            return


def unexplained(desk: "Desk", wanted: Wanted) -> int:
    """How many of the month have no reason yet; it stops one above COUNTED."""
    demand(desk.actor.roles, Permission.TARGET_READ)
    found = (
        select(FACTS.c.id)
        .where(*_missed(wanted, is_unexplained=True))
        .limit(COUNTED + 1)
        .subquery()
    )
    return desk.session.scalar(select(func.count()).select_from(found)) or 0


def of_ticket(desk: "Desk", ticket_id: int) -> tuple[Miss, ...]:
    """All of one ticket, the newest first; nothing for who reads no figures."""
    if not desk.actor.could(Permission.TARGET_READ):
        return ()
    # By uq_ticket_targets_ticket_id.
    wanted = (FACTS.c.ticket_id == ticket_id, FACTS.c.state == TargetState.MISSED)
    return tuple(_miss(row) for row in desk.session.execute(_SELECT.where(*wanted)))


def explain(desk: "Desk", target_id: int, reason: str, ticket_id: int | None = None) -> None:
    """Why it was missed; said anew, the record keeps what was said before.

    `ticket_id`: only if it is of this ticket.
    """
    demand(desk.actor.roles, Permission.TARGET_EXPLAIN)
    row = desk.session.get(TicketTarget, target_id, with_for_update=True)
    if row is None or row.state is not TargetState.MISSED:
        raise NotFound()
    if ticket_id not in (None, row.ticket_id):
        raise NotFound()
    before, row.miss_reason, row.miss_reason_by_id = row.miss_reason, reason, desk.actor.id
    desk.session.flush()
    number = desk.session.scalar(select(Ticket.number).where(Ticket.id == row.ticket_id))
    audit.done_by(
        desk, "miss.explain", f"miss:{number}", {"miss_reason": before}, {"miss_reason": reason}
    )
    log.info("miss_explained target=%d person=%d", target_id, desk.actor.id)


def _missed(wanted: Wanted, *, is_unexplained: bool) -> list[ColumnElement[bool]]:
    found = [*conditions(wanted), FACTS.c.state == TargetState.MISSED]
    if is_unexplained:
        found.append(FACTS.c.miss_reason.is_(None))
    return found


def _before(after: After) -> ColumnElement[bool]:
    at, number = after
    return or_(FACTS.c.settled_at < at, and_(FACTS.c.settled_at == at, FACTS.c.id < number))


_REQUESTER, _ENGINEER, _EXPLAINER = aliased(Person), aliased(Person), aliased(Person)

_SELECT: Select[Any] = (
    select(
        FACTS,
        Ticket.number,
        Ticket.symptom,
        Ticket.contact_name,
        _REQUESTER.name.label("requester_name"),
        _ENGINEER.name.label("engineer_name"),
        _EXPLAINER.name.label("explainer_name"),
        Team.name.label("team_name"),
        Compensation.words,
        Compensation.points,
    )
    .join_from(FACTS, Ticket, Ticket.id == FACTS.c.ticket_id)
    .join(_REQUESTER, _REQUESTER.id == Ticket.requester_id)
    .join(_ENGINEER, _ENGINEER.id == FACTS.c.engineer_id, isouter=True)
    .join(_EXPLAINER, _EXPLAINER.id == FACTS.c.miss_reason_by_id, isouter=True)
    .join(Team, Team.id == FACTS.c.team_id, isouter=True)
    .join(Compensation, Compensation.id == FACTS.c.compensation_id, isouter=True)
    .order_by(FACTS.c.settled_at.desc(), FACTS.c.id.desc())
)


def _miss(row: Any) -> Miss:
    return Miss(
        id=row.id,
        number=row.number,
        symptom=row.symptom,
        kind=row.kind,
        rule=row.rule,
        priority=row.priority,
        within_minutes=row.within_minutes,
        due_at=row.due_at,
        done_at=row.done_at,
        settled_at=row.settled_at,
        ran_minutes=row.ran_minutes,
        paused=row.paused or {},
        requester=row.contact_name or row.requester_name or "",
        department=row.department,
        engineer=row.engineer_name or "",
        team=row.team_name or "",
        reason=row.miss_reason or "",
        reason_by=row.explainer_name or "",
        compensation=row.words or "",
        points=row.points or 0,
    )
