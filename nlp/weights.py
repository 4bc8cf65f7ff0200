"""The trained weights as a worker reads by them, without numpy: a sixth of its memory (T10).

A feature's row is a step for each column, in lanes of 16 bits. Python's whole numbers are as long
as one likes: all lanes of a row are added in one go, and no carry leaves a lane, for a step has 10
bits and at most 64 rows go together. Above the last lane stands what the row says of the message's
length, so that one sum has both.
"""

import hashlib
import json
import struct
import zipfile
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count, groupby, islice, pairwise
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from domain.category import Category
from nlp import npz
from nlp.features import TEXT_LENGTH, Features
from nlp.intents import Intent

DATA = Path(__file__).parent / "data"
WEIGHTS = DATA / "model.npz"
CARD = DATA / "model.json"

# The columns of the weights: a score per intent, one per category, and one for «high».
INTENTS = tuple(Intent)
CATEGORIES = tuple(Category)
COLUMNS = (*map(str, INTENTS), *map(str, CATEGORIES), "high")

FORMAT = 2  # 1: steps that were not yet times what the feature is worth

STEPS = 511  # either way from 0; with 127 the weights of a category were a sixth off

GRAM_BITS = 21  # of a Unicode code point; a pair is two of them in one number
NO_GRAM = -1  # what a blank is among the grams

_LANE = 2  # bytes
_ROW = _LANE * len(COLUMNS)
_ABOVE = 8 * _ROW  # bits
_LANES = (1 << _ABOVE) - 1
_IS_KEPT = _ABOVE + 32
_ALL_BUT_KEPT = (1 << _IS_KEPT) - 1
_SQUARE_STEPS = (1 << 20) - 1  # of the largest; no step of it is a thousandth of a per cent
_NOUGHT = STEPS + 1  # a step of 0, so that none is negative
_KEPT = 16384  # rows: a fifth of all, and most of use
_TOGETHER = 64  # rows whose sum is sure to fit its lane


class ModelUnusable(Exception):
    """The weights are missing, damaged, or made for other code."""


class _Head(NamedTuple):
    """The row of a character, and those of its pairs, which follow one another."""

    row: int
    first: int
    seconds: str


class Placed(NamedTuple):
    """The rows of one message's features; 0 for what training never saw, whose row is of nothing.

    What is said a hundred times counts once.
    """

    text: list[int]  # grams, then words
    mentions: list[int]


class _Rows:
    """Rows as numbers; those that are met first are kept, a hundred bytes each.

    What is kept has a one above all else: a sum tells how many of its rows were there.
    """

    def __init__(self, lanes: bytes, squares: Sequence[int]) -> None:
        self._lanes, self._squares = lanes, squares
        self._kept = [0] * len(squares)
        self._left = _KEPT
        self._at = self._kept.__getitem__

    def sum_of(self, rows: Collection[int]) -> int:
        """The numbers of at most `_TOGETHER` rows, added up."""
        total = sum(map(self._at, rows))
        if total >> _IS_KEPT != len(rows):
            # Each is looked at once: meanwhile another thread may have kept what was not there.
            kept = self._kept
            total = sum([kept[row] or self._made(row) for row in rows])
        return total & _ALL_BUT_KEPT

    def step(self, row: int, column: int) -> int:
        begins = row * _ROW + column * _LANE
        return _number(self._lanes[begins : begins + _LANE]) - _NOUGHT

    def _made(self, row: int) -> int:
        begins = row * _ROW
        made = _number(self._lanes[begins : begins + _ROW]) | self._squares[row] << _ABOVE
        if self._left > 0:
            self._left -= 1
            self._kept[row] = made | 1 << _IS_KEPT
        return made


class Weights:
    """Scores in log-odds, by column; keeps nothing of what it reads."""

    def __init__(self, arrays: Mapping[str, npz.Plain], card: Mapping[str, Any]) -> None:
        grams = _numbers(arrays["grams"], "<i8", "q")
        words, concepts = _strings(arrays["words"]), _strings(arrays["concepts"])
        row = count(1 + len(grams))
        self.card = card
        self._heads, self._blank = _heads(grams)
        self._words = {word: next(row) for word in words}
        self._concepts = {concept: next(row) for concept in concepts}
        rows = next(row)
        squares, self._square_unit = _squares(_worths(arrays["worth"], rows))
        self._rows = _Rows(_lanes(arrays["weights"], rows), squares)
        self._unit = tuple(_numbers(arrays["unit"], "<f4", "f"))  # of a step of the text's rows
        self._concept_unit = tuple(_numbers(arrays["concept_unit"], "<f4", "f"))
        self._bias = tuple(_numbers(arrays["bias"], "<f4", "f"))
        if {len(self._unit), len(self._concept_unit), len(self._bias)} != {len(COLUMNS)}:
            raise ValueError("other columns")

    def place(self, features: Features) -> Placed:
        word, concept = self._words.get, self._concepts.get
        text = self._gram_rows(features)
        text += [word(each, 0) for each in features.counted]
        return Placed(text, [concept(mention.concept, 0) for mention in features.mentions])

    def scores(self, placed: Placed) -> list[float]:
        """One for each of `COLUMNS`."""
        text, mentions = set(placed.text), set(placed.mentions)
        of_text, squares = self._added(text)
        of_mentions, _ = self._added(mentions)
        share, noughts, others = self._share(squares), _NOUGHT * len(text), _NOUGHT * len(mentions)
        return [
            (told - noughts) * share * unit + (mentioned - others) * concept_unit + bias
            for told, unit, mentioned, concept_unit, bias in zip(
                of_text, self._unit, of_mentions, self._concept_unit, self._bias, strict=True
            )
        ]

    def spoke(self, placed: Placed, column: int) -> list[float]:
        """How much each feature added to one column, where it stands first."""
        _, squares = self._added(set(placed.text))
        of_text = self._unit[column] * self._share(squares)
        told = self._steps_of(placed.text, column, of_text)
        return told + self._steps_of(placed.mentions, column, self._concept_unit[column])

    def _steps_of(self, rows: Iterable[int], column: int, unit: float) -> list[float]:
        told: list[float] = []
        seen: set[int] = set()
        for row in rows:
            told.append(0.0 if row in seen else self._rows.step(row, column) * unit)
            seen.add(row)
        return told

    def _gram_rows(self, features: Features) -> list[int]:
        rows: list[int] = []
        add, head_of = rows.append, self._heads.get
        for first, second in pairwise(features.marked):
            head = head_of(first)
            if head is None:
                rows += (0, 0)
                continue
            row, first_pair, seconds = head
            at = seconds.find(second)
            add(row)
            add(first_pair + at if at >= 0 else 0)
        end = head_of(features.marked[-1])
        add(end.row if end else 0)
        for start, until in features.blanks:
            rows[start:until] = [self._blank] * (until - start)
        return rows

    def _share(self, squares: int) -> float:
        """The text's features make one vector of a set length, so that long ones do not shout."""
        return TEXT_LENGTH / sqrt(squares * self._square_unit) if squares else 0.0

    def _added(self, rows: set[int]) -> tuple[Sequence[int], int]:
        """The steps of these rows by column, each `_NOUGHT` too much, and their squares."""
        if len(rows) > _TOGETHER:
            several = iter(rows)
            parts = []
            while part := set(islice(several, _TOGETHER)):
                parts.append(self._added(part))
            by_column = zip(*[steps for steps, _ in parts], strict=True)
            return [sum(column) for column in by_column], sum([squares for _, squares in parts])
        total = self._rows.sum_of(rows)
        steps = (total & _LANES).to_bytes(_ROW, "little")
        return memoryview(steps).cast("H"), total >> _ABOVE


def load(weights: Path = WEIGHTS, card: Path = CARD) -> Weights:
    try:
        written = json.loads(card.read_text(encoding="utf-8"))
        packed = weights.read_bytes()
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"{type(error).__name__}: {error}") from error
    return unpack(packed, written)


def unpack(packed: bytes, card: Mapping[str, Any]) -> Weights:
    """`ModelUnusable` for weights that the card does not vouch for, or of another release."""
    try:
        _check(card, packed)
        if card["format"] == 1:
            from nlp import former  # a desk's own weights, learnt under a release before

            return Weights(former.multiplied(npz.read(packed)), card)
        return Weights(npz.read(packed), card)
    except (
        *(OSError, ValueError, KeyError, TypeError, IndexError, OverflowError),
        *(struct.error, zipfile.BadZipFile),
    ) as error:
        raise ModelUnusable(f"{type(error).__name__}: {error}") from error


def _check(card: Mapping[str, Any], packed: bytes) -> None:
    if card["format"] not in {1, FORMAT} or tuple(card["columns"]) != COLUMNS:
        raise ModelUnusable("made for other code")
    if card["sha256"] != hashlib.sha256(packed).hexdigest():
        raise ModelUnusable("not the weights that the card vouches for")


def _heads(grams: Sequence[int]) -> tuple[dict[str, _Head], int]:
    """By character; and the row of a blank. Grams ascend, so that pairs stand by their first."""
    singles = {gram: row for row, gram in enumerate(grams, 1) if 0 <= gram < 1 << GRAM_BITS}
    seconds_of = (1 << GRAM_BITS) - 1
    found = {gram: _Head(row, 0, "") for gram, row in singles.items()}
    pairs = ((gram, row) for row, gram in enumerate(grams, 1) if gram >= 1 << GRAM_BITS)
    for first, group in groupby(pairs, key=lambda pair: pair[0] >> GRAM_BITS):
        own = list(group)
        seconds = "".join([chr(gram & seconds_of) for gram, _ in own])
        found[first] = _Head(singles.get(first, 0), own[0][1], seconds)
    blank = 1 if grams and grams[0] == NO_GRAM else 0
    return {chr(first): head for first, head in found.items()}, blank


def _lanes(weights: npz.Plain, rows: int) -> bytes:
    """All rows, each step counted from below, so that none is negative."""
    if weights.kind != "<i2" or weights.shape != (rows, len(COLUMNS)):
        raise ValueError("weights of another shape")
    lanes = rows * len(COLUMNS)
    # In one go: the highest bit of each turned over, and less by what is too much then.
    turned = _number(weights.content) ^ _number(b"\0\x80" * lanes)
    too_much = _number((0x8000 - _NOUGHT).to_bytes(_LANE, "little") * lanes)
    return (turned - too_much).to_bytes(lanes * _LANE, "little")


def _number(content: bytes) -> int:
    return int.from_bytes(content, "little")


def _worths(kept: npz.Plain, rows: int) -> Sequence[float]:
    """How much a feature of the text counts in its length: rare ones more, row 0 nothing."""
    if kept.kind != "<f2" or kept.shape != (rows,):
        raise ValueError("worths of another shape")
    return array("f", struct.unpack(f"<{rows}e", kept.content))


def _squares(worths: Sequence[float]) -> tuple[Sequence[int], float]:
    """Each worth times itself in whole steps, and what a step is."""
    unit = max(worth * worth for worth in worths) / _SQUARE_STEPS or 1.0
    return array("i", [round(worth * worth / unit) for worth in worths]), unit


def _numbers(kept: npz.Plain, kind: str, code: str) -> Sequence[Any]:
    if kept.kind != kind or len(kept.shape) != 1:
        raise ValueError("numbers of another kind")
    return array(code, kept.content)


def _strings(kept: npz.Plain) -> Iterable[str]:
    strings: list[str] = json.loads(kept.content)
    return strings
