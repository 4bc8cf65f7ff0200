"""Duties: what clashes, who may stand in, how something asked for goes on (D1)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.duty_rules import (
    Answer,
    NoLongerAsked,
    Stint,
    clash,
    has_short_rest,
    leave_after,
    may_work,
    swap_after,
)
from domain.permissions import Role
from domain.roster import Asked, Work

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def stint(begins: int, ends: int, work: Work = Work.FIELD) -> Stint:
    return Stint(work, MIDNIGHT + timedelta(hours=begins), MIDNIGHT + timedelta(hours=ends))


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        (stint(8, 18), stint(18, 32), False),
        (stint(8, 18), stint(17, 32), True),
        (stint(8, 18), stint(8, 18, Work.DESK), True),
        (stint(8, 18), stint(8, 32, Work.ON_CALL), False),
        (stint(18, 32, Work.ON_CALL), stint(20, 34, Work.ON_CALL), True),
    ],
)
def test_two_shifts_at_one_time_clash_and_on_call_beside_a_shift_does_not(one, other, clashes):
    assert clash(one, other) is clash(other, one) is clashes


def test_a_rest_of_less_than_eight_hours_is_short():
    assert has_short_rest(stint(8, 18), [stint(24, 32)])
    assert not has_short_rest(stint(8, 18), [stint(26, 34)])
    assert not has_short_rest(stint(8, 18), [stint(18, 32, Work.ON_CALL)])


@pytest.mark.parametrize(
    ("role", "works"),
    [
        (Role.DESK, {Work.DESK}),
        (Role.ENGINEER, {Work.FIELD, Work.ON_CALL}),
        (Role.VENDOR, {Work.FIELD, Work.ON_CALL}),
        (Role.HEAD, {Work.ON_CALL}),
        (Role.REQUESTER, set()),
        (Role.ADMIN, set()),
    ],
)
def test_people_stand_in_for_work_that_they_do(role, works):
    assert {work for work in Work if may_work({role}, work)} == works


def test_a_swap_is_agreed_to_before_it_is_granted():
    assert swap_after(Asked.ASKED, Answer.AGREE) is Asked.AGREED
    assert swap_after(Asked.AGREED, Answer.GRANT) is Asked.GRANTED
    with pytest.raises(NoLongerAsked):
        swap_after(Asked.ASKED, Answer.GRANT)


@pytest.mark.parametrize("state", [Asked.GRANTED, Asked.REFUSED, Asked.WITHDRAWN])
@pytest.mark.parametrize("answer", Answer)
def test_what_was_decided_of_a_swap_stays_so(state, answer):
    with pytest.raises(NoLongerAsked):
        swap_after(state, answer)


def test_granted_leave_may_be_taken_back_and_refused_leave_may_not():
    assert leave_after(Asked.GRANTED, Answer.WITHDRAW) is Asked.WITHDRAWN
    with pytest.raises(NoLongerAsked):
        leave_after(Asked.REFUSED, Answer.WITHDRAW)
