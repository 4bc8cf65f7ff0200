"""Accepting a ticket, and what engineers do with it in one message (W2, F9, F11)."""

import pytest

from domain.heard import Medium
from domain.lifecycle import Status
from tests.handlers.engineers.conftest import WU, make_ticket
from tests.handlers.talking import NOW

WAITING = Status.ASSIGNED


def test_a_tap_accepts_and_shows_whom_to_see_by_when(talk, desk):
    """W2, F9: talks.md §8."""
    ticket = make_ticket("0007", status=WAITING)
    desk.has(ticket)
    talk.hears("接单", tap="accept:IT20261124-0007").answers(
        "work.accepted",
        number="0007",
        contact="王芳",
        phone="8899",
        place="三楼财务室",
        due=ticket.resolution_due_at,
    )

    assert desk.done == [("accept", "0007")]
    assert [act.partition(":")[0] for act in talk.offered] == [
        "arrive",
        "hold",
        "ask_support",
        "resolve",
    ]
    assert talk.standing.ticket_id == 7


@pytest.mark.parametrize("said", ["接单 0007", "0007 接单", "接单IT20261124-0007", "我来接单 0007"])
def test_typing_accepts_as_well(talk, desk, said):
    """W2."""
    desk.has(make_ticket("0007", status=WAITING), make_ticket("0011", status=WAITING))
    talk.hears(said).answers("work.accepted", number="0007")


def test_without_a_number_the_only_one_is_meant(talk, desk):
    desk.has(make_ticket("0007", status=WAITING), make_ticket("0011"))
    talk.hears("接单").answers("work.accepted", number="0007")


def test_without_a_number_several_are_asked_about(talk, desk):
    desk.has(make_ticket("0007", status=WAITING), make_ticket("0011", status=WAITING))
    talk.hears("接单").answers("work.which", count=2)

    talk.taps("accept:IT20261124-0011").answers("work.accepted", number="0011")


def test_with_nothing_waiting_that_is_said(talk):
    talk.hears("接单").answers("work.none_waiting")


def test_a_second_tap_shows_the_same_and_accepts_once(talk, desk):
    desk.has(make_ticket("0007", status=WAITING))
    talk.hears(tap="accept:IT20261124-0007").answers("work.accepted")
    talk.hears(tap="accept:IT20261124-0007").answers("work.accepted_before", number="0007")

    assert desk.done == [("accept", "0007")]


def test_who_was_slower_reads_who_was_faster_and_what_waits(talk, desk):
    """W2: talks.md §8, taken already."""
    desk.has(
        make_ticket("0007", assignee=WU, responded_at=NOW),
        make_ticket("0011", status=WAITING),
    )
    talk.hears("接单 0007").answers("refusal.already_taken", "work.waiting", by="吴工", at=NOW)

    assert talk.read.startswith("0007 已由吴工 10:30 接单，您不用去了。")
    assert talk.offered == ["accept:IT20261124-0011"]


def test_what_was_given_to_nobody_is_not_theirs(talk, desk):
    """W2: talks.md §8, not for them."""
    desk.has(
        make_ticket("0007", status=Status.NEW, assignee=None), make_ticket("0011", status=WAITING)
    )
    talk.hears("接单 0007").answers("refusal.not_yours", "work.waiting")


def test_with_nothing_waiting_a_refusal_stands_alone(talk, desk):
    desk.has(make_ticket("0007", assignee=WU, responded_at=NOW))
    talk.hears("接单 0007").answers("refusal.already_taken")


def test_an_unknown_number_is_answered_with_what_waits(talk, desk):
    desk.has(make_ticket("0011", status=WAITING))
    talk.hears("接单 9999").answers("refusal.not_found", "work.waiting")


def test_a_requester_is_led_to_the_progress(talk, desk):
    """Y1: talks.md §13."""
    desk.is_requester().has(make_ticket("0007"))
    talk.hears("接单 0007").answers("refusal.engineers_only", number="0007")

    assert talk.offered == ["show:0007"]
    assert desk.done == []


@pytest.mark.parametrize("said", ["接单", "待接单", "挂起", "转派", "恢复", "到现场了", "完工"])
def test_engineers_words_are_no_orders_of_a_requester(talk, desk, said):
    """Y1."""
    desk.is_requester().has(make_ticket("0007"))
    talk.hears(said)

    assert desk.done == []
    assert not [say.key for say in talk.says if say.key.startswith("work.")]


@pytest.mark.parametrize(
    "said", ["接单", "待接单。", "签到", "签退", "转派", "完工", "交接班", "值班表"]
)
def test_who_has_not_bound_yet_reads_how(talk, desk, said):
    """W2: 接单 of somebody without a role is mostly an engineer's first word, whatever is read."""
    desk.is_requester()
    talk.hears(said).answers("refusal.bind_first")


@pytest.mark.parametrize("said", ["打卡", "下班了", "我的工单"])
def test_what_requesters_say_too_is_no_first_word_of_an_engineer(talk, desk, said):
    desk.is_requester()
    talk.hears(said)

    assert "refusal.bind_first" not in [say.key for say in talk.says]


@pytest.mark.parametrize("act", ["accept:IT20261124-0007", "resolve:IT20261124-0007", "QUEUE"])
def test_a_tap_of_an_engineers_line_does_nothing_for_a_requester(talk, desk, act):
    """Y1."""
    desk.is_requester().has(make_ticket("0007"))
    talk.hears(tap=act)

    assert desk.done == []
    assert talk.says[0].key.startswith("refusal.")


def test_a_requester_who_asks_why_reads_how_the_time_was_reckoned(talk, desk):
    """R4."""
    desk.is_requester().has(make_ticket("0007"))
    talk.hears("为什么").answers("why.told", number="0007")


# --- on the way ---------------------------------------------------------------------------------


def test_arriving_is_noted_and_told(talk, desk):
    """F11."""
    desk.has(make_ticket("0007"))
    talk.hears("到现场了").answers("work.arrived", number="0007", contact="王芳")

    assert desk.done == [("arrive", "0007")]


@pytest.mark.parametrize(
    "said", ["到现场了", "进展 明天再来", "挂起 等配件", "求助 要权限", "完工"]
)
def test_work_on_a_ticket_begins_with_accepting_it(talk, desk, said):
    """F9."""
    desk.has(make_ticket("0007", status=WAITING))
    order, _, words = said.partition(" ")
    talk.hears(f"{order} 0007 {words}".strip()).answers("work.accept_first")

    assert desk.done == []


def test_work_on_hold_is_resumed(talk, desk):
    """F11."""
    desk.has(make_ticket("0007"), make_ticket("0011", status=Status.ON_HOLD))
    talk.hears("恢复").answers("work.resumed", number="0011")

    assert desk.done == [("resume", "0011")]


def test_nothing_on_hold_is_nothing_to_resume(talk, desk):
    desk.has(make_ticket("0007"))
    talk.hears("恢复").answers("work.none_on_hold")


def test_why_me_is_answered_with_the_receipt(talk, desk):
    """F8."""
    desk.has(make_ticket("0007", status=WAITING))
    talk.hears("为什么派给我 0007")

    assert [say.key for say in talk.says] == ["receipt.scores"]


def test_photos_are_counted_and_follow(talk, desk):
    """F9."""
    desk.has(make_ticket("0007"), make_ticket("0011"))
    desk.media[7] = {Medium.IMAGE: 2, Medium.VOICE: 1}
    talk.hears("看照片 0007").answers("work.photos", number="0007", image=2)
    assert talk.read == "0007 有 2 张照片，1 段语音，马上发给您。"

    talk.hears("看照片 0011").answers("work.no_photos", number="0011")
