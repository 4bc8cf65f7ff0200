"""Shifts that come round: each day as somebody would count it by hand."""

from collections import Counter
from datetime import date, timedelta

import pytest

from domain.rounds import Round, Shape, shaped

MONDAY = date(2026, 11, 23)
DAY, NIGHT = 1, 2


def days(count: int, since: date = MONDAY) -> list[date]:
    return [since + timedelta(days=number) for number in range(count)]


def test_each_person_begins_a_step_later():
    by_week = Round((NIGHT,) * 7 + (None,) * 14, (71, 72, 73), 7, MONDAY)

    assert [list(by_week.on(day)) for day in days(22)[6:8]] == [[(71, NIGHT)], [(72, NIGHT)]]
    assert list(by_week.on(MONDAY + timedelta(days=21))) == [(71, NIGHT)]


def test_nobody_has_a_turn_before_it_begins():
    assert list(Round((DAY,), (71,), 0, MONDAY).on(MONDAY - timedelta(days=1))) == []


def test_over_the_end_of_a_year_it_goes_on():
    by_turn = Round((DAY, None), (71, 72), 1, date(2026, 12, 31))

    assert list(by_turn.on(date(2027, 1, 1))) == [(72, DAY)]


@pytest.mark.parametrize(
    ("shape", "people", "each_day"),
    [
        (Shape.EVERY_DAY, 3, {DAY: 3}),
        (Shape.DAY_BY_TURN, 5, {DAY: 1}),
        (Shape.WEEK_BY_TURN, 12, {DAY: 1}),
        (Shape.TWO_ON_TWO_OFF, 2, {DAY: 1}),
        (Shape.FOUR_TEAMS, 4, {DAY: 1, NIGHT: 1}),
    ],
)
def test_a_shape_has_the_same_people_on_each_day(shape, people, each_day):
    wanted, step = shaped(shape, DAY, NIGHT, people)
    ids = tuple(range(people))
    found = Round(wanted, ids, step, MONDAY)

    turns = [list(found.on(day)) for day in days(2 * len(wanted))]

    assert all(Counter(shift for _, shift in day) == each_day for day in turns)
    assert {person for day in turns for person, _ in day} == set(ids)
