"""Swaps: asked of a colleague, agreed to, granted, done; and whom they are no business of (D1)."""

import pytest

from domain.duty_rules import NoLongerAsked
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.roster import Asked, Work
from models import Duty, Leave, Swap
from services import on_call, roster_watch, swaps
from services.swaps import AlreadyAsked, CannotStandIn, DutyIsOver
from tests.services.making import all_of, only, told
from tests.services.roster_kit import Roster, at

NOW = at(24, 10, 30)


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
def plan(database, head):
    return Roster(database, head, NOW)


def test_a_duty_is_the_colleagues_once_the_head_has_granted_it(by, database, zhou, wu, head, plan):
    friday = plan.put(zhou, 27)

    asked = by(zhou).ask_swap(friday, wu.id, None, "孩子开家长会")
    agreed = by(wu).answer_swap(asked.id, agrees=True)
    assert plan.one(friday).person_id == zhou.id
    granted = by(head).decide_swap(asked.id, grants=True)

    assert [each.state for each in (asked, agreed, granted)] == [
        Asked.ASKED,
        Asked.AGREED,
        Asked.GRANTED,
    ]
    assert plan.one(friday).person_id == wu.id
    assert told(database, wu) == ["roster_told.swap_asked", "roster_told.swap_granted"]
    assert told(database, zhou) == ["roster_told.swap_agreed", "roster_told.swap_granted"]
    assert told(database, head) == ["roster_told.swap_to_decide"]


def test_two_duties_change_hands_together(by, zhou, wu, head, plan):
    mine, theirs = plan.put(zhou, 27), plan.put(wu, 28)

    offered = by(zhou).offered_for(mine, wu.id)
    asked = by(zhou).ask_swap(mine, wu.id, theirs)
    by(wu).answer_swap(asked.id, agrees=True)
    by(head).decide_swap(asked.id, grants=True)

    assert [each.id for each in offered] == [theirs]
    assert (plan.one(mine).person_id, plan.one(theirs).person_id) == (wu.id, zhou.id)


def test_a_swap_at_midnight_hands_over_what_is_left_of_the_night(
    by, database, zhou, wu, head, plan, rules
):
    night = plan.put(zhou, 24, "值班")
    midnight = at(25, 0)

    asked = by(zhou, at(24, 23)).ask_swap(night, wu.id)
    by(wu, at(24, 23, 30)).answer_swap(asked.id, agrees=True)
    by(head, midnight).decide_swap(asked.id, grants=True)

    assert plan.of(zhou) == [(at(24, 18), midnight)]
    assert plan.of(wu) == [(midnight, at(25, 8))]
    with database.reading() as session:
        before = on_call.chain(session, None, at(24, 23, 59))
        after = on_call.chain(session, None, at(25, 0, 1))
    assert (before[0], after[0]) == (zhou.id, wu.id)


@pytest.mark.parametrize("answer", ["colleague", "head"])
def test_a_no_leaves_the_roster_as_it_was_and_is_told(by, database, zhou, wu, head, plan, answer):
    friday = plan.put(zhou, 27)
    asked = by(zhou).ask_swap(friday, wu.id)

    if answer == "colleague":
        by(wu).answer_swap(asked.id, agrees=False)
    else:
        by(wu).answer_swap(asked.id, agrees=True)
        by(head).decide_swap(asked.id, grants=False)

    assert plan.one(friday).person_id == zhou.id
    key = "swap_declined" if answer == "colleague" else "swap_refused"
    assert told(database, zhou)[-1] == f"roster_told.{key}"
    with pytest.raises(NoLongerAsked):
        by(wu).answer_swap(asked.id, agrees=True)


def test_the_heads_own_swap_needs_the_colleagues_word_alone(by, wu, head, plan):
    night = plan.put(head, 27, "值班")

    asked = by(head).ask_swap(night, wu.id)

    assert by(wu).answer_swap(asked.id, agrees=True).state is Asked.GRANTED
    assert plan.one(night).person_id == wu.id


def test_who_has_a_duty_then_or_leave_or_other_work_is_not_offered(
    by, database, make_person, make_engineer, zhou, wu, plan
):
    away, clerk = make_engineer("孙工"), make_person("陈静", Role.DESK)
    friday = plan.put(zhou, 27)
    plan.put(wu, 27, begins_at=at(27, 12), ends_at=at(27, 20))
    with database.transaction() as session:
        session.add(
            Leave(
                person_id=away.id,
                begins_at=at(27, 0),
                ends_at=at(28, 0),
                reason="",
                state=Asked.GRANTED,
                asked_at=NOW,
            )
        )

    found = {each.id: each.why_not for each in by(zhou).stand_ins(friday)}

    assert found == {wu.id: "clash", away.id: "away"}
    for who in (wu, away, clerk):
        with pytest.raises(CannotStandIn):
            by(zhou).ask_swap(friday, who.id)


def test_a_duty_is_asked_for_once_at_a_time_and_not_when_it_is_over(by, zhou, wu, plan):
    friday = plan.put(zhou, 27)
    asked = by(zhou).ask_swap(friday, wu.id)

    with pytest.raises(AlreadyAsked):
        by(zhou).ask_swap(friday, wu.id)
    by(zhou).withdraw_swap(asked.id)
    with pytest.raises(DutyIsOver):
        by(zhou, at(27, 18)).ask_swap(friday, wu.id)
    assert by(zhou).ask_swap(friday, wu.id).state is Asked.ASKED


def test_what_was_planned_anew_meanwhile_is_not_granted(by, database, zhou, wu, head, plan):
    friday = plan.put(zhou, 27)
    asked = by(zhou).ask_swap(friday, wu.id)
    by(wu).answer_swap(asked.id, agrees=True)
    plan.put(wu, 27, "服务台", work=Work.FIELD)

    with pytest.raises(CannotStandIn):
        by(head).decide_swap(asked.id, grants=True)

    assert plan.one(friday).person_id == zhou.id


def test_anothers_duty_and_anothers_swap_are_not_there(by, make_engineer, zhou, wu, head, plan):
    """S-042."""
    other = make_engineer("孙工")
    friday = plan.put(zhou, 27)
    asked = by(zhou).ask_swap(friday, wu.id)

    for act in (
        lambda: by(other).ask_swap(friday, wu.id),
        lambda: by(other).stand_ins(friday),
        lambda: by(other).answer_swap(asked.id, agrees=True),
        lambda: by(zhou).answer_swap(asked.id, agrees=True),
        lambda: by(other).withdraw_swap(asked.id),
        lambda: by(wu).withdraw_swap(asked.id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotPermitted):
        by(wu).decide_swap(asked.id, grants=True)


def test_a_swap_that_nobody_decided_lapses_when_the_duty_begins(
    by, database, zhou, wu, plan, rules
):
    friday = plan.put(zhou, 27)
    by(zhou).ask_swap(friday, wu.id)

    for minute in (0, 1):
        with database.transaction() as session:
            roster_watch.watch(session, rules, at(27, 8, minute))

    assert only(database, Swap).state is Asked.REFUSED
    assert told(database, zhou).count("roster_told.swap_lapsed") == 1
    assert plan.one(friday).person_id == zhou.id


def test_a_short_rest_is_shown_to_who_decides(by, database, desk_of, zhou, wu, head, plan):
    friday = plan.put(zhou, 27)
    plan.put(wu, 27, begins_at=at(27, 20), ends_at=at(28, 4))
    asked = by(zhou).ask_swap(friday, wu.id)
    by(wu).answer_swap(asked.id, agrees=True)

    with database.reading() as session:
        (found,) = swaps.to_decide(desk_of(session, head))

    assert found.has_short_rest
    assert len(all_of(database, Duty)) == 2
