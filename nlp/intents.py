"""What a person wants with a message: the eleven intents of the labelling standard."""

from enum import StrEnum, auto


class Intent(StrEnum):
    REPORT = auto()
    COMPLAIN = auto()
    PROGRESS = auto()
    URGE = auto()
    CANCEL = auto()
    HUMAN = auto()
    HOWTO = auto()
    REQUEST = auto()
    RATE = auto()
    THANKS = auto()
    OTHER = auto()


# The intents that are about a thing, and so have a category.
WITH_CATEGORY = frozenset({Intent.REPORT, Intent.HOWTO, Intent.REQUEST})
