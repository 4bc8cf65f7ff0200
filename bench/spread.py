"""The lowest, middle and highest of some rounds: what every figure of the bench is shown as."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        ordered = sorted(values)
        return cls(ordered[0], statistics.median(ordered), ordered[-1])

    def shown(self, form: str = ".0f") -> str:
        return "/".join(format(value, form) for value in (self.low, self.median, self.high))
