"""Ratings as people give them."""

import pytest
from hypothesis import given

from nlp.scores import Scores, read_score, read_scores
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("速度3 其他都好", (3, 5, 5)),
        ("速度5 态度5 结果5", (5, 5, 5)),
        ("速度5态度4结果3", (5, 4, 3)),
        ("速度：4，态度：5，结果：3", (4, 5, 3)),
        ("都是 5 分", (5, 5, 5)),
        ("都是5分", (5, 5, 5)),
        ("全5分", (5, 5, 5)),
        ("五星", (5, 5, 5)),
        ("★★★★☆", (4, 4, 4)),
        ("5", (5, 5, 5)),
        ("５", (5, 5, 5)),
        ("5 4 5", (5, 4, 5)),
        ("5,4,5", (5, 4, 5)),
        ("545", (5, 4, 5)),
        ("555", (5, 5, 5)),
        ("满意", (4, 4, 4)),
        ("非常满意", (5, 5, 5)),
        ("不满意", (2, 2, 2)),
        ("一般", (3, 3, 3)),
        ("速度慢了点,3分,态度很好", (3, 5, None)),
        ("速度和态度都是5,结果4", (5, 5, 4)),
        ("服务5 技术5 速度3", (3, 5, 5)),
        ("态度很好,给四星", (4, 5, 4)),
        ("5 4", (None, None, None)),
        ("6分", (None, None, None)),
        ("0分", (None, None, None)),
        ("4.5", (None, None, None)),
        ("9/10", (None, None, None)),
        ("速度6 态度5 结果5", (None, 5, 5)),
        ("5分钟就来了", (None, None, None)),
        ("扣一分", (None, None, None)),
        ("修好了", (None, None, None)),
        ("本来想给三星，看他满头大汗，改五星了", (None, None, None)),
        ("1234", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_three_parts_are_scored(text, scores):
    found = read_scores(text)
    assert (found.speed, found.attitude, found.result) == scores


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("速度3 其他都好", None),
        ("全都5星,谢谢师傅", None),
        ("速度5、态度4、结果3,来得挺快就是鞋没套", "来得挺快就是鞋没套"),
        ("一般 来得晚", "来得晚"),
        ("6分", "6分"),
        ("五星，周工很细心", "周工很细心"),
    ],
)
def test_what_is_no_score_is_the_comment(text, comment):
    assert read_scores(text).comment == comment


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", 4),
        ("四分", 4),
        ("4星", 4),
        ("五", 5),
        ("⭐⭐⭐", 3),
        ("非常满意", 5),
        ("很好", 5),
        ("满意", 4),
        ("不错", 4),
        ("一般", 3),
        ("还行", 3),
        ("不满意", 2),
        ("很差", 1),
        ("3分吧", 3),
        ("慢了点,3分", 3),
        ("6", None),
        ("0", None),
        ("10分", None),
        ("4.5", None),
        ("5分钟", None),
        ("3或4", None),
        ("不知道", None),
        ("", None),
    ],
)
def test_one_part_is_scored(text, score):
    assert read_score(text) == score


@given(any_texts)
def test_every_score_is_one_to_five(text):
    found = read_scores(text)
    for score in (found.speed, found.attitude, found.result, read_score(text)):
        assert score is None or 1 <= score <= 5


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_stop_the_reader(text):
    assert isinstance(read_scores(text), Scores)
