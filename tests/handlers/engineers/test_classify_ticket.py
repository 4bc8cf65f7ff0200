"""Complex or ordinary, with a word why; and how a time was reckoned (F14, R4, W2)."""

import pytest

from domain.lifecycle import Status
from domain.sentence import Word
from tests.handlers.engineers.conftest import make_ticket


@pytest.fixture(autouse=True)
def in_hand(desk):
    desk.has(make_ticket("0007"))


def test_one_message_says_which_and_why(talk, desk):
    """F14."""
    talk.hears("转为复杂 0007 要换主板").answers("classify.done", reason="要换主板")

    assert desk.done == [("reclassify", "0007", True, "要换主板")]
    assert talk.offered == ["why_due:IT20261124-0007"]


def test_the_reason_is_asked_for(talk, desk):
    talk.hears(tap="complex:IT20261124-0007").answers("classify.ask_reason", number="0007")
    talk.hears("？？").answers("classify.reason_unclear")
    talk.hears("厂家要远程诊断").answers("classify.done", kind=Word("targets.complex"))

    assert desk.done == [("reclassify", "0007", True, "厂家要远程诊断")]


def test_back_to_ordinary(talk, desk):
    talk.hears("转为普通").hears("换根线就好").answers("classify.done")

    assert desk.done == [("reclassify", "0007", False, "换根线就好")]


def test_with_several_the_words_wait_for_the_number(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("转普通 一会儿就好").answers("work.which", count=2)
    talk.hears("0011").answers("classify.done")

    assert desk.done == [("reclassify", "0011", False, "一会儿就好")]


def test_the_question_is_put_again_after_an_interruption(talk, desk):
    talk.hears("转为复杂")
    talk.hears("待接单").answers("work.none_waiting", "classify.ask_reason")


# --- why then -------------------------------------------------------------------------------------


def test_an_engineer_reads_how_the_time_was_reckoned_and_what_can_be_done(talk):
    """R4."""
    talk.hears("时限 0007").answers("why.told", number="0007")

    assert talk.offered == [f"{each}:IT20261124-0007" for each in ("progress", "hold", "complex")]


def test_of_several_tickets_one_is_tapped(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("为什么这个时间").answers("follow.which.why_due")

    assert talk.offered == ["why_due:IT20261124-0007", "why_due:IT20261124-0011"]


def test_what_owes_nothing_says_so(talk, desk):
    desk.has(make_ticket("0007", status=Status.RESOLVED))
    talk.hears(tap="why_due:IT20261124-0007").answers("why.over")


def test_with_nothing_open_there_is_no_time_to_explain(talk, desk):
    desk.is_requester().tickets.clear()
    talk.hears("为什么").answers("why.nothing")
