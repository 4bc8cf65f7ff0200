"""Brings a list of devices into the desk: what would change, row by row, then all or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.sentence import Fact, Say
from models import Device, Person
from nlp.classifier import read
from nlp.intents import Intent
from nlp.patterns import words_in
from services import devices, roster_words
from services.devices import NewDevice
from services.roster_file import Cell, FileRefused, Line
from services.roster_import import Fate
from services.roster_rows import Wrong
from services.roster_words import WordUnknown

COLUMNS = ("code", "name", "description", "category", "place", "owner")
_NEEDED = {"name": "import.no_device_name", "place": "import.no_device_place"}
_FACTS = ("name", "description", "category", "place", "owner_id")
_HEADING_WITHIN = 10  # rows; above it stand titles and remarks
_SURE = 0.7  # of a bare name, which no sentence says more about
_SURE_ALL_THE_SAME = 0.9  # of what sounds like no matter of IT: a 防火墙 is one, 桌椅板凳 are none
_LENGTHS: dict[str, int] = {
    **{each: getattr(Device, each).type.length for each in ("name", "description", "place")},
    "owner": Person.name.type.length,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one row asks for; `changes` holds each fact as it was and as it will be."""

    row: int
    fate: Fate
    code: str
    facts: Mapping[str, Any]
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the list would do to the devices that the desk knows now."""

    steps: tuple[Step, ...]
    wrong: tuple[Wrong, ...]

    def of(self, fate: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate is fate]


def plan(session: Session, lines: Sequence[Line]) -> Plan:
    """Nothing is written; FileRefused if no row names the columns."""
    heading, columns = _columns(lines)
    known = {device.code: device for device in devices.list_all(session, with_retired=True)}
    people = _people(session)
    steps: dict[str, Step] = {}
    wrong: list[Wrong] = []
    for line in lines:
        if line.number <= heading.number or not line.filled or line.filled == 1 < len(columns):
            continue
        try:
            step = _step(line.number, _facts(line, columns, people), known)
            if step.code in steps:
                raise _CellWrong("code", "import.same_device", row=steps[step.code].row)
            steps[step.code] = step
        except _CellWrong as error:
            called = heading.cells[columns[error.column]].text if error.column in columns else ""
            wrong.append(Wrong(line.number, called, error.say))
    return Plan(tuple(steps.values()), tuple(wrong))


def apply(session: Session, plan: Plan, now: datetime) -> None:
    """Do what the plan says, in the transaction that it was made in."""
    for step in plan.of(Fate.NEW):
        devices.add(session, NewDevice(code=step.code, **step.facts), now)
    for step in plan.of(Fate.CHANGED):
        device = devices.get(session, step.code)
        if device is not None:
            facts = {name: new for name, (_, new) in step.changes.items()}
            devices.change(session, device, **facts)


# --- reading -----------------------------------------------------------------------------------


class _CellWrong(Exception):
    def __init__(self, column: str, key: str, **facts: Fact) -> None:
        super().__init__(key)
        self.column = column
        self.say = Say(key, facts)


def _columns(lines: Sequence[Line]) -> tuple[Line, dict[str, int]]:
    for line in lines[:_HEADING_WITHIN]:
        named: dict[str, int] = {}
        for place, cell in enumerate(line.cells):
            if (name := _headings().get(roster_words.bare(cell.text))) and name not in named:
                named[name] = place
        if "code" in named:
            return line, named
    raise FileRefused("import.no_device_heading")


@cache
def _headings() -> dict[str, str]:
    return {word: name for name in COLUMNS for word in words_in("devices", f"column.{name}")}


def _facts(
    line: Line, columns: Mapping[str, int], people: Mapping[str, list[int]]
) -> dict[str, Any]:
    """What the row says; an empty cell says nothing."""
    found: dict[str, Any] = {}
    for name, place in columns.items():
        cell = line.cells[place] if place < len(line.cells) else Cell("")
        if cell.is_formula:
            raise _CellWrong(name, "import.formula")
        if cell.text:
            found[name] = _READERS[name](name, cell.text)
    if "code" not in found:
        raise _CellWrong("code", "import.no_code")
    if "owner" in found:
        found["owner_id"] = _owner(found.pop("owner"), people)
    return found


def _code(name: str, cell: str) -> str:
    code = devices.code_of(cell)
    if code is None:
        raise _CellWrong(name, "import.bad_code", word=cell)
    return code


def _text(name: str, cell: str) -> str:
    if len(cell) > _LENGTHS[name]:
        raise _CellWrong(name, "import.too_long", most=_LENGTHS[name])
    if not cell.isprintable():
        raise _CellWrong(name, "import.unprintable")
    return cell


def _category(name: str, cell: str) -> Category:
    """By the words of skills, else as the classifier reads it: 激光打印机 is a printer."""
    try:
        kinds = roster_words.skills_of(cell)
    except WordUnknown:
        kinds = frozenset(filter(None, [kind_in(cell)]))
    if len(kinds) != 1:
        known = ", ".join(Category)
        raise _CellWrong(name, "import.unknown_category", word=cell, known=known)
    return next(iter(kinds))


def kind_in(words: str) -> Category | None:
    """The kind of thing that these words surely name."""
    heard = read(words)
    best, confidence = heard.categories[0]
    is_ours = heard.intent is not Intent.OTHER
    return best if confidence >= (_SURE if is_ours else _SURE_ALL_THE_SAME) else None


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(("name", "description", "place", "owner"), _text),
    "code": _code,
    "category": _category,
}


def _people(session: Session) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    rows: Iterable[Any] = session.execute(select(Person.id, Person.name))
    for person_id, name in rows:
        found.setdefault(name or "", []).append(person_id)
    return found


def _owner(name: str, people: Mapping[str, list[int]]) -> int:
    same = people.get(name, [])
    if len(same) != 1:
        key = "import.several" if same else "import.unknown_owner"
        ids = ", ".join(map(str, same))
        raise _CellWrong("owner", key, ids=ids, word=name)
    return same[0]


# --- what changes ------------------------------------------------------------------------------


def _step(row: int, facts: dict[str, Any], known: Mapping[str, Device]) -> Step:
    code = facts.pop("code")
    device = known.get(code)
    if device is None:
        return Step(row, Fate.NEW, code, _new(facts))
    changes = {
        name: (getattr(device, name), facts[name])
        for name in _FACTS
        if name in facts and facts[name] != getattr(device, name)
    }
    fate = Fate.CHANGED if changes else Fate.UNCHANGED
    return Step(row, fate, code, facts, changes)


def _new(facts: dict[str, Any]) -> dict[str, Any]:
    """A device needs a name and a place; its kind may be read from its name."""
    for name, key in _NEEDED.items():
        if name not in facts:
            raise _CellWrong(name, key)
    category = facts.get("category") or kind_in(facts["name"]) or Category.OTHER
    return {**facts, "category": category}
