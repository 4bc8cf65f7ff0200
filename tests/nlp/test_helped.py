"""What people say to an answer (K1)."""

import pytest

from nlp.helped import Verdict, read_helped
from tests.nlp.slot_texts import HOSTILE


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("有用", Verdict.USEFUL),
        ("谢谢,管用", Verdict.USEFUL),
        ("解决了！", Verdict.USEFUL),
        ("嗯 会了", Verdict.USEFUL),
        ("没用", Verdict.USELESS),
        ("还是不行", Verdict.USELESS),
        ("不管用啊", Verdict.USELESS),
        ("报修吧", Verdict.REPORT),
        ("还是要报修", Verdict.REPORT),
        ("没用,还是报修吧", Verdict.REPORT),
        ("都不是", Verdict.NONE),
        ("先试试", Verdict.TRY),
    ],
)
def test_a_verdict_is_read_in_the_words_of_the_office_k1(said, verdict):
    told = read_helped(said)

    assert told is not None and told.verdict is verdict


@pytest.mark.parametrize(
    "said", ["谢谢", "好的", "嗯", "打印机卡纸", "没用过这台打印机", "有用户登不上", "行政部", ""]
)
def test_what_says_neither_is_no_verdict_k1(said):
    assert read_helped(said) is None


def test_a_bare_yes_is_one_only_where_it_was_asked_k1():
    assert read_helped("是的") is None
    told = read_helped("是的", is_asked=True)
    assert told is not None and told.verdict is Verdict.USEFUL


def test_the_reason_behind_it_keeps_its_own_characters_k1():
    told = read_helped("还是不行，提示 Error 0x0000011B。")

    assert told is not None
    assert (told.verdict, told.words) == (Verdict.USELESS, "提示 Error 0x0000011B")


@pytest.mark.parametrize("said", HOSTILE)
def test_no_text_does_harm_h23(said):
    read_helped(said)
