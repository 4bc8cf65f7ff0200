"""The labelled messages that are learnt from and measured on (F6)."""

import re

import pytest

from nlp.corpus import BadLine, corpus_files, fingerprint, phrase_files, read_corpus
from nlp.intents import WITH_CATEGORY, Intent

FILES = corpus_files() + phrase_files()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.jsonl"


@pytest.mark.parametrize("shipped", FILES, ids=lambda file: file.stem)
def test_every_shipped_line_has_text_and_an_intent(shipped):
    for told in read_corpus(shipped):
        assert told.text.strip()
        assert len(told.text) <= 500
        assert told.intent is not None
        assert told.file == shipped.stem


@pytest.mark.parametrize("shipped", corpus_files(), ids=lambda file: file.stem)
def test_labels_are_as_the_standard_says(shipped):
    """categories.md: things for report, howto and request; urgency for reports alone."""
    for told in read_corpus(shipped):
        assert (told.category is not None) == (told.intent in WITH_CATEGORY), told
        assert (told.urgency is not None) == (told.intent is Intent.REPORT), told


def test_no_message_has_two_meanings():
    meanings: dict[str, set[Intent | None]] = {}
    for shipped in FILES:
        for told in read_corpus(shipped):
            letters = re.sub(r"[\W_]", "", told.text.lower())
            meanings.setdefault(letters or told.text, set()).add(told.intent)

    assert {text: found for text, found in meanings.items() if len(found) > 1} == {}


def test_phrases_are_short():
    assert max(len(told.text) for told in read_corpus(phrase_files()[0])) <= 15


def test_blank_lines_and_a_mark_at_the_beginning_are_nothing(file):
    file.write_text('\n{"text": "一"}\n\n  \n{"text": "二"}\n', encoding="utf-8-sig")

    assert [told.text for told in read_corpus(file)] == ["一", "二"]


def test_lines_of_windows_are_lines(file):
    file.write_bytes('{"text": "一"}\r\n{"text": "二"}\r\n'.encode())

    assert [told.text for told in read_corpus(file)] == ["一", "二"]


def test_a_strange_line_break_within_a_text_ends_no_line(file):
    file.write_text('{"text": "一\u2028二\x85三"}', encoding="utf-8")

    assert [told.text for told in read_corpus(file)] == ["一\u2028二\x85三"]


def test_a_file_need_not_say_what_its_messages_mean(file):
    file.write_text('{"text": "一", "intent": null, "source": "phone"}', encoding="utf-8")

    (told,) = read_corpus(file)
    assert (told.intent, told.category, told.urgency) == (None, None, None)


def test_the_wrong_line_is_named_by_its_number_in_the_file(file):
    file.write_text('{"text": "一"}\n\n{"text": "二", "intent": "fix"}\n', encoding="utf-8")

    with pytest.raises(BadLine, match=r"some\.jsonl, line 3: intent 'fix' is none of report, "):
        read_corpus(file)


def test_the_fingerprint_is_of_the_content(file, tmp_path):
    file.write_text('{"text": "一"}\n', encoding="utf-8")
    before = fingerprint([file])
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(file.read_bytes())
    file.write_text('{"text": "二"}\n', encoding="utf-8")

    assert fingerprint([copy]) == before != fingerprint([file])
