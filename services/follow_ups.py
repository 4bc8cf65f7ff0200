"""Calls back after low scores: who is to be called, who calls, what came of it (F13).

Whoever worked on the ticket neither sees nor makes the call: others ask after their work.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, or_, select

from domain.category import Category
from domain.permissions import Permission, demand
from domain.rating import FOLLOW_UP_AT
from domain.refusals import NotFound, Refusal
from models import FollowUp, Person, Rating, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Desk

WORDS_LIMIT = 1000  # characters
PATTERNS_OF = timedelta(days=90)
PATTERN_FROM = 2
"""So many low scores of one engineer, office or category are a pattern."""
PAGE = 50


class NothingSaid(Refusal):
    """What came of the call has to be said."""

    text_key = "follow_up.refusal.nothing_said"


class DoneBefore(Refusal):
    """Somebody has called already."""

    text_key = "follow_up.refusal.done_before"


_people = table_of(Person)
_engineers, _takers, _doers = (_people.alias(name) for name in ("engineers", "takers", "doers"))


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """One call."""

    id: int
    ticket_id: int
    number: str
    symptom: str
    may_reopen: bool  # this closing stands, and its time for that is not over
    contact: str
    department: str
    phone: str
    office: str
    category: Category
    engineer: str | None
    speed: int
    attitude: int
    result: int
    comment: str | None
    opened_at: datetime
    taken_by: str | None
    taken_by_id: int | None
    outcome: str | None
    done_by: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same engineer, office or category again."""

    kind: str  # engineer, office, category
    value: str
    low: int  # ratings with a low part
    rated: int  # of so many


def open_for(desk: "Desk", rating: Rating) -> None:
    """A low score asks for a call, once."""
    known = select(FollowUp.id).where(FollowUp.rating_id == rating.id)
    if desk.session.scalar(known) is None:
        desk.session.add(
            FollowUp(rating_id=rating.id, ticket_id=rating.ticket_id, opened_at=desk.now)
        )


def take(desk: "Desk", follow_up_id: int) -> None:
    """The actor calls."""
    row = _locked(desk, follow_up_id)
    row.taken_by_id = desk.actor.id


def done(desk: "Desk", follow_up_id: int, outcome: str) -> None:
    """What the requester said, and what is done about it."""
    row = _locked(desk, follow_up_id)
    if not outcome.strip():
        raise NothingSaid()
    row.outcome = outcome.strip()[:WORDS_LIMIT]
    row.done_by_id, row.done_at = desk.actor.id, desk.now


def _locked(desk: "Desk", follow_up_id: int) -> FollowUp:
    demand(desk.actor.roles, Permission.FOLLOW_UP_DO)
    row = desk.session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
    if row is None or desk.session.get_one(Rating, row.rating_id).engineer_id == desk.actor.id:
        raise NotFound()
    if row.done_at is not None:
        raise DoneBefore()
    return row


def listed(desk: "Desk", *, is_open: bool = True, before: int | None = None) -> list[FollowUpView]:
    """Those to be called, the oldest first (ix_follow_ups_open); or those done, newest first."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    statement = _SHOWN.where(_of_others(desk)).limit(PAGE)
    if is_open:
        statement = statement.where(FollowUp.done_at.is_(None)).order_by(
            FollowUp.opened_at, FollowUp.id
        )
    else:
        statement = statement.where(FollowUp.done_at.is_not(None)).order_by(FollowUp.id.desc())
        if before is not None:
            statement = statement.where(FollowUp.id < before)
    return [_view(desk, row) for row in desk.session.execute(statement)]


def one(desk: "Desk", follow_up_id: int) -> FollowUpView:
    """NotFound for who worked on its ticket, too."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    statement = _SHOWN.where(FollowUp.id == follow_up_id, _of_others(desk))
    row = desk.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound()
    return _view(desk, row)


_SHOWN = (
    select(
        FollowUp,
        Ticket,
        Rating,
        _engineers.c.name.label("engineer"),
        _takers.c.name.label("taker"),
        _doers.c.name.label("doer"),
    )
    .join(Ticket, Ticket.id == FollowUp.ticket_id)
    .join(Rating, Rating.id == FollowUp.rating_id)
    .join(_engineers, _engineers.c.id == Rating.engineer_id, isouter=True)
    .join(_takers, _takers.c.id == FollowUp.taken_by_id, isouter=True)
    .join(_doers, _doers.c.id == FollowUp.done_by_id, isouter=True)
)


def _view(desk: "Desk", found: Any) -> FollowUpView:
    row, ticket, rating, engineer, taker, doer = found
    return FollowUpView(
        id=row.id,
        ticket_id=ticket.id,
        number=ticket.number,
        symptom=ticket.symptom,
        may_reopen=_may_reopen(desk, ticket, rating),
        contact=ticket.contact_name,
        department=ticket.contact_department,
        phone=ticket.contact_phone,
        office=ticket.contact_office,
        category=ticket.category,
        engineer=engineer,
        speed=rating.speed,
        attitude=rating.attitude,
        result=rating.result,
        comment=rating.comment,
        opened_at=row.opened_at,
        taken_by=taker,
        taken_by_id=row.taken_by_id,
        outcome=row.outcome,
        done_by=doer,
        done_at=row.done_at,
    )


def count_open(desk: "Desk") -> int:
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    waiting = (
        select(func.count())
        .select_from(FollowUp)
        .join(Rating, Rating.id == FollowUp.rating_id)
        .where(FollowUp.done_at.is_(None), _of_others(desk))
    )
    return desk.session.scalar(waiting) or 0


def _of_others(desk: "Desk") -> ColumnElement[bool]:
    return Rating.engineer_id.is_distinct_from(desk.actor.id)


def _may_reopen(desk: "Desk", ticket: Ticket, rating: Rating) -> bool:
    """The rated closing still stands, and not for too long (F16)."""
    if ticket.closed_at is None or ticket.cycle != rating.cycle:
        return False
    return desk.now - ticket.closed_at <= desk.rules.targets.reopen_within


def patterns(desk: "Desk") -> list[Pattern]:
    """Where low scores gather, of the last three months; most first (ix_ratings_rated_at)."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    found = [
        *_gathered(desk, "engineer", Person.name),
        *_gathered(desk, "office", Ticket.contact_office),
        *_gathered(desk, "category", Ticket.category),
    ]
    return sorted(found, key=lambda each: (-each.low, each.kind, each.value))


def _gathered(desk: "Desk", kind: str, column: Any) -> list[Pattern]:
    is_low = or_(
        Rating.speed <= FOLLOW_UP_AT,
        Rating.attitude <= FOLLOW_UP_AT,
        Rating.result <= FOLLOW_UP_AT,
    )
    low = func.sum(case((is_low, 1), else_=0))
    statement = (
        select(column, low, func.count())
        .select_from(Rating)
        .join(Ticket, Ticket.id == Rating.ticket_id)
        .join(Person, Person.id == Rating.engineer_id, isouter=True)
        .where(Rating.rated_at > desk.now - PATTERNS_OF)
        .group_by(column)
        .having(low >= PATTERN_FROM)
    )
    return [
        Pattern(kind, str(value), int(count), int(rated))
        for value, count, rated in desk.session.execute(statement)
        if value
    ]
