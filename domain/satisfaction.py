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
        share, n = (self.mean - 1) / 4, self.count
        middle = share + _Z**2 / (2 * n)
        spread = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        return 1 + 4 * max(0.0, (middle - spread) / (1 + _Z**2 / n))
