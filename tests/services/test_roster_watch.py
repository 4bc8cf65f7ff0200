"""The roster by the clock: reminded, missed, signed out, each once (D1, R-073)."""

from datetime import timedelta

import pytest

from domain.permissions import Role
from domain.refusals import NotPermitted
from jobs.timetable import Timetable
from models import Notice
from services import roster_watch
from tests.services.making import all_of, at_once, told
from tests.services.roster_kit import Roster, at

NOW = at(24, 7)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明", is_on_duty=False)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def plan(database, clerk):
    return Roster(database, clerk, NOW)


@pytest.fixture
def watch(database, rules):
    def watch(now):
        with database.transaction() as session:
            is_due = roster_watch.is_due(session, now)
            done = roster_watch.watch(session, rules, now)
        assert is_due or not done, "asked without a lock, there was nothing to do"
        return done

    return watch


def test_a_duty_is_reminded_of_half_an_hour_before_and_once(database, zhou, plan, watch):
    plan.put(zhou, 24)

    done = [watch(at(24, 7, 29)), watch(at(24, 7, 30)), watch(at(24, 7, 31))]

    assert done == [0, 1, 0]
    assert told(database, zhou) == ["roster_told.reminder"]


def test_who_signed_in_for_it_is_left_alone(by, database, zhou, clerk, plan, watch):
    duty = plan.put(zhou, 24)
    by(zhou, at(24, 7, 10)).sign_in()

    assert [watch(at(24, 7, 30)), watch(at(24, 8, 10))] == [0, 0]
    assert plan.one(duty).signed_in_at == at(24, 7, 10)
    assert told(database, clerk) == []


def test_whoever_did_not_come_is_told_to_the_desk_in_one_message(
    database, make_engineer, zhou, clerk, plan, watch
):
    others = [make_engineer(f"工程师{n}", is_on_duty=False) for n in range(9)]
    for each in (zhou, *others):
        plan.put(each, 24)

    watch(at(24, 8, 10))
    watch(at(24, 8, 11))

    (notice,) = all_of(database, Notice, recipient_id=clerk.id)
    assert notice.text_key == "roster_told.missed"
    facts = notice.say["facts"]
    assert (facts["count"], facts["more"], len(facts["people"]["says"])) == (10, 2, 8)
    assert told(database, zhou) == ["roster_told.begun"]


def test_nobody_is_waited_for_who_is_on_leave(by, database, zhou, clerk, head, plan, watch):
    plan.put(zhou, 24)
    asked = by(zhou, NOW).ask_leave(at(24, 0), at(25, 0), "发烧")
    by(head, NOW).decide_leave(asked.id, grants=True)

    assert [watch(at(24, 7, 30)), watch(at(24, 8, 10))] == [0, 0]


def test_with_nothing_to_do_nothing_is_written(
    by, database, rules, zhou, clerk, head, plan, monkeypatch
):
    """A lock that somebody else holds is not waited for every half minute."""
    away = by(clerk, NOW).ask_leave(at(24, 0), at(25, 0), "发烧")
    by(head, NOW).decide_leave(away.id, grants=True)
    plan.put(clerk, 24, "服务台")
    plan.put(zhou, 24)
    writes, begin = [], database.transaction

    def noted():
        writes.append("begun")
        return begin()

    monkeypatch.setattr(database, "transaction", noted)

    def watch(now):
        return Timetable(database, rules, lambda: now, lambda: None).watch_roster()

    minutes = [at(24, 7), at(24, 7, 30), at(24, 7, 31), at(24, 8, 10), at(24, 8, 30)]
    seen = [(watch(now), len(writes)) for now in minutes]

    assert seen == [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2)]


def test_of_who_is_on_call_and_missing_the_head_hears_too(database, zhou, clerk, head, plan, watch):
    plan.put(zhou, 24, "值班")

    watch(at(24, 18, 10))

    assert told(database, head) == told(database, clerk) == ["roster_told.missed"]


def test_after_a_long_stop_what_is_over_is_noted_and_not_told(database, zhou, clerk, plan, watch):
    """R-073."""
    yesterday, today = plan.put(zhou, 23), plan.put(zhou, 24)

    watch(at(24, 9))

    assert plan.one(yesterday).missed_at and plan.one(today).missed_at
    assert told(database, zhou) == ["roster_told.begun"]
    assert told(database, clerk) == ["roster_told.missed"]


def test_who_forgets_to_sign_out_is_signed_out_and_told(by, database, zhou, plan, watch):
    duty = plan.put(zhou, 24)
    by(zhou, at(24, 8)).sign_in()

    watch(at(24, 18, 29))
    assert plan.is_on_duty(zhou)
    watch(at(24, 18, 30))
    watch(at(24, 18, 31))

    assert not plan.is_on_duty(zhou)
    assert plan.one(duty).signed_out_at == at(24, 18)
    assert told(database, zhou) == ["roster_told.signed_out"]


def test_who_signs_in_again_after_the_end_stays(by, database, zhou, plan, watch):
    plan.put(zhou, 24)
    by(zhou, at(24, 8)).sign_in()
    by(zhou, at(24, 18, 5)).sign_in()

    watch(at(24, 18, 30))

    assert plan.is_on_duty(zhou)
    assert told(database, zhou) == []


def test_a_second_duty_that_follows_is_gone_on_with(by, database, zhou, clerk, plan, watch):
    plan.put(zhou, 24)
    night = plan.put(zhou, 24, begins_at=at(24, 18), ends_at=at(24, 22))
    by(zhou, at(24, 8)).sign_in()

    for minute in (30, 70, 90):
        watch(at(24, 17) + timedelta(minutes=minute))

    assert told(database, zhou) == ["roster_told.goes_on"]
    assert plan.one(night).signed_in_at == at(24, 18)
    assert plan.is_on_duty(zhou)
    assert told(database, clerk) == []


def test_on_call_at_night_is_signed_for_and_gets_no_ordinary_work(by, zhou, plan):
    night = plan.put(zhou, 24, "值班")

    by(zhou, at(24, 17, 55)).sign_in()
    assert plan.is_on_duty(zhou)  # the desk is still open
    by(zhou, at(24, 18, 30)).sign_out()
    by(zhou, at(24, 19)).sign_in()

    assert not plan.is_on_duty(zhou)
    assert plan.one(night).signed_in_at == at(24, 17, 55)
    assert plan.one(night).signed_out_at is None


def test_a_clerk_signs_in_for_a_duty_and_without_one_has_nothing_to_sign(by, clerk, plan):
    duty = plan.put(clerk, 24, "服务台")

    assert by(clerk, at(24, 8, 5)).sign_in() == ()

    assert plan.one(duty).signed_in_at == at(24, 8, 5)
    with pytest.raises(NotPermitted):
        by(clerk, at(25, 8)).sign_in()


def test_two_clocks_at_once_tell_it_once(database, zhou, clerk, plan, watch):
    """R-074."""
    plan.put(zhou, 24)

    at_once(*[lambda: watch(at(24, 8, 10))] * 2)

    assert told(database, zhou) == ["roster_told.begun"]
    assert told(database, clerk) == ["roster_told.missed"]
