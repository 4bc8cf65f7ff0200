"""A message as it was meant: typos, Traditional characters, what a voice said between (F6)."""

import pytest
from hypothesis import given

from domain.category import Category
from nlp import spelling
from nlp.classifier import read
from nlp.corpus import corpus_files, read_corpus
from nlp.intents import Intent
from nlp.normalize import folded
from nlp.spelling import as_meant
from tests.nlp.slot_texts import HOSTILE, any_texts


def meant(text):
    return as_meant(folded(text))[0]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("打因机卡纸了", "打印机卡纸了"),
        ("打应机吐白纸", "打印机吐白纸"),
        ("我电恼开不了机", "我电脑开不了机"),
        ("网罗断了", "网络断了"),
        ("投影议不亮", "投影仪不亮"),
        ("复印激坏了", "复印机坏了"),
        ("蜜码忘了", "密码忘了"),
        ("又兰屏了", "又蓝屏了"),
        ("打印機壞了", "打印机坏了"),
        ("印表機壞了", "打印机坏了"),
        ("網路斷了連不上", "网络断了连不上"),
        ("ＷＩＦＹ连不上", "wifi连不上"),
        ("帐号登陆不了", "账号登录不了"),
        ("呃那个就是我们三楼那个打印机嗯不动了", "我们三楼那个打印机不动了"),
        ("那个,会议室投影不亮", "会议室投影不亮"),
    ],
)
def test_what_was_meant_is_understood(typed, understood):
    assert meant(typed) == understood


@pytest.mark.parametrize(
    "text",
    [
        "车排一溜",  # 车牌
        "改完密码以后登不进",  # 忘密码
        "他就不讲了",  # 不见了
        "网络由谁负责",
        "断电老是发生",
        "那个东西又不行了",
        "就是打不开",
        "嗯嗯",
        "嗯",
        "呃",
        "额度用完了",
        "上网路由器坏了",
    ],
)
def test_what_was_typed_right_stays(text):
    assert meant(text) == text


def test_of_the_corpus_hardly_a_word_is_changed():
    """A correction that is wrong costs more than a typo that stays."""
    texts = [folded(told.text) for file in corpus_files() for told in read_corpus(file)]

    changed = [text for text in texts if spelling._put_right(text, as_meant(text)[1]) != text]

    assert len(changed) < len(texts) / 150


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("打因机卡纸了", Category.PRINTER),
        ("我电恼蓝屏了", Category.COMPUTER),
        ("網路斷了,全部都上不了網", Category.NETWORK),
        ("呃那个就是会议室那个投影议不亮了", Category.MEETING),
        ("不是打因机,是电恼开不了机", Category.COMPUTER),
    ],
)
def test_a_fault_with_typos_is_the_same_fault(text, category):
    found = read(text)

    assert (found.intent, found.category) == (Intent.REPORT, category)


@given(any_texts)
def test_the_words_are_the_text(text):
    text, words = as_meant(folded(text))

    assert "".join(words) == text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_no_hostile_text_stops_it(text):
    assert isinstance(meant(text), str)


def test_without_the_list_words_are_read_as_they_were_typed(tmp_path, monkeypatch, caplog):
    cached = (spelling._spellings, spelling._by_sound, spelling._pairs_of_sounds)
    monkeypatch.setattr(spelling, "MISSPELT", tmp_path / "none.txt")
    for each in cached:
        each.cache_clear()
    try:
        assert meant("帐号锁了") == "帐号锁了"
        assert "misspelt_unreadable" in caplog.text
    finally:
        for each in cached:
            each.cache_clear()
