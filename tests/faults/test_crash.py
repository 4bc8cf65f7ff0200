"""The crash gate (P1, P2, R-001…R-012): killed anywhere, nothing is lost and nothing is doubled."""

import pytest

from failpoints import NAMES
from tests.conftest import ENGINES
from tests.faults.crashing import HITS
from tests.faults.webhook_sender import OF_EVENTS

GATE = 1  # runs per failpoint and engine; `make crash` has ten times as many
GATE_RANDOM = 2
RUNS = 300  # per engine
OF_COMPLAINTS = "complaint.claimed"  # killed at in test_complaint_clock.py
PASSED = tuple(HITS)
BATCH = 10


def test_every_failpoint_is_killed_at():
    assert {*HITS, OF_COMPLAINTS, *OF_EVENTS} == set(NAMES)


@pytest.mark.parametrize(
    ("name", "engine"), [(name, ENGINES[place % 2]) for place, name in enumerate(PASSED)]
)
def test_p1_p2_killed_at_a_failpoint_nothing_is_lost_or_doubled(crashes_on, name, engine):
    """Here each place on one database, in the 300 runs on both."""
    for seed in range(GATE):
        crashes_on(engine).at_failpoint(name, seed)


def test_p1_p2_killed_at_any_moment_nothing_is_lost_or_doubled(crashes):
    before = crashes.deaths
    for seed in range(GATE_RANDOM):
        crashes.at_random(seed)

    assert crashes.deaths - before >= GATE_RANDOM / 2


@pytest.mark.crash
@pytest.mark.timeout(600)
@pytest.mark.parametrize("batch", range(RUNS // BATCH))
def test_p1_p2_300_times_nothing_is_lost_or_doubled(crashes, batch):
    """Half of the runs at failpoints, each in its turn, half at any moment."""
    before = crashes.deaths
    for run in range(batch * BATCH // 2, (batch + 1) * BATCH // 2):
        crashes.at_failpoint(PASSED[run % len(PASSED)], 1000 + run)
        crashes.at_random(1000 + run)

    assert crashes.deaths - before >= BATCH // 2
