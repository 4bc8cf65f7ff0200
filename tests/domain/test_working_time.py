"""Working time against a counter of single minutes over ten years (F14, F15, R-071, R-072)."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from domain.calendar import (
    CHINA,
    WHOLE_DAY,
    CalendarRunsOut,
    DayKind,
    Runs,
    ServiceHours,
    Span,
    Stretch,
    Week,
    apart,
)
from settings import ROOT
from tests.domain.minute_counter import MinuteCounter
from wiring import day_kind, is_published

MINUTE = timedelta(minutes=1)
LUNCH = (Span(480, 720), Span(780, 1080))  # 8–12, 13–18
SHORT = (Span(540, 720),)
LATE = (Span(600, 1440),)
CHANGED_ON = date(2025, 7, 1)  # the week is another one from here
OWN = {
    date(2024, 12, 31): SHORT,
    date(2025, 1, 1): LUNCH,  # a holiday on which this desk works
    date(2025, 3, 14): (),  # the company's outing
    date(2025, 7, 1): LATE,
}
HOURS = ServiceHours(
    (
        Week((LUNCH, LUNCH, LUNCH, LUNCH, LUNCH, (), ()), LUNCH),
        Week((LATE, SHORT, LUNCH, (), LUNCH, SHORT, ()), SHORT, CHANGED_ON),
    ),
    day_kind,
    OWN,
    is_published,
)


def at(words):
    return datetime.fromisoformat(f"{words}+08:00")


# --- said once more, as a handbook says it -------------------------------------------------------


def by_the_handbook(day):
    """The same desk without a word of domain/calendar.py's code."""
    lunch, short, late = [(480, 720), (780, 1080)], [(540, 720)], [(600, 1440)]
    own = {(2024, 12, 31): short, (2025, 1, 1): lunch, (2025, 3, 14): [], (2025, 7, 1): late}
    if (day.year, day.month, day.day) in own:
        return own[day.year, day.month, day.day]
    is_new = (day.year, day.month) >= (2025, 7)
    table = [late, short, lunch, [], lunch, short, []] if is_new else [lunch] * 5 + [[], []]
    if day.year > 2026:  # not published: by weekday
        return table[day.weekday()]
    if chinese_calendar.is_workday(day):
        made_up = short if is_new else lunch
        return made_up if day.weekday() >= 5 else table[day.weekday()]
    is_holiday = day in chinese_calendar.holidays or day.weekday() < 5
    return [] if is_holiday else table[day.weekday()]


def working_days(day):
    return [(0, 1440)] if by_the_handbook(day) else []


@cache
def counter(runs):
    return MinuteCounter(
        {
            Runs.SERVICE_HOURS: by_the_handbook,
            Runs.WORKING_DAYS: working_days,
            Runs.ALWAYS: lambda _: [(0, 1440)],
        }[runs]
    )


runs = st.sampled_from(Runs)
moments = st.datetimes(datetime(2024, 6, 1), datetime(2027, 6, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=CHINA)
)
near_the_edges = st.sampled_from(
    [
        at("2024-12-31T11:59"),  # the year ends on an own day
        at("2025-06-30T17:59"),  # the calendar changes at midnight
        at("2025-09-26T17:40"),  # before National Day, with a made-up Sunday
        at("2026-02-13T18:00"),  # before Spring Festival, with a made-up Saturday
        at("2026-12-31T23:59"),  # after this nothing is published
        at("2024-02-28T23:30"),  # a leap day follows
    ]
)
starts = moments | near_the_edges
amounts = st.integers(1, 6000)  # minutes
pauses = st.lists(
    st.tuples(starts, st.integers(0, 9_000)).map(
        lambda pair: (pair[0], pair[0] + pair[1] * MINUTE)
    ),
    max_size=4,
)


def stretches(pairs):
    return [Stretch(begins, ends) for begins, ends in pairs]


# --- against the counter -------------------------------------------------------------------------


@given(starts, amounts, runs)
@settings(max_examples=300)
def test_what_is_added_falls_due_where_the_counted_minutes_are_full(start, minutes, runs):
    assert HOURS.add(start, minutes * MINUTE, runs) == counter(runs).add(start, minutes)


@given(starts, starts, runs)
@settings(max_examples=300)
def test_what_lies_between_is_what_is_counted(begin, end, runs):
    assume(abs(end - begin) < timedelta(days=700))

    assert HOURS.between(begin, end, runs) == counter(runs).between(begin, end) * MINUTE


@given(starts, amounts, pauses, runs)
@settings(max_examples=60)
def test_pauses_are_minutes_that_do_not_count(start, minutes, pairs, runs):
    due = HOURS.add(start, minutes * MINUTE, runs, stretches(pairs))

    assert due == counter(runs).add_beside(start, minutes, pairs)
    assert HOURS.between(start, due, runs, stretches(pairs)) == minutes * MINUTE


@given(starts)
@settings(max_examples=300)
def test_the_desk_is_open_in_exactly_the_minutes_that_are_counted(moment):
    counted = counter(Runs.SERVICE_HOURS)

    assert HOURS.is_open(moment) is counted.is_open(moment)
    closes = HOURS.closes_at(moment)
    assert (closes is None) is not counted.is_open(moment)
    if closes is not None:
        assert counted.between(moment, closes) * MINUTE == closes - moment
        assert not counted.is_open(closes) or closes.time() == time()


# --- what holds whatever the calendar ------------------------------------------------------------


spans = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda edges: tuple(
        Span(begins, ends) for begins, ends in zip(*[iter(sorted(edges))] * 2, strict=False)
    )
)
weeks = st.builds(
    lambda days, made_up, since: Week(tuple(days), made_up, since),
    st.lists(spans, min_size=7, max_size=7).filter(any),
    spans,
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
)
calendars = st.builds(
    lambda known, special: ServiceHours(
        tuple(sorted(known, key=lambda week: week.since)), day_kind, special, is_published
    ),
    st.lists(weeks, min_size=1, max_size=3, unique_by=lambda week: week.since),
    st.dictionaries(st.dates(date(2024, 1, 1), date(2027, 12, 31)), spans, max_size=6),
)


def added(hours, start, amount, *more):
    """Some weeks have no minute within two years of holidays and own days."""
    try:
        return hours.add(start, amount, *more)
    except CalendarRunsOut:
        assume(False)


@given(calendars, starts, amounts, runs)
def test_adding_then_measuring_gives_back(hours, start, minutes, runs):
    due = added(hours, start, minutes * MINUTE, runs)

    assert hours.between(start, due, runs) == minutes * MINUTE
    assert (
        sum((each.lasts for each in hours.derivation(start, minutes * MINUTE, runs)), timedelta())
        == minutes * MINUTE
    )


@given(calendars, starts, st.integers(0, 3000), amounts, amounts, runs)
def test_later_or_longer_is_never_due_earlier(hours, start, wait, minutes, more, runs):
    due = added(hours, start, minutes * MINUTE, runs)

    assert added(hours, start + wait * MINUTE, minutes * MINUTE, runs) >= due
    assert added(hours, start, (minutes + more) * MINUTE, runs) > due


@given(calendars, starts, amounts, pauses, st.randoms(use_true_random=False))
def test_pauses_commute_and_the_same_one_twice_counts_once(hours, start, minutes, pairs, random):
    known = stretches(pairs)
    shuffled = random.sample([*known, *known], 2 * len(known))

    due = added(hours, start, minutes * MINUTE, Runs.SERVICE_HOURS, known)

    assert added(hours, start, minutes * MINUTE, Runs.SERVICE_HOURS, shuffled) == due
    assert due >= added(hours, start, minutes * MINUTE)


@given(calendars, starts, amounts, amounts)
def test_two_amounts_one_after_the_other_are_their_sum(hours, start, minutes, more):
    halfway = added(hours, start, minutes * MINUTE)

    assert added(hours, halfway, more * MINUTE) == added(hours, start, (minutes + more) * MINUTE)


@given(starts, amounts)
def test_a_week_that_changes_after_the_due_time_moves_nothing(start, minutes):
    due = HOURS.add(start, minutes * MINUTE)
    later = Week((WHOLE_DAY,) * 7, WHOLE_DAY, due.astimezone(CHINA).date() + timedelta(days=1))
    changed = ServiceHours((*HOURS.weeks, later), day_kind, OWN, is_published)
    assume(all(week.since <= later.since for week in HOURS.weeks))

    assert changed.add(start, minutes * MINUTE) == due


# --- single cases --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-24T17:40", 120, "2026-11-25T09:40"),  # 20 minutes today, 1 h 40 tomorrow
        ("2026-11-24T11:30", 60, "2026-11-24T13:30"),  # over lunch
        ("2026-11-27T17:30", 120, "2026-11-30T09:30"),  # over a weekend
        ("2026-09-30T17:00", 120, "2026-10-08T09:00"),  # over National Day
        ("2026-10-09T17:00", 120, "2026-10-10T09:00"),  # a made-up Saturday
        ("2026-02-13T17:00", 120, "2026-02-14T09:00"),  # another, before Spring Festival
        ("2024-02-28T17:00", 120, "2024-02-29T09:00"),  # 29 February
        ("2026-12-31T17:00", 120, "2027-01-01T09:00"),  # not published: Friday is a Friday
        ("2026-11-24T19:00", 1, "2026-11-25T08:01"),  # the first minute of the morning
        ("2026-11-24T08:00", 540, "2026-11-24T18:00"),  # a whole day ends with its hours
        ("2026-11-24T08:00", 0, "2026-11-24T08:00"),  # nothing is due at once
        ("2026-11-28T08:00", 0, "2026-11-28T08:00"),  # on a Saturday, too
    ],
)
def test_the_worked_cases(start, minutes, due):
    plain = ServiceHours((HOURS.weeks[0],), day_kind, is_published=is_published)

    assert plain.add(at(start), minutes * MINUTE) == at(due)


def test_seconds_are_not_rounded():
    start, plain = at("2026-11-24T17:59:30.250000"), ServiceHours.daily(time(8), time(18))

    assert plain.between(start, at("2026-11-24T18:00")) == timedelta(seconds=29.75)


def test_a_leap_second_is_the_second_before_it():
    """R-072: 2016 ended with 23:59:60 UTC, 7:59:60 in Shanghai; no clock here shows it."""
    plain = ServiceHours.daily(time(8), time(18))

    assert plain.add(at("2016-12-30T17:00"), 2 * 60 * MINUTE) == at("2017-01-02T09:00")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Chatham"])
@given(start=starts, minutes=amounts)
@settings(max_examples=50)
@example(start=datetime(2025, 3, 9, 6, 59, tzinfo=UTC), minutes=90)
@example(start=datetime(2025, 11, 2, 5, 30, tzinfo=UTC), minutes=90)
def test_an_instant_is_the_same_in_every_zone(zone, start, minutes):
    """R-071: over both nights in which clocks in New York are moved, too."""
    elsewhere = start.astimezone(ZoneInfo(zone))

    due = HOURS.add(elsewhere, minutes * MINUTE)

    assert due == HOURS.add(start.astimezone(CHINA), minutes * MINUTE)
    assert HOURS.between(elsewhere, due.astimezone(ZoneInfo(zone))) == minutes * MINUTE


_ELSEWHERE = """
from datetime import datetime, timedelta
from domain.calendar import ServiceHours
from datetime import time
hours = ServiceHours.daily(time(8), time(18))
for night in ("2025-03-07T17:40:00+08:00", "2025-10-31T17:40:00+08:00"):
    print(hours.add(datetime.fromisoformat(night), timedelta(hours=2)).isoformat())
"""


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_the_hosts_zone_changes_nothing(zone):
    """R-071: a server in New York, over the two nights in which its own clock is moved."""
    told = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        cwd=ROOT,
        env={**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert told.stdout.split() == ["2025-03-10T09:40:00+08:00", "2025-11-03T09:40:00+08:00"]


def test_chinas_own_summer_time_of_1986_to_1991_is_not_looked_back_at():
    """R-072: a date of then in a device's papers is read by today's clock."""
    assert datetime(1988, 7, 1, tzinfo=CHINA).utcoffset() == timedelta(hours=8)
    plain = ServiceHours.daily(time(8), time(18))
    assert plain.add(at("1988-07-01T17:00"), 2 * 60 * MINUTE) == at("1988-07-04T09:00")


# --- what is not published -----------------------------------------------------------------------


def test_a_year_without_an_arrangement_goes_by_weekday_and_says_so():
    """R-072."""
    spring_festival = at("2027-02-08T10:00")

    assert HOURS.is_open(spring_festival)
    assert not HOURS.is_sure_of(spring_festival.date())
    assert HOURS.is_sure(at("2026-12-30T17:00"), at("2026-12-31T09:00"))
    assert not HOURS.is_sure(at("2026-12-31T17:00"), at("2027-01-04T09:00"))
    assert HOURS.is_sure(at("2027-02-08T10:00"), at("2027-02-09T10:00"), Runs.ALWAYS)


def test_a_day_that_the_admin_set_is_sure():
    hours = ServiceHours(HOURS.weeks, day_kind, {date(2027, 2, 8): ()}, is_published)

    assert hours.is_sure_of(date(2027, 2, 8)) and not hours.is_sure_of(date(2027, 2, 9))


@pytest.mark.parametrize(
    ("today", "year"),
    [
        ("2026-10-31T23:59", None),
        ("2026-11-01T00:00", 2027),
        ("2027-03-01T10:00", 2027),
        ("2025-12-31T10:00", None),
    ],
)
def test_the_next_year_is_asked_for_from_november_on(today, year):
    assert HOURS.missing_year(at(today)) == year


def test_a_desk_that_never_closes_needs_no_arrangement():
    hours = ServiceHours.never_closed(day_kind, is_published)

    assert hours.is_open(at("2026-10-01T03:00"))
    assert hours.missing_year(at("2027-03-01T10:00")) is None
    assert hours.is_sure(at("2027-02-08T10:00"), at("2027-02-09T10:00"))


def test_a_holiday_has_the_hours_that_its_week_gives_it():
    week = Week((LUNCH,) * 7, LUNCH, holiday=SHORT)
    hours = ServiceHours((week,), lambda _: DayKind.HOLIDAY)

    assert hours.hours_of(date(2026, 10, 1)) == SHORT


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(("begins", "ends"), [(-1, 5), (10, 10), (20, 10), (0, 1441)])
def test_a_span_lies_within_its_day(begins, ends):
    with pytest.raises(ValueError, match="no span of a day"):
        Span(begins, ends)


def test_an_end_at_midnight_is_the_end_of_the_day():
    assert Span.of(time(22), time(0)) == Span(1320, 1440)
    assert Span.of(time(0), time(0)) == WHOLE_DAY[0]


def test_spans_that_touch_or_overlap_are_not_apart():
    assert apart(LUNCH) and apart(())
    assert not apart((Span(480, 720), Span(720, 1080)))
    assert not apart((Span(780, 1080), Span(480, 720)))


def test_a_calendar_without_time_runs_out_and_says_so():
    hours = ServiceHours.daily(time(8), time(18), lambda _: DayKind.HOLIDAY)

    with pytest.raises(CalendarRunsOut, match="two years"):
        hours.add(at("2026-11-24T10:00"), MINUTE)
    assert hours.between(at("2026-11-24T10:00"), at("2026-12-24T10:00")) == timedelta(0)
