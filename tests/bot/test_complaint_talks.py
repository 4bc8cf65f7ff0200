"""What is said while somebody complains is hidden at once, whatever becomes of it (P8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers import complain, registry, router
from models import Attachment, Holder, InboxMessage, Notice, NoticeState, Person, Purpose
from services import talk_lists, talk_page
from services.desk import Desk as Acts
from services.notices import LATE_OF_COMPLAINT
from services.speakers import speaker_of
from tests.bot.pushes import OPENID
from tests.bot.test_holding import TRANSFER, desk  # noqa: F401

WISH = "我要投诉"
WORDS = "昨天来的师傅修到一半接电话就走了，到今天没回来"
FAULT = "三楼财务室那台惠普打印机一直卡纸"


@pytest.fixture
def rows(desk):  # noqa: F811
    """The messages of the person, each with whether it is hidden."""

    def rows():
        with desk.database.reading() as session:
            found = session.execute(
                select(InboxMessage.text, InboxMessage.is_confidential).order_by(InboxMessage.id)
            )
            return {text: is_hidden for text, is_hidden in found}

    return rows


def page_of(desk):  # noqa: F811
    """The talk as a clerk reads it."""
    with desk.database.reading() as session:
        people = session.scalars(select(Person).order_by(Person.id)).all()
        clerk = next(each for each in people if each.openid == "oDeskChen")
        person = next(each for each in people if each.openid == OPENID)
        acts = Acts(session, desk.now, desk.turns._rules, speaker_of(clerk))
        page = talk_page.page(acts, person.id)
        lists = talk_lists.lists(acts)
        words = talk_page.matter(acts, person.id, 1000)
    return str(page.spoken) + str(lists) + words


def complains(desk):  # noqa: F811
    desk.hears(WISH)
    desk.hears(WORDS)


def test_each_word_of_it_is_hidden_before_there_is_a_complaint(desk, rows):  # noqa: F811
    desk.hears("你好")
    complains(desk)

    assert rows() == {"你好": False, WISH: True, WORDS: True}
    assert WORDS not in page_of(desk) and WISH not in page_of(desk)
    assert "你好" in page_of(desk)


def test_what_may_be_one_is_hidden_while_that_is_asked(desk, rows):  # noqa: F811
    desk.hears("你们那个师傅态度太差了")

    assert rows() == {"你们那个师傅态度太差了": True}


def test_a_fault_is_not_hidden(desk, rows):  # noqa: F811
    desk.hears(FAULT)

    assert rows() == {FAULT: False}


def test_who_asks_for_a_person_amidst_it_takes_no_word_of_it_along(desk, rows):  # noqa: F811
    """W1: no transfer of the message, and the desk hears only that somebody asks."""
    complains(desk)
    answer = desk.hears("转人工")

    assert answer != TRANSFER
    assert "投诉里说的话，来接待的同事看不到" in answer
    assert desk.holder is Holder.WAITING
    (talk,) = desk.takeovers()
    assert not talk.words
    assert not any(WORDS in each or WISH in each for each in desk.told("oDeskChen"))
    assert WORDS not in page_of(desk)


def test_a_photo_sent_amidst_it_joins_no_report(desk):  # noqa: F811
    complains(desk)
    desk.photo()
    with desk.database.reading() as session:
        (photo,) = session.scalars(select(Attachment)).all()

    assert photo.ticket_id is None
    assert photo.purpose is Purpose.COMPLAINT or photo.complaint_id is not None
    assert "AttachmentView" not in page_of(desk)


def test_what_broke_it_leaves_its_words_hidden(desk, rows, monkeypatch):  # noqa: F811
    desk.hears(WISH)

    def breaks(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(router, "answer", breaks)
    desk.hears(WORDS)

    assert rows()[WORDS]


def test_an_answer_that_comes_late_is_in_no_list_of_the_desk(desk, monkeypatch):  # noqa: F811
    desk.hears(WISH)
    monkeypatch.setattr("bot.webhook.BUDGET", -1.0)
    desk.hears(WORDS)
    with desk.database.reading() as session:
        keys = session.scalars(select(Notice.text_key)).all()

    assert LATE_OF_COMPLAINT in keys
    assert "late.reply" not in keys


def test_what_waited_to_be_told_of_it_stands_in_no_answer(desk):  # noqa: F811
    """P6: it is sent for itself, for the answer is read by the desk."""
    desk.hears("你好")
    with desk.database.transaction() as session:
        person = session.scalar(select(Person.id).where(Person.openid == OPENID))
        session.add(
            Notice(
                recipient_id=person,
                text_key="complaint_told.takes_longer",
                say={"key": "complaint_told.takes_longer", "facts": {"number": "TS20261124-0001"}},
                state=NoticeState.HELD,
                created_at=desk.now,
                valid_until=desk.now + timedelta(hours=2),
                next_try_at=desk.now,
            )
        )

    assert "TS20261124-0001" not in desk.hears("谢谢")
    with desk.database.reading() as session:
        assert session.scalar(select(Notice.state)) is NoticeState.PENDING


def test_every_conversation_about_complaints_hides_what_is_said():
    of_complaints = [
        each
        for each in registry._BY_NAME.values()
        if "complain" in each.begin.__module__ or "fact" in each.begin.__module__
    ]

    assert complain.CONVERSATION in of_complaints
    assert [each.name for each in of_complaints if not each.is_confidential] == []
