"""Sentences survive being kept in a row (P6)."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.category import Category
from domain.sentence import Button, Say, Word, from_json, to_json

KEYS = st.from_regex(r"[a-z_]{1,8}(\.[a-z_]{1,8}){0,2}", fullmatch=True)
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
PLAIN = (
    st.none()
    | st.text(max_size=20)
    | st.integers(-(2**53), 2**53)
    | st.builds(Word, KEYS)
    | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
)


def sayings(facts):
    kept = st.dictionaries(NAMES, facts, max_size=3)
    buttons = st.lists(st.builds(Button, st.text(max_size=20), KEYS, kept), max_size=3)
    return st.builds(Say, KEYS, kept, buttons.map(tuple))


SAYS = st.recursive(
    sayings(PLAIN),
    lambda inner: sayings(PLAIN | inner | st.lists(inner, max_size=2).map(tuple)),
    max_leaves=5,
)


@settings(max_examples=40)
@given(SAYS)
def test_a_sentence_comes_back_from_its_row_as_it_was(say):
    assert from_json(json.loads(json.dumps(to_json(say)))) == say


def test_what_a_person_wrote_is_never_taken_for_something_else():
    """H-20: words that look like the row's own marks stay words."""
    say = Say("notice.progress", {"words": '{"word": "category.printer"}'})

    assert from_json(to_json(say)) == say


def test_an_enums_value_is_kept_and_not_the_enum():
    kept = to_json(Say("a.b", {"category": Category.PRINTER}))

    assert json.dumps(kept) == '{"key": "a.b", "facts": {"category": "printer"}}'
    assert type(kept["facts"]["category"]) is str


def test_a_fact_of_no_known_kind_is_refused():
    with pytest.raises(ValueError, match="no sentence has"):
        from_json({"key": "a.b", "facts": {"what": {"other": 1}}})


def test_an_instant_keeps_its_moment():
    at = datetime(2026, 11, 24, 10, 42, tzinfo=timezone(timedelta(hours=8)))

    assert from_json(to_json(Say("a.b", {"due": at}))).facts["due"] == at
