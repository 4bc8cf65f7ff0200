"""Old weights against new ones, and which sentences decide it (F6)."""

import pytest

from domain.category import Category
from domain.priority import Urgency
from domain.understanding import Truth
from nlp.comparing import Verdict, compare, judged
from nlp.corpus import Utterance
from nlp.intents import Intent
from nlp.lessons import Lesson, is_held, shared_out
from nlp.reading import reading


def told(count, category=Category.PRINTER):
    return [Utterance(f"第{n}句", Intent.REPORT, category, None, "desk") for n in range(count)]


def reads(wrong=0, confidence=0.9):
    """All but the first few are read as the printer's."""

    def read(text):
        is_wrong = int(text[1:-1]) < wrong
        kinds = (Category.DATA, Category.PRINTER) if is_wrong else (Category.PRINTER, Category.DATA)
        ranked = tuple((kind, confidence) for kind in kinds)
        return reading((Intent.REPORT, confidence), ranked, (Urgency.NORMAL, 0.9), tuple)

    return read


@pytest.mark.parametrize(
    ("sentences", "old", "new", "verdict"),
    [
        (100, 10, 2, Verdict.BETTER),
        (100, 5, 5, Verdict.SAME),
        (100, 2, 10, Verdict.WORSE),
        (100, 5, 6, Verdict.SAME),  # one sentence may be labelled wrongly
        (5, 5, 0, Verdict.TOO_FEW),
        (5, 0, 3, Verdict.WORSE),
    ],
)
def test_more_right_is_better_and_fewer_worse(sentences, old, new, verdict):
    sure = [1 - wrong / sentences for wrong in (old, new)]
    found = compare(told(sentences), [], reads(old, sure[0]), reads(new, sure[1]))

    assert found.verdict is verdict
    assert len(found.changed) == abs(old - new)
    assert all(each.is_gain == (new < old) for each in found.changed)


def test_confidences_that_lie_are_worse_though_as_much_is_right():
    found = compare(told(100), [], reads(10, 0.9), reads(10, 0.6))

    assert (found.verdict, found.new["category"].ece) == (Verdict.WORSE, 0.3)
    assert found.reasons == ("intent.ece", "category.ece")


def test_what_the_corpus_loses_is_worse_beyond_chance():
    same = compare(told(100), [], reads(), reads()).old

    def verdict(after, lines):
        crossed = {"intent": 0.9, "category": after, "lines": lines}
        return judged(same, same, ({"intent": 0.9, "category": 0.9}, crossed))[0]

    assert verdict(0.87, 6000) is Verdict.WORSE
    assert verdict(0.895, 6000) is Verdict.SAME
    assert verdict(0.87, 100) is Verdict.SAME


def lesson(text, truth=Truth.CORRECTED, confidence=0.9):
    return Lesson(text, "report", "printer", None, truth, confidence)


TEXTS = [
    f"{name}的机器{trouble}"
    for name in "甲乙丙丁戊己庚辛"
    for trouble in ("不动", "坏", "响", "慢")
]


def test_about_a_fifth_is_held_back_the_same_each_time():
    learnt, held = shared_out(map(lesson, TEXTS))

    assert len(learnt) + len(held) == len(TEXTS)
    assert 0.05 < len(held) / len(TEXTS) < 0.4
    assert [each.text for each in held] == [text for text in TEXTS if is_held(text)]
    assert is_held(f"{held[0].text}！！") and is_held(f"  {held[0].text} 12")


def test_what_was_said_again_and_again_is_learnt_and_a_summary_measures_nothing():
    text = next(filter(is_held, TEXTS))

    assert shared_out([lesson(text)])[1]
    assert not shared_out([lesson(text)] * 3)[1]
    assert not shared_out([lesson(text, Truth.CONFIRMED)])[1]


def test_a_summary_that_stood_teaches_only_where_the_reading_was_sure():
    learnt, _ = shared_out(
        [lesson("甲坏", Truth.CONFIRMED, 0.9), lesson("乙坏", Truth.CONFIRMED, 0.5)]
    )

    assert [(each.text, each.weight) for each in learnt] == [("甲坏", 0.5)]
