"""The ways out and what follows from each try: values in, values out (P6, R-009, R-055…R-061)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import (
    BACKOFF_TO,
    Channel,
    Move,
    Tried,
    Verdict,
    Wallet,
    channels,
    next_midnight,
    next_move,
    pause,
)

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CUSTOM, TEMPLATE = Channel.CUSTOM, Channel.TEMPLATE


@pytest.mark.parametrize(
    ("wallet", "is_open"),
    [
        (Wallet(), False),
        (Wallet(heard_at=NOW - timedelta(hours=48) + SECOND), True),
        (Wallet(heard_at=NOW - timedelta(hours=48)), False),
        (Wallet(tapped_at=NOW - timedelta(seconds=59)), True),
        (Wallet(tapped_at=NOW - timedelta(seconds=60)), False),
        (Wallet(NOW - timedelta(days=9), NOW - SECOND), True),
    ],
)
def test_own_words_open_two_days_and_a_tap_one_minute(wallet, is_open):
    assert wallet.is_open(NOW) is is_open


@pytest.mark.parametrize(
    ("wallet", "has_template", "ways"),
    [
        (Wallet(heard_at=NOW), True, (CUSTOM, TEMPLATE)),
        (Wallet(heard_at=NOW), False, (CUSTOM,)),
        (Wallet(heard_at=NOW - timedelta(hours=49)), True, (TEMPLATE, CUSTOM)),
        (Wallet(), True, (CUSTOM, TEMPLATE)),  # nothing is known: only this one carries buttons
        (Wallet(), False, (CUSTOM,)),  # the platform may know of a window that we do not
    ],
)
def test_a_closed_window_prefers_the_template(wallet, has_template, ways):
    assert channels(wallet, NOW, has_template=has_template) == ways


def tried(verdict, *, tries=1, unclear=1, first_at=NOW, is_urgent=False, is_last=True, way=CUSTOM):
    return Tried(verdict, way, tries, unclear, first_at, is_urgent, is_last)


@pytest.mark.parametrize(
    ("verdict", "move"),
    [
        (Verdict.ACCEPTED, Move.DONE),
        (Verdict.BUSY, Move.AGAIN),
        (Verdict.QUOTA, Move.TOMORROW),
        (Verdict.REFUSED, Move.GIVE_UP),
        (Verdict.UNREACHABLE, Move.GIVE_UP),
        (Verdict.MISCONFIGURED, Move.GIVE_UP),
        (Verdict.UNKNOWN, Move.AGAIN),
        (Verdict.UNCLEAR, Move.LEAVE_OPEN),
    ],
)
def test_each_answer_on_the_last_channel_has_one_consequence(verdict, move):
    assert next_move(tried(verdict), NOW) is move


@pytest.mark.parametrize(
    "verdict",
    [Verdict.QUOTA, Verdict.REFUSED, Verdict.UNREACHABLE, Verdict.MISCONFIGURED],
)
def test_what_one_channel_refuses_the_next_may_take(verdict):
    """R-056, R-057."""
    assert next_move(tried(verdict, is_last=False), NOW) is Move.OTHER_CHANNEL


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.BUSY, Verdict.UNCLEAR])
def test_what_arrived_or_may_have_arrived_is_not_said_on_another_channel(verdict):
    """I6."""
    assert next_move(tried(verdict, is_last=False), NOW) is not Move.OTHER_CHANNEL


def test_an_unknown_code_is_given_three_tries():
    """R-061."""
    moves = [next_move(tried(Verdict.UNKNOWN, tries=n), NOW) for n in (1, 2, 3)]

    assert moves == [Move.AGAIN, Move.AGAIN, Move.GIVE_UP]


@pytest.mark.parametrize(
    ("unclear", "is_urgent", "move"),
    [(1, True, Move.AGAIN), (2, True, Move.LEAVE_OPEN), (1, False, Move.LEAVE_OPEN)],
)
def test_only_an_urgent_message_is_repeated_and_only_once(unclear, is_urgent, move):
    """R-009."""
    assert next_move(tried(Verdict.UNCLEAR, unclear=unclear, is_urgent=is_urgent), NOW) is move


@pytest.mark.parametrize(("minutes", "move"), [(9, Move.AGAIN), (10, Move.LEAVE_OPEN)])
def test_a_template_is_repeated_under_its_id_for_ten_minutes(minutes, move):
    """R-009."""
    first_at = NOW - timedelta(minutes=minutes)

    assert (
        next_move(tried(Verdict.UNCLEAR, unclear=5, first_at=first_at, way=TEMPLATE), NOW) is move
    )


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_between_a_second_and_a_minute(tries, dice):
    """R-055."""
    assert 1 <= pause(tries, lambda: dice).total_seconds() <= BACKOFF_TO


def test_the_platforms_day_ends_at_our_midnight():
    """R-056."""
    assert next_midnight(NOW) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert next_midnight(datetime(2026, 11, 24, 16, tzinfo=UTC)) == datetime(
        2026, 11, 25, 16, tzinfo=UTC
    )
