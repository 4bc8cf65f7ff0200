"""Patterns go on by themselves, each day once, and nothing that people made is touched (D1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.permissions import Role
from domain.roster import Work
from domain.rounds import Round
from jobs.timetable import Timetable
from models import Duty, RosterPattern
from services import roster_filling, roster_patterns, roster_plan, roster_shifts
from services.roster_shifts import NewShift
from tests.services.making import all_of, at_once, only
from tests.services.roster_kit import at

NOW = at(24, 9)  # a Tuesday
WEEK = timedelta(days=7)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明")


@pytest.fixture
def wu(make_engineer):
    return make_engineer("吴强")


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def rules(rules):
    return replace(rules, fill_ahead_weeks=2)


@pytest.fixture
def acting(database, desk_of, head):
    """What the head does with the roster."""

    def acting(act, *args, now=NOW, **facts):
        with database.transaction() as session:
            return act(desk_of(session, head, now), *args, **facts)

    return acting


@pytest.fixture
def pattern(acting, zhou, wu):
    """Both by turns, a night each, from today."""
    night = NewShift("夜班", Work.ON_CALL, 18 * 60, 8 * 60, 1, True, True)
    shift_id = acting(roster_shifts.add, night)
    wanted = Round((shift_id, None), (zhou.id, wu.id), 1, date(2026, 11, 24))
    return acting(roster_patterns.save, "夜班轮值", wanted)


@pytest.fixture
def clock(database, rules):
    """The clock of a day."""

    def clock(now=NOW, rules=rules):
        return Timetable(database, rules, lambda: now, lambda: None).fill_roster()

    return clock


def nights(database):
    rows = all_of(database, Duty)
    return {(each.begins_at.day, each.person_id) for each in rows}


def test_two_weeks_are_there_at_once_and_then_a_day_each_day(database, clock, pattern, head):
    filled = [clock(), clock(), clock(NOW + timedelta(days=1))]

    assert filled == [15, 0, 1]
    made = all_of(database, Duty)
    assert len(made) == len({each.begins_at for each in made}) == 16
    assert {(each.pattern_id, each.made_by_id) for each in made} == {(pattern, head.id)}
    assert only(database, RosterPattern).filled_until == date(2026, 12, 9)


def test_what_was_taken_off_or_swapped_stays_so(database, acting, clock, pattern, zhou, wu):
    clock()
    first, second, *_ = sorted(all_of(database, Duty), key=lambda each: each.begins_at)
    acting(roster_plan.take_off, first.id)
    with database.transaction() as session:
        session.get_one(Duty, second.id).person_id = zhou.id

    clock(NOW + timedelta(days=1))

    assert (24, zhou.id) not in nights(database) and (24, wu.id) not in nights(database)
    assert (25, zhou.id) in nights(database) and (25, wu.id) not in nights(database)


def test_days_that_a_planner_filled_are_left_to_the_planner(database, acting, clock, pattern):
    acting(roster_filling.fill, [pattern], date(2026, 11, 24), date(2026, 12, 31))
    gone = all_of(database, Duty)[0]
    acting(roster_plan.take_off, gone.id)
    before = nights(database)

    assert clock() == 0

    assert nights(database) == before


def test_nobody_is_put_on_who_is_on_leave_or_busy(
    by, database, acting, clock, pattern, zhou, wu, head
):
    asked = by(zhou, NOW).ask_leave(at(26, 0), at(27, 12), "看病")
    by(head, NOW).decide_leave(asked.id, grants=True)
    with database.transaction() as session:
        own = {"begins_at": at(25, 20), "ends_at": at(25, 23), "made_by_id": head.id}
        session.add(Duty(person_id=wu.id, work=Work.ON_CALL, made_at=NOW, **own))

    clock()

    mine = {each for each in nights(database) if each[0] in (24, 25, 26, 27)}
    assert mine == {(24, zhou.id), (25, wu.id), (27, wu.id)}
    assert len(all_of(database, Duty, person_id=wu.id, pattern_id=None)) == 1


def test_by_hand_means_by_hand_and_what_is_out_of_use_goes_on_no_more(
    database, acting, clock, rules, pattern
):
    assert clock(rules=replace(rules, fill_ahead_weeks=0)) == 0
    acting(roster_patterns.put_in_use, pattern, is_active=False)

    assert clock() == 0
    assert all_of(database, Duty) == []


def test_two_clocks_fill_each_day_once(database, clock, pattern):
    """R-074."""
    at_once(clock, clock)

    made = all_of(database, Duty)
    assert len(made) == len({each.begins_at for each in made})
    clock()
    assert len(all_of(database, Duty)) == 15
