"""Who can do what, and what nobody can; how much of each category there is (F8)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Role
from models import Device, Engineer, Person, Ticket


@dataclass(frozen=True, slots=True)
class Skilled:
    """One engineer's row."""

    id: int
    name: str
    level: int
    skills: frozenset[Category]
    areas: tuple[str, ...]
    is_on_duty: bool
    open_tickets: int
    is_vendor: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everybody with a working card, and who is there for each category and area."""

    rows: tuple[Skilled, ...]
    able: Mapping[Category, int]
    on_duty: Mapping[Category, int]
    areas: Mapping[str, int]

    @property
    def gaps(self) -> tuple[Category, ...]:
        """What nobody can do; OTHER goes to whoever is free."""
        return tuple(
            kind for kind in Category if kind is not Category.OTHER and not self.able.get(kind)
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """How much there is of one category now."""

    category: Category
    open_tickets: int
    devices: int
    able: int


def matrix(session: Session, but: Collection[int] = ()) -> Matrix:
    """`but`: people who are no engineers of this desk, such as samples."""
    rows = session.execute(
        select(Engineer, Person)
        .join(Person, Person.id == Engineer.person_id)
        .where(Person.is_active, Person.id.not_in(list(but)))
        .order_by(Engineer.level.desc(), Person.name, Person.id)
    ).all()
    skilled = tuple(_skilled(row.Engineer, row.Person) for row in rows)
    on_duty = [each for each in skilled if each.is_on_duty]
    return Matrix(
        skilled,
        Counter(kind for each in skilled for kind in each.skills),
        Counter(kind for each in on_duty for kind in each.skills),
        Counter(area for each in skilled for area in each.areas),
    )


def _skilled(engineer: Engineer, person: Person) -> Skilled:
    return Skilled(
        person.id,
        person.name or "",
        engineer.level,
        engineer.skills,
        tuple(engineer.areas),
        engineer.is_on_duty,
        engineer.open_tickets,
        Role.VENDOR in person.roles,
    )


def kinds(session: Session) -> tuple[Kind, ...]:
    """Open tickets alone are counted, by ix_tickets_open_due: their number does not grow."""
    is_open = Ticket.status.in_([*OPEN_STATUSES, Status.RESOLVED])
    tickets = session.execute(
        select(Ticket.category, func.count().label("size")).where(is_open).group_by(Ticket.category)
    )
    things = session.execute(
        select(Device.category, func.count().label("size"))
        .where(Device.is_active)
        .group_by(Device.category)
    )
    open_of = {row.category: row.size for row in tickets}
    devices_of = {row.category: row.size for row in things}
    able = matrix(session).able
    return tuple(
        Kind(kind, open_of.get(kind, 0), devices_of.get(kind, 0), able.get(kind, 0))
        for kind in Category
    )
