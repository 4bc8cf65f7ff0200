"""The ladder: who is called after whom, for which ticket, and when nobody need be any more."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Runs
from domain.escalation import (
    DEFAULT_LADDER,
    TRIGGERS,
    Hearer,
    Ladder,
    Rung,
    Standing,
    Trigger,
    Until,
    Way,
    as_values,
    from_values,
    is_graver,
    is_over,
    read_step,
    step_of,
)
from domain.lifecycle import Status
from domain.priority import Priority

MINUTE = timedelta(minutes=1)

_rungs = st.builds(
    Rung,
    trigger=st.sampled_from(Trigger),
    hears=st.frozensets(st.sampled_from(Hearer), min_size=1),
    after=st.integers(0, 10_000).map(lambda count: count * MINUTE),
    runs=st.sampled_from(Runs),
    way=st.sampled_from(Way),
    until=st.sampled_from(Until),
    priorities=st.frozensets(st.sampled_from(Priority)),
    again_after=st.integers(1, 10_000).map(lambda count: count * MINUTE),
    again_times=st.integers(0, 9),
)


def test_a_rung_is_climbed_and_repeated_before_the_next_one():
    first = Rung(Trigger.LATE, frozenset({Hearer.DESK}), again_after=5 * MINUTE, again_times=2)
    second = Rung(Trigger.LATE, frozenset({Hearer.HEAD}), 30 * MINUTE)

    calls = Ladder((first, second)).calls(Trigger.LATE, Priority.NORMAL)

    assert [(each.rung, each.after, each.is_again) for each in calls] == [
        (first, timedelta(), False),
        (first, 5 * MINUTE, True),
        (first, 5 * MINUTE, True),
        (second, 30 * MINUTE, False),
    ]


def test_only_the_rungs_of_what_happened_and_of_this_priority_are_climbed():
    urgent = Rung(Trigger.LATE, frozenset({Hearer.HEAD}), priorities=frozenset({Priority.URGENT}))
    every = Rung(Trigger.LATE, frozenset({Hearer.DESK}))
    other = Rung(Trigger.SUPPORT, frozenset({Hearer.DESK}))
    ladder = Ladder((urgent, every, other))

    assert [each.rung for each in ladder.calls(Trigger.LATE, Priority.URGENT)] == [urgent, every]
    assert [each.rung for each in ladder.calls(Trigger.LATE, Priority.NORMAL)] == [every]


def test_repeating_at_once_for_ever_is_no_rung():
    with pytest.raises(ValueError, match="time between"):
        Rung(Trigger.LATE, frozenset({Hearer.DESK}), again_times=1)


@given(st.lists(_rungs, max_size=8))
def test_a_ladder_reads_back_as_it_was_kept(rungs):
    ladder = Ladder(tuple(rungs))

    assert from_values(as_values(ladder)) == ladder


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("priority", Priority)
def test_everything_has_its_rungs_as_shipped_and_the_last_is_heard_higher_than_the_first(
    trigger, priority
):
    """F11, F12: what nobody minds would never be noticed."""
    calls = DEFAULT_LADDER.calls(trigger, priority)

    assert calls
    assert all(each.rung.hears for each in calls)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_nothing_of_an_ordinary_ticket_wakes_anybody_at_night(trigger):
    """B5: nothing is sent at night unless the rule says on-call."""
    calls = DEFAULT_LADDER.calls(trigger, Priority.NORMAL)

    assert {each.rung.runs for each in calls} == {Runs.SERVICE_HOURS}


@given(st.sampled_from(TRIGGERS), st.integers(0, 999))
def test_a_step_tells_what_began_it_and_how_far_it_is(trigger, place):
    assert read_step(step_of(trigger, place)) == (trigger, place)


@pytest.mark.parametrize("step", [-1, 4000, 99_999])
def test_a_number_that_is_no_step_is_known_as_none(step):
    with pytest.raises(ValueError, match="no step"):
        read_step(step)


def test_what_is_late_is_graver_than_what_is_unanswered_and_that_than_a_risk():
    assert is_graver(Trigger.LATE, Trigger.UNANSWERED)
    assert is_graver(Trigger.UNANSWERED, Trigger.AT_RISK)
    assert not is_graver(Trigger.LATE, Trigger.LATE)


@pytest.mark.parametrize(
    ("until", "status", "is_overdue", "has_supporter", "over"),
    [
        (Until.ANSWERED, Status.NEW, True, False, False),
        (Until.ANSWERED, Status.ASSIGNED, True, False, False),
        (Until.ANSWERED, Status.IN_PROGRESS, True, False, True),
        (Until.TOLD, Status.IN_PROGRESS, True, False, False),
        (Until.TOLD, Status.IN_PROGRESS, False, False, True),
        (Until.SUPPORTED, Status.IN_PROGRESS, False, False, False),
        (Until.SUPPORTED, Status.IN_PROGRESS, False, True, True),
        (Until.SOLVED, Status.IN_PROGRESS, False, True, False),
        (Until.SOLVED, Status.RESOLVED, True, False, True),
        (Until.TOLD, Status.ON_HOLD, True, False, True),
        (Until.ANSWERED, Status.CANCELLED, True, False, True),
    ],
)
def test_each_step_is_judged_on_how_the_ticket_stands_by_then(
    until, status, is_overdue, has_supporter, over
):
    """B4: every timer looks at the row again before it acts."""
    assert is_over(until, Standing(status, is_overdue, has_supporter)) is over
