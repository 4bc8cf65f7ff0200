"""English sentences that no training saw, and what is no language at all (F6)."""

import json
from pathlib import Path

import pytest

from nlp.classifier import ASK_BELOW_INTENT, read
from nlp.intents import Intent

HELD = Path(__file__).parent / "english.jsonl"
"""Never to be learnt: our own English sentences for that lie in nlp/data/own-english.jsonl."""

LEAST_INTENTS, LEAST_CATEGORIES = 0.85, 0.8  # of these few sentences


def held():
    return [json.loads(line) for line in HELD.read_text(encoding="utf-8").splitlines()]


def test_f6_english_sentences_are_read_as_what_they_want():
    wrong = [each["text"] for each in held() if read(each["text"]).intent.value != each["intent"]]

    assert len(wrong) <= (1 - LEAST_INTENTS) * len(held()), wrong


def test_f6_english_sentences_are_read_as_what_they_are_about():
    of_things = [each for each in held() if each["category"]]
    wrong = [
        each["text"]
        for each in of_things
        if read(each["text"]).categories[0][0].value != each["category"]
    ]

    assert len(wrong) <= (1 - LEAST_CATEGORIES) * len(of_things), wrong


def test_a_projector_that_does_not_work_is_nothing_called_off():
    """It was read as a cancel: please, and then no word of what was learnt."""
    found = read("please help, my projector does not work")

    assert found.intent is Intent.REPORT


@pytest.mark.parametrize(
    "text", ["asdf qwer zxcv", "qwertyuiop", "jkl;", "dfgh sdfg", "hjkl hjkl!!", "zxcvbnm,asdfgh"]
)
def test_what_a_keyboard_says_when_it_is_hit_means_nothing(text):
    found = read(text)

    assert (found.intent, found.category) == (Intent.OTHER, None)
    assert found.intent_confidence < ASK_BELOW_INTENT
    assert found.model


@pytest.mark.parametrize("text", ["vpn", "outlook", "HP LaserJet M404", "0x0000007b", "thanks"])
def test_a_word_that_is_known_is_read(text):
    assert read(text).intent_confidence > 0
