"""Brings a list of people into the desk: what would change, then all of it or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.sentence import Say
from models import Engineer, Person
from nlp.initials import initials_of
from services import people
from services.people import NewPerson
from services.roster_rows import WORKERS, Entry, Roster, Wrong
from services.roster_words import same_phone

_FACTS = ("name", "staff_number", "department", "office", "phone", "extension")
_CARD = ("skills", "areas", "level")
_REQUESTER = frozenset({Role.REQUESTER})


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = auto()
    CHANGED = auto()
    UNCHANGED = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """What one row asks for; `changes` holds each fact as it was and as it will be."""

    row: int
    fate: Fate
    entry: Entry
    person_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the list would do to the people that the desk knows now."""

    steps: tuple[Step, ...]
    wrong: tuple[Wrong, ...]
    passed_over: tuple[int, ...]

    def of(self, fate: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate is fate]


def plan(session: Session, roster: Roster) -> Plan:
    """Nothing is written; the same list after `apply` is all UNCHANGED."""
    names = Counter(row.entry.name for row in roster.rows if row.entry)
    known = _Known(people.list_all(session), names)
    steps: list[Step] = []
    wrong: list[Wrong] = []
    for row in roster.rows:
        outcome = known.step(row.number, row.entry) if row.entry else list(row.wrong)
        if isinstance(outcome, Step):
            steps.append(outcome)
        else:
            wrong += outcome
    return Plan(tuple(steps), tuple(wrong), roster.passed_over)


def apply(session: Session, plan: Plan, now: datetime) -> list[Person]:
    """Do what the plan says, in the transaction that it was made in; answers the new people."""
    added = [people.add(session, new_person(step.entry), now) for step in plan.of(Fate.NEW)]
    for step in plan.of(Fate.CHANGED):
        _change(session, step)
    session.flush()
    return added


def new_person(entry: Entry, openid: str | None = None) -> NewPerson:
    """Somebody whom the desk does not know yet; without a role, a requester."""
    return NewPerson(
        name=entry.name,
        roles=entry.roles or _REQUESTER,
        phone=entry.phone,
        department=entry.department,
        office=entry.office,
        extension=entry.extension,
        skills=entry.skills or frozenset(),
        areas=entry.areas or (),
        level=entry.level or 1,
        openid=openid,
        staff_number=entry.staff_number,
    )


def holder_of(session: Session, openid: str) -> Person | None:
    """Whoever talks from this WeChat already."""
    return session.scalar(select(Person).where(Person.openid == openid))


def check(entry: Entry) -> Say | None:
    """Why the desk cannot take this new person, or None."""
    return _unfit(entry, entry.roles or _REQUESTER, None)


# --- whom a row means --------------------------------------------------------------------------


class _Known:
    """The desk's people, and which row already meant whom."""

    def __init__(
        self, everybody: Iterable[tuple[Person, Engineer | None]], names: Mapping[str, int]
    ) -> None:
        self._names = names  # how often the list has each
        self._by_id: dict[int, tuple[Person, Engineer | None]] = {}
        self._by_name: dict[str, list[Person]] = {}
        self._by_number: dict[str, Person] = {}
        for person, card in everybody:
            self._by_id[person.id] = (person, card)
            self._by_name.setdefault(person.name or "", []).append(person)
            if person.staff_number:
                self._by_number[person.staff_number] = person
        self._meant: dict[object, int] = {}

    def step(self, number: int, entry: Entry) -> Step | list[Wrong]:
        found = self._find(entry)
        if isinstance(found, Say):
            return [Wrong(number, "", found)]
        who = found.id if found else entry.staff_number or (entry.name, entry.phone)
        first = self._meant.setdefault(who, number)
        if first != number:
            return [Wrong(number, "", Say("import.same_person", {"row": first}))]
        card = self._by_id[found.id][1] if found else None
        roles = entry.roles or (found.roles if found else _REQUESTER)
        if why := _unfit(entry, roles, card):
            return [Wrong(number, "", why)]
        if found is None:
            return Step(number, Fate.NEW, entry)
        changes = _changes(entry, found, card, works=bool(roles & WORKERS))
        fate = Fate.CHANGED if changes else Fate.UNCHANGED
        return Step(number, fate, entry, found.id, changes)

    def _find(self, entry: Entry) -> Person | Say | None:
        """By number; by name and phone; or the only one of this name, if a phone is missing."""
        holder = self._by_number.get(entry.staff_number or "")
        if entry.id is not None:
            found = self._by_id.get(entry.id)
            if found is None:
                return Say("import.nobody", {"id": entry.id})
            if holder is not None and holder is not found[0]:
                return Say("import.number_taken", {"name": holder.name})
            return found[0]
        return holder or self._by_facts(entry)

    def _by_facts(self, entry: Entry) -> Person | Say | None:
        namesakes = self._by_name.get(entry.name, [])
        if entry.phone:
            return self._by_phone(namesakes, entry.phone)
        if self._names[entry.name] > 1:
            return Say("import.same_name")
        return _only(namesakes)

    def _by_phone(self, namesakes: list[Person], phone: str) -> Person | Say | None:
        same = [person for person in namesakes if same_phone(person.phone, phone)]
        unknown = [
            person for person in namesakes if not person.phone and person.id not in self._meant
        ]
        return _only(same or unknown)


def _only(same: list[Person]) -> Person | Say | None:
    if len(same) > 1:
        return Say("import.several", {"ids": ", ".join(str(person.id) for person in same)})
    return same[0] if same else None


def _unfit(entry: Entry, roles: frozenset[Role], card: Engineer | None) -> Say | None:
    """Why nobody can have these roles and this working card at once."""
    if roles & WORKERS:
        return None
    if any(getattr(entry, name) is not None for name in _CARD):
        return Say("import.no_worker")
    if card is not None and card.open_tickets:
        return Say("import.has_work", {"count": card.open_tickets})
    return None


# --- what changes ------------------------------------------------------------------------------


def _changes(
    entry: Entry, person: Person, card: Engineer | None, *, works: bool
) -> dict[str, tuple[Any, Any]]:
    """An empty cell says nothing: what is known stays."""
    told = {name: getattr(entry, name) for name in (*_FACTS, "roles")}
    changes = {
        name: (getattr(person, name), value)
        for name, value in told.items()
        if value is not None and not _is_same(name, getattr(person, name), value)
    }
    for name in _CARD if works else ():
        value = getattr(entry, name)
        kept = _kept(card, name)
        if value is not None and value != kept:
            changes[name] = (kept, value)
    return changes


def _is_same(name: str, kept: Any, told: Any) -> bool:
    return same_phone(kept, told) if name == "phone" else bool(kept == told)


def _kept(card: Engineer | None, name: str) -> Any:
    if card is None:
        return None
    value = getattr(card, name)
    return tuple(value) if name == "areas" else value


def _change(session: Session, step: Step) -> None:
    person = session.get_one(Person, step.person_id)
    for name in (*_FACTS, "roles"):
        if name in step.changes:
            setattr(person, name, step.changes[name][1])
    person.initials = initials_of(person.name)
    card = session.get(Engineer, person.id)
    if person.roles & WORKERS:
        _change_card(session, card or _add_card(session, person.id), step.changes)
    elif card is not None:
        session.delete(card)  # dispatch must not see them any more


def _add_card(session: Session, person_id: int) -> Engineer:
    card = Engineer(
        person_id=person_id,
        level=1,
        skills=frozenset(),
        areas=[],
        is_on_duty=False,
        open_tickets=0,
        workload=0,
    )
    session.add(card)
    return card


def _change_card(session: Session, card: Engineer, changes: Mapping[str, Sequence[Any]]) -> None:
    for name in _CARD:
        if name in changes:
            value = changes[name][1]
            setattr(card, name, list(value) if name == "areas" else value)
    session.flush()
