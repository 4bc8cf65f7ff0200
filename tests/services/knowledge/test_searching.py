"""Search: typos, other words for one thing, nothing where nothing fits; alike everywhere (K1)."""

import json
from dataclasses import replace
from operator import ge
from pathlib import Path

import pytest

from domain.category import Category
from domain.knowledge import Audience
from services.knowledge import reviewing, searching, writing
from services.knowledge.searching import FOR_EVERYBODY, FoundArticle, answers, choices
from tests.services.knowledge.conftest import demo_articles


def questions(name):
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def demo(database, desk_of, li, chen):
    """The articles of the demonstration; answers with their names by id."""
    names = {}
    with database.transaction() as session:
        for name, wording in demo_articles().items():
            article = writing.create(desk_of(session, li), wording)
            writing.submit(desk_of(session, li), article.number)
            reviewing.publish(desk_of(session, chen), article.number)
            names[article.id] = name
    return names


# Measured: 159, 160, 117 of 161; and 44, 52, 4 of 58 that were written to be far from the words
# of the articles. Of what is said without asking nothing was wrong.
EASY, HARD = (155, 158, 108), (42, 49, 3)  # found first, among three, said without asking


def measured(demo, session, asked):
    found = [answers(session, each["text"], audiences=FOR_EVERYBODY) for each in asked]
    names = [[demo[each.id] for each in some] for some in found]
    meant = [each["article"] for each in asked]
    pairs = list(zip(meant, names, found, strict=True))
    sure = [(who, some[0]) for who, some, all_ in pairs if all_ and all_[0].is_sure]
    return (
        sum(bool(who) and some[:1] == [who] for who, some, _ in pairs),
        sum(bool(who) and who in some for who, some, _ in pairs),
        len(sure),
        sum(who == said for who, said in sure),
    )


def test_the_right_article_is_found_and_nothing_wrong_is_said_without_asking(demo, database):
    """289 questions, 70 of them without an answer; the same on both databases."""
    with database.reading() as session:
        for name, least in (("questions.jsonl", EASY), ("questions-2.jsonl", HARD)):
            *found, right = measured(demo, session, questions(name))
            assert all(map(ge, found, least)), found
            assert right == found[-1]


def test_chat_offers_what_may_be_meant_and_little_else(demo, database):
    """Measured: 210 of the 212 right ones that are found; 371 titles instead of 603, 93 of 138."""
    asked = [*questions("questions.jsonl"), *questions("questions-2.jsonl")]
    right, titles, in_vain = 0, 0, 0
    with database.reading() as session:
        for each in asked:
            found = answers(session, each["text"], audiences=FOR_EVERYBODY)
            names = [demo[one.id] for one in choices(found)]
            right += each["article"] in names
            titles += len(names) if each["article"] else 0
            in_vain += len(names) if not each["article"] else 0
    assert right >= 207, right
    assert titles <= 400, titles
    assert in_vain <= 105, in_vain


def test_what_is_surely_meant_is_offered_whatever_its_score():
    sure = FoundArticle(
        1, "ZS0001", 1, "怎么连打印机", "", Category.PRINTER, Audience.EVERYBODY, 0.21, is_sure=True
    )
    assert choices((sure, replace(sure, id=2, is_sure=False))) == (sure,)


def test_it_is_found_by_what_sounds_or_looks_alike_and_by_other_words(demo, database, desk_of, li):
    with database.reading() as session:
        for text, name in (
            ("打因机怎么连", "connect-printer"),
            ("outlok撤回", "recall-mail"),
            ("计算机蓝屏", "blue-screen"),
            ("网", "no-network"),
            ("VPN", "vpn"),
            ("BITLOCKER", None),
            ("", None),
            ("？？！", None),
            ("<script>' OR 1=1 --", None),
            ('" AND * NEAR(', None),
        ):
            found = searching.search(desk_of(session, li), text)
            assert (name in [demo[each.id] for each in found[:3]]) if name else len(found) <= 3, (
                text
            )


def test_what_is_of_the_same_kind_stands_before_the_rest(database, desk_of, li, published):
    one, other = published(category=Category.COMPUTER), published(category=Category.PRINTER)
    with database.reading() as session:
        desk = desk_of(session, li)
        for kind, number in ((Category.COMPUTER, one), (Category.PRINTER, other)):
            assert searching.search(desk, "怎么连接打印机", category=kind)[0].number == number


def test_ways_of_asking_weigh_more_than_the_title_and_this_more_than_the_text(
    database, desk_of, li, published
):
    body = published(title="甲类设备", body="装订机怎么修", asks=())
    title = published(title="装订机怎么修", body="一", asks=())
    asks = published(title="乙类设备", body="二", asks=("装订机怎么修",))
    with database.reading() as session:
        found = searching.search(desk_of(session, li), "装订机怎么修")
    assert {each.number for each in found[:2]} == {title, asks}
    assert found[2].number == body
    assert found[2].score < found[1].score and not found[2].is_sure
