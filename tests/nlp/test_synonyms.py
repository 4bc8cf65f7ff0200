"""The admin's own synonyms act in the classifier, the reader of devices and the search (F6)."""

import pytest

from nlp import live
from nlp.article_match import closeness, prepared, question
from nlp.classifier import read
from nlp.devices import read_meant
from nlp.incident import read_incident, split_incidents, tells_of_fault
from nlp.live import OwnWords

OWN = OwnWords(means={"老虎机": "打印机", "小黑": "联想笔记本"})


@pytest.fixture
def own_words():
    live.put_words(OWN)
    yield
    live.put_words(OwnWords())


def test_f6_a_thing_of_the_desks_own_name_is_a_device(own_words):
    assert read_incident("老虎机卡纸了,A座305").device == "打印机"
    assert read_incident("小黑开不了机").device == "联想笔记本"
    assert read_incident("老虎机旁边的电脑黑屏").device == "打印机"
    assert read_incident("电脑黑屏,老虎机也不行").device == "电脑"
    assert tells_of_fault("老虎机坏了")


def test_f6_it_is_looked_for_in_the_asset_list_as_what_it_is(own_words):
    meant = read_meant("财务部那台老虎机卡纸", None)
    of_a_brand = read_meant("小黑黑屏", None)

    assert meant and of_a_brand
    assert (meant.thing, meant.department) == ("打印机", "财务部")
    assert of_a_brand.brand == "联想"


def test_f1_two_faults_are_two_by_whatever_name(own_words):
    assert split_incidents("老虎机卡纸,还有小黑开不了机") == ("老虎机卡纸", "小黑开不了机")


def test_k1_an_article_is_found_by_the_desks_own_name(own_words):
    article = prepared("怎么连打印机", ("打印机连不上怎么办",), "在设置里添加打印机。")

    assert closeness(question("怎么连老虎机", {}, 1), article) > 0.9


def test_k1_an_article_in_own_words_is_taken_apart_anew_once_they_are_known():
    def near():
        article = prepared("怎么连老虎机", (), "在设置里添加。")
        return closeness(question("怎么连打印机", {}, 1), article)

    before = near()
    live.put_words(OWN)
    after = near()
    live.put_words(OwnWords())

    assert before < after
    assert near() == before


def test_without_own_words_everything_is_as_it_was():
    assert read_incident("老虎机卡纸了").device is None
    assert read_meant("财务部那台老虎机卡纸", None) is None
    assert read("老虎机卡纸了").model
