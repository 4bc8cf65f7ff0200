"""What a rating or an upheld complaint counts, and what becomes of an answer to it (C4, R3)."""

from enum import StrEnum, auto

from domain.rating import Rating
from domain.refusals import Refusal


class FactKind(StrEnum):
    RATING = auto()
    COMPLAINT = auto()


class FactState(StrEnum):
    STANDS = auto()
    ANSWERED = auto()  # whom it concerns has answered; the head decides
    UPHELD = auto()  # it stands, the answer was considered
    CHANGED = auto()  # it counts otherwise
    STRUCK = auto()  # it does not count


class NotToBeAnswered(Refusal):
    """The time for an answer is over, or it was given and decided."""

    text_key = "appraisal.refusal.not_to_be_answered"


class NotToBeDecided(Refusal):
    """There is no answer that waits for a decision."""

    text_key = "appraisal.refusal.not_to_be_decided"


MOST_POINTS = 100
"""What one fact may count, up or down."""


def points_of_rating(rating: Rating) -> int:
    """+1 for three fives, -1 where a part calls for a second look, 0 for all between."""
    if rating.needs_follow_up:
        return -1
    return 1 if min(rating.parts) == 5 else 0
