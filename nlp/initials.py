"""The initials of a Chinese name, as people type them to find somebody: 王芳 is wf."""

from functools import cache
from pathlib import Path

MOST = 40  # letters, as the column holds

_TABLE = Path(__file__).resolve().parent / "data" / "initials.txt"
_FIRST = 0x4E00  # the table's first character
_UNKNOWN = "."

_SURNAMES = {
    "尉迟": "yc",
    "长孙": "zs",
    "单于": "cy",
    "万俟": "mq",
    "澹台": "tt",
    "曾": "z",
    "单": "s",
    "仇": "q",
    "解": "x",
    "查": "z",
    "区": "o",
    "翟": "z",
    "朴": "p",
    "种": "c",
    "盖": "g",
    "折": "s",
    "召": "s",
    "乐": "y",
    "覃": "q",
    "重": "c",
}
"""Read otherwise as a surname than in most words; of two such readings the usual is kept."""


def initials_of(name: str | None) -> str | None:
    """Small letters and digits only; None for a name without any."""
    return initials(name or "") or None


def initials(text: str) -> str:
    """The first letter of each character and of each Latin word; empty if there is none."""
    plain = text.strip()
    surname = next((each for each in _SURNAMES if _begins_with(plain, each)), "")
    letters = _SURNAMES.get(surname, "") + "".join(_letters(plain[len(surname) :]))
    return letters.lower()[:MOST]


def _begins_with(name: str, surname: str) -> bool:
    """A whole name, not just the character: 查 alone is no surname."""
    return name.startswith(surname) and len(name) > len(surname)


def _letters(text: str) -> list[str]:
    found: list[str] = []
    is_within = False  # a Latin word counts by its first letter, a number whole
    for char in text:
        if not char.isascii():
            found.append(_of(char))
            is_within = False
            continue
        is_letter = char.isalpha()
        if char.isdigit() or (is_letter and not is_within):
            found.append(char)
        is_within = is_letter or (is_within and char == "'")
    return found


def _of(char: str) -> str:
    place, table = ord(char) - _FIRST, _letters_of_all()
    letter = table[place] if 0 <= place < len(table) else _UNKNOWN
    return "" if letter == _UNKNOWN else letter


@cache
def _letters_of_all() -> str:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))
