"""What was agreed for a missed promise: a table of its own, never changed, ended and replaced (R4).

A miss gets its row when it is settled, so that no later agreement changes what was owed.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.targets import TargetKind
from models import Compensation, Person, TicketTarget
from services import audit

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)


class EndedAlready(Refusal):
    """It holds no more."""

    text_key = "compensation.ended_already"


class NotBefore(Refusal):
    """Nothing is owed for what was missed before it was agreed."""

    text_key = "compensation.not_before"


@dataclass(frozen=True, slots=True)
class NewCompensation:
    """For misses of this promise, from so many minutes late on; `rule`: of these tickets alone."""

    kind: TargetKind
    rule: str | None
    late_from_minutes: int
    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """One row, with who made it."""

    id: int
    kind: TargetKind
    rule: str | None
    late_from_minutes: int
    words: str
    points: int
    effective_from: datetime
    ends_at: datetime | None
    made_by: str

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


def listed(session: Session) -> tuple[Agreed, ...]:
    """All of them, by promise and lateness, the ended ones too."""
    maker = aliased(Person)
    rows = session.execute(
        select(Compensation, maker.name)
        .join(maker, maker.id == Compensation.made_by_id)
        .order_by(Compensation.kind, Compensation.late_from_minutes, Compensation.id)
    )
    return tuple(_agreed(row.Compensation, row.name) for row in rows)


def _agreed(row: Compensation, made_by: str | None) -> Agreed:
    return Agreed(
        row.id,
        row.kind,
        row.rule,
        row.late_from_minutes,
        row.words,
        row.points,
        row.effective_from,
        row.ends_at,
        made_by or "",
    )


def fitting(
    session: Session, kind: TargetKind, rule: str, late_minutes: int, at: datetime
) -> int | None:
    """The row for a promise that was missed at `at`: the rule's own first, then the latest step."""
    return session.scalar(
        select(Compensation.id)
        .where(
            Compensation.kind == kind,
            or_(Compensation.rule.is_(None), Compensation.rule == rule),
            Compensation.late_from_minutes <= late_minutes,
            Compensation.effective_from <= at,
            or_(Compensation.ends_at.is_(None), Compensation.ends_at > at),
        )
        .order_by(
            Compensation.rule.is_(None),
            Compensation.late_from_minutes.desc(),
            Compensation.id.desc(),
        )
        .limit(1)
    )


def owe(session: Session, promise: TicketTarget) -> None:
    """What was agreed for this miss, by how late it came; what is agreed later changes nothing."""
    late = max(0, (promise.ran_minutes or 0) - promise.within_minutes)
    at = promise.settled_at or promise.due_at
    promise.compensation_id = fitting(session, promise.kind, promise.rule, late, at)


def agree(desk: "Desk", wanted: NewCompensation, effective_from: datetime) -> int:
    """From then on; NotBefore for a time that has passed."""
    demand(desk.actor.roles, Permission.TARGET_MANAGE)
    if effective_from < desk.now:
        raise NotBefore(now=desk.now)
    row = Compensation(
        kind=wanted.kind,
        rule=wanted.rule,
        late_from_minutes=wanted.late_from_minutes,
        words=wanted.words,
        points=wanted.points,
        effective_from=effective_from,
        made_by_id=desk.actor.id,
    )
    desk.session.add(row)
    desk.session.flush()
    facts = {
        "words": row.words,
        "points": row.points,
        "effective_from": audit.told(row.effective_from),
    }
    audit.done_by(desk, "compensation.agree", f"compensation:{row.id}", None, facts)
    log.info("compensation_agreed id=%d person=%d", row.id, desk.actor.id)
    return row.id


def end(desk: "Desk", compensation_id: int) -> None:
    """From now on nothing is owed by it; what was missed before keeps it."""
    demand(desk.actor.roles, Permission.TARGET_MANAGE)
    row = desk.session.get(Compensation, compensation_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.ends_at is not None:
        raise EndedAlready()
    row.ends_at = max(desk.now, row.effective_from)
    desk.session.flush()
    after = {"ends_at": audit.told(row.ends_at)}
    audit.done_by(desk, "compensation.end", f"compensation:{row.id}", {"ends_at": None}, after)
    log.info("compensation_ended id=%d person=%d", row.id, desk.actor.id)
