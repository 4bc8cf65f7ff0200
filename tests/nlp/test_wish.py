"""When somebody shall come, and for whom a fault is told (F1)."""

from datetime import datetime

import pytest

from domain.calendar import CHINA
from nlp.amendment import is_amendment
from nlp.incident import read_incident
from nlp.on_behalf import Behalf, read_behalf
from nlp.wish import read_wish, without_wish

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)  # a Tuesday


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "words", "begins", "ends"),
    [
        ("电脑开不了机,明天上午十点以后来", "明天上午十点以后来", at(25, 10), None),
        ("下午三点之前都在", "下午三点之前都在", None, at(24, 15)),
        ("周五来", "周五来", at(27, 9), None),
        ("时间改成下午三点", "下午三点", at(24, 15), None),
        ("换到周四下午吧", "周四下午吧", at(26, 14), None),
        ("三点到五点都有人", "三点到五点都有人", at(24, 15), at(24, 17)),
        ("半小时后再来", "半小时后再来", at(24, 11), None),
        ("最好周四上午", "最好周四上午", at(26, 9), None),
    ],
)
def test_a_time_to_come_is_a_wish(text, words, begins, ends):
    wish = read_wish(text, NOW)

    assert wish is not None
    assert (wish.words, wish.begins, wish.ends) == (words, begins, ends)


@pytest.mark.parametrize(
    "text",
    [
        "从昨天下午三点开始就打不开了",
        "早上九点电脑就开不了机",
        "我下午三点要交报表",
        "下午三点在A座305开会",
        "周五来了台新电脑",
        "会议室两点的会投影不亮",
        "地点改成3号楼",
        "改成财务部",
    ],
)
def test_any_other_time_is_none(text):
    assert read_wish(text, NOW) is None
    assert without_wish(text) == text


def test_the_wish_is_no_part_of_what_is_wrong():
    assert read_incident("电脑开不了机,明天上午十点以后来").symptom == "电脑开不了机"


@pytest.mark.parametrize(
    ("text", "behalf"),
    [
        ("帮我同事李娜报修,她电脑开不了机", Behalf("李娜")),
        ("替财务部张丽报个修，打印机卡纸", Behalf("张丽", "财务部")),
        ("是我同事王芳的电脑", Behalf("王芳")),
        ("代王主任报修 投影不亮", Behalf("王主任")),
        ("不是我的,是李娜的", Behalf("李娜")),
        ("帮我看看打印机", None),
        ("同事都上不了网", None),
        ("给我报修", None),
    ],
)
def test_for_whom_a_fault_is_told(text, behalf):
    assert read_behalf(text) == behalf


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("时间改成明天上午", True),
        ("地点改成B座201", True),
        ("电话写错了,是13900001111", True),
        ("不急了", True),
        ("不是打印机,是电脑", False),
        ("打印机卡纸", False),
        ("不急，打印机卡纸", False),
    ],
)
def test_what_only_amends_an_open_ticket(text, is_one):
    assert is_amendment(text, NOW) is is_one
