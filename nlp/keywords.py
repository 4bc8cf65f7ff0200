"""The word list read without any training, for the day when the weights cannot be loaded."""

from collections import Counter
from collections.abc import Iterable
from functools import partial

from domain.category import Category
from domain.priority import Urgency
from nlp.intents import Intent
from nlp.lexicon import Mention, mentions
from nlp.reading import NOTHING_READ, Evidence, Reading, reading

# Counted words are a guess: right in about half of the corpus. So low that the bot asks.
_SURE_AT_MOST = 0.4


def read_by_keywords(folded_text: str) -> Reading:
    found = mentions(folded_text)
    if not found:
        return NOTHING_READ
    return reading(_intent(found), _categories(found), _urgency(found), partial(_evidence, found))


def _intent(found: Iterable[Mention]) -> tuple[Intent, float]:
    votes = _votes(found, "intent")
    if not votes:
        return Intent.REPORT, 0.0  # a thing was named and nothing said about it
    best, share = votes[0]
    return Intent(best), share


def _categories(found: Iterable[Mention]) -> tuple[tuple[Category, float], ...]:
    shares = dict(_votes(found, "category"))
    ranked = sorted(Category, key=lambda category: -shares.get(category, 0.0))
    return tuple((category, shares.get(category, 0.0)) for category in ranked)


def _urgency(found: Iterable[Mention]) -> tuple[Urgency, float]:
    votes = _votes(found, "urgency")
    return (Urgency(votes[0][0]), votes[0][1]) if votes else (Urgency.NORMAL, 0.0)


def _votes(found: Iterable[Mention], task: str) -> list[tuple[str, float]]:
    """Labels by their share of the characters that were recognised, largest first."""
    characters: Counter[str] = Counter()
    for mention in found:
        its_task, label, _ = mention.concept.split(".")
        if its_task == task:
            characters[label] += len(mention.word)
    total = characters.total()
    return [(label, _SURE_AT_MOST * n / total) for label, n in characters.most_common()]


def _evidence(found: Iterable[Mention]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(mention.word, mention.concept.split(".")[1], float(len(mention.word)))
        for mention in sorted(found, key=lambda mention: -len(mention.word))
    )[:6]
