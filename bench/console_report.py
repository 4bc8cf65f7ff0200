"""The console's figures as a page: docs/performance-console.md (T6, T12)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.databases import KINDS

JUDGED_AT = 100_000  # tickets
WITHIN_MS = 200  # median of a page on a desk of that size
GROWTH_AT_MOST = 1.5  # the median at 1,000,000 tickets ÷ at 100,000 (T6)
P99_AT_MOST = 2.0  # of quick requests beside 200 consoles ÷ without them (T12)
CORE_AT_MOST = 0.10  # of one core for 200 consoles (T12)

_HEAD = """\
# The console on a full desk, measured

Written by `make bench`.

- Each page is opened over HTTP by a signed-in clerk, one after the other on one connection,
  after three openings that do not count; milliseconds until the last byte. Generator, server and
  database share the machine's cores.
- The archive has three years of 2,000 people, 30 engineers and 500 devices; at most 40 tickets
  wait for an engineer, however long the archive is.
- Growth is a page's median on one size ÷ its median on the size before: compare it between
  machines, never the milliseconds.
- T12: 200 consoles of ten clerks and ten heads, each with its own session, show four lists and ask
  for what moves every 4.5 s, while people ask for their tickets in chat fifty times a second at
  most. Tickets on these lists change hands as in a busy hour of a desk that gets so many in three
  years: one each second at a million, one in ten seconds at 100,000. The share of a core is what
  the server takes while only the consoles ask, less what it takes without them; «changed» is the
  share of answers that were no 304.
"""


def document(found: Mapping[str, Any], machine: str) -> str:
    """All that `bench.console` found."""
    parts = [_HEAD, machine]
    for kind in KINDS:
        sizes = _sizes(found, kind)
        if sizes:
            parts += [
                f"\n## {kind}\n",
                *_pages(found, kind, sizes),
                "",
                *_consoles(found, kind, sizes),
            ]
    return "\n".join(parts) + "\n"


def _sizes(found: Mapping[str, Any], kind: str) -> list[int]:
    return sorted(int(key.split()[1]) for key in found if key.startswith(f"{kind} "))


def _pages(found: Mapping[str, Any], kind: str, sizes: Sequence[int]) -> Iterator[str]:
    largest = sizes[-1]
    head = ["page", *(f"{size:,}: median / p95" for size in sizes), "growth"]
    yield line(head)
    yield line(["---"] * len(head))
    for page, figures in found[f"{kind} {largest}"].items():
        if not isinstance(figures, dict) or "median" not in figures:
            continue
        each = [found[f"{kind} {size}"][page] for size in sizes]
        shown = [_shown(size, one) for size, one in zip(sizes, each, strict=True)]
        growth = each[-1]["median"] / each[-2]["median"] if len(each) > 1 else 1.0
        yield line([page, *shown, f"{growth:.2f}{mark(growth <= GROWTH_AT_MOST)}"])


def _shown(size: int, one: Mapping[str, float]) -> str:
    is_met = size > JUDGED_AT or one["median"] <= WITHIN_MS
    return f"{one['median']:.0f} / {one['p95']:.0f}{mark(is_met)}"


def _consoles(found: Mapping[str, Any], kind: str, sizes: Sequence[int]) -> Iterator[str]:
    head = (
        "200 consoles, tickets",
        "quick p99 alone",
        "beside",
        "ratio",
        "of a core",
        "asked",
        "changed",
    )
    yield line(head)
    yield line(["---"] * len(head))
    for size in sizes:
        measured = found[f"{kind} {size}"].get("T12")
        if measured:
            ratio, share = measured["p99_ratio"], measured["cpu_share"]
            yield line(
                [
                    f"{size:,}",
                    f"{measured['quick_alone_ms']['p99']:.1f} ms",
                    f"{measured['quick_beside_ms']['p99']:.1f} ms",
                    f"{ratio:.2f}{mark(ratio <= P99_AT_MOST)}",
                    f"{share:.1%}{mark(share <= CORE_AT_MOST)}",
                    f"{measured['asked']:,}",
                    f"{measured['changed_share']:.0%}",
                ]
            )


def mark(is_met: bool) -> str:
    return "" if is_met else " **missed**"


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
