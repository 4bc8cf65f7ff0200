"""While a clerk at the console has a talk: silence, words kept once, and ways out (W1)."""

import pytest
from sqlalchemy import select

from domain.permissions import Role
from domain.speaker import Speaker
from domain.takeover import TakeoverRules
from models import (
    Attachment,
    Conversation,
    EndedBy,
    Holder,
    InboxMessage,
    Notice,
    NoticeState,
    Person,
)
from services import console_talk, talk_page, talks
from services.desk import Desk as Acts
from tests.bot import test_holding
from tests.bot.desk import shown
from tests.bot.pushes import OPENID, text_xml
from tests.bot.test_holding import CLERK, FAULT

desk = test_holding.desk
IDLE = TakeoverRules().idle_for


@pytest.fixture
def clerk(desk):
    """`clerk(do, …)`: one act of the clerk for the person who wrote."""
    desk.hears("你好")

    def act(do, *arguments):
        with desk.database.transaction() as session:
            chen = session.scalar(select(Person).where(Person.name == "陈台"))
            person = session.scalar(select(Person).where(Person.openid == OPENID))
            speaker = Speaker(chen.id, chen.openid, frozenset({Role.DESK}), chen.name)
            hours = desk.turns._rules
            return do(Acts(session, desk.now, hours, speaker), person.id, *arguments)

    return act


def words_of(desk):
    """What the talk keeps of both sides."""
    (talk,) = desk.takeovers()
    with desk.database.reading() as session:
        return [(line.is_clerk, line.text) for line in talks.lines_of(session, talk)]


def test_w1_the_bot_is_silent_and_the_words_are_kept_once(desk, clerk):
    clerk(console_talk.take)

    assert desk.hears(FAULT) == "" and desk.event("CLICK", "<EventKey>menu.mine</EventKey>") == ""
    clerk(console_talk.say, "马上来看")

    assert words_of(desk) == [(False, FAULT), (True, "马上来看")]
    page = clerk(talk_page.page)
    assert [each.words for each in page.spoken if each.side == "person"].count(FAULT) == 1


def test_p2_a_message_delivered_twice_is_one_line(desk, clerk):
    clerk(console_talk.take)
    delivery = text_xml("在吗", msg_id=77, at=int(desk.now.timestamp()))

    assert shown(desk.post(delivery)) == shown(desk.post(delivery)) == ""

    assert words_of(desk) == [(False, "在吗")]
    assert desk.count_of(InboxMessage) == 2  # with the first word, before the takeover


def test_w1_a_photo_is_kept_and_stands_in_the_talk(desk, clerk):
    clerk(console_talk.take)

    assert desk.photo() == ""

    assert desk.count_of(Attachment) == 1
    page = clerk(talk_page.page)
    assert [each.attachment.medium for each in page.spoken if each.attachment] == ["image"]


@pytest.mark.parametrize("ends", ["结束人工", "tap"])
def test_w1_the_person_ends_it_by_word_or_by_the_menu(desk, clerk, ends):
    clerk(console_talk.take)

    if ends == "tap":
        answer = desk.event("CLICK", "<EventKey>back_to_bot</EventKey>")
    else:
        answer = desk.hears(ends)

    assert "由我接着为您服务" in answer and desk.holder is Holder.BOT
    (talk,) = desk.takeovers()
    assert talk.ended_by is EndedBy.PERSON
    assert desk.told() == []  # they know it: they said so


def test_w1_each_word_keeps_the_talk_and_silence_ends_it(desk, clerk):
    clerk(console_talk.take)
    desk.hears("等一下", after=IDLE.total_seconds() - 60)
    assert desk.hears("好了", after=IDLE.total_seconds() - 60) == ""
    assert desk.holder == Holder.CLERK

    answer = desk.hears(FAULT, after=IDLE.total_seconds() + 1)

    assert answer != ""
    assert desk.holder == Holder.BOT
    assert desk.takeovers()[0].ended_by is EndedBy.IDLE


def test_w1_the_bot_begins_anew_when_it_has_the_talk_back(desk, clerk):
    desk.hears(FAULT)
    clerk(console_talk.take)

    with desk.database.reading() as session:
        assert (
            session.scalar(select(Conversation.name).where(Conversation.holder == "clerk")) is None
        )


def test_r090_a_session_of_the_platform_ends_no_talk_of_the_console(desk, clerk):
    clerk(console_talk.take)

    desk.event("kf_create_session", CLERK)
    desk.event("kf_close_session", CLERK)

    assert desk.holder is Holder.CLERK and desk.hears("还在吗") == ""


def test_w1_who_waits_in_the_platforms_queue_is_taken_by_the_console(desk, clerk):
    assert desk.hears("转人工") != ""
    clerk(console_talk.take)

    assert desk.hears("账号被锁了") == ""
    with desk.database.reading() as session:
        waiting = select(Notice.state).where(Notice.text_key == "human.said")
        assert session.scalar(waiting) is NoticeState.REPLACED
    assert (False, "账号被锁了") in words_of(desk)
