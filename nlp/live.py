"""What a process reads by now: weights and the admin's own words, exchanged while it reads (F6).

Nobody who reads waits for it, nor for a database: whoever looks after it (jobs/reading_exchange.py)
puts what it found, and the next message is read by that.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.understanding import WordKind
from nlp import article_match, classifier, lexicon, segment, synonyms, weights
from nlp.classifier import Classifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The admin's dictionary; all words folded."""

    terms: frozenset[str] = frozenset()  # never cut
    means: Mapping[str, str] = field(default_factory=dict)  # read as
    speaks_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # heading → words


def own_words(rows: Iterable[tuple[str, WordKind, str | None]]) -> OwnWords:
    """Of words, what they do, and what they mean; a heading that is none any more is left out."""
    terms, means = set(), {}
    speaks_for: dict[str, list[str]] = defaultdict(list)
    headings = set(lexicon.concepts())
    for word, kind, meaning in rows:
        if kind is WordKind.TERM:
            terms.add(word)
        elif kind is WordKind.SYNONYM and meaning:
            means[word] = meaning
        elif kind is WordKind.CONCEPT and meaning in headings:
            speaks_for[str(meaning)].append(word)
    return OwnWords(
        frozenset(terms), means, {name: tuple(words) for name, words in speaks_for.items()}
    )


def put_words(own: OwnWords) -> None:
    """By these words, and by no others of the admin's, messages are read from now on."""
    of_things = [word for words in own.speaks_for.values() for word in words if len(word) > 1]
    segment.put_own([*own.terms, *of_things, *own.means.values()])
    lexicon.put_own(own.speaks_for)
    synonyms.put_own(own.means)
    article_match.prepared.cache_clear()  # an article is taken apart in usual words
    _tell()


def put_weights(packed: bytes, card: Mapping[str, Any]) -> str:
    """By these weights from now on; answers their name. `ModelUnusable` leaves all as it was."""
    learnt = Classifier(weights.unpack(packed, card))
    learnt.read("打印机卡纸")  # what cannot read one sentence shall not get the next message
    classifier.put(learnt)
    _tell()
    return learnt.version


def put_shipped() -> str:
    """By the weights that came with the release; answers their name."""
    classifier.put(None)
    _tell()
    return version()


def version() -> str:
    """The name of the weights that read now; empty where there are none."""
    in_use = classifier.in_use()
    return in_use.version if in_use else ""


def when_exchanged(act: Callable[[], object]) -> None:
    """Done after each exchange: whoever remembers readings forgets them."""
    _listening.append(act)


_listening: list[Callable[[], object]] = []


def _tell() -> None:
    for act in _listening:
        act()
