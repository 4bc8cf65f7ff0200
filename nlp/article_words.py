"""What an article and a question are made of: words, their pairs of characters, how those sound.

The index holds the sound of each character and pair (打印机: `da~`, `da~yin`, …), Latin words and
their trigrams, so that 打因机 and outlok lead to the articles that are meant (K1). What was
written and what only sounds alike is told apart by nlp/article_match.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from nlp.normalize import folded
from nlp.pinyin import sound
from nlp.segment import known_words
from nlp.synonyms import in_one_word

LONGEST_QUERY = 200  # characters; a question says in them what it is about
LONGEST_TEXT = 6_000
MOST_WORDS = 24  # of one question

HEAD = "#"
"""What stands before words of the title and of the ways of asking."""

_DATA = Path(__file__).resolve().parent / "data"
_RUN = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")
_SHORTEST_WITH_PARTS = 4  # letters; shorter Latin words are written as they are
_CUT = " "


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a question, or a stretch of characters that make no word."""

    written: tuple[str, ...]  # pairs of its characters; a single character or Latin word by itself
    single: tuple[str, ...] = ()  # the characters of a stretch, should no pair be found
    latin: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """What the index is asked for."""
        if self.latin:
            return (self.latin, *parts_of(self.latin))
        return tuple(dict.fromkeys(key(each) for each in (*self.written, *self.single)))


@lru_cache(maxsize=20_000)
def key(characters: str) -> str:
    """How one or two characters are found in the index; asked for with each comparison."""
    if len(characters) == 1:
        return f"{sound(characters)}~"
    return "~".join(map(sound, characters))


@lru_cache(maxsize=2_000)
def parts_of(latin: str) -> tuple[str, ...]:
    """Trigrams of a Latin word, its ends marked: `~~ou`, `~out`, … of outlook."""
    if len(latin) < _SHORTEST_WITH_PARTS:
        return ()
    padded = f"~{latin}~"
    return tuple(f"~{padded[at : at + 3]}" for at in range(len(padded) - 2))


def readable(text: str, limit: int = LONGEST_TEXT) -> str:
    """Folded, words of one meaning made one, and without what only makes it a question."""
    return _fillers().sub(_CUT, in_one_word(folded(text, limit)))


# --- of a question -------------------------------------------------------------------------------


def pieces(text: str, limit: int = LONGEST_QUERY) -> tuple[Piece, ...]:
    """Words that say something, each once, in their order."""
    found = (piece for run in _RUN.findall(readable(text, limit)) for piece in _of_run(run))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def _of_run(run: str) -> Iterator[Piece]:
    if run.isascii():
        yield Piece((run,), latin=run)
        return
    stretch = ""
    for word in known_words(run):
        if len(word) == 1:
            stretch += word
            continue
        yield from _of_stretch(stretch)
        stretch = ""
        yield Piece(pairs(word))
    yield from _of_stretch(stretch)


def _of_stretch(characters: str) -> Iterator[Piece]:
    if len(characters) == 1:
        if characters not in _empty():
            yield Piece((characters,))
    elif characters:
        yield Piece(pairs(characters), single=tuple(characters))


def pairs(run: str) -> tuple[str, ...]:
    return tuple(run[at : at + 2] for at in range(len(run) - 1))


# --- of an article -------------------------------------------------------------------------------


def keys_in(text: str) -> set[str]:
    """Everything that the text is found by."""
    found: set[str] = set()
    for run in _RUN.findall(readable(text)):
        if run.isascii():
            found |= {run, *parts_of(run)}
        else:
            found |= {key(each) for each in (*run, *pairs(run))}
    return found


def written_in(text: str) -> frozenset[str]:
    """Characters, pairs and Latin words exactly as they stand there."""
    found: set[str] = set()
    for run in _RUN.findall(readable(text)):
        found |= {run} if run.isascii() else {*run, *pairs(run)}
    return frozenset(found)


# --- word lists ----------------------------------------------------------------------------------


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@cache
def _fillers() -> re.Pattern[str]:
    words = [word for line in _lines("article_fillers.txt") for word in line.split()]
    longest_first = sorted({*words}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _empty() -> frozenset[str]:
    return frozenset(
        "的了吗呢吧啊呀嘛在是有和与跟及或我你您他她它这那个把被给让就都也还又很太要去来用到"
    )
