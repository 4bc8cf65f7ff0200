"""What a message wants, what it is about and how urgent it is, with the words that decided."""

import logging
import re
from bisect import bisect_right
from dataclasses import replace
from functools import cache, partial
from itertools import accumulate, islice, pairwise
from math import exp
from operator import attrgetter

from domain.priority import Urgency
from nlp import segment
from nlp.features import Features, extract
from nlp.intents import WITH_CATEGORY, Intent
from nlp.keywords import read_by_keywords
from nlp.normalize import folded
from nlp.reading import NOTHING_READ, Evidence, Reading, reading
from nlp.spelling import as_meant
from nlp.weights import CATEGORIES, COLUMNS, INTENTS, ModelUnusable, Placed, Weights, load

__all__ = ["ASK_BELOW_CATEGORY", "ASK_BELOW_INTENT", "Evidence", "Reading", "read", "warm_up"]

log = logging.getLogger(__name__)

ASK_BELOW_INTENT = 0.5
ASK_BELOW_CATEGORY = 0.5

_INTENT = slice(0, len(INTENTS))
_CATEGORY = slice(len(INTENTS), len(INTENTS) + len(CATEGORIES))
_PLACES = range(len(CATEGORIES))
_HIGH = len(COLUMNS) - 1
_COMPLAIN = INTENTS.index(Intent.COMPLAIN)

VERSION_LENGTH = 12  # characters of the digest that name the weights

_WORDS_PER_LABEL = 3  # evidence is for people, and nobody reads a fourth reason
_WEAKEST = 0.1  # a word below this share of the strongest one decided nothing
# A letter, a digit, ★ or an emoji; a message of punctuation alone means nothing.
_SAYS_SOMETHING = re.compile(r"[^\W_]|[\u2600-\u27bf\u2b50\U0001f000-\U0001faff]").search
_HAS_NUMBER = re.compile(r"\d").search


class Classifier:
    """Reads with the given weights and keeps nothing of what it read."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.version = str(weights.card.get("sha256", ""))[:VERSION_LENGTH]

    def read(self, text: str) -> Reading:
        seen = folded(text)
        if not _SAYS_SOMETHING(seen):
            return NOTHING_READ
        features = extract(seen)
        placed = self._weights.place(features)
        if seen.isascii() and _is_of_no_word(features, placed):
            return replace(NOTHING_READ, model=self.version)
        logits = self._weights.scores(placed)

        intents = _shares(logits[_INTENT])
        best = intents.index(max(intents))
        categories = _shares(logits[_CATEGORY])
        order = sorted(_PLACES, key=categories.__getitem__, reverse=True)
        high = 1 / (1 + exp(-logits[_HIGH]))
        urgency = (Urgency.HIGH, high) if high > 0.5 else (Urgency.NORMAL, 1 - high)

        decided = [best]
        if INTENTS[best] in WITH_CATEGORY:
            decided.append(_CATEGORY.start + order[0])
        if INTENTS[best] is Intent.REPORT and urgency[0] is Urgency.HIGH:
            decided.append(_HIGH)
        return reading(
            (INTENTS[best], intents[best]),
            tuple([(CATEGORIES[place], categories[place]) for place in order]),
            urgency,
            partial(_evidence, self._weights, features, placed, decided),
            intents[_COMPLAIN],
            self.version,
        )


def _is_of_no_word(features: Features, placed: Placed) -> bool:
    """asdf qwer zxcv: Latin letters of no learnt word, about which their pairs say nothing.

    What holds a number may be a model or an error code.
    """
    of_words = placed.text[len(placed.text) - len(features.counted) :]
    named = zip(features.counted, of_words, strict=True)
    found = [(word, row) for word, row in named if len(word) > 1]
    is_known = any(row or _HAS_NUMBER(word) for word, row in found)
    return bool(found) and not is_known and not features.mentions


def read(text: str) -> Reading:
    """Never raises: what cannot be read is `OTHER` with confidence 0."""
    try:
        classifier = in_use()
        return classifier.read(text) if classifier else _read_without_weights(text)
    except Exception:  # a ticket can be opened without any reading of its words
        log.exception("message_unreadable length=%d", len(text))
        return NOTHING_READ


def _read_without_weights(text: str) -> Reading:
    meant, _ = as_meant(folded(text))
    return read_by_keywords(meant)


def warm_up() -> None:
    """Load dictionaries and weights now rather than at the first message."""
    segment.warm_up()
    read("打印机卡纸")


_put: Classifier | None = None


def put(classifier: Classifier | None) -> None:
    """From now on this one reads; None: the weights that came with the release."""
    global _put
    _put = classifier


def in_use() -> Classifier | None:
    """What reads now; None where even the shipped weights are damaged."""
    return _put or shipped()


@cache
def shipped() -> Classifier | None:
    """The weights that came with the release, unless they are damaged."""
    try:
        return Classifier(load())
    except ModelUnusable as error:
        log.error("classifier_weights_unusable reason=%s", error)
        return None


def _shares(logits: list[float]) -> list[float]:
    """Log-odds as shares that add up to 1."""
    largest = max(logits)
    raised = [exp(logit - largest) for logit in logits]
    total = sum(raised)
    return [each / total for each in raised]


def _evidence(
    weights: Weights, features: Features, placed: Placed, decided: list[int]
) -> tuple[Evidence, ...]:
    """For each column that decided the words that spoke for it, the strongest first."""
    words = features.words
    starts = list(accumulate(map(len, words), initial=0))
    mentioned = [bisect_right(starts, mention.start) - 1 for mention in features.mentions]
    found = []
    for column in decided:
        label = COLUMNS[column]
        told = _by_word(starts, mentioned, weights.spoke(placed, column))
        least = _WEAKEST * max(0.0, *told)
        strongest = sorted(
            [(weight, words[at]) for at, weight in enumerate(told) if weight > least], reverse=True
        )
        speaking = (each for each in strongest if _SAYS_SOMETHING(each[1]))
        found += [
            Evidence(word, label, weight) for weight, word in islice(speaking, _WORDS_PER_LABEL)
        ]
    found.sort(key=_WEIGHT, reverse=True)
    return tuple(found)


_WEIGHT = attrgetter("weight")


def _by_word(starts: list[int], mentioned: list[int], column: list[float]) -> list[float]:
    """What each word contributed, by its grams, by itself and by what it mentions."""
    grams = 2 * starts[-1] + 3
    # Character n stands at 2n + 2; the pair behind a word's last one is counted with the word.
    by_word = [
        sum(column[2 * start + 2 : 2 * end + 2], column[grams + at])
        for at, (start, end) in enumerate(pairwise(starts))
    ]
    for at, weight in zip(mentioned, column[grams + len(by_word) :], strict=True):
        by_word[at] += weight
    return by_word
