"""Targets of the design, each with what was measured against it, pair by pair within a round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.measuring import Key, Measured, Results
from bench.outcome import Outcome
from bench.rounds import FLOOR_1, FLOOR_2
from bench.spread import Spread
from bench.turns import ASKS, CONFIRMS, REPORTS

if TYPE_CHECKING:
    from bench.deadlines import Deadlines

T1_LAST_TURN = 0.40
T2_ORDINARY_TURN = 0.60
T4_TIMES_FLOOR_1 = {"sqlite": 6.0, "postgresql": 4.0}
T4_NEVER_MS = 4_500.0
T8_LAST_S = 1.5
T8_P99_S = 5.0  # while messages are handled
T8_EMPTY_TICK = {"sqlite": 2.0, "postgresql": 4.0}
T9_TIMES_CUT = 2.0
T9_LONGEST_MS = 20.0
T10_MEMORY_MIB = 150.0
T10_READY_S = 2.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and the rounds; the median decides."""

    target: str
    measured: Spread
    limit: float
    is_least: bool = False  # the limit is the least that will do, not the most
    form: str = ".2f"

    @property
    def is_met(self) -> bool:
        median = self.measured.median
        return median >= self.limit if self.is_least else median <= self.limit

    def row(self) -> tuple[str, str, str, str]:
        sign = "≥" if self.is_least else "≤"
        limit = f"{sign} {format(self.limit, self.form)}"
        return (
            self.target,
            limit,
            self.measured.shown(self.form),
            "met" if self.is_met else "MISSED",
        )


def verdicts(outcome: Outcome) -> Iterator[Verdict]:
    for database in T4_TIMES_FLOOR_1:
        yield from _rates(outcome.results, database)
        yield from _waits(outcome.results, database)
        if database in outcome.memory:
            yield from _costs(outcome, database)
        if database in outcome.deadlines:
            yield from _deadlines(outcome.deadlines[database], database)


def _rates(results: Results, database: str) -> Iterator[Verdict]:
    floor = results.get(Key(database, FLOOR_2, 64), [])
    for number, turn, least in (
        ("T1", CONFIRMS, T1_LAST_TURN),
        ("T2", ASKS, T2_ORDINARY_TURN),
        ("T2", REPORTS, T2_ORDINARY_TURN),
    ):
        measured = results.get(Key(database, turn.name, 64), [])
        if measured and floor:
            name = f"{number} {turn.name} ÷ floor 2, {database}, c=64"
            yield Verdict(name, rate_ratio(measured, floor), least, is_least=True)


def _waits(results: Results, database: str) -> Iterator[Verdict]:
    times = T4_TIMES_FLOOR_1[database]
    for connections in (64, 8):
        floor = results.get(Key(database, FLOOR_1, connections), [])
        for turn in (ASKS, REPORTS, CONFIRMS):
            measured = results.get(Key(database, turn.name, connections), [])
            if measured and floor:
                where = f"{turn.name}, {database}, c={connections}"
                yield Verdict(f"T4 p99 ÷ floor 1: {where}", p99_ratio(measured, floor), times)
    worst = [
        measured.figures.worst_ms
        for key, rounds in results.items()
        if key.database == database and key.name in (ASKS.name, REPORTS.name, CONFIRMS.name)
        for measured in rounds
    ]
    if worst:
        never = Spread(max(worst), max(worst), max(worst))
        yield Verdict(f"T4 longest wait of all, {database}, ms", never, T4_NEVER_MS, form=".0f")


def _costs(outcome: Outcome, database: str) -> Iterator[Verdict]:
    memory, ready = outcome.memory[database], outcome.ready_after[database]
    name = f"T10 memory after all rounds (PSS), {database}, MiB"
    yield Verdict(name, Spread.of([memory]), T10_MEMORY_MIB, form=".0f")
    yield Verdict(f"T10 start to ready, {database}, s", Spread.of([ready]), T10_READY_S)


def _deadlines(found: "Deadlines", database: str) -> Iterator[Verdict]:
    what = f"{found.due:,} due at one instant, {found.pending:,} pending, {database}"
    yield Verdict(f"T8 last acted on, idle: {what}, s", Spread.of(found.last), T8_LAST_S)
    loaded = Spread.of(found.loaded_p99)
    yield Verdict(f"T8 p99 while messages are handled: {what}, s", loaded, T8_P99_S)
    ratio = Spread.of(many / few for few, many in found.tick_ms)
    name = f"T8 empty tick at {found.pending:,} ÷ at 1,000, {database}"
    yield Verdict(name, ratio, T8_EMPTY_TICK[database])


def rate_ratio(measured: Sequence[Measured], floor: Sequence[Measured]) -> Spread:
    return Spread.of(
        one.figures.per_second / other.figures.per_second
        for one, other in zip(measured, floor, strict=True)
    )


def p99_ratio(measured: Sequence[Measured], floor: Sequence[Measured]) -> Spread:
    return Spread.of(
        one.figures.p99_ms / other.figures.p99_ms
        for one, other in zip(measured, floor, strict=True)
    )
