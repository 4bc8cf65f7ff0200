"""The roster: planned, filled from patterns, asked by dispatch and by who calls at night (D1)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import Stretch
from domain.category import Category
from domain.lifecycle import Action
from domain.permissions import Role
from domain.planning import IsOver, NotWorkingHere, OnLeave, Overlaps
from domain.refusals import NotFound, NotPermitted
from domain.roster import Asked, Work
from domain.rounds import Round
from models import Activity, AuditEntry, Duty, Leave, Notice, Person
from services import (
    roster,
    roster_filling,
    roster_gaps,
    roster_patterns,
    roster_plan,
    roster_shifts,
    roster_week,
)
from services.roster_plan import Change
from services.roster_shifts import NewShift
from tests.services.making import a_report, all_of, only

MONDAY, TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
NIGHT = NewShift("夜班", Work.ON_CALL, 1080, 480, 1, True, True)
DAY = NewShift("白班", Work.FIELD, 480, 1080, 2, True, False)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工")


@pytest.fixture
def zheng(make_engineer):
    return make_engineer("郑工")


@pytest.fixture
def as_clerk(database, desk_of, clerk):
    """Does something as the planner, in a transaction of its own."""

    def act(do, *facts, at=None, **named):
        with database.transaction() as session:
            desk = desk_of(session, clerk, at) if at else desk_of(session, clerk)
            return do(desk, *facts, **named)

    return act


@pytest.fixture
def shift(as_clerk, database):
    def make(new=NIGHT):
        shift_id = as_clerk(roster_shifts.add, new)
        with database.reading() as session:
            return roster_shifts.one(session, shift_id)

    return make


@pytest.fixture
def on_leave(database, now):
    def on_leave(person, begins, ends, state=Asked.GRANTED):
        with database.transaction() as session:
            leave = Leave(
                person_id=person.id,
                begins_at=begins,
                ends_at=ends,
                reason="家里有事",
                state=state,
                asked_at=now,
            )
            session.add(leave)

    return on_leave


def evening(hour: int, day: int = 24) -> datetime:
    """An hour of Shanghai."""
    return datetime(2026, 11, day, 0, tzinfo=UTC) + timedelta(hours=hour - 8)


# --- who is there --------------------------------------------------------------------------------


def test_who_is_on_call_over_midnight_is_there_until_the_morning(
    database, as_clerk, shift, zhou, zheng
):
    night = shift()
    as_clerk(roster_plan.put, zheng.id, night, TODAY)
    as_clerk(roster_plan.put, zhou.id, night, TODAY)

    with database.reading() as session:
        found = roster.on_duty_at(session, evening(3, 25), Work.ON_CALL)
        after = roster.on_duty_at(session, evening(8, 25), Work.ON_CALL)
        other = roster.on_duty_at(session, evening(3, 25), Work.FIELD)

    assert [(each.person_id, each.position) for each in found] == [(zheng.id, 1), (zhou.id, 2)]
    assert after == other == []


def test_whoever_has_leave_or_has_left_is_not_there(
    database, as_clerk, shift, zhou, zheng, on_leave
):
    night = shift()
    for each in (zhou, zheng):
        as_clerk(roster_plan.put, each.id, night, TODAY)
    on_leave(zhou, evening(20), evening(22))
    with database.transaction() as session:
        session.get_one(Person, zheng.id).is_active = False

    with database.reading() as session:
        found = {
            hour: [
                each.person_id for each in roster.on_duty_at(session, evening(hour), Work.ON_CALL)
            ]
            for hour in (19, 20, 22)
        }

    assert found == {19: [zhou.id], 20: [], 22: [zhou.id]}


@pytest.mark.parametrize(
    ("state", "hour", "is_away"),
    [(Asked.GRANTED, 20, True), (Asked.ASKED, 20, False), (Asked.GRANTED, 22, False)],
)
def test_only_leave_that_was_granted_keeps_somebody_away(
    database, zhou, on_leave, state, hour, is_away
):
    on_leave(zhou, evening(20), evening(22), state)

    with database.reading() as session:
        assert roster.is_away(session, zhou.id, evening(hour)) is is_away


# --- dispatch reads it ---------------------------------------------------------------------------


def test_nothing_is_given_to_somebody_on_leave_and_the_receipt_says_why(
    by, database, zhou, zheng, make_person, on_leave, now
):
    on_leave(zhou, now - timedelta(hours=1), now + timedelta(hours=1))

    ticket = by(make_person()).report(a_report()).ticket

    assert ticket.assignee.id == zheng.id
    (assigned,) = [each for each in all_of(database, Activity) if each.action is Action.ASSIGN]
    assert assigned.detail["receipt"]["left_out"] == [["周工", "leave"]]


def test_where_everybody_is_away_the_desk_hears_that_they_are(
    by, database, clerk, zhou, make_person, on_leave, now
):
    on_leave(zhou, now - timedelta(hours=1), now + timedelta(hours=1))

    ticket = by(make_person()).report(a_report()).ticket

    assert ticket.assignee is None
    alarm = only(database, Notice, recipient_id=clerk.id, text_key="notice.nobody_free")
    assert "left_out.leave" in str(alarm.say)


# --- planning ------------------------------------------------------------------------------------


def test_nobody_is_planned_twice_for_the_same_work_at_a_time(as_clerk, shift, zhou):
    night, late = shift(), shift(NewShift("小夜", Work.ON_CALL, 1200, 1380, 1, True, True))
    as_clerk(roster_plan.put, zhou.id, night, TODAY)

    with pytest.raises(Overlaps):
        as_clerk(roster_plan.put, zhou.id, late, TODAY)


def test_being_on_call_after_the_days_work_is_no_overlap(as_clerk, database, shift, zhou):
    as_clerk(roster_plan.put, zhou.id, shift(), TODAY)
    as_clerk(roster_plan.put, zhou.id, shift(DAY), TODAY)

    assert len(all_of(database, Duty)) == 2


def test_who_is_away_has_left_or_does_not_work_here_is_not_planned(
    as_clerk, database, shift, zhou, zheng, make_person, on_leave
):
    night, wang = shift(), make_person("王芳")
    on_leave(zhou, evening(20), evening(21))
    with database.transaction() as session:
        session.get_one(Person, zheng.id).is_active = False

    for person_id, no in (
        (zhou.id, OnLeave),
        (zheng.id, NotWorkingHere),
        (wang.id, NotWorkingHere),
        (9999, NotFound),
    ):
        with pytest.raises(no):
            as_clerk(roster_plan.put, person_id, night, TODAY)
    assert all_of(database, Duty) == []


def test_what_is_over_stays_as_it_was(as_clerk, database, shift, zhou):
    night = shift()
    duty = as_clerk(roster_plan.put, zhou.id, night, TODAY)

    with pytest.raises(IsOver):
        as_clerk(roster_plan.take_off, duty.id, at=evening(8, 25))
    with pytest.raises(IsOver):
        as_clerk(roster_plan.put, zhou.id, night, MONDAY)
    assert len(all_of(database, Duty)) == 1


def test_each_change_is_kept_in_the_record(as_clerk, database, shift, zhou, zheng):
    duty = as_clerk(roster_plan.put, zhou.id, shift(), TODAY)
    span = Stretch(evening(19), evening(23))
    as_clerk(roster_plan.change, duty.id, Change(zheng.id, span, 1, None))
    as_clerk(roster_plan.take_off, duty.id)

    found = [(each.action, each.before, each.after) for each in all_of(database, AuditEntry)][1:]

    assert [action for action, _, _ in found] == ["duty.put", "duty.change", "duty.off"]
    assert (found[1][1]["name"], found[1][2]["name"]) == ("周工", "郑工")
    assert found[1][2]["begins"] == "2026-11-24 19:00"


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.VENDOR, Role.ADMIN, Role.REQUESTER])
def test_only_desk_and_head_plan(database, desk_of, make_person, shift, zhou, role):
    night, other = shift(), make_person("别人", role)

    with database.transaction() as session, pytest.raises(NotPermitted):
        roster_plan.put(desk_of(session, other), zhou.id, night, TODAY)


def test_last_week_once_more_leaves_out_who_is_away_and_days_that_are_not_worked(
    as_clerk, database, shift, zhou, zheng, on_leave
):
    night, day = shift(), shift(DAY)
    for person in (zhou, zheng):
        as_clerk(roster_plan.put, person.id, night, TODAY)
    as_clerk(roster_plan.put, zhou.id, day, date(2026, 11, 28))  # a Saturday, by hand
    on_leave(zheng, evening(24, 30), evening(96, 30))

    done = as_clerk(roster_week.copy_week, date(2026, 11, 30))

    assert (done.made, done.left_out) == (1, 2)
    assert as_clerk(roster_week.copy_week, date(2026, 11, 30)).made == 0


def test_somebodys_message_names_their_duties_alone(as_clerk, database, shift, zhou, zheng):
    night = shift()
    for person, day in ((zhou, TODAY), (zhou, TOMORROW), (zheng, TOMORROW)):
        as_clerk(roster_plan.put, person.id, night, day)

    told = as_clerk(roster_week.tell, evening(0), evening(0, 30))

    counts = {each.recipient_id: each.say["facts"]["count"] for each in all_of(database, Notice)}
    assert told == 2
    assert counts == {zhou.id: 2, zheng.id: 1}


# --- shifts --------------------------------------------------------------------------------------


def test_duties_move_with_their_shift_unless_they_have_hours_of_their_own(
    as_clerk, database, shift, zhou, zheng
):
    night = shift()
    as_clerk(roster_plan.put, zhou.id, night, TOMORROW)
    own = as_clerk(roster_plan.put, zheng.id, night, TOMORROW)
    span = Stretch(evening(20, 25), evening(22, 25))
    as_clerk(roster_plan.change, own.id, Change(zheng.id, span, 2, None))

    later = NewShift("夜班", Work.ON_CALL, 1200, 420, 1, True, True)
    moved = as_clerk(roster_shifts.change, night.id, later, moves_duties=True)

    begins = {each.person_id: each.begins_at for each in all_of(database, Duty)}
    assert moved == 1
    assert begins == {zhou.id: evening(20, 25), zheng.id: evening(20, 25)}
    assert only(database, Duty, person_id=zhou.id).ends_at == evening(7, 26)


# --- patterns ------------------------------------------------------------------------------------


@pytest.fixture
def by_turn(as_clerk, shift, zhou, zheng):
    """A night each, in turn, from today on."""
    night = shift()
    wanted = Round((night.id, None), (zhou.id, zheng.id), 1, TODAY)
    return as_clerk(roster_patterns.save, "夜间轮值", wanted)


def test_a_pattern_is_filled_once(as_clerk, database, by_turn, zhou, zheng):
    sunday = date(2026, 11, 29)

    first = as_clerk(roster_filling.fill, [by_turn], TODAY, sunday)
    again = as_clerk(roster_filling.fill, [by_turn], TODAY, sunday)

    assert [len(first.made), len(again.made), again.kept] == [6, 0, 6]
    duties = all_of(database, Duty)
    assert [each.person_id for each in duties] == [zhou.id, zheng.id] * 3


def test_what_was_swapped_stays_swapped(as_clerk, database, by_turn, zhou, zheng):
    as_clerk(roster_filling.fill, [by_turn], TODAY, TODAY)
    with database.transaction() as session:
        session.get_one(Duty, only(database, Duty).id).person_id = zheng.id

    found = as_clerk(roster_filling.fill, [by_turn], TODAY, TODAY)

    assert found.made == ()
    assert only(database, Duty).person_id == zheng.id


def test_a_turn_of_somebody_on_leave_is_left_and_named(as_clerk, database, by_turn, zhou, on_leave):
    on_leave(zhou, evening(12), evening(23))

    seen = as_clerk(roster_filling.preview, [by_turn], TODAY, TOMORROW)
    done = as_clerk(roster_filling.fill, [by_turn], TODAY, TOMORROW)

    for found in (seen, done):
        assert [each.name for each in found.made] == ["郑工"]
        assert [(each.turn.name, each.why) for each in found.left] == [
            ("周工", "roster_refusal.on_leave")
        ]


def test_a_shift_of_working_days_is_not_filled_in_on_a_weekend(as_clerk, shift, zhou):
    day = shift(DAY)
    pattern = as_clerk(roster_patterns.save, "外勤", Round((day.id,), (zhou.id,), 0, TODAY))

    found = as_clerk(roster_filling.fill, [pattern], TODAY, date(2026, 11, 30))

    assert [each.day.weekday() for each in found.made] == [1, 2, 3, 4, 0]


# --- what it lacks -------------------------------------------------------------------------------


def test_a_gap_is_as_long_as_people_are_missing(
    as_clerk, database, shift, zhou, zheng, on_leave, rules
):
    day = shift(DAY)  # needs two
    for person in (zhou, zheng):
        as_clerk(roster_plan.put, person.id, day, TOMORROW)
    on_leave(zheng, evening(13, 25), evening(15, 25))

    with database.reading() as session:
        plan = roster_gaps.read(session, [TOMORROW])
        (gap,) = roster_gaps.gaps(plan, rules.hours)
        holes = roster_gaps.uncovered(plan)

    assert (gap.begins, gap.ends, gap.missing) == (evening(13, 25), evening(15, 25), 1)
    assert [(each.begins, each.ends) for each in holes] == [
        (evening(0, 25), evening(8, 25)),
        (evening(18, 25), evening(24, 25)),
    ]


def test_who_is_on_call_for_one_thing_alone_does_not_stand_for_all(
    as_clerk, database, shift, zhou, rules
):
    as_clerk(roster_plan.put, zhou.id, shift(), TODAY, Category.NETWORK)

    with database.reading() as session:
        (gap,) = roster_gaps.gaps(roster_gaps.read(session, [TODAY]), rules.hours)

    assert gap.missing == 1


def test_whoever_cannot_be_reached_is_named_with_the_reason(
    as_clerk, database, shift, make_engineer, now
):
    night = shift()
    lost = {
        "无微信": make_engineer("无微信", openid=None),
        "取关": make_engineer("取关"),
        "没送到": make_engineer("没送到"),
        "无电话": make_engineer("无电话", phone=None),
        "好好的": make_engineer("好好的"),
    }
    with database.transaction() as session:
        session.get_one(Person, lost["取关"].id).is_following = False
        session.get_one(Person, lost["没送到"].id).unreached_since = now
    for person in lost.values():
        as_clerk(roster_plan.put, person.id, night, TODAY)

    with database.reading() as session:
        duties = roster_gaps.read(session, [TODAY]).duties
        found = {each.name: each.lack for each in roster_gaps.unreachable(session, duties, now)}

    assert found == {
        "无微信": "no_chat",
        "取关": "not_following",
        "没送到": "unreached",
        "无电话": "no_phone",
    }
