"""The desk's word list: what each word speaks for, found anywhere in a message."""

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

log = logging.getLogger(__name__)

WORD_LIST = Path(__file__).parent / "data" / "lexicon.txt"

_LETTERS = frozenset(ascii_lowercase)


class Mention(NamedTuple):
    """A word of the list, standing at `start`, and the heading it speaks for."""

    start: int
    word: str
    concept: str  # task.label.kind, e.g. category.printer.symptom


@cache
def concepts() -> tuple[str, ...]:
    return tuple(_word_list())


@cache
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
    branches = _branches()
    covered = 0  # up to where the words found so far reach
    for start, first in enumerate(folded_text):
        branch = branches.get(first)
        if branch is None:
            continue
        if not branch.concepts and folded_text[start + 1 : start + 2] not in branch.next:
            continue  # as most: no word, and no beginning of one
        longest, end = _longest(branch, folded_text, start)
        if longest is not None and end > covered:
            covered = end
            word = folded_text[start:end]
            found += [Mention(start, word, concept) for concept in longest.concepts]
    return found


def _longest(branch: "_Branch", text: str, start: int) -> tuple["_Branch | None", int]:
    """The longest word that begins at `start`, whose first character led to the branch."""
    is_latin = text[start] in _LETTERS
    longest, longest_end, end = None, 0, start + 1
    following: _Branch | None = branch
    while following is not None:
        may_be_cut = is_latin or text[end - 1] in _LETTERS
        if following.concepts and not (may_be_cut and _is_inside_a_word(text, start, end)):
            longest, longest_end = following, end
        if end == len(text):
            break
        following = following.next.get(text[end])
        end += 1
    return longest, longest_end


class _Branch:
    """Where the words go on after the same beginning, and what the beginning itself means."""

    __slots__ = ("concepts", "next")

    def __init__(self) -> None:
        self.concepts: tuple[str, ...] = ()
        self.next: dict[str, _Branch] = _NOTHING  # of an end: what all ends share

    def at(self, character: str) -> "_Branch":
        """Where this character leads, a new branch if need be; most branches are ends."""
        if self.next is _NOTHING:
            self.next = {}
        return self.next.setdefault(character, _Branch())


_NOTHING: dict[str, _Branch] = {}


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
    _branches.cache_clear()


_own: Mapping[str, tuple[str, ...]] = {}


@cache
def _branches() -> Mapping[str, _Branch]:
    """The branch of each first character."""
    root = _Branch()
    for concept, words in _word_list().items():
        for word in dict.fromkeys((*words, *_own.get(concept, ()))):
            branch = root
            for character in word:
                branch = branch.at(character)
            branch.concepts += (concept,)
    return root.next


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
        found[heading].update(dict.fromkeys(line.split()))
    return {heading: tuple(words) for heading, words in found.items()}
