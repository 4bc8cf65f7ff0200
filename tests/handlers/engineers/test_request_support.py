"""Asking a higher level for help (F12, W2)."""

import pytest

from domain.lifecycle import Status
from tests.handlers.engineers.conftest import make_ticket


@pytest.fixture(autouse=True)
def in_hand(desk):
    desk.has(make_ticket("0007"))


def test_words_behind_the_order_are_the_need(talk, desk):
    """F12."""
    talk.hears("求助 0007 需要交换机配置权限").answers("support.asked", number="0007")

    assert desk.done == [("ask_support", "0007", "需要交换机配置权限")]
    assert talk.waits_at == (None, None)


@pytest.mark.parametrize(
    ("said", "need"), [("要两个人抬机器", "要两个人抬机器"), ("1", "需要技术支援")]
)
def test_without_words_the_need_is_asked_for(talk, desk, said, need):
    """F12."""
    talk.hears("求助").answers("support.ask_need", number="0007")
    talk.hears(said).answers("support.asked", need=need)

    assert desk.done == [("ask_support", "0007", need)]
    assert talk.waits_at == (None, None)


def test_a_tap_is_enough(talk, desk):
    """W2."""
    talk.hears(tap="ask_support:IT20261124-0007").taps("need_vendor").answers("support.asked")

    assert desk.done == [("ask_support", "0007", "需要厂家")]


def test_what_says_nothing_is_asked_once_more_then_a_person_comes(talk, desk):
    talk.hears("求助").hears("？？").answers("support.need_unclear")

    assert talk.hears("？？").hands_over


def test_with_several_the_words_wait_for_the_number(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("求助 要权限").answers("work.which", count=2)
    talk.taps("IT20261124-0011").answers("support.asked", number="0011", need="要权限")

    assert talk.waits_at == (None, None)


def test_on_hold_nobody_is_called(talk, desk):
    desk.has(make_ticket("0007", status=Status.ON_HOLD))
    talk.hears("求助 0007 要权限").answers("refusal.action_not_allowed")


def test_with_none_in_hand_that_is_said(talk, desk):
    desk.tickets.clear()
    talk.hears("求助").answers("work.none_in_hand")


def test_the_question_is_put_again_after_an_interruption(talk):
    talk.hears("求助").hears("待接单").answers("work.none_waiting", "support.ask_need")
    talk.hears("要权限").answers("support.asked")


def test_asking_at_once_in_the_middle_of_other_work_lets_that_go_on(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("完工 0007").answers("resolve.ask_cause")
    talk.hears("求助 0011 要权限").answers("support.asked", "resolve.ask_cause")

    assert talk.waits_at == ("resolve_ticket", "cause")


def test_saying_it_whole_while_it_is_asked_ends_the_question(talk):
    talk.hears("求助").answers("support.ask_need")
    talk.hears("求助 0007 要权限").answers("support.asked")

    assert talk.waits_at == (None, None)


def test_a_requester_who_cries_for_help_reports_a_fault(talk, desk):
    """F1."""
    desk.is_requester()
    talk.hears("求助,A座305的电脑蓝屏了")

    assert talk.waits_at[0] == "report_incident"
    assert "电脑" in str(talk.standing.draft)
