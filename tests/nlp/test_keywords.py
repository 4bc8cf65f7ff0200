"""The guess by counted words, for the day when the weights cannot be loaded (R-086)."""

import pytest
from hypothesis import given

from domain.category import Category
from domain.priority import Urgency
from nlp.classifier import ASK_BELOW_CATEGORY, ASK_BELOW_INTENT
from nlp.intents import Intent
from nlp.keywords import read_by_keywords
from nlp.normalize import folded
from nlp.reading import NOTHING_READ
from tests.nlp.slot_texts import any_texts


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("惠普打印机一直卡纸", Category.PRINTER),
        ("电脑蓝屏", Category.COMPUTER),
        ("会议室投影不亮", Category.MEETING),
        ("收不到邮件", Category.EMAIL),
    ],
)
def test_most_words_decide(text, category):
    found = read_by_keywords(text)

    assert found.categories[0][0] is category
    assert found.evidence


@given(any_texts)
def test_it_is_never_so_sure_that_nobody_is_asked(text):
    found = read_by_keywords(folded(text))

    assert 0 <= found.intent_confidence < ASK_BELOW_INTENT
    assert 0 <= found.categories[0][1] < ASK_BELOW_CATEGORY
    assert 0 <= found.urgency_confidence <= 1
    assert len({category for category, _ in found.categories}) == len(Category)


def test_a_thing_that_is_only_named_may_be_a_report():
    found = read_by_keywords("交换机")

    assert (found.intent, found.intent_confidence) == (Intent.REPORT, 0.0)
    assert found.urgency is Urgency.NORMAL


def test_no_known_word_is_no_reading():
    assert read_by_keywords("嘤嘤嘤") == NOTHING_READ
