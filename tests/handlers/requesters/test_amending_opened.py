"""What is said of an open ticket afterwards: it is amended, and what changed is read back (F1)."""

import pytest

from domain.lifecycle import Status
from tests.handlers.requesters.conftest import ticket


def test_f1_a_place_said_later_is_read_back_with_what_it_was(talk):
    dialog = talk(ticket())

    dialog.hears("地点改成B座201").answers("incident.amended_facts")

    assert "地点：三楼财务室 → B座201" in dialog.words
    assert "已告诉周工" in dialog.words


def test_f1_a_number_of_ones_own_is_kept_for_the_next_time(talk):
    dialog = talk(ticket())

    dialog.hears("电话写错了,是13900001111").answers("incident.amended_facts")

    assert dialog.desk.actor.phone == "13900001111"


def test_the_number_of_a_colleague_is_not_taken_for_ones_own(talk):
    dialog = talk(ticket(contact_name="李娜"))

    dialog.hears("电话写错了,是13900001111").answers("incident.amended_facts")

    assert dialog.desk.actor.phone == "13800001234"


def test_a_code_that_nobody_knows_stays_in_the_words(talk):
    talk(ticket()).hears("编号写错了,是PR-9999").answers("incident.amended_later")


def test_another_device_of_the_same_kind_is_the_device_now(talk):
    dialog = talk(ticket())

    dialog.hears("不是惠普打印机,是佳能打印机").answers("incident.amended_facts")

    assert "惠普打印机 → 佳能打印机" in dialog.words


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_what_has_ended_is_not_amended_and_the_way_on_is_shown(talk, status):
    dialog = talk(ticket(status=status))

    dialog.hears("地点改成B座201").answers("incident.amended_ended")

    assert dialog.desk.amended == []
    acts = [button.act for button in dialog.says[0].buttons]
    assert acts == ["reopen:IT20261124-0007", "report"]
