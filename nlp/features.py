"""What the classifier looks at in a message: pairs of characters, words, and what they mention."""

from itertools import accumulate, pairwise
from typing import NamedTuple

from nlp import lexicon, spelling
from nlp.denial import denied

_BEGIN, _END = "\x02", "\x03"  # no message holds these

# How much each kind of feature weighs, the best of a few tried by cross-validation. Characters,
# pairs and words make one vector of a set length, so that long messages do not shout; what is
# mentioned stands beside it.
TEXT_LENGTH = 1.1
WORD_SHARE = 0.7
CONCEPT_VALUE = 0.08
LOOSE_VALUE = 0.03  # of a heading whose words are said of other kinds as well
_LOOSE = frozenset({"device", "part", "symptom", "brand", "thing"})

Spans = list[tuple[int, int]]


class Features(NamedTuple):
    """A message of n characters has 2n + 3 grams: character, pair, …, the marks at its ends too.

    What the message denies is a blank among the grams and in `counted`, and not in `mentions`.
    """

    marked: str  # the message between its two marks
    words: list[str]
    counted: list[str]  # the words that count
    mentions: list[lexicon.Mention]
    blanks: Spans  # of grams

    def grams(self) -> list[str]:
        """Each character followed by its pair."""
        grams = [""] * (2 * len(self.marked) - 1)
        grams[::2] = list(self.marked)
        grams[1::2] = [first + second for first, second in pairwise(self.marked)]
        for start, end in self.blanks:
            grams[start:end] = [""] * (end - start)
        return grams


def extract(folded_text: str) -> Features:
    text, words = spelling.as_meant(folded_text)
    features = Features(f"{_BEGIN}{text}{_END}", words, words, lexicon.mentions(text), [])
    spans = denied(text)
    return _without(features, spans) if spans and _says_what(features, spans) else features


def concept_value(concept: str) -> float:
    return LOOSE_VALUE if concept.rpartition(".")[2] in _LOOSE else CONCEPT_VALUE


def _says_what(features: Features, spans: Spans) -> bool:
    """Beside what it denies; 不是附件太大,小的也走不掉 still speaks of what it began with."""
    return any(
        mention.concept.startswith("category.")
        and not any(start <= mention.start < end for start, end in spans)
        for mention in features.mentions
    )


def _without(features: Features, spans: Spans) -> Features:
    def is_denied(place: int) -> bool:
        return any(start <= place < end for start, end in spans)

    starts = accumulate(map(len, features.words), initial=0)
    return Features(
        features.marked,
        features.words,
        ["" if is_denied(at) else word for at, word in zip(starts, features.words, strict=False)],
        [mention for mention in features.mentions if not is_denied(mention.start)],
        [(2 * start + 2, 2 * end + 2) for start, end in spans],
    )
