"""The desk's word list, and how its words are found."""

import pytest
from hypothesis import given

from domain.category import Category
from domain.priority import Urgency
from nlp import lexicon
from nlp.intents import Intent
from nlp.lexicon import concepts, mentions, parse, things
from nlp.normalize import folded
from tests.nlp.slot_texts import any_texts

LABELS = {"intent": Intent, "category": Category, "urgency": Urgency}


def found_in(text):
    return [mention.word for mention in mentions(text)]


@pytest.fixture
def unreadable(tmp_path, monkeypatch):
    monkeypatch.setattr(lexicon, "WORD_LIST", tmp_path / "none.txt")
    cached = (lexicon._word_list, lexicon._known, concepts, things)
    for each in cached:
        each.cache_clear()
    yield
    monkeypatch.undo()
    for each in cached:
        each.cache_clear()


@pytest.mark.parametrize("concept", concepts())
def test_each_heading_speaks_for_a_label(concept):
    task, label, _ = concept.split(".")

    assert label in set(LABELS[task])


def test_each_word_is_written_as_messages_are_matched():
    written = lexicon.WORD_LIST.read_text(encoding="utf-8")
    listed = [line for line in written.splitlines() if line and line[0] not in "#["]

    assert [word for line in listed for word in line.split() if folded(word) != word] == []


def test_each_word_of_the_list_is_found_in_a_message_of_nothing_else():
    for words in parse(lexicon.WORD_LIST.read_text(encoding="utf-8")).values():
        for word in words:
            assert word in found_in(word)


def test_words_are_found_where_they_stand():
    assert [(m.start, m.word) for m in mentions("打印机卡纸")][:1] == [(0, "打印机")]
    assert "卡纸" in found_in("打印机卡纸")


def test_a_word_within_a_longer_one_is_not_meant():
    assert "网" not in found_in("网页打不开")


@pytest.mark.parametrize(
    ("text", "is_there"), [("oa打不开", True), ("load失败", False), ("我的oa", True)]
)
def test_a_latin_word_is_found_as_a_word(text, is_there):
    assert ("oa" in found_in(text)) is is_there


@given(any_texts)
def test_every_mention_stands_in_the_text(text):
    for mention in mentions(text):
        assert text.startswith(mention.word, mention.start)


def test_words_belong_to_the_heading_above_them():
    parsed = parse("# a comment\n[category.printer.part]\n硒鼓 墨盒\n硒鼓\n\n[intent.urge.cue]\n催")

    assert parsed == {"category.printer.part": ("硒鼓", "墨盒"), "intent.urge.cue": ("催",)}


@pytest.mark.parametrize("text", ["硒鼓\n", "# a\n[no heading]\n"])
def test_words_without_a_heading_are_named_by_line(text):
    with pytest.raises(ValueError, match=r"line \d: words before the first heading"):
        parse(text)


@pytest.mark.usefixtures("unreadable")
def test_without_the_list_nothing_is_found_and_nothing_stops(caplog):
    assert mentions("打印机卡纸") == []
    assert things() == frozenset()
    assert "word_list_unreadable" in caplog.text
