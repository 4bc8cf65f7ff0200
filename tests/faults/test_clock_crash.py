"""Clocks killed at random points: every deadline is acted on exactly once (R-011, R-073, R-074)."""

import pytest

from tests.faults.clock_lives import Lives

GATE = 10  # deaths with one clock, and as many with two, on each engine
MANY = 1000  # 2,000 on each engine: `make crash`
BATCH = 250


@pytest.fixture
def lives(database_url, tmp_path):
    made = []

    def begin(seed):
        made.append(Lives(database_url, seed, tmp_path / "clocks.log"))
        return made[-1]

    yield begin
    for each in made:
        each.database.dispose()


@pytest.mark.parametrize("clocks", [1, 2])
def test_killed_at_any_moment_each_deadline_acts_once(lives, clocks):
    run = lives(clocks)
    run.kill(GATE, clocks=clocks)
    run.finish()
    run.check(clocks)


@pytest.mark.crash
@pytest.mark.timeout(600)
@pytest.mark.parametrize("clocks", [1, 2])
@pytest.mark.parametrize("batch", range(MANY // BATCH))
def test_2000_times_each_deadline_acts_once(lives, clocks, batch):
    run = lives(1000 * clocks + batch)
    run.kill(BATCH, clocks=clocks)
    run.finish()
    run.check((clocks, batch))
