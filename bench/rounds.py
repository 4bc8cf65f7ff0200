"""Rounds: floors and product in turn on one database, pairs within seconds of each other."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench import people, product
from bench.account import openid
from bench.callbacks import Callback, callback
from bench.databases import databases
from bench.figures import Expects
from bench.measuring import Key, measure
from bench.outcome import WARM_UP, Outcome, Plan
from bench.servers import Server, serving
from bench.turns import ASKS, CONFIRMS, ECHO_TEXT, REPORTS, echoes

log = logging.getLogger(__name__)

FLOORS = ("floor 0: success", "floor 1: echo", "floor 2: one transaction")
FLOOR_1, FLOOR_2 = FLOORS[1:]

_FASTEST = 5_000  # callbacks a second; more are never answered, so more need not be made ready


def measure_database(kind: str, plan: Plan, folder: Path, outcome: Outcome) -> None:
    """All rounds on one database."""
    with _bench(kind, plan, folder, outcome) as bench, product.quoted(folder):
        bench.warm_up()
        for number in range(plan.rounds):
            log.info("%s, round %d of %d", kind, number + 1, plan.rounds)
            for connections in plan.reporters:
                bench.one_round(connections, is_backward=number % 2 == 1)
        bench.note_costs()


@contextmanager
def _bench(kind: str, plan: Plan, folder: Path, outcome: Outcome) -> Iterator["_Bench"]:
    with ExitStack() as stack:
        create = stack.enter_context(databases(kind, folder))
        floor_2 = ["2", "--database", create("floor")]
        floors = [
            stack.enter_context(serving(f"floor-{one[0]}", ["-m", "bench.floors", *one], folder))
            for one in (["0"], ["1"], floor_2)
        ]
        bench = _Bench(kind, plan, outcome, floors)
        if plan.with_product:
            url = create("desk")
            platform = stack.enter_context(serving("platform", ["-m", "bench.api"], folder))
            desk = product.product(url, folder, plan.requesters(), platform.port)
            bench.desk = _Desk(url, stack.enter_context(desk), platform)
        yield bench


@dataclass(frozen=True, slots=True)
class _Desk:
    url: str
    server: Server
    platform: Server


@dataclass(slots=True)
class _Bench:
    """The servers of one database, all up; whoever is not measured is idle."""

    kind: str
    plan: Plan
    outcome: Outcome
    floors: list[Server]
    desk: _Desk | None = None
    _new_reporters: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._new_reporters = count(self.plan.people)

    def warm_up(self) -> None:
        """Load what is loaded at the first message, outside the clock and of the results."""
        measured, self.outcome = self.outcome, Outcome()
        for number in range(len(self.floors)):
            self._floor(number, 8, WARM_UP)
        self._ask(8, WARM_UP)
        self._report(8, WARM_UP)
        self.outcome = measured

    def one_round(self, connections: int, *, is_backward: bool) -> None:
        """Floor 2 stands between what is compared with it; every other round runs backward."""
        many = int(_FASTEST * self.plan.seconds)
        steps: list[Callable[[], None]] = [
            lambda: self._floor(0, connections, many),
            lambda: self._floor(1, connections, many),
            lambda: self._ask(connections, many),
            lambda: self._floor(2, connections, many),
            lambda: self._report(connections, self.plan.reporters[connections]),
        ]
        for step in reversed(steps) if is_backward else steps:
            step()

    def note_costs(self) -> None:
        if self.desk:
            self.outcome.ready_after[self.kind] = self.desk.server.ready_after
            self.outcome.memory[self.kind] = self.desk.server.memory()

    def _floor(self, number: int, connections: int, many: int) -> None:
        callbacks = [callback(openid(each % self.plan.people), ECHO_TEXT) for each in range(many)]
        expects = None if number == 0 else echoes
        self._measure(FLOORS[number], connections, self.floors[number], callbacks, expects)

    def _ask(self, connections: int, many: int) -> None:
        if self.desk:
            askers = (each % self.plan.people for each in range(many))
            self._measure(
                *(ASKS.name, connections, self.desk.server), ASKS.callbacks(askers), ASKS.expects
            )

    def _report(self, connections: int, many: int) -> None:
        """People report, which is an ordinary turn; then the same people confirm."""
        if not self.desk:
            return
        people.free_engineers(self.desk.url)
        reporters = [next(self._new_reporters) for _ in range(many)]
        for turn in (REPORTS, CONFIRMS):
            callbacks = turn.callbacks(reporters)
            self._measure(
                turn.name, connections, self.desk.server, callbacks, turn.expects, to_the_end=True
            )
        self._wait_until_quiet()

    def _wait_until_quiet(self) -> None:
        if self.desk:
            calls, seconds = product.wait_until_quiet(self.desk.platform.port)
            self.outcome.calls[self.kind] = calls
            self.outcome.after_the_clock.setdefault(self.kind, []).append(seconds)

    def _measure(
        self,
        name: str,
        connections: int,
        server: Server,
        callbacks: list[Callback],
        expects: Expects | None,
        *,
        to_the_end: bool = False,
    ) -> None:
        key = Key(self.kind, name, connections)
        seconds = 60.0 if to_the_end else self.plan.seconds
        self.outcome.add(key, measure(key, server, callbacks, expects, seconds))
