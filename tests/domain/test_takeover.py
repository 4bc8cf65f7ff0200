"""Who may be named at a transfer, how long a session is believed, how often records are fetched."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.takeover import (
    FIRST_PULL,
    ClerkSeen,
    Pulls,
    TakeoverRules,
    held_until,
    may_be_named,
    spoken_name,
)

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("is_online", "sessions", "seconds_ago", "may"),
    [
        (True, 0, 5, True),
        (True, 9, 60, True),
        (False, 0, 5, False),
        (True, 10, 5, False),
        (True, 0, 61, False),
    ],
)
def test_only_a_clerk_who_is_surely_there_with_room_is_named_w1(
    is_online, sessions, seconds_ago, may
):
    """§6: who is bound to a clerk that is away is bound to nobody else."""
    clerk = ClerkSeen(is_online, sessions, NOW - timedelta(seconds=seconds_ago))

    assert may_be_named(clerk, room=10, now=NOW) is may


@pytest.mark.parametrize(
    ("nickname", "name"),
    [("小陈", "小陈"), ("服务台-王", "王"), ("服务台小李", "小李"), ("服务台", "服务台")],
)
def test_the_desk_is_not_said_twice(nickname, name):
    assert spoken_name(nickname) == name


def test_a_session_that_the_platform_shows_is_believed_for_two_half_hours_off_hours_for_one():
    assert held_until(NOW, HALF_HOUR, is_open=True) == NOW + 2 * HALF_HOUR
    assert held_until(NOW, HALF_HOUR, is_open=False) == NOW + HALF_HOUR


def test_an_account_without_customer_service_takes_nobody_into_a_queue():
    assert TakeoverRules().is_there
    assert not TakeoverRules(is_enabled=False).is_there
    assert not TakeoverRules(is_missing=lambda: True).is_there


# --- fetching --------------------------------------------------------------------------------


def test_the_first_fetch_waits_for_the_platforms_delay_and_each_pause_is_longer():
    pulls, pauses = Pulls(), []
    while pulls.pause is not None:
        pauses.append(pulls.pause)
        pulls = pulls.after(found=1)

    assert pauses[0] == FIRST_PULL
    assert pauses == sorted(set(pauses)) and len(pauses) == 5


@pytest.mark.parametrize(
    ("found", "tries"), [((0, 0), 2), ((3, 0, 0), 3), ((0, 2, 0, 0), 4), ((1, 1, 1, 1, 1), 5)]
)
def test_two_fetches_in_a_row_that_bring_nothing_are_enough(found, tries):
    pulls = Pulls()
    for count in found:
        assert pulls.pause is not None
        pulls = pulls.after(count)

    assert pulls.pause is None and pulls.tries == tries


@pytest.mark.parametrize("pulls", [Pulls(), Pulls(3, 1), Pulls(5, 2), Pulls(owes_close=True)])
def test_what_is_kept_as_one_number_is_read_back(pulls):
    assert Pulls.of(pulls.kept) == pulls
