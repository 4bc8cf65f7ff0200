"""The flood's figures as a page: docs/performance-flood.md (R-080, S-112)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.console_report import line, mark

P99_AT_MOST = 2.0  # of people's messages beside a flood ÷ alone, as beside 200 consoles
GROWTH_AT_MOST = 5.0  # MiB for each 10,000 alarms, once everything is loaded
LARGE_AT_MOST = 50.0  # MiB (S-112)

_HEAD = """\
# A flood of alarms, measured

Written by `make bench`.

- People ask for their tickets in chat, fifty times a second at most; how long each waits for the
  answer. Beside that 5,000 alarms a minute come in (R-080): first of ten sources within their
  limits, 600 requests with eight alarms each, all of which are taken, or put off (503)
  while the database is too busy; then 5,000 requests of one source that has used up its 300 in
  five minutes, all of which are refused. Compare ratios between machines, never milliseconds.
- One request in fifteen opens a ticket, which is dispatched; the others are counted. Of each ticket
  four other systems are told.
- CPU is the server's process alone, with what it tells others meanwhile. Memory is its PSS, each
  time after the last delivery has gone out: before, after half of the alarms, after all of them.
  Growth is that of the second half, for each 10,000 alarms.
- Large: ten connections send bodies of 1 MiB, bodies of one byte more, and packed ones; what the
  server takes more meanwhile, at most (S-112).
"""


def document(found: Mapping[str, Any], machine: str) -> str:
    """All that `bench.flood` found."""
    return "\n".join([_HEAD, machine, *_messages(found), "", *_memory(found)]) + "\n"


def _messages(found: Mapping[str, Any]) -> Iterator[str]:
    yield line(("database", "requests a minute", "messages p99 alone", "beside", "ratio"))
    yield line(["---"] * 5)
    for kind, one in found.items():
        alone = one["alone"]["p99"]
        for name in ("taken", "refused"):
            beside, many = one[name]["p99"], one[name]["requests a minute"]
            ratio, off = beside / alone, one[name]["put off"]
            yield line(
                (
                    kind,
                    f"{many:,} {name}" + (f", {off} put off" if off else ""),
                    f"{alone:.1f} ms",
                    f"{beside:.1f} ms",
                    f"{ratio:.2f}{mark(ratio <= P99_AT_MOST)}",
                )
            )


def _memory(found: Mapping[str, Any]) -> Iterator[str]:
    yield line(
        ("database", "alarms", "CPU of each", "deliveries", "MiB", "growth of 10,000", "large")
    )
    yield line(["---"] * 7)
    for kind, one in found.items():
        growth, large = one["growth of 10,000, MiB"], one["largest bodies, MiB"]
        yield line(
            (
                kind,
                f"{one['alarms']:,}",
                f"{one['CPU of an alarm, ms']:.1f} ms",
                f"{one['deliveries']:,}",
                " → ".join(f"{each:.1f}" for each in one["memory, MiB"]),
                f"{growth:+.2f} MiB{mark(growth <= GROWTH_AT_MOST)}",
                f"{large:+.1f} MiB{mark(large <= LARGE_AT_MOST)}",
            )
        )
