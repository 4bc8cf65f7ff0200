"""Deadlines by the million (T8): ten thousand due in one second, an empty tick, a clock killed.

Each that falls due closes a solved ticket: a line in its timeline, the ticket changed, a notice
to the requester, and the next deadline, the reminder to rate.
"""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bench import due_rows, product
from bench.databases import databases
from bench.figures import WrongAnswers, at_share
from bench.measuring import Key, Measured, measure
from bench.servers import ROOT, DoesNotStart, Server, environment, serving, tail
from bench.turns import ASKS
from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, Status
from models import Activity, Database, Deadline, Notice, Ticket
from services import ringing
from tests.databases import migrate

log = logging.getLogger(__name__)

FEW = 1_000  # pending: what the empty tick at a million is compared with
TICKS = 300
LOOKS_EVERY = 0.03  # seconds; what looks takes time of the same two cores
IN_ADVANCE = timedelta(seconds=2)
WITHIN = 60.0  # seconds; whatever takes longer is broken
LOAD_FOR = 10.0  # seconds
CONNECTIONS = 8  # that people write on meanwhile


@dataclass(frozen=True, slots=True)
class Plan:
    pending: int = 1_000_000
    due: int = 10_000
    rounds: int = 5
    loaded_rounds: int = 3
    killed_rounds: int = 2

    @property
    def closing(self) -> int:
        return self.due * (self.rounds + self.loaded_rounds + self.killed_rounds)


QUICK = Plan(pending=50_000, due=2_000, rounds=2, loaded_rounds=1, killed_rounds=1)


@dataclass(slots=True)
class Deadlines:
    """What was found on one database."""

    due: int
    pending: int
    last: list[float] = field(default_factory=list)  # seconds after the instant, idle
    cpu: list[float] = field(default_factory=list)  # seconds of the clock's process, idle
    loaded_last: list[float] = field(default_factory=list)
    loaded_p99: list[float] = field(default_factory=list)
    messages: list[Measured] = field(default_factory=list)
    killed: int = 0  # clocks that died in the middle; not one deadline was lost or acted twice
    tick_ms: list[tuple[float, float]] = field(default_factory=list)  # at a thousand, at all


def measure_deadlines(kind: str, plan: Plan, folder: Path) -> Deadlines:
    """All of T8 on one database."""
    found = Deadlines(plan.due, plan.pending)
    with ExitStack() as stack:
        create = stack.enter_context(databases(kind, folder))
        many, few = create("deadlines"), create("few")
        for url, closing, pending in ((few, 0, FEW), (many, plan.closing, plan.pending)):
            migrate(url)
            due_rows.fill(url, closing, pending, datetime.now(UTC))
        bench = _Bench(kind, plan, folder, many, found)
        bench.idle()
        bench.killed_midway()
        bench.while_messages_are_handled()
        found.tick_ms = list(_ticks(few, many, plan.rounds))
    return found


@dataclass(slots=True)
class _Bench:
    kind: str
    plan: Plan
    folder: Path
    url: str
    found: Deadlines
    database: Database = field(init=False)
    _first: int = 1

    def __post_init__(self) -> None:
        self.database = Database(self.url, statement_within=60)

    def idle(self) -> None:
        with clock(self.url, self.folder) as process:
            for _ in range(self.plan.rounds):
                before = process.cpu()
                last, _ = self._round()
                self.found.last.append(last)
                self.found.cpu.append(process.cpu() - before)
                log.info("%s, idle: last after %.2f s", self.kind, last)

    def killed_midway(self) -> None:
        """Dead when half of them have rung; the next clock rings the rest."""
        for _ in range(self.plan.killed_rounds):
            with ExitStack() as stack:
                process = stack.enter_context(clock(self.url, self.folder))

                def kill(left: int, process: "_Clock" = process) -> None:
                    if 0 < left <= self.plan.due / 2 and process.kill():
                        self.found.killed += 1
                        stack.enter_context(clock(self.url, self.folder))

                self._round(kill)

    def while_messages_are_handled(self) -> None:
        """On PostgreSQL the clock runs beside the server, as it does where an operator can."""
        is_apart = self.kind == "postgresql"
        with ExitStack() as stack:
            platform = stack.enter_context(serving("platform", ["-m", "bench.api"], self.folder))
            server = stack.enter_context(
                product.served(self.url, self.folder, platform.port, keeps_clock=not is_apart)
            )
            if is_apart:
                stack.enter_context(clock(self.url, self.folder))
            for _ in range(self.plan.loaded_rounds):
                with _writing(self.kind, server, self.found.messages):
                    last, p99 = self._round()
                self.found.loaded_last.append(last)
                self.found.loaded_p99.append(p99)
                log.info("%s, loaded: last %.2f s, p99 %.2f s", self.kind, last, p99)

    def _round(self, watch: Callable[[int], None] | None = None) -> tuple[float, float]:
        """The next ten thousand fall due; when the last had rung, and when 99 in 100 had."""
        first, self._first = self._first, self._first + self.plan.due
        ids = range(first, self._first)
        at = datetime.now(UTC) + IN_ADVANCE
        with self.database.transaction() as session:
            these = Deadline.ticket_id.between(ids[0], ids[-1])
            session.execute(update(Deadline).where(these).values(due_at=at))
        if (late := (datetime.now(UTC) - at).total_seconds()) > 0:
            raise DoesNotStart(f"the rows were written {late:.1f} s too late")
        time.sleep(-late)
        waits = list(self._waits(at, watch))
        self._check(ids)
        return waits[-1][0], at_share([*_each(waits, self.plan.due)], 0.99)

    def _waits(
        self, at: datetime, watch: Callable[[int], None] | None
    ) -> Iterator[tuple[float, int]]:
        """How many had not rung, so many seconds after the instant."""
        left = self.plan.due
        overdue = select(func.count()).where(Deadline.due_at <= at)
        while left:
            with self.database.reading() as session:
                left = session.scalar(overdue) or 0
            passed = (datetime.now(UTC) - at).total_seconds()
            yield passed, left
            if watch:
                watch(left)
            if passed > WITHIN:
                raise WrongAnswers(
                    f"{left} deadlines do not ring\n{tail(self.folder / 'clock.log')}"
                )
            time.sleep(LOOKS_EVERY)

    def _check(self, ids: range) -> None:
        """Each exactly once, with everything that belongs to it."""
        for what, model, mine in (
            ("timeline", Activity, Activity.action == Action.CLOSE),
            ("notices", Notice, Notice.text_key == "notice.auto_closed"),
            ("next deadlines", Deadline, Deadline.kind == DeadlineKind.RATING_REMINDER),
        ):
            these = model.ticket_id.between(ids[0], ids[-1])
            counted = select(func.count(), func.count(model.ticket_id.distinct()))
            with self.database.reading() as session:
                rows, tickets = session.execute(counted.where(these, mine)).one()
            if (rows, tickets) != (len(ids), len(ids)):
                raise WrongAnswers(f"{what}: {rows} for {tickets} of {len(ids)} tickets")
        closed = select(func.count()).where(
            Ticket.id.between(ids[0], ids[-1]), Ticket.status == Status.CLOSED
        )
        with self.database.reading() as session:
            if session.scalar(closed) != len(ids):
                raise WrongAnswers("not every ticket is closed")


def _each(waits: list[tuple[float, int]], due: int) -> Iterator[float]:
    """The lateness of each deadline, as it was seen."""
    before = due
    for passed, left in waits:
        yield from [passed] * (before - left)
        before = left


@contextmanager
def _writing(kind: str, server: Server, into: list[Measured]) -> Iterator[None]:
    """People write all the while; each answer is checked."""
    callbacks = ASKS.callbacks(number % due_rows.REQUESTERS for number in range(40_000))
    key = Key(kind, "asks while deadlines ring", CONNECTIONS)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            into.append(measure(key, server, callbacks, _answers, LOAD_FOR))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failed:
        raise failed[0]


def _answers(_: object, words: str) -> bool:
    """Some have a ticket here, most have none: any words will do."""
    return bool(words)


# --- a clock of its own --------------------------------------------------------------------------


class _Clock:
    """`run.py clock` in a process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def cpu(self) -> float:
        return Server(0, self._process.pid, 0.0).cpu()

    def kill(self) -> bool:
        """Whether it lived until now."""
        if self._process.poll() is not None:
            return False
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        return True


@contextmanager
def clock(url: str, folder: Path) -> Iterator[_Clock]:
    config = product.write_config(url, folder, 9)
    said = folder / "clock.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "run.py", "clock", "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment(),
        )
    try:
        gives_up_at = time.monotonic() + WITHIN
        while b"clock ready" not in said.read_bytes():
            if process.poll() is not None or time.monotonic() > gives_up_at:
                raise DoesNotStart(f"clock: {tail(said)}")
            time.sleep(0.05)
        yield _Clock(process)
    finally:
        process.terminate()
        process.wait()


# --- a tick with nothing due ---------------------------------------------------------------------


def _ticks(few: str, many: str, rounds: int) -> Iterator[tuple[float, float]]:
    """Milliseconds at a thousand and at all, in turn."""
    small, large = Database(few), Database(many, statement_within=60)
    for _ in range(rounds):
        yield _tick(small), _tick(large)
    small.dispose()
    large.dispose()


def _tick(database: Database) -> float:
    took = []
    for _ in range(TICKS):
        began = time.perf_counter()
        with database.reading() as session:
            rings = ringing.due(session, datetime.now(UTC))
        took.append((time.perf_counter() - began) * 1000)
        if rings:
            raise WrongAnswers("a tick that was to be empty was not")
    return at_share(sorted(took), 0.5)
