"""A flood of alarms: `python -m bench.flood --write`, or `--quick` to see that it works.

People's messages alone and beside 5,000 alarms a minute (R-080); then what so many alarms, and the
webhook deliveries that follow from them, leave in the server's memory (S-112).
"""

import argparse
import json
import logging
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import flood_report, report
from bench.databases import KINDS
from bench.figures import WrongAnswers
from bench.flooding import LINES, Flood, send_largest, use_up
from bench.monitoring import PEOPLE, Monitored, monitored
from bench.open_consoles import quick_requests
from bench.servers import ROOT
from services.alerts.limiting import MOST

log = logging.getLogger(__name__)

DOCUMENT = ROOT / "docs" / "performance-flood.md"
TAKEN, HOSTS = 600 / 60, 8  # requests a second: what one address may; alarms of each: R-080
REFUSED = 5_000 / 60  # requests a second, with one alarm each
_AWAY = 503


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured; `alarms`: between the first look at the memory and the last."""

    alarms: int = 20_000
    hooks: int = 4  # one alarm in fifteen opens a ticket, of which each is told twice
    seconds: float = 20.0  # of each part of R-080

    @property
    def half(self) -> int:
        """Sources that send half of the alarms."""
        return -(-self.alarms // (2 * MOST))

    @property
    def systems(self) -> int:
        """With one that is used up, and one that sends what is large."""
        return 2 + LINES + 2 * self.half


QUICK = Plan(alarms=600, hooks=2, seconds=3.0)


def main() -> None:
    asked = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    plan = QUICK if asked.quick else Plan(alarms=asked.alarms)
    found: dict[str, Any] = {}
    for kind in [asked.database] if asked.database else KINDS:
        with (
            tempfile.TemporaryDirectory(prefix="itdesk-bench-") as folder,
            monitored(kind, Path(folder), systems=plan.systems, hooks=plan.hooks) as desk,
        ):
            found[kind] = _measured(desk, plan)
            log.info("%s %s", kind, found[kind])
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if asked.write:
        DOCUMENT.write_text(flood_report.document(found, report.machine()), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.flood", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="600 alarms, parts of 3 s")
    parser.add_argument("--alarms", type=int, default=Plan().alarms)
    parser.add_argument("--database", choices=KINDS, help="this one only")
    parser.add_argument("--write", action="store_true", help="docs/performance-flood.md")
    return parser


def _measured(desk: Monitored, plan: Plan) -> dict[str, Any]:
    port, (used_up,) = desk.server.port, desk.take(1)
    use_up(port, used_up)
    desk.told()
    quick_requests(port, 2, PEOPLE)
    alone = quick_requests(port, plan.seconds, PEOPLE).figures()
    return {
        "alone": alone,
        "taken": _beside(desk, plan, Flood(port, desk.take(LINES), MOST, TAKEN, HOSTS), 200),
        "refused": _beside(desk, plan, Flood(port, used_up.elsewhere(LINES), MOST, REFUSED), 429),
        **_memory(desk, plan),
        "largest bodies, MiB": round(_of_largest(desk), 1),
    }


def _beside(desk: Monitored, plan: Plan, flood: Flood, right: int) -> dict[str, float]:
    """People's messages while alarms come in."""
    with flood.going_on():
        times = quick_requests(desk.server.port, plan.seconds, PEOPLE)
    many = judged(flood.answered, right)
    desk.told()
    return {
        **times.figures(),
        "requests a minute": round(many / plan.seconds * 60),
        "put off": flood.answered[_AWAY],
    }


def _memory(desk: Monitored, plan: Plan) -> dict[str, Any]:
    memory, alarms, before = [desk.server.memory()], 0, desk.told()
    for _ in range(2):
        flood = Flood(desk.server.port, desk.take(plan.half), MOST)
        cpu = desk.server.cpu()
        alarms += judged(flood.to_the_end())
        cpu = desk.server.cpu() - cpu
        desk.told()
        memory.append(desk.server.memory())
    grown = (memory[-1] - memory[-2]) / (alarms / 2) * 10_000
    return {
        "alarms": alarms,
        "deliveries": desk.told() - before,
        "CPU of an alarm, ms": round(cpu / (alarms / 2) * 1000, 1),
        "memory, MiB": [round(each, 1) for each in memory],
        "growth of 10,000, MiB": round(grown, 2),
    }


def _of_largest(desk: Monitored) -> float:
    """What the server takes more at most, while ten send as much at once as they may, and more."""
    before = most = desk.server.memory()
    places = desk.take(1)[0].elsewhere(LINES)
    with ThreadPoolExecutor(LINES) as hands:
        sent = [hands.submit(send_largest, desk.server.port, each) for each in places]
        while wait(sent, timeout=0.02).not_done:
            most = max(most, desk.server.memory())
    if wrong := Counter(status for each in sent for status in each.result()):
        raise WrongAnswers(f"large bodies were answered {dict(wrong)}")
    return most - before


def judged(answered: Counter[int], right: int = 200) -> int:
    """How many got the right answer; who is put off, because the database is busy, sends again."""
    if set(answered) - {_AWAY} != {right}:
        raise WrongAnswers(f"alarms were answered {dict(answered)}, not {right}")
    return answered[right]


if __name__ == "__main__":
    main()
