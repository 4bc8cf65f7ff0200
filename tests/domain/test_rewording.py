"""What an admin may make of a sentence."""

import pytest

from domain.rewording import most_of, places_of, problem_of

WRITTEN = "{name}您好，工单 {number} 已受理[[，最迟 {due} 联系您]]。"


@pytest.mark.parametrize(
    "words",
    [
        "{name}，收到了，单号 {number}[[，{due} 前联系您]]。",
        "{number} 已受理",
        "收到了，马上来人。",
    ],
)
def test_a_sentence_may_say_less_and_say_it_otherwise(words):
    assert problem_of(WRITTEN, words) is None


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{phone} 会打给您", "unknown_place"),
        ("{name 您好", "loose_brace"),
        ("{Name} 您好", "loose_brace"),
        ("您好]] {name}", "loose_mark"),
        ("[[您好 [[{name}]]", "loose_mark"),
        ("长" * (most_of(WRITTEN) + 1), "too_long"),
    ],
)
def test_what_could_not_be_filled_in_is_refused(words, key):
    problem = problem_of(WRITTEN, words)

    assert problem is not None and problem.key == f"admin.wording.{key}"


def test_a_label_stays_a_label_and_a_long_sentence_stays_sendable():
    assert most_of("接单") == 44
    assert most_of("长" * 400) == 600
    assert most_of("长" * 900) == 900


def test_places_are_the_facts_that_a_sentence_speaks_of():
    assert places_of(WRITTEN) == {"name", "number", "due"}
