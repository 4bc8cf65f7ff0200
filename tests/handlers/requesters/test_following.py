"""Progress, urging and calling off: by button, by number, or by saying so (F11)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from tests.handlers.requesters.conftest import ticket
from tests.handlers.talking import NOW

BLUE_SCREEN = ticket("0009", symptom="电脑蓝屏", status=Status.ASSIGNED, responded_at=None)


def test_the_list_says_who_has_it_and_by_when_f11(talk):
    dialog = talk(ticket("0007"), BLUE_SCREEN)

    dialog.hears("我的报修").answers("follow.list", count=2)

    assert dialog.words.splitlines()[1:] == [
        "0007 惠普打印机一直卡纸 · 周工处理中 · 应于 11:30 前有结果",
        "0009 电脑蓝屏 · 等周工接单 · 最迟 10:40 有人联系",
    ]
    assert dialog.offered == ["show:IT20261124-0007", "show:IT20261124-0009", "urge"]


def test_a_broken_promise_is_not_repeated_f11(talk):
    late = ticket("0007", resolution_due_at=NOW - timedelta(minutes=1))

    dialog = talk(late).hears("0007").answers("follow.ticket.in_progress", due=None)

    assert "比说好的晚了" in dialog.words


@pytest.mark.parametrize("words", ["0009", "IT20261124-0009", "看 0009", "0009 到哪一步了"])
def test_a_number_shows_that_ticket_f11(talk, words):
    dialog = talk(ticket("0007"), BLUE_SCREEN)

    dialog.hears(words).answers("follow.ticket.assigned", number="IT20261124-0009")


@pytest.mark.parametrize("status", list(Status))
def test_a_ticket_in_any_status_can_be_read_f11(talk, status):
    shown = ticket("0007", status=status, hold_until=NOW + timedelta(hours=3))

    talk(shown).hears("看 0007").answers(f"follow.ticket.{status.value}")


def test_each_status_has_its_line_in_the_list_f11(talk):
    statuses = [Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD, Status.RESOLVED]
    mine = [ticket(f"000{n}", status=status) for n, status in enumerate(statuses, 1)]

    dialog = talk(*mine).hears("我的报修").answers("follow.list", count=5)

    keys = [line.key for line in dialog.says[0].facts["tickets"]]
    assert keys == [f"follow.line.{status.value}" for status in statuses]


def test_an_unknown_number_is_said_to_be_unknown(talk):
    talk(ticket("0007")).hears("0012").answers("refusal.not_found")


def test_a_ticket_of_somebody_else_offers_no_buttons(talk):
    dialog = talk(ticket("0007", requester_id=99))

    assert dialog.hears("看 0007").offered == []


# --- urging ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["催单", "怎么还没来人", "催单 0007"])
def test_the_only_ticket_is_urged_at_once_f11(talk, words):
    dialog = talk(ticket("0007"))

    dialog.hears(words).answers("follow.urged.in_progress", number="0007", engineer="周工")

    assert dialog.desk.urged == [7]


def test_of_several_the_one_to_urge_is_tapped_f11(talk):
    dialog = talk(ticket("0007"), BLUE_SCREEN)

    dialog.hears("怎么还没来人").answers("follow.which.urge")
    dialog.taps("urge:IT20261124-0009").answers("follow.urged.assigned")
    dialog.hears("催单 0009").answers("follow.urged.again")


@pytest.mark.parametrize("status", [Status.NEW, Status.ON_HOLD])
def test_urging_answers_for_each_status_f11(talk, status):
    talk(ticket("0007", status=status)).hears("催单").answers(f"follow.urged.{status.value}")


def test_urging_in_the_middle_of_a_report_puts_its_question_again(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("电脑蓝屏了").hears(tap="URGE").answers(
        "follow.urged.in_progress", "incident.confirm_known"
    )


def test_with_nothing_open_it_is_said_kindly(talk):
    talk().hears("催单").answers("follow.nothing_to_urge")
    talk().hears("撤单").answers("follow.nothing_to_cancel")
    talk().hears("我的报修").answers("follow.none")


# --- calling off -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["不用来了,好了", "撤单", "撤单 0007"])
@pytest.mark.parametrize("yes", ["撤掉", "是", "确定"])
def test_calling_off_is_asked_once_more_and_done_f11(talk, words, yes):
    dialog = talk(ticket("0007"))

    dialog.hears(words).answers("follow.sure", number="0007", symptom="惠普打印机一直卡纸")
    dialog.hears(yes).answers("follow.cancelled")

    assert dialog.desk.statuses() == [Status.CANCELLED]


@pytest.mark.parametrize("no", ["不撤", "不"])
def test_it_may_stay_after_all_f11(talk, no):
    dialog = talk(ticket("0007"))

    dialog.hears("撤单").hears(no).answers("follow.kept")

    assert dialog.desk.statuses() == [Status.IN_PROGRESS]


def test_of_several_the_one_to_call_off_is_tapped_f11(talk):
    dialog = talk(ticket("0007"), BLUE_SCREEN)

    dialog.hears("撤单").answers("follow.which.cancel_ticket")
    dialog.taps("cancel_ticket:IT20261124-0009").answers("follow.sure", number="0009")
    dialog.hears("再说吧").answers("follow.sure_unclear")
    dialog.taps("yes").answers("follow.cancelled")

    assert dialog.desk.statuses() == [Status.IN_PROGRESS, Status.CANCELLED]


def test_what_was_settled_meanwhile_is_no_longer_asked_about(talk):
    dialog = talk(ticket("0007"))
    dialog.hears("撤单").answers("follow.sure")
    dialog.desk.tickets = [ticket("0007", status=Status.RESOLVED)]

    dialog.hears("撤掉").answers("refusal.action_not_allowed")

    assert dialog.waits_at == (None, None)
