"""Features as rows and values for the library that learns; what reads has `Weights.place`."""

from collections.abc import Iterable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from nlp.features import TEXT_LENGTH, Features
from nlp.model import Floats, Grams, Vocabulary
from nlp.weights import GRAM_BITS, NO_GRAM

Rows = NDArray[np.intp]


def grams(features: Features) -> Grams:
    """Each character, and each pair, as one number."""
    return np.fromiter(map(_gram, features.grams()), dtype=np.int64)


def place(features: Features, vocabulary: Vocabulary) -> tuple[Rows, Floats]:
    """The row and the value of every gram, word and mention, in this order."""
    word, concept = vocabulary.words.get, vocabulary.concepts.get
    named = [word(each, 0) for each in features.counted]
    named += [concept(mention.concept, 0) for mention in features.mentions]
    rows = np.concatenate([_known(grams(features), vocabulary.grams), _as_rows(named)])
    values = vocabulary.worth.take(rows)
    _count_once(rows, values)
    text = values[: len(rows) - len(features.mentions)]
    length = sqrt(text @ text)
    if length:
        text *= TEXT_LENGTH / length
    return rows, values


def _gram(characters: str) -> int:
    if not characters:
        return NO_GRAM
    number = 0
    for each in characters:
        number = number << GRAM_BITS | ord(each)
    return number


def _known(wanted: Grams, known: Grams) -> Rows:
    found = known.searchsorted(wanted)
    return _as_rows((found + 1) * (known.take(found, mode="clip") == wanted))


def _as_rows(numbers: Iterable[int] | NDArray[np.integer]) -> Rows:
    return np.asarray(numbers, dtype=np.intp)


def _count_once(rows: Rows, values: Floats) -> None:
    """What is said a hundred times is worth something at its first place only."""
    order = rows.argsort(kind="stable")
    ordered = rows.take(order)
    values[order[1:][ordered[1:] == ordered[:-1]]] = 0
