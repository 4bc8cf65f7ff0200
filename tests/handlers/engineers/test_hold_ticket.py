"""Putting work on hold: why and until when (F11, W2)."""

from datetime import datetime, timedelta

import pytest

from domain.calendar import CHINA
from domain.lifecycle import Status
from domain.targets import WaitsFor
from tests.handlers.engineers.conftest import make_ticket

TODAY_18 = datetime(2026, 11, 24, 18, tzinfo=CHINA)
TOMORROW_9 = datetime(2026, 11, 25, 9, tzinfo=CHINA)
TOMORROW_14 = datetime(2026, 11, 25, 14, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def in_hand(desk):
    desk.has(make_ticket("0007"))


@pytest.mark.parametrize(
    ("said", "reason", "until", "waits_for"),
    [
        ("挂起 0007 等配件,明天下午", "等配件", TOMORROW_14, WaitsFor.PART),
        ("挂起 明天下午,等配件到货", "等配件到货", TOMORROW_14, WaitsFor.PART),
        ("挂起 0007 等配件明天下午到", "等配件", TOMORROW_14, WaitsFor.PART),
        ("暂停 用户在开会 今天下班前", "用户在开会", TODAY_18, WaitsFor.REQUESTER),
    ],
)
def test_one_message_holds_reason_for_whom_and_time(talk, desk, said, reason, until, waits_for):
    """F11: the clock stands until then, and the answer says by when there will be news."""
    talk.hears(said).answers("hold.held", number="0007", reason=reason, until=until, due=until)

    assert desk.done == [("hold", "0007", reason, until, waits_for)]
    assert talk.offered == ["resume:IT20261124-0007"]


def test_step_by_step_with_taps(talk, desk):
    """W2."""
    talk.hears(tap="hold:IT20261124-0007").answers("hold.ask_reason", number="0007")
    talk.taps("wait_part").answers("hold.ask_until", reason="等配件")
    talk.taps("until_morning").answers("hold.held", until=TOMORROW_9)

    assert desk.done == [("hold", "0007", "等配件", TOMORROW_9, WaitsFor.PART)]
    assert talk.waits_at == (None, None)


def test_step_by_step_with_words(talk, desk):
    """W2."""
    talk.hears("挂起").hears("等楼里恢复供电").answers("hold.ask_waits_for")
    talk.hears("其他").answers("hold.ask_until")
    talk.hears("明天下午两点").answers("hold.held")

    assert desk.done == [("hold", "0007", "等楼里恢复供电", TOMORROW_14, WaitsFor.OTHER)]


@pytest.mark.parametrize(
    ("said", "waits_for"), [("等用户", WaitsFor.REQUESTER), ("供应商", WaitsFor.VENDOR)]
)
def test_for_whom_it_waits_is_said_in_words_too(talk, desk, said, waits_for):
    talk.hears("挂起 等审批,明天下午").answers("hold.ask_waits_for")
    talk.hears(said).answers("hold.held")

    assert desk.done == [("hold", "0007", "等审批", TOMORROW_14, waits_for)]


def test_both_answers_in_one_message_leave_no_question(talk, desk):
    talk.hears("挂起").hears("等厂家,后天上午").answers("hold.held", reason="等厂家")


def test_a_time_said_first_is_not_asked_for_again(talk, desk):
    talk.hears("挂起 明天下午").answers("hold.ask_reason")
    talk.taps("wait_user").answers("hold.held", reason="等用户", until=TOMORROW_14)


def test_a_time_said_where_the_reason_is_asked_is_kept(talk, desk):
    talk.hears("挂起").hears("明天下午").answers("hold.ask_reason")
    talk.hears("1").answers("hold.held", reason="等配件", until=TOMORROW_14)


def test_another_reason_is_asked_for_in_words(talk, desk):
    talk.hears("挂起").taps("other").answers("hold.ask_reason_in_words")
    talk.hears("等电工").answers("hold.ask_waits_for")
    talk.taps("other").answers("hold.ask_until", reason="等电工")


@pytest.mark.parametrize(
    ("before", "asked_again"), [((), "hold.reason_unclear"), (("等配件",), "hold.until_unclear")]
)
def test_what_cannot_be_read_is_asked_once_more_then_a_person_comes(talk, before, asked_again):
    talk.hears("挂起")
    for words in before:
        talk.hears(words)

    talk.hears("？？").answers(asked_again)
    assert talk.hears("？？").hands_over


def test_a_time_that_has_passed_is_none(talk, desk):
    talk.hears("挂起 等配件").hears("昨天").answers("hold.until_unclear")


def test_after_work_the_close_of_today_is_not_offered(talk):
    talk.waits(timedelta(hours=9)).hears("挂起 等配件").answers("hold.ask_until")

    assert [act.partition("=")[2] for act in talk.offered] == [
        "until_morning",
        "until_day_after",
        "",
    ]


def test_with_several_the_words_wait_for_the_number(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("挂起 等配件,明天下午").answers("work.which", count=2)
    talk.hears("0011").answers("hold.held", number="0011", reason="等配件")


def test_what_is_on_hold_already_is_no_candidate(talk, desk):
    desk.has(make_ticket("0011", status=Status.ON_HOLD))
    talk.hears("挂起").answers("hold.ask_reason", number="0007")
    talk.hears("取消")
    talk.hears("挂起 0011").answers("refusal.action_not_allowed")


def test_with_none_in_hand_that_is_said(talk, desk):
    desk.tickets.clear()
    talk.hears("挂起").answers("work.none_in_hand")


def test_holding_another_begins_anew(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("挂起 0007 等配件").answers("hold.ask_until")
    talk.hears("挂起 0011").answers("hold.ask_reason", number="0011")

    assert talk.standing.draft["reason"] is None


def test_holding_in_the_middle_of_other_work_lets_that_go_on(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("完工 0007").answers("resolve.ask_cause")
    talk.hears("挂起 0011").answers("hold.ask_reason")
    talk.hears("等配件,明天下午").answers("hold.held", "resolve.ask_cause")

    assert talk.waits_at == ("resolve_ticket", "cause")


def test_the_question_is_put_again_after_an_interruption(talk):
    talk.hears("挂起 等配件")
    talk.hears("待接单").answers("work.none_waiting", "hold.ask_until")
    talk.taps("until_close").answers("hold.held", until=TODAY_18)


def test_the_end_reads_like_a_clerks(talk):
    assert talk.hears("挂起 等配件,明天下午").read == (
        "0007 已挂起：等配件。计时停到 明天 14:00，这段记在「等配件」上；到时自动恢复并提醒您，"
        "明天 14:00 前要再给王芳消息。已告诉王芳。"
    )
