"""Who would be called at an instant, for each kind of trouble (F15): the chain, before it rings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.category import Category
from domain.permissions import Permission, Role, demand
from domain.roster import Work
from models import Person
from services import on_call, roster

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Called:
    """One rung: whom, and by which number if the reader may know it."""

    person_id: int
    name: str
    phone: str | None
    is_on_call: bool  # by the roster; else they lead
    is_head: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The categories that ring the same people in the same order."""

    categories: tuple[Category, ...]
    called: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """All of an instant; `skipped`: on call by the roster, but no message would get through."""

    chains: tuple[Chain, ...]
    skipped: tuple[str, ...]
    is_open: bool  # the desk is there: nobody is called first


def at(desk: "Desk", instant: datetime) -> Chains:
    demand(desk.actor.roles, Permission.ROSTER_PLAN)
    orders: dict[tuple[int, ...], list[Category]] = {}
    for category in Category:
        order = tuple(on_call.chain(desk.session, category, instant))
        orders.setdefault(order, []).append(category)
    planned = [each.person_id for each in roster.on_duty_at(desk.session, instant, Work.ON_CALL)]
    people = _people(desk, {*planned, *(each for order in orders for each in order)})
    chains = [
        Chain(tuple(categories), tuple(_called(people[each], planned) for each in order))
        for order, categories in orders.items()
    ]
    rung = {each for order in orders for each in order}
    skipped = dict.fromkeys(people[each].name or "" for each in planned if each not in rung)
    return Chains(tuple(chains), tuple(skipped), desk.rules.hours.is_open(instant))


def _people(desk: "Desk", ids: set[int]) -> dict[int, Person]:
    found = desk.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {each.id: each for each in found}


def _called(person: Person, planned: Sequence[int]) -> Called:
    return Called(
        person.id,
        person.name or "",
        person.reached_by,
        person.id in planned,
        Role.HEAD in person.roles and person.id not in planned,
    )
