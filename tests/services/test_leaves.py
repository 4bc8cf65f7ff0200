"""Leave: asked for, granted; what falls into it is told, and who is away is left alone (D1)."""

import pytest

from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.roster import Asked
from models import Leave
from services import roster, roster_watch
from services.leaves import LeaveAskedBefore, LeaveIsPast
from tests.services.making import only, told
from tests.services.roster_kit import Roster, at

NOW = at(24, 10, 30)


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明")


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def plan(database, head):
    return Roster(database, head, NOW)


def test_granted_leave_is_told_with_the_duties_that_are_nobodys_now(
    by, database, zhou, head, clerk, plan
):
    plan.put(zhou, 26)

    asked = by(zhou).ask_leave(at(26, 0), at(27, 0), "看病")
    granted = by(head).decide_leave(asked.id, grants=True, words="早日康复")

    assert (asked.state, granted.state, granted.words) == (Asked.ASKED, Asked.GRANTED, "早日康复")
    assert [each.begins_at for each in granted.duties] == [at(26, 8)]
    assert told(database, head) == ["roster_told.leave_to_decide"]
    assert told(database, zhou) == ["roster_told.leave_granted"]
    assert told(database, clerk) == ["roster_told.leave_leaves_gap"]
    with database.reading() as session:
        assert roster.is_away(session, zhou.id, at(26, 9))
        assert not roster.is_away(session, zhou.id, at(27, 0))


def test_leave_that_begins_at_once_takes_somebody_off_duty(by, zhou, head, plan):
    asked = by(zhou).ask_leave(at(24, 0), at(25, 0), "发烧")
    assert plan.is_on_duty(zhou)

    by(head).decide_leave(asked.id, grants=True)

    assert not plan.is_on_duty(zhou)


def test_leave_that_begins_later_takes_them_off_duty_then(by, database, zhou, head, plan, rules):
    asked = by(zhou).ask_leave(at(24, 12), at(25, 0), "看牙")
    by(head).decide_leave(asked.id, grants=True)
    assert plan.is_on_duty(zhou)

    with database.transaction() as session:
        roster_watch.watch(session, rules, at(24, 12))

    assert not plan.is_on_duty(zhou)


def test_who_signs_in_is_back(by, database, zhou, head, plan):
    asked = by(zhou).ask_leave(at(24, 0), at(26, 0), "出门")
    by(head).decide_leave(asked.id, grants=True)

    by(zhou, at(24, 14)).sign_in()

    assert only(database, Leave).ends_at == at(24, 14)
    assert plan.is_on_duty(zhou)


def test_no_two_leaves_cover_one_time_and_none_lies_in_the_past(by, zhou, head):
    asked = by(zhou).ask_leave(at(26, 0), at(28, 0), "年假")

    with pytest.raises(LeaveAskedBefore):
        by(zhou).ask_leave(at(27, 12), at(29, 0), "看病")
    with pytest.raises(LeaveIsPast):
        by(zhou).ask_leave(at(23, 0), at(24, 0), "昨天")
    by(head).decide_leave(asked.id, grants=False)
    assert by(zhou).ask_leave(at(27, 0), at(28, 0), "看病").state is Asked.ASKED


def test_the_heads_own_leave_is_granted_with_the_asking(by, head):
    assert by(head).ask_leave(at(26, 0), at(27, 0), "年假").state is Asked.GRANTED


def test_anothers_leave_is_not_there_and_only_the_head_grants(by, make_engineer, zhou, clerk):
    """S-042."""
    other = make_engineer("孙工")
    asked = by(zhou).ask_leave(at(26, 0), at(27, 0), "看病")

    with pytest.raises(NotFound):
        by(other).withdraw_leave(asked.id)
    for who in (zhou, clerk):
        with pytest.raises(NotPermitted):
            by(who).decide_leave(asked.id, grants=True)


def test_leave_taken_back_is_over_and_the_head_hears_of_granted_ones(by, database, zhou, head):
    asked = by(zhou).ask_leave(at(26, 0), at(28, 0), "年假")
    by(head).decide_leave(asked.id, grants=True)

    by(zhou, at(27, 9)).withdraw_leave(asked.id)

    kept = only(database, Leave)
    assert (kept.state, kept.ends_at) == (Asked.GRANTED, at(27, 9))
    assert told(database, head)[-1] == "roster_told.leave_withdrawn"
