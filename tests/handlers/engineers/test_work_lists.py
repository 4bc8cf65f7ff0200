"""What waits for an engineer and what is in hand (W2)."""

import pytest

from domain.lifecycle import Status
from domain.sentence import Word
from tests.handlers.engineers.conftest import ME, WU, make_ticket
from tests.handlers.talking import NOW

WAITING = Status.ASSIGNED


def test_what_waits_is_listed_with_its_time_and_a_line_to_accept_each(talk, desk):
    """W2, F9."""
    first = make_ticket("0007", status=WAITING)
    desk.has(first, make_ticket("0011", status=WAITING), make_ticket("0012", assignee=WU))
    talk.hears("待接单").answers("work.waiting", count=2, more=None)
    line = talk.says[0].facts["lines"][0]

    assert line.facts == {
        "number": "0007",
        "symptom": "惠普打印机一直卡纸",
        "place": "三楼财务室",
        "priority": Word("priority.high"),
        "due": first.response_due_at,
        "wished_from": None,
        "wished_until": None,
    }
    talk.taps("accept:IT20261124-0011").answers("work.accepted", number="0011")


def test_the_menu_key_lists_as_well(talk, desk):
    """W2."""
    desk.has(make_ticket("0007", status=WAITING))
    talk.hears(tap="QUEUE").answers("work.waiting")


def test_nothing_waiting_is_said(talk):
    talk.hears("待接单").answers("work.none_waiting")


def test_a_long_list_is_cut_and_says_so(talk, desk):
    desk.has(*(make_ticket(f"{number:04}", status=WAITING) for number in range(1, 10)))
    talk.hears("待接单").answers("work.waiting", count=9, more=3)

    assert len(talk.offered) == 6
    assert "还有 3 张" in talk.read


def test_one_in_hand_is_shown_with_all_its_taps(talk, desk):
    """W2."""
    desk.has(make_ticket("0007"))
    talk.hears("我的工单").answers("work.in_hand_one", number="0007", phone="8899", until=None)

    assert [act.partition(":")[0] for act in talk.offered] == [
        "resolve",
        "progress",
        "arrive",
        "hold",
        "ask_support",
        "transfer",
    ]


def test_one_on_hold_is_shown_with_when_it_resumes(talk, desk):
    """F11."""
    desk.has(make_ticket("0007", status=Status.ON_HOLD, hold_until=NOW))
    talk.hears("我的工单").answers("work.in_hand_one", until=NOW, due=None)

    assert talk.offered[0] == "resume:IT20261124-0007"


def test_several_in_hand_are_listed_with_a_line_to_open_each(talk, desk):
    """W2."""
    desk.has(make_ticket("0007"), make_ticket("0011", status=Status.ON_HOLD, hold_until=NOW))
    talk.hears("我的工单").answers("work.in_hand", count=2)

    talk.taps("my_work:IT20261124-0011").answers("work.in_hand_one", number="0011")


def test_one_of_several_is_named_by_its_end(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011"))
    talk.hears("我的工单 0011").answers("work.in_hand_one", number="0011")


def test_nothing_in_hand_tells_what_waits(talk, desk):
    talk.hears("我的工单").answers("work.none_in_hand", waiting=None)
    desk.has(make_ticket("0007", status=WAITING))
    talk.hears("我的工单").answers("work.none_in_hand", waiting=1)


def test_the_lists_read_like_a_clerks(talk, desk):
    desk.has(make_ticket("0007", status=WAITING), make_ticket("0011"), make_ticket("0012"))

    assert talk.hears("待接单").read == (
        "待您接的有 1 张：\n0007（加急）惠普打印机一直卡纸 · 三楼财务室 · 请在 10:42 前接单"
    )
    assert talk.hears("我的工单").read.splitlines()[1] == (
        "0011 惠普打印机一直卡纸 · 三楼财务室 · 处理中 · 应于 12:30 前有结果"
    )


@pytest.mark.parametrize("said", ["看 0007", "0007", "看"])
def test_a_look_at_work_in_hand_shows_it_with_what_may_be_done(talk, desk, said):
    """F9."""
    desk.has(make_ticket("0007"))
    talk.hears(said).answers("work.in_hand_one", number="0007")

    assert "resolve:IT20261124-0007" in talk.offered


def test_a_look_at_an_own_report_shows_it_as_to_any_requester(talk, desk):
    """F11."""
    desk.has(make_ticket("0007", requester_id=ME.id, assignee=WU))
    talk.hears("看 0007").answers("follow.ticket.in_progress")

    assert talk.offered == ["urge:IT20261124-0007", "cancel_ticket:IT20261124-0007"]
