"""The flood sends what it says, no source more than it may, and its page says what was missed."""

from collections import Counter

import pytest

from bench import flood_report
from bench.figures import WrongAnswers
from bench.flood import QUICK, Plan, judged
from bench.flooding import BODY_LIMIT, Flood, largest
from bench.monitoring import Source
from services.alerts.limiting import MOST
from tests.bot.api_server import api_server, raw

SOURCES = [Source(f"monitor-{number}", "sa_secret", f"127.0.1.{number}") for number in (1, 2, 3)]


@pytest.fixture
def desk():
    with api_server() as running:
        for each in SOURCES:
            running.on(f"/api/v1/alerts/{each.slug}", raw(b"{}"))
        yield running


def test_each_source_sends_its_alarms_and_every_answer_counts(desk):
    desk.on("/api/v1/alerts/monitor-3", raw(b"{}"), raw(b"", status=429))

    answered = Flood(int(desk.url.rpartition(":")[2]), SOURCES, 4).to_the_end()

    assert answered == {200: 9, 429: 3}
    assert Counter(call.path[-1] for call in desk.calls) == {"1": 4, "2": 4, "3": 4}
    assert {call.headers["Authorization"] for call in desk.calls} == {"Bearer sa_secret"}
    with pytest.raises(WrongAnswers):
        judged(answered)


@pytest.mark.parametrize("plan", [Plan(), QUICK, Plan(alarms=1)])
def test_there_are_sources_enough_for_what_each_may_send(plan):
    assert 2 * plan.half * MOST >= plan.alarms
    assert plan.systems == 12 + 2 * plan.half


def test_large_bodies_stand_at_the_limit_and_above_it():
    at_limit, above, packed = largest()

    assert (len(at_limit[0]), len(above[0])) == (BODY_LIMIT, BODY_LIMIT + 1)
    assert [each[2] for each in (at_limit, above, packed)] == [200, 413, 415]


def test_the_page_says_what_was_missed():
    found = {
        "sqlite": {
            "alone": {"p99": 4.0},
            "taken": {"p99": 12.0, "requests a minute": 5000, "put off": 2},
            "refused": {"p99": 4.4, "requests a minute": 5000, "put off": 0},
            "alarms": 20_400,
            "deliveries": 10_880,
            "CPU of an alarm, ms": 6.25,
            "memory, MiB": [150.0, 153.0, 153.5],
            "growth of 10,000, MiB": 0.49,
            "largest bodies, MiB": 60.0,
        }
    }

    said = flood_report.document(found, "Machine: two cores.\n").splitlines()

    assert "| sqlite | 5,000 taken, 2 put off | 4.0 ms | 12.0 ms | 3.00 **missed** |" in said
    assert "| sqlite | 5,000 refused | 4.0 ms | 4.4 ms | 1.10 |" in said
    memory = "150.0 → 153.0 → 153.5 | +0.49 MiB | +60.0 MiB **missed** |"
    assert f"| sqlite | 20,400 | 6.2 ms | 10,880 | {memory}" in said
