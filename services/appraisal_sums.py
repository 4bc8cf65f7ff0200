"""What counts, added up: for each person of a month, and month by month for oneself (R3, C4)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, select

from domain.appraisal import FactKind, FactState
from domain.months import Month
from domain.permissions import Permission, Stand, demand
from models import AppraisalFact, Person, Team
from services.appraisal import seen_by

if TYPE_CHECKING:
    from services.desk import Desk

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Sums:
    """Points of some facts, and what they are made of."""

    points: int = 0
    ratings: int = 0
    of_ratings: int = 0  # points
    complaints: int = 0
    of_complaints: int = 0  # points
    waiting: int = 0  # answers that are not decided

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.points + other.points,
            self.ratings + other.ratings,
            self.of_ratings + other.of_ratings,
            self.complaints + other.complaints,
            self.of_complaints + other.of_complaints,
            self.waiting + other.waiting,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """One person's month."""

    person_id: int
    person: str
    staff_number: str | None
    team: str | None
    sums: Sums


def accounts(desk: "Desk", month: Month, team_id: int | None = None) -> tuple[Account, ...]:
    """For the head: everybody for whom something counts, by name; no ranking is made of it.

    Along ix_appraisal_facts_month_person_id.
    """
    demand(desk.actor.roles, Permission.APPRAISAL_READ, Stand(is_impartial=True))
    rows = desk.session.execute(
        select(Person.id, Person.name, Person.staff_number, Team.name, *_summed())
        .select_from(AppraisalFact)
        .join(Person, Person.id == AppraisalFact.person_id)
        .join(Team, Team.id == Person.team_id, isouter=True)
        .where(AppraisalFact.month == str(month), seen_by(desk), *_of_team(team_id))
        .group_by(Person.id, Person.name, Person.staff_number, Team.name)
        .order_by(Person.name, Person.id)
    )
    return tuple(Account(row[0], row[1] or "", row[2], row[3], _sums(row[4:])) for row in rows)


def _of_team(team_id: int | None) -> list[ColumnElement[bool]]:
    return [] if team_id is None else [Person.team_id == team_id]


def my_months(desk: "Desk", upto: Month) -> tuple[tuple[Month, Sums], ...]:
    """The actor's own twelve months up to this one; ix_appraisal_facts_person_id_month."""
    demand(desk.actor.roles, Permission.APPRAISAL_READ, Stand(is_about_me=True))
    span = [upto.moved(-back) for back in reversed(range(MONTHS))]
    rows = desk.session.execute(
        select(AppraisalFact.month, *_summed())
        .where(
            AppraisalFact.person_id == desk.actor.id,
            AppraisalFact.month >= str(span[0]),
            AppraisalFact.month <= str(span[-1]),
        )
        .group_by(AppraisalFact.month)
    )
    found = {row[0]: _sums(row[1:]) for row in rows}
    return tuple((month, found.get(str(month), Sums())) for month in span)


def _summed() -> tuple[Any, ...]:
    """What was struck counts nothing, and is not counted."""
    counts = AppraisalFact.state != FactState.STRUCK
    is_rating = and_(counts, AppraisalFact.kind == FactKind.RATING)
    is_complaint = and_(counts, AppraisalFact.kind == FactKind.COMPLAINT)
    return (
        func.sum(AppraisalFact.points),
        func.sum(case((is_rating, 1), else_=0)),
        func.sum(case((is_rating, AppraisalFact.points), else_=0)),
        func.sum(case((is_complaint, 1), else_=0)),
        func.sum(case((is_complaint, AppraisalFact.points), else_=0)),
        func.sum(case((AppraisalFact.state == FactState.ANSWERED, 1), else_=0)),
    )


def _sums(row: Any) -> Sums:
    return Sums(*(int(each or 0) for each in row))
