"""What desk and head ask for in chat: how it stands, what did not get through (P3, Y1)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.sentence import Say, Word
from services.views import OnDuty, Overview, TryView, Undelivered, Unreached
from tests.handlers.engineers.conftest import make_ticket
from tests.handlers.talking import NOW, speaker

CLERK = speaker(Role.DESK, id=9, name="陈台")
HEAD = speaker(Role.HEAD, id=10, name="陈主任")
QUIET = Overview({}, (), 0, None, (), 0, 0, 0, 0)
OLDEST = make_ticket("0003", status=Status.NEW, assignee=None, symptom="打印机卡纸")
BUSY = Overview(
    by_status={Status.NEW: 1, Status.IN_PROGRESS: 3, Status.RESOLVED: 2},
    late=("0007", "0008"),
    late_count=2,
    oldest=OLDEST,
    on_duty=(OnDuty("周工", 2, True), OnDuty("郑工", 0, False)),
    people_waiting=1,
    undelivered=4,
    opened_today=12,
    ended_today=9,
)


def stuck(notice_id: int = 3, **facts) -> Undelivered:
    """An assignment to 周工 that nothing could deliver."""
    at = NOW - timedelta(minutes=5)
    tries = (
        TryView("custom", at, Word("undelivered.window_shut"), 45015),
        TryView("template", at, Word("undelivered.blocked"), 43101),
    )
    usual = {
        "name": "周工",
        "phone": "13800002222",
        "say": Say("notice.assigned"),
        "state": "failed",
        "since": at,
        "number": "IT20261124-0007",
        "symptom": "打印机卡纸",
        "tries": tries,
    }
    return Undelivered(id=notice_id, **{**usual, **facts})


@pytest.fixture
def clerk(talk, desk):
    desk.actor = CLERK
    return talk


# --- today -----------------------------------------------------------------------------------


def test_the_overview_names_what_somebody_has_to_act_on(clerk, desk):
    desk.now_at_desk = BUSY
    clerk.hears("今日情况").answers("overview.today", opened=12, ended=9, open=4)

    for words in (
        "超时 2 张：0007、0008",
        "0003 打印机卡纸",
        "周工 2",
        "联系不上：郑工",
        "等人工 1",
    ):
        assert words in clerk.read
    assert clerk.offered == ["show:IT20261124-0003", "undelivered"]


def test_a_quiet_day_is_said_in_few_lines(clerk, desk):
    desk.now_at_desk = QUIET
    clerk.hears("", tap="OVERVIEW").answers("overview.today", late=None, oldest=None)

    assert clerk.read.splitlines()[2:] == ["现在没有工程师在班"]
    assert clerk.offered == []


def test_the_head_reads_it_too_and_others_are_told_whose_it_is_y1(talk, desk):
    desk.now_at_desk = QUIET
    desk.actor = HEAD
    talk.hears("今日情况").answers("overview.today")
    desk.is_requester()
    talk.hears("", tap="OVERVIEW").answers("refusal.desk_only")


# --- notices ---------------------------------------------------------------------------------


def test_what_did_not_get_through_is_told_with_each_try_and_why_p3(clerk, desk):
    desk.stuck = Unreached(1, (stuck(),))
    clerk.hears("未送达").answers("stuck.list", count=1)

    for words in ("周工（13800002222）", "0007「打印机卡纸」", "客服消息", "模板消息"):
        assert words in clerk.read
    assert clerk.offered == ["retry:3"]


def test_tries_that_failed_alike_are_told_once(clerk, desk):
    again = TryView("custom", NOW, Word("undelivered.window_shut"), 45015)
    desk.stuck = Unreached(1, (stuck(tries=(again,) * 9),))
    clerk.hears("未送达")

    assert clerk.read.count("客服消息") == 1


def test_a_list_of_the_longest_entries_fits_one_message(clerk, desk):
    longest = stuck(symptom="打印机" * 60, name="欧阳" * 5)
    desk.stuck = Unreached(99, (longest,) * 5)
    clerk.hears("未送达").answers("stuck.list", count=99, shown=5)

    assert len(clerk.read.encode()) < 1700  # with the links of its lines below 2,048


def test_a_tap_sends_one_again_and_says_to_whom_p3(clerk, desk):
    desk.stuck = Unreached(1, (stuck(),))
    clerk.hears("未送达").taps("retry:3").answers("stuck.again", name="周工", number="0007")

    assert desk.done == [("retry", 3)]


@pytest.mark.parametrize("tap", ["retry:99", "retry:3"])
def test_what_was_said_meanwhile_is_not_said_again_p2(clerk, desk, tap):
    clerk.hears("重发 1", tap=tap).answers("stuck.settled")


@pytest.mark.parametrize("tap", ["retry", "retry:x", f"retry:{10**30}"])
def test_without_an_id_it_is_shown_which_there_are(clerk, desk, tap):
    desk.stuck = Unreached(1, (stuck(),))
    clerk.hears("重发", tap=tap).answers("stuck.list")
    assert desk.done == []


def test_one_that_is_still_being_sent_offers_no_second_sending(clerk, desk):
    desk.stuck = Unreached(1, (stuck(state="pending"),))
    clerk.hears("未送达").answers("stuck.list")

    assert clerk.offered == []


def test_the_head_reads_but_does_not_send_y1(talk, desk):
    desk.actor = HEAD
    desk.stuck = Unreached(1, (stuck(),))
    talk.hears("未送达").answers("stuck.list")
    assert talk.offered == []

    talk.hears("", tap="retry:3").answers("refusal.desk_only")
    assert desk.done == []


def test_nothing_undelivered_is_good_news(clerk):
    clerk.hears("未送达").answers("stuck.none")


def test_the_desk_has_a_greeting_and_a_help_of_its_own(clerk):
    clerk.hears("帮助").answers("greet.help_desk")
    assert clerk.offered == ["overview", "undelivered"]
