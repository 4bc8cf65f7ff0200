"""From the rows of a list to people: which column is which, and what is wrong where."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.category import Category
from domain.permissions import Role
from domain.sentence import Fact, Say
from models import Person
from services import roster_words
from services.roster_file import Cell, FileRefused, Line
from services.roster_words import WordUnknown

WORKERS = frozenset({Role.ENGINEER, Role.VENDOR})

_HEADING_WITHIN = 10  # rows; above it stand titles and remarks
_TEXTS = ("name", "department", "office", "extension")
_LENGTHS: dict[str, int] = {name: getattr(Person, name).type.length for name in _TEXTS}
_MOST_AREAS = 20
_LONGEST_AREA = 40
_STAFF_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
_HIGHEST_ID = 2**31 - 1  # that the column holds


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of somebody; None: it says nothing of it."""

    name: str
    id: int | None = None
    staff_number: str | None = None
    phone: str | None = None
    department: str | None = None
    office: str | None = None
    extension: str | None = None
    roles: frozenset[Role] | None = None
    skills: frozenset[Category] | None = None
    areas: tuple[str, ...] | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be used; `column` is its heading, or empty for the whole row."""

    row: int
    column: str
    why: Say


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read: an entry, or what is wrong with it."""

    number: int
    entry: Entry | None
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole list, with the numbers of rows that were titles or remarks."""

    rows: tuple[Row, ...]
    passed_over: tuple[int, ...]


def read_roster(lines: Sequence[Line]) -> Roster:
    """FileRefused if no row names the columns."""
    heading = next((line for line in lines[:_HEADING_WITHIN] if _is_heading(line)), None)
    if heading is None:
        raise FileRefused("import.no_heading")
    columns = _columns(heading)
    rows: list[Row] = []
    passed_over: list[int] = []
    for line in lines:
        if line.number <= heading.number or not line.filled:
            continue
        if _is_title(line, columns):
            passed_over.append(line.number)
        else:
            rows.append(_row(line, columns, heading))
    return Roster(tuple(rows), tuple(passed_over))


def _is_heading(line: Line) -> bool:
    names = [roster_words.column_of(cell.text) for cell in line.cells]
    return "name" in names


def _columns(heading: Line) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(heading.cells):
        if name := roster_words.column_of(cell.text):
            if name in columns:
                raise FileRefused("import.column_twice", column=cell.text)
            columns[name] = place
    return columns


def _is_title(line: Line, columns: Mapping[str, int]) -> bool:
    """Of cells merged over a row only the first holds words; such a row is about nobody."""
    return line.filled == 1 < len(columns)


def _row(line: Line, columns: Mapping[str, int], heading: Line) -> Row:
    cells = {
        name: line.cells[place] if place < len(line.cells) else Cell("")
        for name, place in columns.items()
    }
    called = {name: heading.cells[place].text for name, place in columns.items()}
    entry, wrong = read_entry(cells)
    told = tuple(Wrong(line.number, called.get(name, ""), why) for name, why in wrong)
    return Row(line.number, entry, told)


# --- one entry ---------------------------------------------------------------------------------


def read_entry(cells: Mapping[str, Cell]) -> tuple[Entry | None, list[tuple[str, Say]]]:
    """The entry; or None, and each column that is wrong with the reason."""
    found: dict[str, Any] = {}
    wrong: list[tuple[str, Say]] = []
    for name, cell in cells.items():
        if cell.is_formula:
            wrong.append((name, Say("import.formula")))
        elif cell.text:
            try:
                found[name] = _READERS[name](name, cell.text)
            except _CellWrong as error:
                wrong.append((name, error.say))
    if "name" not in found and not any(name == "name" for name, _ in wrong):
        wrong.append(("name", Say("import.no_name")))
    return (None, wrong) if wrong else (Entry(**found), [])


class _CellWrong(Exception):
    def __init__(self, key: str, **facts: Fact) -> None:
        super().__init__(key)
        self.say = Say(key, facts)


def _text(name: str, cell: str) -> str:
    if len(cell) > _LENGTHS[name]:
        raise _CellWrong("import.too_long", most=_LENGTHS[name])
    if not cell.isprintable():
        raise _CellWrong("import.unprintable")
    return cell


def _staff_number(_: str, cell: str) -> str:
    """As it is kept and typed at the sign-in: capitals."""
    number = cell.upper()
    if not _STAFF_NUMBER.fullmatch(number):
        raise _CellWrong("import.no_staff_number", word=cell)
    return number


def _phone(_: str, cell: str) -> str:
    try:
        return roster_words.phone_of(cell)
    except WordUnknown:
        raise _CellWrong("import.no_phone", word=cell) from None


def _listed(read: Callable[[str], Any], key: str, known: Iterable[str]) -> Callable[..., Any]:
    """A reader of words from a list, which says what there is."""
    there_is = ", ".join(known)

    def reader(_: str, cell: str) -> Any:
        try:
            return read(cell)
        except WordUnknown as error:
            raise _CellWrong(key, word=str(error), known=there_is) from None

    return reader


def _areas(_: str, cell: str) -> tuple[str, ...]:
    areas = roster_words.parts_of(cell)
    if len(areas) > _MOST_AREAS:
        raise _CellWrong("import.too_many_areas", most=_MOST_AREAS)
    if any(len(area) > _LONGEST_AREA for area in areas):
        raise _CellWrong("import.too_long", most=_LONGEST_AREA)
    return areas


def _id(_: str, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and int(cell[:12]) <= _HIGHEST_ID):
        raise _CellWrong("import.no_id", word=cell)
    return int(cell)


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    "id": _id,
    "staff_number": _staff_number,
    "phone": _phone,
    "roles": _listed(roster_words.roles_of, "import.unknown_role", Role),
    "skills": _listed(roster_words.skills_of, "import.unknown_skill", Category),
    "level": _listed(roster_words.level_of, "import.unknown_level", map(str, roster_words.LEVELS)),
    "areas": _areas,
}
