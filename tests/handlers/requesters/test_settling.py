"""Solved, or not: by tap, by order, or in whatever words it is said (F16)."""

from datetime import timedelta

import pytest

from domain.heard import Medium
from domain.lifecycle import Status
from tests.handlers.requesters.conftest import ticket


def resolved(number="0007"):
    return ticket(number, status=Status.RESOLVED)


@pytest.mark.parametrize(
    "words", ["解决了", "好了", "可以了", "是的", "不用来了,好了", "解决了 0007"]
)
def test_a_yes_in_any_words_closes_and_asks_for_the_scores_f16_f13(talk, words):
    dialog = talk(resolved())

    dialog.hears(words).answers("rating.ask", number="0007")

    assert dialog.desk.statuses() == [Status.CLOSED]


REOPENED = ("settle.reopened", "settle.ask_reason")


@pytest.mark.parametrize("words", ["没解决", "还是不行", "没好", "没解决 0007"])
def test_a_no_opens_it_again_at_once_and_asks_what_is_wrong_f16(talk, words):
    dialog = talk(resolved())

    dialog.hears(words).answers(*REOPENED, number="0007", engineer="周工")
    assert dialog.desk.reopened == [(7, "")]
    dialog.hears("一打印就卡").answers("settle.reason_told", engineer="周工")

    assert dialog.desk.amended == [(7, "一打印就卡")]


def test_what_was_said_with_the_no_is_not_asked_for_again_f16(talk):
    dialog = talk(resolved())

    dialog.hears("还是不行,一打印就卡").answers("settle.reopened")

    assert dialog.desk.reopened == [(7, "一打印就卡")]
    assert dialog.waits_at == (None, None)


def test_who_says_no_more_is_helped_all_the_same_f16(talk):
    dialog = talk(resolved())

    dialog.hears(tap="reopen:IT20261124-0007").answers(*REOPENED)
    dialog.taps("no_comment").answers("settle.no_reason", number="0007")

    assert (dialog.desk.reopened, dialog.desk.amended) == ([(7, "")], [])


@pytest.mark.parametrize("words", ["没有了", "好的", "谢谢", "取消", "算了"])
def test_no_more_may_be_said_in_any_words_f16(talk, words):
    dialog = talk(resolved())

    dialog.hears("没解决").hears(words).answers("settle.no_reason")

    assert dialog.desk.amended == []


def test_silence_costs_nothing_and_is_not_spoken_of_f16(talk):
    dialog = talk(resolved())

    dialog.hears("没解决").waits(timedelta(hours=5)).hears("打印机卡纸")

    assert dialog.desk.reopened == [(7, "")]
    assert "conversation.expired" not in [say.key for say in dialog.says]


def test_a_photo_goes_to_the_reopened_ticket_and_the_question_is_put_again(talk):
    dialog = talk(resolved(), ticket("0009"))

    dialog.hears("没解决").hears(medium=Medium.IMAGE)
    dialog.answers("media.image_kept", "settle.ask_reason")
    dialog.hears("？？").answers("settle.reason_unclear")
    dialog.hears("还是卡纸").answers("settle.reason_told")

    assert dialog.desk.attached_to == [7]


def test_it_works_after_all_so_it_may_be_called_off_f16(talk):
    dialog = talk(resolved())

    dialog.hears("没解决").hears("解决了").answers("follow.sure", number="0007").taps("yes")

    dialog.answers("follow.cancelled")
    assert dialog.desk.statuses() == [Status.CANCELLED]


def test_a_wish_for_haste_is_no_reason(talk):
    dialog = talk(resolved())

    dialog.hears("没解决").hears("催单")

    assert (dialog.desk.urged, dialog.desk.amended) == ([7], [])


def test_a_closed_ticket_is_opened_again_f16(talk):
    dialog = talk(ticket("0007", status=Status.CLOSED))

    dialog.hears("又坏了").answers(*REOPENED).hears("又卡纸").answers("settle.reason_told")


def test_not_solved_instead_of_scores_opens_it_and_asks_for_no_scores_f16(talk):
    dialog = talk(resolved())

    dialog.hears("解决了").answers("rating.ask").hears("没解决").answers(*REOPENED)
    dialog.taps("no_comment").answers("settle.no_reason")

    assert (dialog.desk.reopened, dialog.waits_at) == ([(7, "")], (None, None))


@pytest.mark.parametrize(
    ("words", "key"),
    [("解决了", "follow.which.confirm"), ("没好", "follow.which.reopen")],
)
def test_of_several_one_is_tapped(talk, words, key):
    dialog = talk(resolved("0007"), resolved("0009"))

    dialog.hears(words).answers(key)
    dialog.taps(dialog.offered[1])

    assert dialog.desk.statuses()[0] is Status.RESOLVED
    assert dialog.standing.ticket_id == 9


def test_solved_before_anybody_came_can_be_called_off(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("解决了").answers("settle.still_open")
    dialog.taps("cancel_ticket:IT20261124-0007").answers("follow.sure").taps("yes")

    assert dialog.desk.statuses() == [Status.CANCELLED]


def test_not_solved_while_it_is_open_offers_to_urge(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("没解决 0007").answers("settle.is_open").taps("urge:IT20261124-0007")

    assert dialog.desk.urged == [7]


def test_without_a_ticket_solved_and_not_solved_are_answered_kindly(talk):
    talk().hears("解决了").answers("settle.nothing")
    talk().hears("没解决").answers("settle.nothing_to_reopen")


def test_confirming_twice_rates_once_p2(talk):
    dialog = talk(resolved())

    dialog.hears("解决了").taps("all_5").answers("rating.kept")
    dialog.hears(tap="confirm:IT20261124-0007").answers("settle.confirmed")

    assert len(dialog.desk.rated) == 1
