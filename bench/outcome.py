"""How much is measured, and everything that the rounds have found."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.measuring import Key, Measured, Results

if TYPE_CHECKING:
    from bench.deadlines import Deadlines

log = logging.getLogger(__name__)

WARM_UP = 64  # callbacks to each server before the first round


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 1.2  # of one measurement
    reporters: Mapping[int, int] = field(default_factory=lambda: {64: 480, 8: 200, 1: 60})
    people: int = 2_000  # who write to the floors, and who ask the product
    with_product: bool = True

    def requesters(self) -> int:
        """Askers, and for each last turn somebody who has not reported yet."""
        return self.people + WARM_UP + self.rounds * sum(self.reporters.values())


QUICK = Plan(rounds=2, seconds=0.5, reporters={64: 192, 8: 64, 1: 24}, people=500)


@dataclass(slots=True)
class Outcome:
    """What all rounds on all databases have found."""

    results: Results = field(default_factory=dict)
    ready_after: dict[str, float] = field(default_factory=dict)  # by database, seconds
    memory: dict[str, float] = field(default_factory=dict)  # by database, MiB after all rounds
    calls: dict[str, int] = field(default_factory=dict)  # by database, to the platform's API
    after_the_clock: dict[str, list[float]] = field(default_factory=dict)  # seconds of notices
    deadlines: dict[str, "Deadlines"] = field(default_factory=dict)  # by database

    def add(self, key: Key, measured: Measured) -> None:
        self.results.setdefault(key, []).append(measured)
        found = measured.figures
        log.info(
            "%-52s %7.0f/s  p50 %6.1f  p99 %6.1f ms  CPU %5.0f us",
            *(key, found.per_second, found.median_ms, found.p99_ms, measured.cpu_us),
        )
