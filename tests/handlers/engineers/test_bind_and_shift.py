"""Joining by a code, signing in and out (F8, H-28; talks.md §13)."""

import pytest

from domain.heard import Medium
from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import GuessesUsedUp
from services.views import Bound
from tests.handlers.engineers.conftest import make_ticket
from tests.handlers.talking import speaker


def test_an_engineer_is_welcomed_with_what_to_do_each_day(talk, desk):
    desk.is_requester()
    talk.hears("绑定 482913").answers("bind.welcome_engineer", name="周工")

    assert talk.offered == ["sign_in", "queue", "my_work"]


def test_others_are_welcomed_without_engineers_words(talk, desk):
    desk.codes["000001"] = Bound("小陈", is_engineer=False)
    talk.hears("绑定000001").answers("bind.welcome", name="小陈")


def test_a_wrong_code_says_how_many_tries_are_left(talk, desk):
    """H-28."""
    talk.hears("绑定 000000").answers("bind.refused", left=4)


def test_after_too_many_tries_only_the_desk_can_help(talk, desk, monkeypatch):
    """H-28."""

    def used_up(code):
        raise GuessesUsedUp()

    monkeypatch.setattr(desk, "bind", used_up)
    talk.hears("绑定 000000").answers("bind.blocked")


def test_without_a_code_it_is_said_how(talk):
    talk.hears("绑定").answers("bind.ask_code")


def test_binding_in_the_middle_of_something_lets_that_go_on(talk, desk):
    desk.has(make_ticket("0007"))
    talk.hears("求助").hears("绑定 482913").answers("bind.welcome_engineer", "support.ask_need")


def test_signing_in_tells_what_waits(talk, desk):
    """F8."""
    talk.hears("签到").answers("shift.signed_in")
    desk.has(make_ticket("0007", status=Status.ASSIGNED))
    talk.hears("签到").answers("shift.signed_in_to_work", count=1)

    talk.taps("queue").answers("work.waiting")
    assert desk.done == [("sign_in",), ("sign_in",)]


@pytest.mark.parametrize("tap", ["SIGN_IN", "sign_in"])
def test_a_press_does_not_sign_in_but_asks_for_the_typed_word_f8(talk, desk, tap):
    """F8: only typing surely opens the 48 hours in which urgent orders get through."""
    talk.hears("签到", tap=tap).answers("shift.type_it")
    assert desk.done == []

    talk.hears("签到").answers("shift.signed_in")
    assert desk.done == [("sign_in",)]


def test_a_press_is_enough_for_who_typed_something_lately_f8(talk, desk):
    desk.typed_lately = True
    talk.hears("签到", tap="SIGN_IN").answers("shift.signed_in")

    assert desk.done == [("sign_in",)]


def test_a_press_in_the_middle_of_something_lets_that_go_on(talk, desk):
    desk.has(make_ticket("0007"))
    talk.hears("求助").hears("签到", tap="SIGN_IN").answers("shift.type_it", "support.ask_need")


def test_the_greeting_names_the_word_and_offers_no_tap_that_would_not_do(talk, desk):
    talk.hears(medium=Medium.EVENT, event="subscribe").answers("greet.welcome_engineer")
    assert "打「签到」" in talk.read and talk.offered == ["queue", "my_work"]

    talk.hears("帮助", tap="HELP").answers("greet.help_engineer")
    assert "sign_in" not in talk.offered
    talk.hears("帮助").answers("greet.help_engineer")
    assert "sign_in" in talk.offered


def test_who_gets_no_work_by_dispatch_has_no_shift_but_is_reachable_now(talk, desk):
    desk.actor = speaker(Role.DESK, id=9, name="陈台")
    talk.hears("签到", tap="SIGN_IN").answers("shift.type_it")
    talk.hears("签到").answers("shift.reachable")
    talk.hears("签退").answers("shift.none")

    assert desk.done == []


def test_signing_out_tells_what_stays_in_hand(talk, desk):
    """F8."""
    talk.hears("下班").answers("shift.signed_out")
    desk.has(make_ticket("0007"))
    talk.hears("签退").answers("shift.signed_out_with_work", count=1)

    assert talk.offered == ["my_work"]


def test_a_requester_has_no_shift(talk, desk):
    """Y1."""
    desk.is_requester()
    talk.hears("签到").answers("refusal.bind_first")

    assert desk.done == []
