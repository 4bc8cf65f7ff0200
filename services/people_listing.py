"""The list of people as the admin looks through it: searched, filtered, paged in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, Role, demand
from models import Engineer, Person, Team
from services.speakers import holds

if TYPE_CHECKING:
    from services.desk import Desk

MOST_SHOWN = 50
COUNTED_TO = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people: by words, role, team, department; who has left only if asked for."""

    words: str = ""
    role: Role | None = None
    team_id: int | None = None
    department: str = ""
    has_left: bool = False
    below: int | None = None  # the id of the last one of the page before


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    id: int
    name: str
    staff_number: str | None
    department: str | None
    phone: str | None
    roles: frozenset[Role]
    team: str | None
    is_joined: bool  # their WeChat is known
    is_on_duty: bool
    open_tickets: int | None  # None: no engineer


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first; `below` leads on, if there is more. `count` stops at COUNTED_TO."""

    rows: tuple[Row, ...]
    below: int | None
    count: int


def page(desk: "Desk", wanted: Wanted) -> Page:
    """One page, back along the primary key: a few thousand people are looked through at most."""
    demand(desk.actor.roles, Permission.PERSON_MANAGE)
    conditions = _conditions(wanted)
    below = [Person.id < wanted.below] if wanted.below is not None else []
    rows = desk.session.execute(
        select(Person, Team.name.label("team"), Engineer.is_on_duty, Engineer.open_tickets)
        .join(Team, Team.id == Person.team_id, isouter=True)
        .join(Engineer, Engineer.person_id == Person.id, isouter=True)
        .where(*conditions, *below)
        .order_by(Person.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    shown = tuple(map(_row, rows[:MOST_SHOWN]))
    more = shown[-1].id if len(rows) > MOST_SHOWN else None
    return Page(shown, more, _count(desk.session, conditions))


def departments(session: Session) -> Sequence[str]:
    """Every department that somebody is in."""
    named = select(Person.department).where(Person.department.is_not(None), Person.is_active)
    return [each for each in session.scalars(named.distinct().order_by(Person.department)) if each]


def staff(session: Session) -> list[tuple[int, str]]:
    """Everybody who works here now, by name: for choosing one."""
    rows = session.execute(
        select(Person.id, Person.name, Person.staff_number)
        .where(_works_here(), Person.is_active)
        .order_by(Person.name, Person.id)
    )
    return [(row.id, " ".join(filter(None, (row.name, row.staff_number)))) for row in rows]


def called(session: Session, words: str) -> list[int]:
    """Everybody who is here and has exactly this name or staff number."""
    is_so = or_(Person.name == words, Person.staff_number == words)
    return list(session.scalars(select(Person.id).where(is_so, Person.is_active).limit(5)))


def _works_here() -> ColumnElement[bool]:
    return holds(*(role for role in Role if role is not Role.REQUESTER))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Person.is_active.is_(not wanted.has_left)]
    if wanted.role is not None:
        found.append(holds(wanted.role))
    if wanted.team_id is not None:
        found.append(Person.team_id == wanted.team_id)
    if wanted.department:
        found.append(Person.department == wanted.department)
    return found + [_matches(word) for word in wanted.words.split()[:5]]


def _matches(word: str) -> ColumnElement[bool]:
    """Any of what people are known by has the word in it, or begins with it."""
    return or_(
        Person.name.contains(word, autoescape=True),
        Person.initials.startswith(word.lower(), autoescape=True),
        Person.staff_number.startswith(word, autoescape=True),
        Person.phone.contains(word, autoescape=True),
        Person.extension == word,
        Person.department.contains(word, autoescape=True),
    )


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    some = select(Person.id).where(*conditions).limit(COUNTED_TO + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _row(row: Any) -> Row:
    person: Person = row.Person
    return Row(
        person.id,
        person.name or "",
        person.staff_number,
        person.department,
        person.reached_by,
        person.roles,
        row.team,
        person.openid is not None,
        bool(row.is_on_duty),
        row.open_tickets,
    )
