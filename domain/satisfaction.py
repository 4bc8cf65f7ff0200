"""Averages that may be believed: with the number of answers, and a lower bound to rank by (F13)."""

from dataclasses import dataclass
from math import sqrt

FEW = 5
"""Fewer answers than this are shown as counts: an average would name the people (P8)."""

_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Answers:
    """Scores of 1 to 5, summed; `asked` counts those who never answered, too."""

    count: int
    total: float
    asked: int = 0

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None

    @property
    def answer_rate(self) -> float | None:
        """Silence is «not rated», never «satisfied»."""
        return self.count / self.asked if self.asked else None

    @property
    def not_rated(self) -> int:
        return max(0, self.asked - self.count)

    @property
    def are_few(self) -> bool:
        return self.count < FEW

    @property
    def at_least(self) -> float | None:
        """What the true mean is not below with 97.5 % confidence: few answers do not rank high.

        Wilson's bound of the share (mean - 1) / 4. The variance of scores between 1 and 5 is never
        larger than that of votes for 1 or 5 with the same mean, so the bound errs to the low side.
        """
        if self.mean is None:
            return None
        return 1 + 4 * share_at_least((self.mean - 1) / 4, self.count, _Z)


def share_at_least(share: float, count: int, z: float) -> float:
    """Wilson's lower bound of a share that `count` voices show, `z` deviations sure; 0 to 1."""
    middle = share + z**2 / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return max(0.0, (middle - spread) / (1 + z**2 / count))
