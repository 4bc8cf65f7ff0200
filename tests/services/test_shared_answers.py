"""Answers that are shared: how old they may be, and what is made of old ones (T12)."""

import pytest

from services import shared_answers
from services.shared_answers import is_behind, shared_while
from tests.running_time import Watch


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(shared_answers, "time", watch)
    return watch


@pytest.fixture
def ask(database):
    """`ask(state, key, fresh)`: what whoever asks now is told, and whether it may be behind."""

    def ask(state, key, fresh):
        with database.reading() as session:
            told = shared_while(session, state, key, fresh, times=2.0, at_most=10.0)
            return told, is_behind(session)

    return ask


def test_an_answer_of_the_same_state_is_told_for_ten_seconds(watch, ask):
    ask(1, "key", lambda: "first")
    watch.at += 9.9
    assert ask(1, "key", lambda: "second") == ("first", False)
    watch.at += 0.2
    assert ask(1, "key", lambda: "third") == ("third", False)


def test_an_answer_of_a_former_state_is_told_for_two_seconds_and_says_so(watch, ask):
    ask(1, "key", lambda: "first")
    watch.at += 1.9
    assert ask(2, "key", lambda: "second") == ("first", True)
    watch.at += 0.2
    assert ask(2, "key", lambda: "third") == ("third", False)


def test_what_was_made_of_a_former_answer_is_not_told_as_one_of_this_state(watch, database):
    def look(state):
        with database.reading() as session:

            def whole():
                part = shared_while(session, state, "part", lambda: state, times=2.0, at_most=10.0)
                return f"made of {part}"

            key = f"whole, first asked for with {state}"
            return shared_while(session, state, key, whole, times=2.0, at_most=10.0)

    look(1)
    watch.at += 1.5
    assert look(2) == "made of 1"
    watch.at += 2.1

    assert look(2) == "made of 2"
