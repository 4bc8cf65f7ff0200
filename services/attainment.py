"""What was promised and what was kept, from stored facts: no later setting moves a figure (R4).

A promise counts in the month in which it was met or missed; each round of feedback is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.months import Month
from domain.permissions import Permission, demand
from domain.priority import Priority
from domain.targets import TargetKind, TargetState, WaitsFor
from models import Compensation, Person, Team, TicketTarget, table_of

if TYPE_CHECKING:
    from services.desk import Desk

FACTS = table_of(TicketTarget)
_SETTLED = (TargetState.MET, TargetState.MISSED)
_MOST_REASONS = 8


class By(StrEnum):
    """What a table has a line for each of."""

    TEAM = auto()
    CATEGORY = auto()
    PRIORITY = auto()
    RULE = auto()
    DEPARTMENT = auto()
    ENGINEER = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Promises settled in a month, of these tickets; None: of all."""

    month: Month
    kind: TargetKind | None = None
    team_id: int | None = None
    engineer_id: int | None = None
    category: Category | None = None
    priority: Priority | None = None
    rule: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Promises that were kept, and that were not."""

    met: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        return self.met + self.missed

    @property
    def tenths(self) -> int | None:
        """Tenths of a percent, rounded down: with one miss it is never a hundred percent."""
        return self.met * 1000 // self.total if self.total else None

    def __add__(self, other: "Count") -> "Count":
        return Count(self.met + other.met, self.missed + other.missed)


Counts = Mapping[TargetKind, Count]


@dataclass(frozen=True, slots=True)
class Line:
    """One team, category or whatever the table is by; no value: tickets that had none."""

    value: str
    called: str  # a name, where the value is a number that has one
    counts: Counts

    @property
    def all(self) -> Count:
        return sum(self.counts.values(), Count())


@dataclass(frozen=True, slots=True)
class Owed:
    """What was agreed for misses, and for how many it is owed."""

    words: str
    points: int
    count: int


@dataclass(frozen=True, slots=True)
class Attainment:
    """A month: its lines, its sum, why promises were missed, what is owed for them."""

    lines: tuple[Line, ...]
    total: Counts
    reasons: tuple[tuple[str, int], ...]  # the most frequent first; an empty one: not explained
    waited: Mapping[WaitsFor, int]  # minutes in which clocks stood still, by whose waiting
    owed: tuple[Owed, ...]

    @property
    def all(self) -> Count:
        return sum(self.total.values(), Count())

    @property
    def points(self) -> int:
        return sum(each.points * each.count for each in self.owed)


def attainment(desk: "Desk", wanted: Wanted, by: By) -> Attainment:
    """For desk, head and admin."""
    demand(desk.actor.roles, Permission.TARGET_READ)
    session = desk.session
    lines = _lines(session, wanted, by)
    return Attainment(
        lines,
        _sum(line.counts for line in lines),
        _reasons(session, wanted),
        _waited(session, wanted),
        _owed(session, wanted),
    )


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Rows of the month; ix_ticket_targets_settled_at finds them."""
    found = [
        FACTS.c.settled_at >= wanted.month.begins_at,
        FACTS.c.settled_at < wanted.month.ends_at,
        FACTS.c.state.in_(_SETTLED),
    ]
    return found + narrowed(wanted)


def narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """All that is asked but the month."""
    asked = {
        "kind": wanted.kind,
        "team_id": wanted.team_id,
        "engineer_id": wanted.engineer_id,
        "category": wanted.category,
        "priority": wanted.priority,
        "rule": wanted.rule or None,
        "department": wanted.department or None,
    }
    return [FACTS.c[name] == value for name, value in asked.items() if value is not None]


# --- lines ----------------------------------------------------------------------------------------

_COLUMNS = {
    By.TEAM: FACTS.c.team_id,
    By.CATEGORY: FACTS.c.category,
    By.PRIORITY: FACTS.c.priority,
    By.RULE: FACTS.c.rule,
    By.DEPARTMENT: FACTS.c.department,
    By.ENGINEER: FACTS.c.engineer_id,
}


def _lines(session: Session, wanted: Wanted, by: By) -> tuple[Line, ...]:
    """Who has missed most first."""
    column = _COLUMNS[by]
    rows = session.execute(
        select(column, FACTS.c.kind, FACTS.c.state, func.count())
        .where(*conditions(wanted))
        .group_by(column, FACTS.c.kind, FACTS.c.state)
    ).all()
    found: dict[Any, dict[TargetKind, Count]] = {}
    for value, kind, state, count in rows:
        counts = found.setdefault(value, {})
        counts[kind] = counts.get(kind, Count()) + _count(state, count)
    names = _names(session, by, [value for value in found if value is not None])
    lines = [Line(_value(value), names.get(value, ""), counts) for value, counts in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.all.missed, -line.all.met, line.value)))


def _value(value: Any) -> str:
    """As an address says it."""
    match value:
        case None:
            return ""
        case Priority():
            return value.name.lower()
        case Category():
            return value.value
    return str(value)


def _count(state: TargetState, count: int) -> Count:
    return Count(met=count) if state is TargetState.MET else Count(missed=count)


def _sum(all_counts: Iterable[Counts]) -> dict[TargetKind, Count]:
    found: dict[TargetKind, Count] = {}
    for counts in all_counts:
        for kind, count in counts.items():
            found[kind] = found.get(kind, Count()) + count
    return found


_CALLED = {By.TEAM: table_of(Team), By.ENGINEER: table_of(Person)}


def _names(session: Session, by: By, values: Sequence[Any]) -> dict[Any, str]:
    table = _CALLED.get(by)
    if table is None or not values:
        return {}
    rows = session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(values)))
    return {row.id: row.name or "" for row in rows}


def engineer_called(session: Session, person_id: int) -> str:
    """By name; empty for a number that is nobody's."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""


# --- why, and what it costs -----------------------------------------------------------------------


def _reasons(session: Session, wanted: Wanted) -> tuple[tuple[str, int], ...]:
    count = func.count()
    rows = session.execute(
        select(FACTS.c.miss_reason, count)
        .where(*conditions(wanted), FACTS.c.state == TargetState.MISSED)
        .group_by(FACTS.c.miss_reason)
        .order_by(count.desc(), FACTS.c.miss_reason)
        .limit(_MOST_REASONS)
    )
    return tuple((row[0] or "", row[1]) for row in rows)


def _waited(session: Session, wanted: Wanted) -> dict[WaitsFor, int]:
    """A pause is part of each promise that it stopped; it is counted for the first of a ticket."""
    rows = session.execute(
        select(FACTS.c.ticket_id, FACTS.c.paused).where(
            *conditions(wanted), FACTS.c.paused.is_not(None)
        )
    )
    longest: dict[tuple[int, str], int] = {}
    for ticket_id, paused in rows:
        for whose, minutes in paused.items():
            known = longest.get((ticket_id, whose), 0)
            longest[ticket_id, whose] = max(known, int(minutes))
    found: dict[WaitsFor, int] = {}
    for (_, whose), minutes in longest.items():
        found[WaitsFor(whose)] = found.get(WaitsFor(whose), 0) + minutes
    return {each: found[each] for each in WaitsFor if found.get(each)}


def _owed(session: Session, wanted: Wanted) -> tuple[Owed, ...]:
    count = func.count()
    rows = session.execute(
        select(Compensation.words, Compensation.points, count)
        .join_from(FACTS, Compensation, Compensation.id == FACTS.c.compensation_id)
        .where(*conditions(wanted), FACTS.c.state == TargetState.MISSED)
        .group_by(Compensation.id, Compensation.words, Compensation.points)
        .order_by(count.desc(), Compensation.id)
    )
    return tuple(Owed(*row) for row in rows)


# --- months ---------------------------------------------------------------------------------------


def trend(desk: "Desk", wanted: Wanted, months: int = 12) -> tuple[tuple[Month, Count], ...]:
    """The same, for the months up to the wanted one; one statement along the same index."""
    demand(desk.actor.roles, Permission.TARGET_READ)
    span = [wanted.month.moved(-back) for back in reversed(range(months))]
    place = case(
        *((FACTS.c.settled_at < month.ends_at, number) for number, month in enumerate(span)),
        else_=months,
    )
    rows = desk.session.execute(
        select(place, FACTS.c.state, func.count())
        .where(
            FACTS.c.settled_at >= span[0].begins_at,
            FACTS.c.settled_at < span[-1].ends_at,
            FACTS.c.state.in_(_SETTLED),
            *narrowed(wanted),
        )
        .group_by(place, FACTS.c.state)
    )
    counts = [Count()] * months
    for number, state, count in rows:
        counts[number] += _count(state, count)
    return tuple(zip(span, counts, strict=True))
