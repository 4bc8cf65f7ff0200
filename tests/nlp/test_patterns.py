"""No text may keep a pattern busy: repeats do not nest, and none is slow on what was tried."""

import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from time import thread_time

import pytest

from domain.calendar import CHINA
from nlp import choice, contact, incident, patterns, result, scores, ticket_ref, when, wish
from tests.nlp.slot_texts import HOSTILE

# Python's own, without types: how it reads a pattern.
_constants, _parser = import_module("re._constants"), import_module("re._parser")

READERS: dict[str, Callable[[str], object]] = {
    "choice": choice.read_choice,
    "option": lambda text: choice.read_option(text, 5),
    "contact": contact.read_contact,
    "contact_asked": lambda text: contact.read_contact(text, expect_all=True),
    "incident": incident.read_incident,
    "place": incident.read_place,
    "split": incident.split_incidents,
    "correction": incident.read_correction,
    "result": result.read_result,
    "scores": scores.read_scores,
    "ticket": ticket_ref.read_ticket_ref,
    "wish": lambda text: wish.read_wish(text, datetime(2026, 11, 24, 10, tzinfo=CHINA)),
    "when": lambda text: when.read_when(text, datetime(2026, 11, 24, 10, tzinfo=CHINA)),
}

MANY = 10  # a repeat that may go round more often than this counts as endless
SECONDS = 0.010  # H-27

REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


def nests(parsed, is_inside: bool = False) -> bool:
    """Whether an endless repeat holds another one."""
    for operation, argument in parsed:
        if operation in REPEATS:
            _, most, body = argument
            is_endless = most > MANY
            if (is_endless and is_inside) or nests(body, is_inside or is_endless):
                return True
        elif any(nests(part, is_inside) for part in bodies(operation, argument)):
            return True
    return False


def bodies(operation, argument):
    if operation is _constants.BRANCH:
        return argument[1]
    if operation in (_constants.SUBPATTERN, _constants.ASSERT, _constants.ASSERT_NOT):
        return [argument[-1]]
    return []


def test_the_readers_patterns_are_all_listed():
    assert len(patterns.ALL) > 50


@pytest.mark.parametrize("pattern", patterns.ALL, ids=lambda pattern: pattern.pattern[:20])
def test_repeats_do_not_nest(pattern):
    assert not nests(_parser.parse(pattern.pattern))


@pytest.mark.parametrize("expression", [r"(a+)+", r"(?:a*b)*", r"(?:x|(?:ab{0,50})){1,30}"])
def test_nested_repeats_would_be_seen(expression):
    assert nests(_parser.parse(expression))


@pytest.mark.parametrize("pattern", patterns.ALL, ids=lambda pattern: pattern.pattern[:20])
def test_no_hostile_text_keeps_a_pattern_busy(pattern):
    for text in HOSTILE:
        assert best_of_three(lambda text=text[:500]: list(pattern.finditer(text))) < SECONDS


@pytest.mark.parametrize("name", READERS)
def test_no_hostile_text_keeps_a_reader_busy(name):
    for text in HOSTILE:
        assert best_of_three(lambda text=text: READERS[name](text)) < SECONDS


def best_of_three(work) -> float:
    """Processor time, so that a busy machine fails nothing."""
    times = []
    for _ in range(3):
        begun = thread_time()
        work()
        times.append(thread_time() - begun)
    return min(times)


def test_no_pattern_is_compiled_elsewhere():
    assert not [
        name
        for module in (choice, contact, incident, result, scores, ticket_ref, when)
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    ]


def test_a_pattern_is_compiled_when_it_is_first_asked(monkeypatch):
    monkeypatch.setattr(patterns, "ALL", [])
    pattern = patterns.linear("卡+(纸")  # wrong, but nobody asks yet

    assert pattern.pattern == "卡+(纸"
    with pytest.raises(re.error):
        patterns.compile_all()


def test_a_pattern_is_what_was_compiled_from_then_on(monkeypatch):
    monkeypatch.setattr(patterns, "ALL", [])
    pattern = patterns.linear("卡(?P<how>很?)纸")
    patterns.compile_all()

    found = pattern.search("打印机卡很纸")
    assert found and found["how"] == "很"
    assert pattern.groupindex == {"how": 1}
    assert pattern.search == pattern.search  # bound once: no look-up of ours stands between
    assert not hasattr(pattern, "__wrapped__")


def test_a_missing_word_list_finds_nothing_and_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "WORD_LISTS", tmp_path)
    patterns.word_lists.cache_clear()

    assert patterns.words_in("choices", "yes") == ()
    assert patterns.linear(patterns.any_of(())).search("是") is None

    patterns.word_lists.cache_clear()


def test_the_longest_word_at_a_place_is_found():
    match = re.match(patterns.any_of(("不", "不用", "不用改")), "不用改了")

    assert match is not None and match[0] == "不用改"
