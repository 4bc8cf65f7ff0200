"""Joining by a code, signing in and out (F8, H-28; talks.md §13)."""

from domain.lifecycle import Status
from domain.refusals import GuessesUsedUp
from services.views import Bound
from tests.handlers.engineers.conftest import make_ticket


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
