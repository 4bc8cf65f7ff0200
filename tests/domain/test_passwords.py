"""Which passwords are taken, and how long a guesser waits (H-41)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.passwords import Weakness, weakness
from domain.sign_in import OF_ACCOUNT, OF_ADDRESS, next_try_at

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short1234", Weakness.SHORT),
        ("打印机又卡纸了吗", Weakness.SHORT),
        ("三号楼的打印机又卡纸了", None),
        ("x" * 129, Weakness.LONG),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("abababababab", Weakness.COMMON),
        ("QwertyUIOP", Weakness.COMMON),
        ("1234567890", Weakness.COMMON),
        ("4567890123", Weakness.COMMON),
        ("cdefghijklmn", Weakness.COMMON),
        ("ｐａｓｓｗｏｒｄ１２３", Weakness.COMMON),
        ("A10020012026", Weakness.OWN),
        ("13800001234a", Weakness.OWN),
        ("a10020012 likes long sentences", None),
    ],
)
def test_long_ones_are_taken_that_nobody_guesses_first(password, why):
    assert weakness(password, ("A10020012", "陈静", "13800001234", None)) is why


@pytest.mark.parametrize(
    ("count", "minutes"), [(0, None), (4, None), (5, 15), (9, 15), (10, 60), (30, 60)]
)
def test_an_account_waits_longer_after_more_guesses(count, minutes):
    guesses = [NOW - timedelta(seconds=each) for each in range(count)]

    until = next_try_at(guesses, OF_ACCOUNT, NOW)

    assert until == (None if minutes is None else NOW + timedelta(minutes=minutes))


def test_what_was_guessed_yesterday_counts_no_more():
    assert next_try_at([NOW - timedelta(days=1)] * 9, OF_ACCOUNT, NOW) is None


def test_an_address_may_fail_twenty_times_in_a_quarter_of_an_hour():
    spread = [NOW - timedelta(minutes=each) for each in range(20)]

    assert next_try_at(spread, OF_ADDRESS, NOW) is None
    assert next_try_at([NOW] * 20, OF_ADDRESS, NOW) == NOW + timedelta(minutes=15)
