"""Sentences: facts put in, parts left out, times as people say them, words made harmless."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.render import neutral
from domain.sentence import Button, Say, Word, from_json
from settings import ROOT
from texts import Line, TextsError, read_texts

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
SENTENCES = """
plain: '{number} 已办结。'
optional: '{number}[[，{engineer}]][[ {phone}{office}]]。'
breaks: |-
  {number}[[
  最近：{last}]]
listed: |-
  您有 {count} 张：
  {lines}
line: '· {number}'
sentence: {gone: 已不再使用}
category: {printer: 打印机}
button: {score: '{score} 分'}
days: {yesterday: 昨天, tomorrow: 明天, after_tomorrow: 后天, date: '{month}月{day}日',
  date_and_year: '{year}年{month}月{day}日'}
"""


@pytest.fixture
def texts(tmp_path):
    file = tmp_path / "texts.yaml"
    file.write_text(SENTENCES, encoding="utf-8")
    return read_texts(file, lambda words: f"‹{words}›")


@pytest.fixture(scope="module")
def shipped():
    return read_texts(ROOT / "texts.yaml", neutral)


def at(words):
    return datetime.fromisoformat(f"{words}+08:00")


# --- sentences of an older release ---------------------------------------------------------------


def test_a_sentence_that_a_row_kept_may_be_gone_and_one_that_the_code_names_may_not(texts):
    kept = from_json({"key": "said.last_year", "facts": {}})
    of_gone_word = from_json({"key": "plain", "facts": {"number": {"word": "category.abacus"}}})

    assert texts.said(kept, NOW) == texts.said(of_gone_word, NOW) == "已不再使用"
    assert texts.said(from_json({"key": "plain", "facts": {"number": 7}}), NOW) == "7 已办结。"
    for missing in (Say("said.last_year"), Say("plain", {"number": Word("category.abacus")})):
        with pytest.raises(KeyError):
            texts.said(missing, NOW)


# --- facts ---------------------------------------------------------------------------------------


def test_a_persons_words_are_made_harmless_and_our_own_are_not(texts):
    """Numbers, times and words with a wording of their own are ours."""
    facts = {"number": 7, "engineer": Word("category.printer"), "phone": "]]>", "office": "A"}

    assert texts.words("optional", facts, NOW) == "7，打印机 ‹]]>›‹A›。"


def test_words_that_look_like_our_marks_are_only_words(texts):
    """H-20: what is put in is not looked through again."""
    facts = {"number": "{phone}", "engineer": "[[{office}]]", "phone": "1", "office": "2"}

    assert texts.words("optional", facts, NOW) == "‹{phone}›，‹[[{office}]]› ‹1›‹2›。"


@pytest.mark.parametrize("nothing", [None, "", (), []])
def test_a_part_is_left_out_when_one_of_its_facts_is_missing(texts, nothing):
    facts = {"number": 7, "engineer": nothing, "phone": "1", "office": nothing}

    assert texts.words("optional", facts, NOW) == "7。"
    assert texts.words("optional", {"number": 7}, NOW) == "7。"


def test_nought_is_a_fact(texts):
    assert texts.words("optional", {"number": 7, "engineer": 0}, NOW) == "7，0。"


def test_a_part_may_hold_its_own_line_break(texts):
    assert texts.words("breaks", {"number": 7, "last": 8}, NOW) == "7\n最近：8"
    assert texts.words("breaks", {"number": 7}, NOW) == "7"


def test_sentences_inside_a_sentence_stand_one_below_the_other(texts):
    lines = (Say("line", {"number": 1}), Say("line", {"number": "二"}))

    assert texts.words("listed", {"count": 2, "lines": lines}, NOW) == "您有 2 张：\n· 1\n· ‹二›"
    assert texts.words("plain", {"number": lines[0]}, NOW) == "· 1 已办结。"


def test_a_message_has_its_lines_to_tap(texts):
    say = Say("plain", {"number": 7}, (Button("=5", "button.score", {"score": 5}),))

    rendered = texts.render(say, NOW)

    assert (rendered.text, rendered.lines) == ("7 已办结。", (Line("=5", "5 分"),))


def test_a_key_that_nobody_wrote_is_a_mistake(texts):
    with pytest.raises(KeyError):
        texts.words("nobody.wrote", {}, NOW)


# --- times ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "spoken"),
    [
        ("2026-11-24T10:42:00", "10:42"),
        ("2026-11-24T10:41:52", "10:42"),
        ("2026-11-24T08:05:00", "8:05"),
        ("2026-11-24T00:00:00", "0:00"),
        ("2026-11-25T08:10:00", "明天 8:10"),
        ("2026-11-24T23:59:45", "明天 0:00"),
        ("2026-11-26T08:10:00", "后天 8:10"),
        ("2026-11-23T17:59:00", "昨天 17:59"),
        ("2026-11-27T08:10:00", "11月27日 8:10"),
        ("2026-11-22T08:10:00", "11月22日 8:10"),
        ("2027-01-04T08:10:00", "2027年1月4日 8:10"),
    ],
)
def test_times_read_as_people_say_them(texts, moment, spoken):
    assert texts.spoken(at(moment), NOW) == spoken
    assert texts.words("plain", {"number": at(moment)}, NOW) == f"{spoken} 已办结。"


def test_today_is_the_day_in_shanghai(texts):
    """Half past midnight there is still yesterday in UTC."""
    now = at("2026-11-25T00:30:00").astimezone(UTC)

    assert texts.spoken(at("2026-11-25T08:00:00"), now) == "8:00"
    assert texts.spoken(at("2026-11-24T23:00:00"), now) == "昨天 23:00"
    assert texts.spoken(now + timedelta(days=1), now) == "明天 0:30"


# --- the shipped file ----------------------------------------------------------------------------


def test_every_shipped_sentence_reads_well_when_nothing_is_known(shipped):
    """No key raises, and no mark is left in what a person reads."""
    for key in shipped._sentences:
        words = shipped.words(key, {}, NOW)
        assert not re.search(r"\[\[|\]\]|[{}]", words), key


def test_every_shipped_sentence_takes_facts_of_each_kind(shipped):
    facts = {"words": "王芳", "count": 3, "at": NOW, "word": Word("category.printer")}
    names = {name for text in shipped._sentences.values() for name in re.findall(r"{(\w+)}", text)}
    for fact in facts.values():
        for key in shipped._sentences:
            words = shipped.words(key, dict.fromkeys(names, fact), NOW)
            assert words and not re.search(r"\[\[|\]\]|[{}]", words), key


# --- a file that is none -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a: [", "a: 1", "a: {b: [c]}", "- a", "a:"])
def test_a_file_that_is_no_set_of_sentences_is_refused(tmp_path, text):
    file = tmp_path / "texts.yaml"
    file.write_text(text)

    with pytest.raises(TextsError):
        read_texts(file, str)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TextsError, match=r"none\.yaml"):
        read_texts(tmp_path / "none.yaml", str)
