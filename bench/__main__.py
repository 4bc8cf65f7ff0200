"""Runs the bench: `python -m bench`, also with `--quick`, or only `reading` or `deadlines`."""

import argparse
import logging
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench import deadlines, hostile, product, reading, report
from bench.databases import KINDS
from bench.figures import WrongAnswers
from bench.outcome import QUICK, Outcome, Plan
from bench.rounds import measure_database
from bench.servers import ROOT, DoesNotStart

DOCUMENT = ROOT / "docs" / "performance.md"


def main() -> None:
    asked = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if asked.what == "reading":
        print(report.tables(Outcome(), reading.measure()))
        print(report.hostile_words(hostile.measure(reading.ROUNDS)))
        return
    try:
        _measure_all(asked)
    except (WrongAnswers, DoesNotStart) as error:
        sys.exit(f"bench: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "reading", "deadlines"), default="all")
    parser.add_argument("--quick", action="store_true", help="two short rounds, nothing written")
    parser.add_argument("--rounds", type=int, help="5 or more for figures that are to be kept")
    parser.add_argument("--database", choices=KINDS, help="this one only, nothing written")
    parser.add_argument("--floors", action="store_true", help="without the product")
    return parser


def _measure_all(asked: argparse.Namespace) -> None:
    plan = _plan(asked)
    outcome = Outcome()
    words = reading.measure(plan.rounds) if asked.what == "all" else None
    with tempfile.TemporaryDirectory(prefix="itdesk-bench-") as folder:
        for kind in [asked.database] if asked.database else KINDS:
            home = Path(folder) / kind
            home.mkdir()
            if asked.what == "all":
                measure_database(kind, plan, home, outcome)
            if plan.with_product:
                of_clocks = deadlines.QUICK if asked.quick else deadlines.Plan()
                outcome.deadlines[kind] = deadlines.measure_deadlines(kind, of_clocks, home)
    print(report.tables(outcome, words))
    if words and not asked.quick and not asked.database and plan.with_product:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(report.document(outcome, words, plan), encoding="utf-8")
        print(f"written to {DOCUMENT.relative_to(ROOT)}")


def _plan(asked: argparse.Namespace) -> Plan:
    plan = QUICK if asked.quick else Plan()
    if not product.is_there() and not asked.floors:
        sys.exit("bench: there is no run.py; `--floors` measures without the product")
    return replace(plan, rounds=asked.rounds or plan.rounds, with_product=not asked.floors)


if __name__ == "__main__":
    main()
