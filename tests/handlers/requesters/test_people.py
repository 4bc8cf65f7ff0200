"""Greetings, help, and the way to a person of the desk (W1)."""

import pytest

from domain.heard import Medium
from domain.lifecycle import Status
from domain.permissions import Role
from tests.handlers.requesters.conftest import TOMORROW_AT_8, ticket
from tests.handlers.talking import speaker


def engineer(dialog):
    dialog.desk.actor = speaker(Role.ENGINEER, name="周工")
    return dialog


@pytest.mark.parametrize("event", ["subscribe", "scan"])
def test_who_follows_is_welcomed_by_role(talk, event):
    talk(new=True).hears(medium=Medium.EVENT, event=event).answers("greet.welcome")
    engineer(talk()).hears(medium=Medium.EVENT, event=event).answers("greet.welcome_engineer")


def test_help_is_for_the_role_and_leaves_a_report_where_it_is(talk):
    engineer(talk()).hears("帮助").answers("greet.help_engineer")
    dialog = talk().hears("打印机卡纸").hears("帮助")
    dialog.answers("greet.help", "incident.confirm_known")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("谢谢", "greet.thanks"),
        ("你好", "greet.hello"),
        ("好的", "greet.noted"),
        ("食堂今天吃什么", "greet.not_ours"),
    ],
)
def test_small_talk_is_answered_kindly_and_short(talk, words, key):
    dialog = talk().hears(words).answers(key)

    assert len(dialog.words) <= 120


def test_thanks_while_a_ticket_waits_for_a_yes_offer_it_f16(talk):
    dialog = talk(ticket("0007", status=Status.RESOLVED))

    dialog.hears("谢谢").answers("greet.thanks_and_settle").taps("confirm:IT20261124-0007")

    assert dialog.desk.statuses() == [Status.CLOSED]


# --- a person --------------------------------------------------------------------------------


def test_a_person_is_called_and_the_wait_is_said_w1(talk):
    dialog = talk(ahead=1).hears("转人工").answers("human.waiting")

    assert dialog.hands_over
    assert "前面还有 1 位" in dialog.words
    assert dialog.desk.asked_for_person == ["转人工"]


def test_off_hours_the_opening_is_said_w1_f15(talk):
    dialog = talk(is_open=False).hears("转人工").answers("human.off_hours")

    assert dialog.says[0].facts["opens"] == TOMORROW_AT_8
    assert not dialog.hands_over


def test_off_hours_a_report_under_way_goes_on_w1(talk):
    dialog = talk(is_open=False).hears("报修").hears("转人工")

    dialog.answers("human.off_hours", "incident.ask_symptom")


def test_a_press_asks_for_words_that_a_clerk_can_read_w1(talk):
    """§6: an event is never transferred, so that the queue would hold nothing to read."""
    dialog = talk(is_matter_known=False)

    dialog.hears(tap="HUMAN", medium=Medium.EVENT, event="click").answers("human.say_what")

    assert dialog.hands_over and dialog.desk.asked_for_person == [""]


def test_without_a_backend_the_desk_calls_back_w1(talk):
    dialog = talk(is_backend_there=False)

    dialog.hears("转人工").answers("human.called_back", number="13800001234")

    assert not dialog.hands_over


def test_without_a_backend_a_stranger_is_asked_for_their_number_w1(talk):
    dialog = talk(new=True, is_backend_there=False)

    dialog.hears("转人工").answers("human.leave_number")


def test_who_waits_can_tap_their_way_out_w1(talk):
    assert "back_to_bot" in talk().hears("转人工").offered


def test_the_bot_that_answers_already_says_so(talk):
    talk().hears("结束人工").answers("human.back_already")


@pytest.mark.parametrize(("first", "second"), [("？？", "。。。"), ("😂", "😂😂"), ("滚", "傻逼")])
def test_the_second_time_nothing_is_understood_a_person_comes_w1(talk, first, second):
    dialog = talk()

    dialog.hears(first).answers("greet.not_understood")
    dialog.hears(second).answers("human.not_understood", "human.waiting")

    assert dialog.hands_over
