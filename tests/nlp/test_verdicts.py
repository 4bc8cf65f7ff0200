"""What the head and the desk answer of a complaint (C3), and of what counts (C4)."""

import pytest
from hypothesis import given

from nlp.verdicts import (
    clauses_of_names,
    draft,
    read_leading_number,
    read_one_of,
    read_points,
    read_revision,
    read_verdict,
)
from tests.nlp.slot_texts import any_texts


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("成立", ("upheld", "")),
        ("成立，周工当面道歉", ("upheld", "周工当面道歉")),
        ("部分成立 以后注意", ("partly", "以后注意")),
        ("不成立：当天在等配件", ("not_upheld", "当天在等配件")),
        ("再核实 请查门禁", ("more", "请查门禁")),
        ("周工当面道歉", None),
        ("", None),
    ],
)
def test_c3_a_verdict_stands_first(text, read):
    assert read_verdict(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("维持", ("keep", "")),
        ("撤销，情况属实", ("strike", "情况属实")),
        ("改为 -3 分 一半属实", ("change", "-3 分 一半属实")),
        ("再想想", None),
    ],
)
def test_c4_what_becomes_of_a_fact(text, read):
    assert read_revision(text) == read


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("3", (-3, "")),
        ("-3", (-3, "")),
        ("扣3分", (-3, "")),
        ("扣 ３ 分。", (-3, "")),
        ("+2", (2, "")),
        ("0", (0, "")),
        ("不扣分", (0, "")),
        ("-3 分 一半属实", (-3, "一半属实")),
        ("很多", None),
        ("3点来的", None),
    ],
)
def test_points_are_held_against_somebody_unless_it_is_said(text, points):
    assert read_points(text) == points


def test_a_number_may_stand_before_the_words():
    assert read_leading_number("12 那天在等配件") == (12, "那天在等配件")
    assert read_leading_number("第12号，那天在等配件") == (12, "那天在等配件")
    assert read_leading_number("那天在等配件") == (None, "那天在等配件")


def test_answers_are_just_these_words():
    assert read_one_of("上报吧", ("report_up", "send_so")) == "report_up"
    assert read_one_of("上报给谁", ("report_up", "send_so")) is None


def test_names_are_set_apart():
    assert clauses_of_names("周工和吴工") == "周工,吴工"


@pytest.mark.parametrize("verdict", ["upheld", "partly", "not_upheld"])
def test_a_draft_says_how_it_ended_and_what_is_done(verdict):
    made = draft(verdict, "周工当面道歉。")
    assert made.endswith("：周工当面道歉。") and made.startswith("经核实")


@given(any_texts)
def test_any_text_is_read_or_not(text):
    for read in (read_verdict, read_revision, read_points, read_leading_number):
        read(text)
