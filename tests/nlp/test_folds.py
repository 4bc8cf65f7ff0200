"""What is measured was not nearly learnt by heart before."""

from collections import Counter
from itertools import chain, combinations

import pytest

from nlp import corpus
from nlp.corpus import Utterance
from nlp.folds import apart_from, folds, near_duplicates
from nlp.intents import Intent
from tests.nlp.slices import some_utterances


def corpus_and_phrases():
    files = corpus.corpus_files() + corpus.phrase_files()
    return [told for file in files for told in corpus.read_corpus(file)]


def utterances(*texts):
    return [Utterance(text, Intent.REPORT, None, None, "made up") for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("打印机卡纸", "打印机卡纸"),
        ("打印机卡纸！！", "打印机 卡纸"),
        ("查进度", "查看进度"),
        ("快快快", "快快快快快"),
        ("ＯＡ打不开", "oa打不开"),
        ("word目录怎么自动生成", "Word目录怎么自动生成，领导让我明天教大家"),
    ],
)
def test_nearly_the_same_words_are_one_group(one, other):
    first, second = near_duplicates([one, other])

    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("打印机卡纸", "打印机没墨了"),
        ("转人工", "我要投诉"),
        ("👍👍👍", "👌"),
        ("谢谢", ""),
        ("怎么连三楼的打印机", "怎么连五楼的投影"),
    ],
)
def test_other_words_are_other_groups(one, other):
    first, second = near_duplicates([one, other])

    assert first != second


def test_alike_is_handed_on_within_a_group():
    groups = near_duplicates(["查进度", "查看进度", "请查看进度", "转人工"])

    assert groups[0] == groups[1] == groups[2] != groups[3]


def test_near_duplicates_never_stand_on_both_sides():
    told = corpus_and_phrases()
    groups = near_duplicates([each.text for each in told])

    parts = folds(told, 5, seed=7)

    assert max(Counter(groups.tolist()).values()) > 1  # there are some to be kept together
    for one, other in combinations(parts, 2):
        assert not set(groups[one]) & set(groups[other])


def test_every_line_is_dealt_once():
    told = corpus_and_phrases()

    parts = folds(told, 5, seed=7)

    assert sorted(chain.from_iterable(parts)) == list(range(len(told)))


def test_each_part_has_its_share_of_every_intent():
    told = corpus_and_phrases()
    whole = Counter(each.intent for each in told)

    for part in folds(told, 5, seed=7):
        share = Counter(told[n].intent for n in part)
        assert all(abs(share[intent] - count / 5) < 10 for intent, count in whole.items())


def test_the_seed_decides():
    told = some_utterances()

    assert folds(told, 2, seed=1) == folds(told, 2, seed=1) != folds(told, 2, seed=2)


def test_what_is_measured_across_files_was_not_nearly_learnt_in_another():
    told = utterances("快快快", "打印机卡纸", "快快快快快", "电脑蓝屏")

    assert apart_from([0], near_duplicates([each.text for each in told])) == [1, 3]
