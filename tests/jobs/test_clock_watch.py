"""A clock that jumps is believed once the platform has the same time, and not before (R-070)."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.clock_watch import ASKS_EVERY, SAYS_EVERY, ClockWatch

TRUE_TIME = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEN_YEARS = timedelta(days=3652)


class Machine:
    """A machine whose wall clock somebody sets, and a platform that may be away."""

    def __init__(self):
        self.passed = 1000.0
        self.off = timedelta(0)
        self.is_platform_there = True
        self.asked = 0
        self.watch = ClockWatch(self.wall, self.platform, lambda: self.passed)

    def wall(self):
        return TRUE_TIME + timedelta(seconds=self.passed) + self.off

    def platform(self):
        self.asked += 1
        return self.wall() - self.off if self.is_platform_there else None

    def wait(self, seconds=1.0):
        self.passed += seconds

    def may_ring(self, *, is_late=False):
        return self.watch.may_ring(lambda: is_late)


@pytest.fixture
def machine():
    made = Machine()
    assert made.may_ring()
    return made


def test_a_clock_that_just_goes_on_is_believed_without_asking(machine):
    for _ in range(600):
        machine.wait()
        machine.off += timedelta(milliseconds=5)  # slewed: three seconds in ten minutes
        assert machine.may_ring()

    assert machine.asked == 0


@pytest.mark.parametrize("jump", [6 * MINUTE, HOUR, TEN_YEARS])
def test_nothing_rings_after_a_jump_that_the_platform_does_not_confirm(machine, jump):
    machine.wait()
    machine.off = jump

    assert not machine.may_ring()
    assert machine.watch.is_paused
    assert machine.watch.theirs == machine.wall() - jump


def test_a_jump_that_is_set_right_goes_on_by_itself(machine):
    machine.off = HOUR
    assert not machine.may_ring()

    machine.wait(120)
    machine.off = timedelta(0)

    assert machine.may_ring()
    assert not machine.watch.is_paused


def test_a_machine_that_has_slept_rings_as_soon_as_the_platform_has_the_same_time(machine):
    machine.passed += 1
    slept = TRUE_TIME + timedelta(hours=6)
    machine.watch = ClockWatch(lambda: slept, lambda: slept, lambda: machine.passed)
    machine.watch._known = (TRUE_TIME, machine.passed - 1)

    assert machine.watch.may_ring(lambda: True)


def test_while_nobody_answers_a_jump_is_not_believed(machine):
    machine.is_platform_there = False
    machine.off = HOUR

    for _ in range(100):
        assert not machine.may_ring()
        machine.wait()

    assert machine.asked == 100 / ASKS_EVERY
    machine.is_platform_there = True
    machine.wait(ASKS_EVERY)
    assert not machine.may_ring()
    assert machine.watch.theirs is not None


def test_a_jump_back_stops_nothing_and_the_way_forward_again_is_asked_about(machine):
    machine.wait()
    machine.off = -HOUR
    assert machine.may_ring()
    assert machine.asked == 0

    machine.wait()
    machine.off = timedelta(0)

    assert machine.may_ring()
    assert machine.asked == 1


def test_at_the_start_only_what_is_overdue_makes_it_ask():
    on_time, after_a_stop = Machine(), Machine()

    assert on_time.may_ring(is_late=False)
    assert after_a_stop.may_ring(is_late=True)
    assert (on_time.asked, after_a_stop.asked) == (0, 1)


def test_a_machine_that_wakes_in_another_year_rings_nothing():
    machine = Machine()
    machine.off = TEN_YEARS

    for _ in range(30):
        assert not machine.may_ring(is_late=True)
        machine.wait()


def test_at_the_start_a_stop_is_likelier_than_a_wrong_clock_where_nobody_tells():
    machine = Machine()
    machine.is_platform_there = False

    assert machine.may_ring(is_late=True)


def test_it_is_said_once_a_minute_while_it_lasts(machine):
    machine.off = HOUR
    said = 0
    for _ in range(180):
        machine.may_ring()
        said += machine.watch.is_to_be_said()
        machine.wait()

    assert said == 180 / SAYS_EVERY
