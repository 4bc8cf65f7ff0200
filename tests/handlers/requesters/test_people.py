"""Greetings, help, complaints, and the way to a person of the desk (W1, C1)."""

from datetime import timedelta

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


# --- complaints ------------------------------------------------------------------------------

BAD_MANNERS = "你们那个师傅态度太差了,修一半就走"


def test_a_complaint_is_met_with_an_apology_and_goes_to_a_person_c1(talk):
    dialog = talk()

    dialog.hears(BAD_MANNERS).answers("complain.ask")
    dialog.taps("complain").answers("complain.handed_over", "human.waiting")

    assert dialog.desk.asked_for_person == [BAD_MANNERS]


@pytest.mark.parametrize("words", ["投诉", "是的", "我要投诉他"])
def test_a_complaint_may_be_confirmed_in_words_c1(talk, words):
    dialog = talk().hears(BAD_MANNERS).hears(words)

    dialog.answers("complain.handed_over", "human.waiting")
    assert dialog.desk.asked_for_person[0].startswith(BAD_MANNERS)


def test_a_bare_complaint_is_not_asked_whether_it_is_one_c1(talk):
    talk().hears("我要投诉").answers("complain.handed_over", "human.waiting")


@pytest.mark.parametrize("words", ["不是,是报修", "是报修"])
def test_no_complaint_but_a_report(talk, words):
    dialog = talk()

    dialog.hears(BAD_MANNERS).hears(words).answers("incident.ask_symptom")
    dialog.hears("打印机卡纸").answers("incident.confirm_known")


def test_neither_is_dropped_kindly(talk):
    dialog = talk().hears(BAD_MANNERS).hears("算了")

    assert dialog.waits_at == (None, None)
    assert not dialog.hands_over


def test_a_complaint_instead_of_the_symptom_is_heard_c1(talk):
    dialog = talk().hears("报修").hears(BAD_MANNERS).answers("complain.ask")

    dialog.hears("我的报修").answers("follow.none", "complain.ask")


def test_hostile_words_open_no_ticket(talk):
    dialog = talk().hears("你们这什么破机器人,听不懂人话").answers("complain.ask")

    dialog.waits(timedelta(minutes=1)).hears("？？").answers("complain.unclear")
    dialog.hears("？？").answers("human.not_understood", "human.waiting")
    assert dialog.desk.reported == []
