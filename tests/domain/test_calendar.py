"""Service hours, and the day on the desk's wall (F15, R1)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import CHINA, DayKind, ServiceHours
from domain.deadlines import Targets
from domain.numbers import desk_day, short_number, ticket_number

HOURS = ServiceHours.daily(time(8), time(18))


def at(words):
    return datetime.fromisoformat(f"{words}+08:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T07:59:59", False),
        ("2026-11-24T08:00:00", True),
        ("2026-11-24T17:59:59", True),
        ("2026-11-24T18:00:00", False),
        ("2026-11-28T10:00:00", False),
    ],
)
def test_the_desk_is_open_from_eight_to_six_on_working_days(moment, is_open):
    """F15: and whatever clock the server has."""
    assert HOURS.is_open(at(moment)) is is_open
    assert HOURS.is_open(at(moment).astimezone(UTC)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T07:00:00", "2026-11-24T08:00:00"),
        ("2026-11-24T08:00:00", "2026-11-25T08:00:00"),
        ("2026-11-24T20:00:00", "2026-11-25T08:00:00"),
        ("2026-11-27T18:00:00", "2026-11-30T08:00:00"),
        ("2026-11-29T23:59:59", "2026-11-30T08:00:00"),
    ],
)
def test_it_opens_next_on_the_next_working_morning(moment, opens):
    assert HOURS.next_opening(at(moment)) == at(opens)


def test_holidays_and_make_up_days_are_what_the_calendar_says():
    """F15: 调休: a Sunday may be a working day, a Friday a holiday."""
    sunday = date(2026, 11, 29)
    kinds = {sunday: DayKind.MADE_UP, date(2026, 11, 27): DayKind.HOLIDAY}
    hours = ServiceHours.daily(time(8), time(18), lambda day: kinds.get(day, DayKind.ORDINARY))

    assert hours.is_open(at("2026-11-29T10:00:00"))
    assert not hours.is_open(at("2026-11-27T10:00:00"))
    assert hours.next_opening(at("2026-11-26T10:00:00")) == at("2026-11-29T08:00:00")


def test_a_calendar_without_working_days_is_a_mistake():
    with pytest.raises(ValueError, match="no working day"):
        ServiceHours.daily(time(8), time(18), lambda _: DayKind.HOLIDAY).next_opening(
            at("2026-11-24T10:00:00")
        )


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_next_opening_is_later_and_open_and_the_moment_before_is_not(moment):
    opens = HOURS.next_opening(moment)

    assert opens > moment and HOURS.is_open(opens)
    assert not HOURS.is_open(opens - timedelta(microseconds=1))


# --- numbers -------------------------------------------------------------------------------------


def test_a_number_is_prefix_day_and_count():
    """R1."""
    day = date(2026, 11, 24)

    assert ticket_number(day, 7) == "IT20261124-0007"
    assert ticket_number(day, 10_000) == "IT20261124-10000"
    assert short_number("IT20261124-0007") == "0007"


def test_the_desks_day_begins_at_midnight_in_shanghai():
    assert desk_day(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert desk_day(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert datetime(2026, 7, 1, tzinfo=CHINA).utcoffset() == timedelta(hours=8)


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 10**6))
def test_numbers_of_two_days_or_two_counts_are_never_the_same(day, count):
    assert ticket_number(day, count) != ticket_number(day, count + 1)
    assert ticket_number(day, count) != ticket_number(day - timedelta(days=1), count)
    assert short_number(ticket_number(day, count)).lstrip("0") == str(count)


# --- clocks of a ticket --------------------------------------------------------------------------


def test_half_of_the_answer_time_is_the_reminder():
    """F9: ten minutes by the rules."""
    assigned = at("2026-11-24T10:30:00")

    assert Targets().reminder_at(assigned) == at("2026-11-24T10:35:00")
    assert Targets().response_due_at(assigned) == at("2026-11-24T10:40:00")
