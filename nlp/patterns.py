"""Regular expressions and word lists of the slot readers, all made and listed here (H-27)."""

import logging
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

log = logging.getLogger(__name__)

WORD_LISTS = Path(__file__).parent / "data" / "slots"

ALL: "list[_Later]" = []
"""Every pattern that `linear` made; a test looks for repeats within repeats in each."""


def linear(expression: str) -> re.Pattern[str]:
    """A pattern for the folded copy; it may repeat nothing that itself repeats without end."""
    pattern = _Later(expression)
    ALL.append(pattern)
    return cast(re.Pattern[str], pattern)


def compile_all() -> None:
    """Half a second of work that no start needs to wait for, nor the first message (T10)."""
    for pattern in ALL:
        _ = pattern.flags


class _Later:
    """A pattern that is compiled when something is first asked of it; then it is as quick."""

    flags: int

    def __init__(self, expression: str) -> None:
        self.pattern = expression

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        self.__dict__.update((each, getattr(compiled, each)) for each in _ASKED)
        return getattr(compiled, name)


_ASKED = tuple(name for name in dir(re.Pattern) if not name.startswith("_"))


def any_of(words: Iterable[str]) -> str:
    """An expression for the longest of these words at a place, grouped by first character."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    groups = (
        f"{re.escape(first)}(?:{'|'.join(rests)})"
        if len(rests) > 1 or rests[0]
        else re.escape(first)
        for first, rests in by_first.items()
    )
    return f"(?:{'|'.join(groups)})" if by_first else "(?!)"


def words_in(name: str, *headings: str) -> tuple[str, ...]:
    """The words under these headings of `data/slots/<name>.txt`, in their order."""
    lists = word_lists(name)
    return tuple(word for heading in headings for word in lists.get(heading, ()))


@cache
def word_lists(name: str) -> Mapping[str, tuple[str, ...]]:
    """Without a list the readers find less, and all goes on (R-086)."""
    try:
        return _parse((WORD_LISTS / f"{name}.txt").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.error("slot_words_unreadable list=%s error=%s", name, type(error).__name__)
        return {}


def _parse(text: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    heading: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("[") and line.endswith("]"):
            heading = found.setdefault(line[1:-1], [])
        elif heading is None:
            raise ValueError(f"line {number}: words before the first heading")
        else:
            heading += line.lower().split()
    return {name: tuple(dict.fromkeys(words)) for name, words in found.items()}
