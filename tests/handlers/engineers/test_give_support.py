"""The desk sends help, and whoever is above sees to what is late (F11, F12)."""

import pytest

from domain.permissions import Role
from tests.handlers.engineers.conftest import make_ticket
from tests.handlers.talking import speaker


@pytest.fixture(autouse=True)
def at_the_desk(desk):
    desk.has(make_ticket("0007"))
    desk.asking = {7}
    desk.actor = speaker(Role.DESK, id=3, name="陈台")


def test_who_can_come_is_shown_and_a_tap_sends_them(talk, desk):
    talk.hears(tap="give_support:IT20261124-0007").answers("give_support.ask_whom", number="0007")
    assert "郑强（13800004444）：不在班" in talk.read

    talk.taps("10").answers("give_support.given", name="惠普厂家", engineer="周工")
    assert desk.done == [("give_support", "0007", 10)]
    assert talk.waits_at == (None, None)


def test_one_sentence_is_enough(talk, desk):
    talk.hears("派支援 0007 郑强").answers("give_support.given", name="郑强")

    assert desk.done == [("give_support", "0007", 9)]


def test_a_name_or_a_place_answers_the_question(talk, desk):
    talk.hears("派支援").answers("give_support.ask_whom")
    talk.hears("吴工").answers("give_support.given", name="吴工")
    talk.hears("派支援 0007").hears("2").answers("give_support.given", name="郑强")


def test_of_several_that_want_help_it_is_asked_which(talk, desk):
    desk.has(make_ticket("0011"))
    desk.asking = {7, 11}

    talk.hears("派支援 吴工").answers("work.which", count=2)
    talk.taps("IT20261124-0011").answers("give_support.given", number="0011", name="吴工")


def test_without_anybody_who_wants_help_the_number_is_asked_for(talk, desk):
    desk.asking = set()

    talk.hears("派支援").answers("give_support.none")


def test_where_nobody_can_be_sent_that_is_said(talk, desk):
    desk.able = []

    talk.hears("派支援 0007").answers("give_support.nobody")
    assert talk.waits_at == (None, None)


def test_a_name_that_nobody_has_is_asked_once_more(talk):
    talk.hears("派支援 0007").hears("老王").answers("give_support.unclear")


def test_the_question_is_put_again_after_an_interruption(talk):
    talk.hears("派支援 0007").hears("帮助")

    assert talk.says[-1].key == "give_support.ask_whom"


def test_engineers_do_not_send_each_other(talk, desk):
    desk.actor = speaker(Role.ENGINEER, id=7, name="周工")

    talk.hears(tap="give_support:IT20261124-0007").answers("refusal.desk_only")
    assert desk.done == []


def test_who_sees_to_it_says_so_with_a_tap_or_in_words(talk, desk):
    desk.actor = speaker(Role.HEAD, id=4, name="赵主任")

    talk.hears(tap="take_charge:IT20261124-0007").answers("ladder.taken", engineer="周工")
    talk.hears("我来跟 0007").answers("ladder.taken")

    assert desk.done == [("take_charge", "0007")] * 2


def test_without_a_number_it_is_asked_for(talk, desk):
    desk.actor = speaker(Role.HEAD, id=4, name="赵主任")

    talk.hears("我来跟").answers("ladder.which")
