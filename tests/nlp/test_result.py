"""Results as engineers write them."""

import pytest
from hypothesis import given

from nlp.result import CAUSES, Result, read_minutes, read_result
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            "搓纸轮老化,换了新的,测试正常,用了30分钟",
            Result("worn_part", "换了新的搓纸轮,测试正常", 30, True, ("搓纸轮",)),
        ),
        (
            "搓纸轮老化,换了新的,测试正常,用了 30 分钟",
            Result("worn_part", "换了新的搓纸轮,测试正常", 30, True, ("搓纸轮",)),
        ),
        ("远程处理,重装驱动,一刻钟", Result("software", "重装驱动", 15, False, ())),
        ("硒鼓没粉了，换了个硒鼓，20分钟", Result("consumable", "换了个硒鼓", 20, True, ("硒鼓",))),
        ("用户没插紧，插好了", Result("operation", "插好了", None, None, ())),
        (
            "原因：电源坏了；处理：更换电源；用时：40分钟；现场",
            Result("power", "更换电源", 40, True, ("电源",)),
        ),
        (
            "系统卡死,重装系统,拷贝资料,用了2个小时,上门",
            Result("software", "重装系统,拷贝资料", 120, True, ()),
        ),
        ("网线断了,重新压了水晶头,15min", Result("network", "重新压了水晶头", 15, None, ())),
        (
            "更换网线和水晶头，花了四十五分钟",
            Result("network", "更换网线和水晶头", 45, True, ("网线", "水晶头")),
        ),
        ("电话指导用户解锁账号,5分钟", Result("setting", "电话指导用户解锁账号", 5, False, ())),
        (
            "远程没弄好,上门换内存条",
            Result(None, "远程没弄好,上门换内存条", None, True, ("内存条",)),
        ),
        ("", Result()),
    ],
)
def test_a_result_is_read(text, result):
    assert read_result(text) == result


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("耗材", "consumable"),
        ("部件老化", "worn_part"),
        ("设置", "setting"),
        ("操作", "operation"),
        ("软件", "software"),
        ("网络", "network"),
        ("电源", "power"),
        ("其他", "other"),
    ],
)
def test_a_button_s_word_is_a_cause_and_nothing_else(text, cause):
    assert read_result(text) == Result(cause=cause)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30分钟", 30),
        ("30 分钟", 30),
        ("用时:40分", 40),
        ("半小时", 30),
        ("半个小时", 30),
        ("一刻钟", 15),
        ("三刻钟", 45),
        ("一小时", 60),
        ("两小时", 120),
        ("1个半小时", 90),
        ("一个半小时", 90),
        ("1.5h", 90),
        ("1.5小时", 90),
        ("2小时10分钟", 130),
        ("一小时二十分", 80),
        ("一小时半", 90),
        ("10来分钟", 10),
        ("四十五分钟", 45),
        ("15min", 15),
        ("20", 20),
        ("等了两小时,用了20分钟", 20),
        ("5分", 5),
        ("0分钟", None),
        ("9999小时", None),
        ("不知道", None),
        ("", None),
    ],
)
def test_the_time_spent_is_in_minutes(text, minutes):
    assert read_minutes(text) == minutes


@given(any_texts)
def test_no_text_stops_the_reader(text):
    found = read_result(text)
    assert found.cause is None or found.cause in CAUSES
    assert found.minutes is None or found.minutes > 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_stop_it_either(text):
    assert isinstance(read_result(text), Result)
