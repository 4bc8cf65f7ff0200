"""What was read out of a message, and how sure that is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from domain.category import Category
from domain.priority import Urgency
from nlp.intents import WITH_CATEGORY, Intent


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that spoke for a label; weights compare within one label only."""

    word: str
    label: str
    weight: float


Why = Callable[[], tuple[Evidence, ...]]


@dataclass(frozen=True)
class Reading:
    """`categories` are ranked, best first, for any intent; `urgency` is meant for reports."""

    intent: Intent
    intent_confidence: float
    category: Category | None
    category_confidence: float
    categories: tuple[tuple[Category, float], ...]
    urgency: Urgency
    urgency_confidence: float
    why: Why = field(compare=False, repr=False)
    displeasure: float = 0.0  # how likely it is a complaint, whatever else is likelier
    model: str = ""  # the beginning of the digest of the weights; empty: read without any

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that decided, worked out when somebody asks: a sixth of the reading's time."""
        return self.why()


def reading(
    intent: tuple[Intent, float],
    categories: tuple[tuple[Category, float], ...],
    urgency: tuple[Urgency, float],
    why: Why,
    displeasure: float = 0.0,
    model: str = "",
) -> Reading:
    """A reading whose category is the best one if the intent is about a thing, else none."""
    best, confidence = categories[0] if intent[0] in WITH_CATEGORY else (None, 0.0)
    return Reading(*intent, best, confidence, categories, *urgency, why, displeasure, model)


NOTHING_READ = reading(
    (Intent.OTHER, 0.0),
    tuple((category, 0.0) for category in Category),
    (Urgency.NORMAL, 0.0),
    tuple,
)
