"""Notes on the way (F11)."""

import pytest

from domain.lifecycle import Status
from tests.handlers.engineers.conftest import make_ticket


def test_words_behind_the_order_are_the_note(talk, desk):
    """F11."""
    desk.has(make_ticket("0007"))
    talk.hears("进展 0007 配件已下单").answers("work.noted", number="0007", contact="王芳")

    assert desk.done == [("progress", "0007", "配件已下单")]


def test_without_words_the_note_is_asked_for(talk, desk):
    """F11."""
    desk.has(make_ticket("0007", status=Status.ON_HOLD))
    talk.hears("进展").answers("work.ask_note", number="0007")
    talk.hears("配件已下单,明天到").answers("work.noted")

    assert desk.done == [("progress", "0007", "配件已下单,明天到")]
    assert talk.waits_at == (None, None)


def test_what_says_nothing_is_asked_once_more_then_a_person_comes(talk, desk):
    desk.has(make_ticket("0007"))
    talk.hears("进展").hears("？？").answers("work.note_unclear")

    assert talk.hears("。。").hands_over
    assert not [act for act in desk.done if act[0] == "progress"]


def test_with_several_the_words_wait_for_the_number(talk, desk):
    desk.has(make_ticket("0002"), make_ticket("0011"))
    talk.hears("进展 配件已下单").answers("work.which", count=2)
    talk.hears("0002").answers("work.noted", number="0002")

    assert desk.done == [("progress", "0002", "配件已下单")]
    assert talk.waits_at == (None, None)


def test_which_is_answered_by_a_tap_or_by_its_place(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011"))
    talk.hears("进展 配件已下单").taps("IT20261124-0007").answers("work.noted", number="0007")
    talk.hears("进展 又来一次").hears("第二个").answers("work.noted", number="0011")


def test_which_is_asked_once_more_then_a_person_comes(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011"))
    talk.hears("进展 配件已下单").hears("嗯嗯").answers("work.which_unclear")

    assert talk.hears("嗯嗯").hands_over


def test_which_is_put_again_after_an_interruption(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011"))
    talk.hears("进展 配件已下单")

    talk.hears("待接单").answers("work.none_waiting", "work.which")
    talk.hears("0011").answers("work.noted", number="0011")


def test_a_note_during_other_work_lets_that_go_on(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011"))
    talk.hears("完工 0007").answers("resolve.ask_cause")

    talk.hears("进展 0011 晚点过去").answers("work.noted", "resolve.ask_cause")
    talk.hears("进展", tap="progress:IT20261124-0011").answers("work.ask_note", number="0011")
    talk.hears("在路上").answers("work.noted", "resolve.ask_cause")
    assert talk.waits_at == ("resolve_ticket", "cause")


@pytest.mark.parametrize("said", ["进展", "进展 到哪了"])
def test_a_requester_who_says_progress_reads_it(talk, desk, said):
    """F11."""
    desk.is_requester()
    talk.hears(said)

    assert desk.done == []
    assert not [say.key for say in talk.says if say.key.startswith("refusal.")]
