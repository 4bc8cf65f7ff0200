"""What the classifier looks at in a message: pairs of characters, words, and what they mention."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from nlp import lexicon, spelling
from nlp.denial import denied

Floats = NDArray[np.float32]
Grams = NDArray[np.int64]
Rows = NDArray[np.intp]

_BEGIN, _END = "\x02", "\x03"  # no message holds these
_BITS = 21  # of a Unicode code point; a pair is two of them in one number
_NO_GRAM = -1

# How much each kind of feature weighs, the best of a few tried by cross-validation. Characters,
# pairs and words make one vector of a set length, so that long messages do not shout; what is
# mentioned stands beside it.
TEXT_LENGTH = 1.1
WORD_SHARE = 0.7
CONCEPT_VALUE = 0.08
LOOSE_VALUE = 0.03  # of a heading whose words are said of other kinds as well
_LOOSE = frozenset({"device", "part", "symptom", "brand", "thing"})


@dataclass(frozen=True, slots=True)
class Features:
    """`grams` are the characters, marks at both ends included, each followed by its pair.

    What the message denies is a blank in `grams` and `counted`, and not in `mentions`.
    """

    words: list[str]
    grams: Grams
    counted: list[str]  # the words that count
    mentions: list[lexicon.Mention]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The row of each feature in the weights; row 0 is for what training never saw."""

    grams: Grams  # ascending; the first is row 1
    words: Mapping[str, int]
    concepts: Mapping[str, int]
    worth: Floats  # how much a feature says before weights: rare ones more, row 0 nothing


def extract(folded_text: str) -> Features:
    text, words = spelling.as_meant(folded_text)
    features = Features(words, _grams(text), words, lexicon.mentions(text))
    spans = denied(text)
    return _without(features, spans) if spans and _says_what(features, spans) else features


def place(features: Features, vocabulary: Vocabulary) -> tuple[Rows, Floats]:
    """The row and the value of every gram, word and mention, in this order."""
    word, concept = vocabulary.words.get, vocabulary.concepts.get
    named = [word(each, 0) for each in features.counted]
    named += [concept(mention.concept, 0) for mention in features.mentions]
    grams, known = features.grams, vocabulary.grams
    rows = np.empty(len(grams) + len(named), dtype=np.intp)
    rows[len(grams) :] = named
    found = known.searchsorted(grams)
    rows[: len(grams)] = (found + 1) * (known.take(found, mode="clip") == grams)
    values = vocabulary.worth.take(rows)
    _count_once(rows, values)
    text = values[: len(rows) - len(features.mentions)]
    length = sqrt(text @ text)
    if length:
        text *= TEXT_LENGTH / length
    return rows, values


def concept_value(concept: str) -> float:
    return LOOSE_VALUE if concept.rpartition(".")[2] in _LOOSE else CONCEPT_VALUE


def _count_once(rows: Rows, values: Floats) -> None:
    """What is said a hundred times is worth something at its first place only."""
    order = rows.argsort(kind="stable")
    ordered = rows.take(order)
    values[order[1:][ordered[1:] == ordered[:-1]]] = 0


def _grams(folded_text: str) -> Grams:
    marked = f"{_BEGIN}{folded_text}{_END}"
    codes = np.frombuffer(marked.encode("utf-32-le"), dtype=np.uint32)
    grams = np.empty(2 * len(marked) - 1, dtype=np.int64)
    grams[::2] = codes
    grams[1::2] = grams[:-2:2] << _BITS | grams[2::2]
    return grams


def _says_what(features: Features, spans: list[tuple[int, int]]) -> bool:
    """Beside what it denies; 不是附件太大,小的也走不掉 still speaks of what it began with."""
    return any(
        mention.concept.startswith("category.")
        and not any(start <= mention.start < end for start, end in spans)
        for mention in features.mentions
    )


def _without(features: Features, spans: list[tuple[int, int]]) -> Features:
    for start, end in spans:
        features.grams[2 * start + 2 : 2 * end + 2] = _NO_GRAM

    def is_denied(place: int) -> bool:
        return any(start <= place < end for start, end in spans)

    starts = accumulate(map(len, features.words), initial=0)
    return Features(
        features.words,
        features.grams,
        ["" if is_denied(at) else word for at, word in zip(starts, features.words, strict=False)],
        [mention for mention in features.mentions if not is_denied(mention.start)],
    )
