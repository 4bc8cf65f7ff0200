"""Hours in which somebody wants no ordinary notice (C §24)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.quiet import Quiet, began_at, has_just_ended, is_quiet

NIGHT = Quiet(22 * 60, 7 * 60)
NOON = Quiet(12 * 60, 13 * 60)


def at(hour, minute=0):
    """In Shanghai."""
    return datetime(2026, 11, 24, hour, minute, 30, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("quiet", "hour", "minute", "expected"),
    [
        (NIGHT, 21, 59, False),
        (NIGHT, 22, 0, True),
        (NIGHT, 0, 0, True),
        (NIGHT, 6, 59, True),
        (NIGHT, 7, 0, True),
        (NIGHT, 7, 1, False),
        (NOON, 12, 30, True),
        (NOON, 0, 30, False),
    ],
)
def test_they_end_a_minute_after_their_end_which_is_for_gathering(quiet, hour, minute, expected):
    assert is_quiet(quiet, at(hour, minute)) is expected


def test_they_have_just_ended_in_that_minute_and_began_the_evening_before():
    assert [has_just_ended(NIGHT, at(*each)) for each in ((6, 59), (7, 0), (7, 1))] == [
        False,
        True,
        False,
    ]
    assert began_at(NIGHT, at(7)) == at(22).replace(second=0) - timedelta(days=1)
