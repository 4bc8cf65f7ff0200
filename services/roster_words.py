"""The words of a list of people: columns, roles, skills, levels, and how a cell is read."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

from domain.category import Category
from domain.permissions import Role
from nlp.patterns import words_in

COLUMNS = (
    "id",
    "name",
    "staff_number",
    "department",
    "office",
    "phone",
    "extension",
    "roles",
    "skills",
    "areas",
    "level",
)
LEVELS = (1, 2, 3)

_BETWEEN = re.compile(r"[,;/|\n\uff0c\uff1b\u3001]+")
_NO_DIGITS = re.compile(r"[\s\u00a0().\uff08\uff09\u2010-\u2015\uff0d-]+")
_COUNTRY = re.compile(r"^(?:\+|00)86")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}|\+\d{8,15}")
_BRACKETS = re.compile(r"[(\uff08].*?[)\uff09]|[*\uff0a:\uff1a\s]+")

K = TypeVar("K")


class WordUnknown(ValueError):
    """A word that is in no list; says which."""


def parts_of(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds several."""
    return tuple(dict.fromkeys(part.strip() for part in _BETWEEN.split(cell) if part.strip()))


def column_of(heading: str) -> str | None:
    """The column that a heading means; what it says in brackets is a hint for people."""
    return _columns().get(bare(heading))


def bare(heading: str) -> str:
    """A heading without what it says in brackets, stars and blanks."""
    return _BRACKETS.sub("", heading).lower()


def roles_of(cell: str) -> frozenset[Role]:
    return frozenset(_found(_roles(), parts_of(cell)))


def skills_of(cell: str) -> frozenset[Category]:
    return frozenset(_found(_skills(), parts_of(cell)))


def level_of(cell: str) -> int:
    return _found(_levels(), [cell])[0]


def phone_of(cell: str) -> str:
    """The digits that one dials; WordUnknown for what is no number."""
    digits = _COUNTRY.sub("", _NO_DIGITS.sub("", cell))
    if not _PHONE.fullmatch(digits):
        raise WordUnknown(cell)
    return digits


def same_phone(one: str | None, other: str | None) -> bool:
    return _dialled(one) == _dialled(other)


def _dialled(phone: str | None) -> str:
    return _COUNTRY.sub("", _NO_DIGITS.sub("", phone or ""))


def _found(words: dict[str, K], asked: Iterable[str]) -> list[K]:
    found = []
    for word in asked:
        key = word.strip().lower().replace(" ", "")
        if key not in words:
            raise WordUnknown(word)
        found.append(words[key])
    return found


@cache
def _columns() -> dict[str, str]:
    return {word: name for name in COLUMNS for word in words_in("roster", f"column.{name}")}


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role in Role for word in words_in("roster", f"role.{role.value}")}


@cache
def _skills() -> dict[str, Category]:
    return {word: kind for kind in Category for word in words_in("roster", f"skill.{kind.value}")}


@cache
def _levels() -> dict[str, int]:
    return {word: level for level in LEVELS for word in words_in("roster", f"level.{level}")}
