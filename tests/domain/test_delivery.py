"""The ways out and what follows from each try: values in, values out (P6, R-009, R-055…R-061)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import (
    BACKOFF_TO,
    LIMITS,
    Cause,
    Channel,
    Move,
    Tried,
    Verdict,
    Wallet,
    Weight,
    channels,
    next_midnight,
    next_move,
    pause,
)

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CUSTOM, TEMPLATE = Channel.CUSTOM, Channel.TEMPLATE


HEARD = Wallet().opened(Cause.MESSAGE, NOW)
TAPPED = Wallet().opened(Cause.CLICK, NOW)
TALK, ASK, URGENT = Weight(), Weight(asks=True), Weight(is_urgent=True)
TEMPLATED = Weight(has_template=True)


@pytest.mark.parametrize(
    ("wallet", "after", "left"),
    [
        (Wallet(), timedelta(), 0),
        (HEARD, timedelta(hours=48) - SECOND, 5),
        (HEARD, timedelta(hours=48), 0),
        (TAPPED, timedelta(seconds=59), 3),
        (TAPPED, timedelta(seconds=60), 0),
        (HEARD.opened(Cause.SCAN, NOW), timedelta(), 8),
    ],
)
def test_own_words_let_five_by_for_two_days_and_a_tap_three_for_a_minute(wallet, after, left):
    """R-057, wechat-platform §5."""
    assert wallet.left(NOW + after) == left


def test_a_new_act_fills_its_window_anew_and_adds_nothing():
    spent = HEARD.spent(4, NOW)

    assert spent.left(NOW) == 1
    assert spent.opened(Cause.MESSAGE, NOW).left(NOW) == 5


def test_the_window_that_ends_first_pays():
    """§14.3."""
    both = HEARD.opened(Cause.CLICK, NOW).spent(4, NOW)

    assert (both.tapped_left, both.heard_left) == (0, 4)


def test_an_errcode_empties_the_wallet_until_the_next_act():
    """R-057: 45015 and 45047 know better."""
    assert HEARD.corrected(NOW).left(NOW) == 0
    assert Wallet().corrected(NOW).is_known()
    assert HEARD.corrected(NOW).opened(Cause.MESSAGE, NOW).left(NOW) == 5


@given(st.lists(st.sampled_from([*Cause, 1, 2, None]), max_size=40))
def test_a_wallet_never_holds_less_than_nothing_or_more_than_its_windows(acts):
    wallet, now = Wallet(), NOW
    for act in acts:
        now += timedelta(seconds=20)
        if isinstance(act, Cause):
            wallet = wallet.opened(act, now)
        elif act is None:
            wallet = wallet.corrected(now)
        else:
            before = wallet.left(now)
            wallet = wallet.spent(act, now)
            assert wallet.left(now) == max(0, before - act)
        assert 0 <= wallet.left(now) <= LIMITS.message_count + LIMITS.tap_count


@pytest.mark.parametrize(
    ("wallet", "weight", "ways"),
    [
        (HEARD, TEMPLATED, (CUSTOM, TEMPLATE)),
        (HEARD, TALK, (CUSTOM,)),
        (Wallet(), TEMPLATED, (CUSTOM, TEMPLATE)),  # nothing is known: only this carries buttons
        (Wallet(), TALK, (CUSTOM,)),
        (HEARD.corrected(NOW), TEMPLATED, (TEMPLATE, CUSTOM)),
        (HEARD.corrected(NOW), TALK, (CUSTOM,)),  # the platform may know of a window
        (HEARD.spent(4, NOW), TALK, ()),  # the last one is kept …
        (HEARD.spent(4, NOW), TEMPLATED, (TEMPLATE,)),
        (HEARD.spent(4, NOW), ASK, (CUSTOM,)),  # … for what asks, or is urgent
        (HEARD.spent(4, NOW), URGENT, (CUSTOM,)),
    ],
)
def test_the_wallet_and_the_weight_decide_the_ways(wallet, weight, ways):
    assert channels(wallet, weight, NOW) == ways


def tried(verdict, *, tries=1, unclear=1, first_at=NOW, is_last=True, way=CUSTOM):
    return Tried(verdict, way, tries, unclear, first_at, is_last)


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
        (Verdict.WINDOW_SHUT, Move.HOLD),
        (Verdict.WINDOW_USED_UP, Move.HOLD),
        (Verdict.UNCLEAR, Move.AGAIN),
        (Verdict.PARTLY, Move.HOLD),
    ],
)
def test_each_answer_on_the_last_channel_has_one_consequence(verdict, move):
    assert next_move(tried(verdict), NOW) is move


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict.QUOTA,
        Verdict.REFUSED,
        Verdict.WINDOW_SHUT,
        Verdict.WINDOW_USED_UP,
        Verdict.UNREACHABLE,
        Verdict.MISCONFIGURED,
    ],
)
def test_what_one_channel_refuses_the_next_may_take(verdict):
    """R-056, R-057."""
    assert next_move(tried(verdict, is_last=False), NOW) is Move.OTHER_CHANNEL


@pytest.mark.parametrize(
    "verdict", [Verdict.ACCEPTED, Verdict.BUSY, Verdict.UNCLEAR, Verdict.PARTLY]
)
def test_what_arrived_or_may_have_arrived_is_not_said_on_another_channel(verdict):
    """I6."""
    assert next_move(tried(verdict, is_last=False), NOW) is not Move.OTHER_CHANNEL


def test_an_unknown_code_is_given_three_tries():
    """R-061."""
    moves = [next_move(tried(Verdict.UNKNOWN, tries=n), NOW) for n in (1, 2, 3)]

    assert moves == [Move.AGAIN, Move.AGAIN, Move.GIVE_UP]


@pytest.mark.parametrize(("unclear", "move"), [(1, Move.AGAIN), (2, Move.HOLD)])
def test_a_message_of_unknown_effect_is_repeated_only_once(unclear, move):
    """R-009, ADR 5: then it waits until its recipient says something."""
    assert next_move(tried(Verdict.UNCLEAR, unclear=unclear), NOW) is move


@pytest.mark.parametrize(("minutes", "move"), [(9, Move.AGAIN), (10, Move.HOLD)])
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
