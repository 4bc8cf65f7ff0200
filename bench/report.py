"""The report of a run: tables for the terminal and for docs/performance.md."""

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.floors import THREADS
from bench.hostile import Hostile
from bench.measuring import Key, Measured
from bench.outcome import Outcome, Plan
from bench.reading import Reading
from bench.rounds import FLOOR_2
from bench.spread import Spread
from bench.targets import T9_LONGEST_MS, T9_TIMES_CUT, Verdict, rate_ratio, verdicts
from tools import binaries

NAMED = ("flask", "waitress", "sqlalchemy", "psycopg", "cryptography", "jieba")

HOW_TO_READ = """\
How to read it:

- Figures are lowest/median/highest of the rounds. Ratios are made pair by pair within a round,
  for the machine drifts: compare ratios between machines, never messages a second.
- Each callback is signed, encrypted, and new; a closed loop keeps one request under way on each
  connection. Every answer is checked: HTTP 200, signature, cipher, addressee, and the words that
  must be in it. One wrong, empty or `success` answer where words are due fails the whole run.
- Floor 0 answers `success`. Floor 1 opens, echoes and seals as the product does. Floor 2 adds one
  durable transaction written by hand (inbox row, conversation locked and changed, outbox row).
  Floors and product run in the same web server with the same number of threads, in one process.
- "reports a fault" is an ordinary turn: it reads the words and answers with a summary.
  "confirms" is the last turn of that report: it opens the ticket, chooses the engineer among 30,
  and queues the notices, which leave while the clock runs, to a platform that answers at once.
- Load generator, server, database and platform share the cores. CPU is the server's process
  alone, counted in ticks of 10 ms: PostgreSQL's own work is not in it.
- c=64 is beyond saturation: its waits say how a queue grows, c=1 and c=8 how a person waits.
"""


def tables(outcome: Outcome, reading: Reading | None) -> str:
    """Everything that was measured, as Markdown."""
    parts = [_rates(outcome)] if outcome.results else []
    found = [*verdicts(outcome), *(_reading_verdicts(reading) if reading else ())]
    if found:
        parts += ["## Targets\n", _targets(found)]
    if outcome.results:
        parts.append(_generator(outcome))
    if outcome.calls:
        parts.append(_notices(outcome))
    if outcome.deadlines:
        parts.append(_deadlines(outcome))
    return "\n".join(parts)


def hostile_words(found: Iterable[Hostile]) -> str:
    """What 20,000 characters cost, kind by kind."""
    head = ("20,000 characters, CPU ms (low/median/high)", "cut", "reading", "every reader")
    figures = ((each.kind, each.cut, each.read, each.turn) for each in found)
    rows = ((kind, *(each.shown(".2f") for each in spreads)) for kind, *spreads in figures)
    return f"\n## Hostile words\n\n{_table(head, rows)}"


def document(outcome: Outcome, reading: Reading | None, plan: Plan) -> str:
    head = f"# Speed, measured\n\nWritten by `make bench`.\n\n{machine()}\n{_extent(plan)}\n"
    return f"{head}\n{HOW_TO_READ}\n## Floors and product\n\n{tables(outcome, reading)}"


def _rates(outcome: Outcome) -> str:
    head = ("what", "database", "c", "msg/s", "p50 ms", "p99 ms", "CPU us/msg", "÷ floor 2")
    return _table(head, (_rate_row(key, rounds, outcome) for key, rounds in _sorted(outcome)))


def _sorted(outcome: Outcome) -> list[tuple[Key, list[Measured]]]:
    names = list(dict.fromkeys(key.name for key in outcome.results))
    return sorted(
        outcome.results.items(),
        key=lambda pair: (-pair[0].connections, pair[0].database, names.index(pair[0].name)),
    )


def _rate_row(key: Key, rounds: Sequence[Measured], outcome: Outcome) -> tuple[str, ...]:
    found = [measured.figures for measured in rounds]
    floor = outcome.results.get(Key(key.database, FLOOR_2, key.connections), [])
    return (
        key.name,
        key.database,
        str(key.connections),
        Spread.of(each.per_second for each in found).shown(),
        Spread.of(each.median_ms for each in found).shown(".1f"),
        Spread.of(each.p99_ms for each in found).shown(".1f"),
        Spread.of(measured.cpu_us for measured in rounds).shown(),
        rate_ratio(rounds, floor).shown(".2f") if floor else "–",
    )


def _targets(found: Iterable[Verdict]) -> str:
    head = ("target (the median decides)", "limit", "low/median/high", "")
    return _table(head, (verdict.row() for verdict in found))


def _reading_verdicts(reading: Reading) -> Iterator[Verdict]:
    cut, read = reading.cut_us.shown(), reading.read_us.shown()
    name = f"T9 reading ({read} us) ÷ jieba's cut ({cut} us), {reading.utterances} utterances"
    yield Verdict(name, reading.ratio, T9_TIMES_CUT)
    yield Verdict("T9 reading 2,000 characters, ms", reading.longest_ms, T9_LONGEST_MS, form=".1f")


def _generator(outcome: Outcome) -> str:
    shares: dict[str, float] = {}
    for key, rounds in outcome.results.items():
        most = max(measured.figures.generator_share for measured in rounds)
        shares[key.name] = max(most, shares.get(key.name, 0.0))
    told = ", ".join(f"{share:.0%} ({name})" for name, share in shares.items())
    return f"Of one core the generator took at most {told}."


def _notices(outcome: Outcome) -> str:
    return "\n".join(
        f"\nOn {database} {calls} calls reached the platform; after the last answer they "
        f"went on for {Spread.of(outcome.after_the_clock[database]).shown('.1f')} s."
        for database, calls in outcome.calls.items()
    )


def _deadlines(outcome: Outcome) -> str:
    head = (
        "deadlines",
        "CPU us each",
        "last, idle s",
        "last, loaded s",
        "messages p99 ms",
        "killed",
    )
    rows = [
        (
            database,
            Spread.of(each / found.due * 1e6 for each in found.cpu).shown(),
            Spread.of(found.last).shown(".2f"),
            Spread.of(found.loaded_last).shown(".2f"),
            Spread.of(each.figures.p99_ms for each in found.messages).shown(),
            f"{found.killed} clocks, none lost, none twice",
        )
        for database, found in outcome.deadlines.items()
    ]
    return f"\n## Deadlines (T8)\n\n{_DEADLINES}\n{_table(head, rows)}"


_DEADLINES = """\
Each deadline closes a solved ticket: a line of its timeline, the ticket changed, a notice to the
requester, and the next deadline, the reminder to rate. Seconds count from the instant at which
they were due until the last was committed, the wait for the tick included. CPU is the clock's
process alone, its idle seconds with it. After each round every ticket is looked at. Under load
eight people at a time write as fast as they are answered; on SQLite the server keeps the clock, on
PostgreSQL `run.py clock` runs beside it.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine() -> str:
    """What it was measured on."""
    cores, memory = os.cpu_count(), os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    versions = ", ".join(f"{name} {version(name)}" for name in NAMED)
    return (
        f"Machine: {cores} cores ({_processor()}), {memory / 1024**3:.0f} GiB; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}, "
        f"{versions}.\n"
    )


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _postgres() -> str:
    program = binaries.postgres().bin / "postgres"
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return f"PostgreSQL {done.stdout.split()[2]}"


def _extent(plan: Plan) -> str:
    return (
        f"{plan.rounds} rounds, {plan.seconds:.1f} s a measurement, {plan.people:,} people; "
        f"{THREADS} threads a server."
    )
