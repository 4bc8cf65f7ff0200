"""Answers of engineers: reasons, colleagues, and what to correct in a result."""

import pytest
from hypothesis import given

from nlp.answers import (
    clauses,
    find_answer,
    is_called,
    read_answer,
    read_field,
    says_something,
    tells_of_work,
    wording_of,
)
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.mark.parametrize(
    ("text", "field", "rest"),
    [
        ("用时改成40分钟", "minutes", "40分钟"),
        ("用时 40", "minutes", "40"),
        ("把用时改为40", "minutes", "40"),
        ("原因不对,应该是操作", "cause", "操作"),
        ("故障原因:设置", "cause", "设置"),
        ("处理改成换了硒鼓", "action_taken", "换了硒鼓"),
        ("方式改为远程", "is_on_site", "远程"),
        ("备件 硒鼓、定影膜", "parts", "硒鼓、定影膜"),
        ("备件：ＨＰ硒鼓", "parts", "ＨＰ硒鼓"),
        ("改原因", "cause", ""),
        ("改一下备件", "parts", ""),
        ("原因", "cause", ""),
    ],
)
def test_a_part_and_what_it_shall_be(text, field, rest):
    assert read_field(text) == (field, rest)


@pytest.mark.parametrize("text", ["换了硒鼓", "是远程的", "用了40分钟", "40", "提交", "？？", ""])
def test_no_part_is_named(text):
    assert read_field(text) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("吴工", "吴工"),
        ("吴工", "给吴工吧"),
        ("吴强", "吴工"),
        ("吴强", "转给吴师傅"),
        ("吴强", "小吴"),
        ("吴志强", "我看吴志强行"),
        ("吴强", "吴强有空"),
    ],
)
def test_a_colleague_is_called(name, text):
    assert is_called(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("周工", "本周工作忙"), ("周强", "本周太忙"), ("吴强", "郑工"), ("", "吴工"), ("吴强", "")],
)
def test_nobody_is_called(name, text):
    assert not is_called(name, text)


def test_an_answer_is_read_whole_and_found_within():
    headings = ("wait_part", "wait_user", "other")

    assert read_answer("其他。", headings) == "other"
    assert read_answer("其他同事在用", headings) is None
    assert find_answer("得等配件到了再说", headings) == "wait_part"
    assert find_answer("还没好", headings) is None


def test_a_tapped_answer_stands_for_its_first_word():
    assert wording_of("busy") == "手上忙"
    assert wording_of("a heading that is not there") == "a heading that is not there"


def test_numbers_and_marks_say_nothing():
    assert says_something("忙")
    assert not any(map(says_something, ("", "？？", "99", "…", " ")))


def test_a_message_has_clauses():
    assert clauses("手上忙，给吴工;急") == ["手上忙", "给吴工", "急"]


def test_work_is_told_of():
    assert tells_of_work("换了硒鼓")
    assert not tells_of_work("食堂在哪")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_stops_a_reader(text):
    field = read_field(text)

    assert field is None or field[0] in {"cause", "action_taken", "minutes", "is_on_site", "parts"}
    assert all(each.strip() for each in clauses(text))
    assert not is_called("吴工", text)


@given(any_texts)
def test_what_a_part_shall_be_comes_from_the_message(text):
    found = read_field(text)

    assert found is None or len(found[1]) <= len(text)
