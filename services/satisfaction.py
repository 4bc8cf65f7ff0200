"""Ratings as figures: who was asked, who answered and how, by month and by whom or what (F13).

Asked is each closing that stands, once, whether or not it was reminded of: in the month in which
the ticket was closed, and only if its requester is somebody else than who worked on it. Reopened
before it was rated, the ticket is asked anew when it is closed again, and counts once; a rating
that was given before the reopening counts still, in the month in which it was given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from domain.category import Category
from domain.months import Month
from domain.permissions import Permission, demand
from domain.rating import FOLLOW_UP_AT
from domain.satisfaction import FEW, Answers
from models import Person, Rating, Resolution, Team, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Desk

_tickets, _ratings = table_of(Ticket), table_of(Rating)
_resolutions, _people = table_of(Resolution), table_of(Person)


class By(StrEnum):
    """What a table has a line for each of."""

    ENGINEER = auto()
    TEAM = auto()
    CATEGORY = auto()
    OFFICE = auto()
    DEPARTMENT = auto()


class Part(StrEnum):
    """What is scored, and the mean of the three."""

    SPEED = auto()
    ATTITUDE = auto()
    RESULT = auto()
    OVERALL = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A month, of these tickets; None or empty: of all."""

    month: Month
    team_id: int | None = None
    engineer_id: int | None = None
    category: Category | None = None
    office: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """Sums that every figure is made of."""

    asked: int = 0
    answered: int = 0
    speed: int = 0
    attitude: int = 0
    result: int = 0
    low: int = 0  # of those answered, with a part that calls for a call back

    def of(self, part: Part) -> Answers:
        return Answers(self.answered, self._total(part) / self._parts(part), self.asked)

    def hundredths(self, part: Part) -> int | None:
        """The mean, 462 for 4.62, rounded down; None where an average would name people."""
        if self.answered < FEW:
            return None
        return self._total(part) * 100 // (self._parts(part) * self.answered)

    @property
    def not_rated(self) -> int:
        return self.asked - self.answered

    @property
    def answered_tenths(self) -> int | None:
        """Tenths of a percent, rounded down."""
        return self.answered * 1000 // self.asked if self.asked else None

    @property
    def low_tenths(self) -> int | None:
        return self.low * 1000 // self.answered if self.answered else None

    @property
    def at_least(self) -> float | None:
        """What lines are ranked by: a few good scores never stand above many."""
        return self.of(Part.OVERALL).at_least

    def _total(self, part: Part) -> int:
        match part:
            case Part.SPEED:
                return self.speed
            case Part.ATTITUDE:
                return self.attitude
            case Part.RESULT:
                return self.result
            case Part.OVERALL:
                return self.speed + self.attitude + self.result

    @staticmethod
    def _parts(part: Part) -> int:
        return 3 if part is Part.OVERALL else 1

    def __add__(self, other: "Scored") -> "Scored":
        return Scored(
            self.asked + other.asked,
            self.answered + other.answered,
            self.speed + other.speed,
            self.attitude + other.attitude,
            self.result + other.result,
            self.low + other.low,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One engineer, team or whatever the table is by; no value: tickets that had none."""

    value: str
    called: str  # a name, where the value is a number that has one
    scored: Scored


def lines(desk: "Desk", wanted: Wanted, by: By) -> tuple[Line, ...]:
    """For desk and head, the best first: by what the mean is not below, those with few last."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    asked = _asked((wanted.month, wanted.month))
    column = _column(asked, by)
    statement = _sums(asked, wanted, column)
    found = [(row[0], _scored(row[1:])) for row in desk.session.execute(statement)]
    names = called(desk.session, by, [value for value, _ in found if value is not None])
    made = [Line(written(value), names.get(value, ""), scored) for value, scored in found]
    return tuple(sorted(made, key=_rank))


def trend(desk: "Desk", wanted: Wanted, months: int = 12) -> tuple[tuple[Month, Scored], ...]:
    """The same, for the months up to the wanted one; one statement."""
    demand(desk.actor.roles, Permission.SATISFACTION_READ)
    span = [wanted.month.moved(-back) for back in reversed(range(months))]
    asked = _asked((span[0], span[-1]))
    place = case(*((asked.c.at < month.ends_at, number) for number, month in enumerate(span)))
    found = {row[0]: _scored(row[1:]) for row in desk.session.execute(_sums(asked, wanted, place))}
    return tuple((month, found.get(number, Scored())) for number, month in enumerate(span))


def total(each: Iterable[Line]) -> Scored:
    return sum((line.scored for line in each), Scored())


def _rank(line: Line) -> tuple[bool, float, int, str]:
    """Those with few answers are not compared with each other."""
    few = line.scored.answered < FEW
    return few, 0 if few else -(line.scored.at_least or 0), -line.scored.asked, line.value


# --- what was asked -------------------------------------------------------------------------------


def _asked(span: tuple[Month, Month]) -> Subquery:
    """A row for each closing that was asked: when, of what, and the scores if there are any."""
    return union_all(_standing(span), _reopened(span)).subquery("asked")


def _standing(span: tuple[Month, Month]) -> Select[Any]:
    """Closings of these months that stand (reopening clears the time); ix_tickets_closed_at."""
    their_rating = and_(_ratings.c.ticket_id == _tickets.c.id, _ratings.c.cycle == _tickets.c.cycle)
    engineer = func.coalesce(_ratings.c.engineer_id, _tickets.c.assignee_id)
    return (
        _row(_tickets.c.closed_at, engineer)
        .join_from(_tickets, _ratings, their_rating, isouter=True)
        .where(
            _tickets.c.closed_at >= span[0].begins_at,
            _tickets.c.closed_at < span[1].ends_at,
            _tickets.c.requester_id.is_distinct_from(_tickets.c.assignee_id),
            ~_solved_by_requester(),
        )
    )


def _solved_by_requester() -> ColumnElement[bool]:
    return exists().where(
        _resolutions.c.ticket_id == _tickets.c.id,
        _resolutions.c.cycle == _tickets.c.cycle,
        _resolutions.c.engineer_id == _tickets.c.requester_id,
    )


def _reopened(span: tuple[Month, Month]) -> Select[Any]:
    """Ratings of these months whose closing does not stand any more; ix_ratings_rated_at."""
    return (
        _row(_ratings.c.rated_at, _ratings.c.engineer_id)
        .join_from(_ratings, _tickets, _tickets.c.id == _ratings.c.ticket_id)
        .where(
            _ratings.c.rated_at >= span[0].begins_at,
            _ratings.c.rated_at < span[1].ends_at,
            or_(_ratings.c.cycle != _tickets.c.cycle, _tickets.c.closed_at.is_(None)),
        )
    )


def _row(at: Any, engineer: Any) -> Select[Any]:
    return select(
        at.label("at"),
        engineer.label("engineer_id"),
        _tickets.c.category.label("category"),
        _tickets.c.contact_office.label("office"),
        _tickets.c.contact_department.label("department"),
        _ratings.c.speed.label("speed"),
        _ratings.c.attitude.label("attitude"),
        _ratings.c.result.label("result"),
    )


# --- sums -----------------------------------------------------------------------------------------


def _sums(asked: Subquery, wanted: Wanted, by: Any) -> Select[Any]:
    """One line for each value; the team is the one that the engineer is in now."""
    is_low = or_(*(each <= FOLLOW_UP_AT for each in (asked.c.speed, asked.c.attitude)))
    is_low = or_(is_low, asked.c.result <= FOLLOW_UP_AT)
    return (
        select(
            by,
            func.count(),
            func.count(asked.c.speed),
            func.coalesce(func.sum(asked.c.speed), 0),
            func.coalesce(func.sum(asked.c.attitude), 0),
            func.coalesce(func.sum(asked.c.result), 0),
            func.coalesce(func.sum(case((is_low, 1), else_=0)), 0),
        )
        .select_from(asked)
        .join(_people, _people.c.id == asked.c.engineer_id, isouter=True)
        .where(*_narrowed(asked, wanted))
        .group_by(by)
    )


def _column(asked: Subquery, by: By) -> Any:
    return {
        By.ENGINEER: asked.c.engineer_id,
        By.TEAM: _people.c.team_id,
        By.CATEGORY: asked.c.category,
        By.OFFICE: asked.c.office,
        By.DEPARTMENT: asked.c.department,
    }[by]


def _narrowed(asked: Subquery, wanted: Wanted) -> list[ColumnElement[bool]]:
    """All that is asked but the month."""
    chosen = (
        (asked.c.engineer_id, wanted.engineer_id),
        (_people.c.team_id, wanted.team_id),
        (asked.c.category, wanted.category),
        (asked.c.office, wanted.office or None),
        (asked.c.department, wanted.department or None),
    )
    return [column == value for column, value in chosen if value is not None]


def _scored(sums: Sequence[Any]) -> Scored:
    return Scored(*(int(each) for each in sums))


# --- what lines are called ------------------------------------------------------------------------

_CALLED = {By.TEAM: table_of(Team), By.ENGINEER: _people}


def written(value: Any) -> str:
    """As an address says it."""
    match value:
        case None:
            return ""
        case Category():
            return value.value
    return str(value)


def called(session: Session, by: By, values: Sequence[Any]) -> dict[Any, str]:
    """Names of those who are numbers."""
    table = _CALLED.get(by)
    if table is None or not values:
        return {}
    rows = session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(values)))
    return {row.id: row.name or "" for row in rows}
