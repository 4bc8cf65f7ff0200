"""Daily quotas: to which day a call counts, and when operators are told."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quotas import DAILY, LEVELS, level_crossed, platform_day


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        (0, 79, None),
        (79, 80, 80),
        (80, 81, None),
        (94, 95, 95),
        (0, 100, 95),
        (95, 200, None),
        (80, 80, None),
    ],
)
def test_each_level_is_crossed_once(before, after, level):
    assert level_crossed(before, after, 100) == level


@given(st.lists(st.integers(1, 400), max_size=40), st.integers(1, 3000))
def test_however_calls_come_each_level_is_told_at_most_once(added, limit):
    told, total = [], 0
    for calls in added:
        told.append(level_crossed(total, total + calls, limit))
        total += calls

    heard = [level for level in told if level]
    assert heard == sorted(set(heard))
    assert (max(LEVELS) in heard) is (total * 100 >= max(LEVELS) * limit)


def test_days_end_at_midnight_in_china():
    assert platform_day(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert platform_day(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == date(2026, 11, 25)


def test_every_known_quota_is_of_an_api():
    assert all(path.startswith("/cgi-bin/") and limit > 0 for path, limit in DAILY.items())
