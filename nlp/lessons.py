"""What the desk found out, as a training takes it: which sentences are learnt, which only measure.

About a fifth of the sentences is held back and never learnt: on them old and new weights are
compared. Which ones is decided by the sentence alone, so that they are the same in each training.
A sentence that people said again and again is learnt in any case: nobody corrects it for nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from domain.category import Category
from domain.priority import Urgency
from domain.understanding import Truth
from nlp.corpus import Utterance
from nlp.intents import Intent
from nlp.normalize import folded

DESK = "desk"
"""What the file of a sentence of the desk is called."""

WEIGHTS = {
    Truth.LABELLED: 3.0,
    Truth.CORRECTED: 3.0,
    Truth.CHOSEN: 2.0,
    Truth.WORKED: 1.0,
    Truth.CONFIRMED: 0.5,
}
"""How much a sentence counts beside one of the corpus, by who said what it is."""

ENOUGH_CONFIRMED = 0.8
"""A summary that stood says little: people read past the kind of thing. It is learnt only where
the reading was sure, so that it steadies the weights and never teaches them their own guesses."""

_HELD_OF = 5  # sentences one is held back
_SAID_OFTEN = 3
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message, and what it turned out to be; the reading's own confidence beside it."""

    text: str
    intent: str | None
    category: str | None
    urgency: str | None
    truth: Truth
    confidence: float = 1.0

    @property
    def is_worth_learning(self) -> bool:
        return self.truth is not Truth.CONFIRMED or self.confidence >= ENOUGH_CONFIRMED

    def utterance(self) -> Utterance:
        return Utterance(
            self.text,
            Intent(self.intent) if self.intent else None,
            Category(self.category) if self.category else None,
            Urgency(self.urgency) if self.urgency else None,
            DESK,
            WEIGHTS[self.truth],
        )

    def to_json(self) -> list[Any]:
        return [self.text, self.intent, self.category, self.urgency, self.truth, self.confidence]


def from_json(kept: Sequence[Any]) -> Lesson:
    text, intent, category, urgency, truth, confidence = kept
    return Lesson(text, intent, category, urgency, Truth(truth), confidence)


def shared_out(lessons: Iterable[Lesson]) -> tuple[list[Utterance], list[Utterance]]:
    """What is learnt, and what is held back; in the order of the lessons.

    A summary that stood measures nothing: it would say that whatever the old weights answered is
    right. A ticket that was solved under its category does, else only mistakes would be measured.
    """
    worthy = [each for each in lessons if each.is_worth_learning]
    times = Counter(_bare(each.text) for each in worthy)
    learnt: list[Utterance] = []
    held: list[Utterance] = []
    for each in worthy:
        measures = each.truth in _MEASURING and times[_bare(each.text)] < _SAID_OFTEN
        (held if measures and is_held(each.text) else learnt).append(each.utterance())
    return learnt, held


_MEASURING = frozenset(Truth) - {Truth.CONFIRMED}


def is_held(text: str) -> bool:
    """By the letters of the sentence: the same one in other punctuation stands with it."""
    return sha256(_bare(text).encode()).digest()[0] % _HELD_OF == 0


def _bare(text: str) -> str:
    seen = folded(text)
    return _NO_LETTERS.sub("", seen) or seen
