"""Talks at the console: take over, write, take back, give back (W1, §E)."""

import pytest
from sqlalchemy import select

from domain.permissions import Role
from models import Conversation, Holder, Notice, NoticeState, TalkLine
from tests.services.making import all_of, only

TALKS = "/console/talks"


@pytest.fixture
def li(make_person):
    return make_person("李娜", Role.DESK)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def clerk(at_desk, li):
    return at_desk(li)


@pytest.fixture
def holder_of(database):
    def holder_of(person):
        with database.reading() as session:
            statement = select(Conversation.holder).where(Conversation.person_id == person.id)
            return session.scalar(statement)

    return holder_of


def taken(clerk, person):
    page = clerk.opens(f"{TALKS}/{person.id}")
    return clerk.sends(page.form(f"{TALKS}/{person.id}/take"))


def says(clerk, person, words):
    page = clerk.opens(f"{TALKS}/{person.id}")
    return clerk.sends(page.form(f"{TALKS}/{person.id}/say"), words=words)


def test_w1_who_waits_stands_in_the_list_with_what_they_said(by, clerk, wang):
    by(wang).ask_for_person("账号被锁了")

    page = clerk.opens(TALKS)

    assert "等人接待" in page.text and "账号被锁了" in page.text and "第 1 位" in page.text


def test_w1_a_talk_is_taken_written_in_and_given_back(clerk, wang, holder_of, database, nudges):
    page = taken(clerk, wang)
    assert "我接待中" in page.text and holder_of(wang) is Holder.CLERK

    page = says(clerk, wang, "您好，我来看看。")

    assert "您好，我来看看。" in page.text and "10 秒后发出" in page.text
    assert only(database, Notice, text_key="talk.said").state is NoticeState.PENDING
    page = clerk.sends(page.form(f"{TALKS}/{wang.id}/back"))
    assert "机器人接待中" in page.text and holder_of(wang) is Holder.BOT
    assert nudges


def test_c7_what_was_typed_is_taken_back_before_it_leaves(clerk, wang, database):
    taken(clerk, wang)
    page = says(clerk, wang, "发错了")

    page = clerk.sends(page.form(f"{TALKS}/{wang.id}/undo"))

    assert "发错了" not in page.text
    assert only(database, Notice, text_key="talk.said").state is NoticeState.REPLACED
    assert all_of(database, TalkLine) == []


@pytest.mark.parametrize("words", ["", "话" * 601, "𠮷" * 520])
def test_w1_what_is_no_message_is_refused_and_stays_typed(clerk, wang, database, words):
    taken(clerk, wang)

    page = says(clerk, wang, words)

    assert page.status == 400 and page.form(f"{TALKS}/{wang.id}/say").fields["words"] == words
    assert all_of(database, Notice, text_key="talk.said") == []


def test_w1_a_colleague_reads_who_holds_it_and_cannot_write(at_desk, clerk, make_person, wang):
    taken(clerk, wang)
    colleague = at_desk(make_person("陈静", Role.DESK))

    page = colleague.opens(f"{TALKS}/{wang.id}")
    assert "李娜 接待中" in page.text
    answer = colleague.posts(page.form(f"{TALKS}/{wang.id}/say"), words="我也来说")

    assert answer.status_code == 409 and "不在您手上" in answer.get_data(as_text=True)


def test_w1_a_talk_is_given_to_a_colleague_by_name(at_desk, clerk, make_person, wang):
    chen = make_person("陈静", Role.DESK)
    page = taken(clerk, wang)

    page = clerk.sends(page.form(f"{TALKS}/{wang.id}/give"), colleague=str(chen.id))

    assert "陈静 接待中" in page.text
    assert "我接待中" in at_desk(chen).opens(f"{TALKS}/{wang.id}").text


def test_w1_the_live_part_answers_304_until_something_changes(clerk, wang):
    path = f"{TALKS}/{wang.id}/flow"
    first = clerk.client.get(path)
    mark = first.headers["HX-PTag"]

    assert clerk.client.get(path, headers={"HX-PTag": mark}).status_code == 304
    taken(clerk, wang)
    assert clerk.client.get(path, headers={"HX-PTag": mark}).status_code == 200


def test_y1_talks_are_for_the_desk_alone(at_desk, make_engineer, make_person, wang):
    for stranger in (make_engineer(), make_person("钱总", Role.HEAD)):
        browser = at_desk(stranger)
        assert browser.opens(TALKS).status == 403
        assert browser.opens(f"{TALKS}/{wang.id}").status == 403


def test_h20_there_is_no_talk_with_somebody_who_does_not_exist(clerk, make_person):
    no_wechat = make_person("电话来的", openid=None)

    assert clerk.opens(f"{TALKS}/99999").status == 404
    assert clerk.opens(f"{TALKS}/{no_wechat.id}").status == 404


def test_w1_hostile_words_are_only_words(clerk, wang):
    taken(clerk, wang)

    page = says(clerk, wang, "<script>alert(1)</script>{{7*7}}")

    assert "&lt;script&gt;" in page.html and "<script>alert" not in page.html
    assert "{{7*7}}" in page.html
