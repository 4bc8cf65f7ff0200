"""How well the bot understood and what it learns from: answers, corrections, words, models (F6)."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Handling(StrEnum):
    """What the account did with what it read."""

    ACTED = auto()  # on its reading, without asking
    ASKED = auto()  # back: what is meant, or which kind of fault
    ANSWERED = auto()  # out of the knowledge base
    HANDED_OVER = auto()  # to a person of the desk
    NOT_UNDERSTOOD = auto()


class Truth(StrEnum):
    """Who said what a message was; a later one of these counts more than those before it."""

    CONFIRMED = auto()  # the person let the summary stand
    CHOSEN = auto()  # the person, asked back
    WORKED = auto()  # the ticket was solved under this category
    CORRECTED = auto()  # a clerk or engineer corrected the ticket
    LABELLED = auto()  # by hand, on the page of readings


class ModelState(StrEnum):
    CANDIDATE = auto()
    LIVE = auto()  # one at most; without one, the weights that came with the release
    RETIRED = auto()  # was live once


class WordKind(StrEnum):
    """What a word of the admin's own dictionary does."""

    TERM = auto()  # is one word, never cut: the name of a system, a product, a building
    SYNONYM = auto()  # is read as `means`: 老虎机 as 打印机
    CONCEPT = auto()  # speaks for `means`, a heading of the word list: category.business


@dataclass(frozen=True, slots=True)
class LearningRules:
    """What the desk learns by itself (config.yaml, section nlp)."""

    train_weekly: bool = True
    promote_alone: bool = False  # what a weekly training made, where it is better
