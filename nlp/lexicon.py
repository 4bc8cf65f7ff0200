"""The desk's word list: what each word speaks for, found anywhere in a message."""

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from sys import intern
from typing import NamedTuple

log = logging.getLogger(__name__)

WORD_LIST = Path(__file__).parent / "data" / "lexicon.txt"

_LETTERS = frozenset(ascii_lowercase)
_NO_CHARACTER = "\0"  # no message holds it

_Known = Mapping[str, tuple[str, ...]]


class Mention(NamedTuple):
    """A word of the list, standing at `start`, and the heading it speaks for."""

    start: int
    word: str
    concept: str  # task.label.kind, e.g. category.printer.symptom


@cache
def concepts() -> tuple[str, ...]:
    return tuple(_word_list())


def everything() -> frozenset[str]:
    """Every word of the list, cues included."""
    return frozenset(word for words in _word_list().values() for word in words)


@cache
def things() -> frozenset[str]:
    """The words for things and troubles, which are never to be cut in two; cues may be."""
    return frozenset(
        word
        for concept, words in _word_list().items()
        for word in words
        if concept.startswith("category.") and len(word) > 1
    )


def mentions(folded_text: str) -> list[Mention]:
    """The words of the list in the text, save those within a longer one: 网页 is no 网."""
    found: list[Mention] = []
    headings_of = _known().get
    may_be_cut = not _LETTERS.isdisjoint(folded_text)
    followed = folded_text + _NO_CHARACTER
    covered = 0  # up to where the words found so far reach
    for start, first in enumerate(folded_text):
        headings = headings_of(first)
        if headings is None:
            continue  # as many: no word, and no beginning of one
        longest_end = end = start + 1
        if headings and may_be_cut and _is_inside_a_word(folded_text, start, end):
            headings = ()
        while (further := headings_of(followed[start : (end := end + 1)])) is not None:
            if further and not (may_be_cut and _is_inside_a_word(folded_text, start, end)):
                headings, longest_end = further, end
        if headings and longest_end > covered:
            covered = longest_end
            word = folded_text[start:longest_end]
            for concept in headings:
                found.append(Mention(start, word, concept))
    return found


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    """«oa» does not stand in «load»."""
    is_cut_before = start > 0 and text[start] in _LETTERS and text[start - 1] in _LETTERS
    return is_cut_before or (
        end < len(text) and text[end - 1] in _LETTERS and text[end] in _LETTERS
    )


def put_own(words_of: Mapping[str, Iterable[str]]) -> None:
    """The admin's words count under these headings as well, and those put before no more."""
    global _own
    _own = {heading: tuple(words) for heading, words in words_of.items()}
    _known.cache_clear()


_own: Mapping[str, tuple[str, ...]] = {}


@cache
def _known() -> _Known:
    """The headings of each word, none of what is but the beginning of words."""
    found: dict[str, tuple[str, ...]] = {}
    once: dict[tuple[str, ...], tuple[str, ...]] = {}  # words of the same headings share them
    for concept, words in _word_list().items():
        for word in dict.fromkeys((*words, *_own.get(concept, ()))):
            headings = (*found.get(word, ()), concept)
            found[word] = once.setdefault(headings, headings)
            for end in range(1, len(word)):
                found.setdefault(intern(word[:end]), ())
    return found


@cache
def _word_list() -> Mapping[str, tuple[str, ...]]:
    try:
        return parse(WORD_LIST.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.error("word_list_unreadable error=%s", type(error).__name__)
        return {}


def parse(text: str) -> Mapping[str, tuple[str, ...]]:
    """Words by heading; `ValueError` names the line that is none of comment, heading, words."""
    found: dict[str, dict[str, None]] = {}
    heading = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("[") and line.endswith("]") and line.count(".") == 2:
            heading = line[1:-1]
            found.setdefault(heading, {})
            continue
        if not heading:
            raise ValueError(f"line {number}: words before the first heading")
        found[heading].update(dict.fromkeys(map(intern, line.split())))
    return {heading: tuple(words) for heading, words in found.items()}
