"""What a rating is and when it calls for a second look (F13)."""

from dataclasses import dataclass
from datetime import timedelta

LOWEST, HIGHEST = 1, 5
FOLLOW_UP_AT = 2
"""A part at or below this opens a follow-up at the desk (DESIGN, the life of a fault)."""

CHANGE_WITHIN = timedelta(hours=24)
"""So long after it was given a rating may be changed, once; its first scores are kept (F13)."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Speed, attitude and result, 1 to 5 each."""

    speed: int
    attitude: int
    result: int
    comment: str = ""

    def __post_init__(self) -> None:
        if not all(LOWEST <= part <= HIGHEST for part in self.parts):
            raise ValueError("a score is 1 to 5")

    @property
    def parts(self) -> tuple[int, int, int]:
        return self.speed, self.attitude, self.result

    @property
    def needs_follow_up(self) -> bool:
        return min(self.parts) <= FOLLOW_UP_AT
