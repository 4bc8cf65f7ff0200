"""Orders as people type them, and words that only begin like one (W2)."""

import pytest
from hypothesis import given

from domain.commands import Command
from nlp.commands import DeviceNamed, Ordered, read_command, read_device_code
from nlp.patterns import word_lists
from nlp.wording import wording
from tests.nlp.slot_texts import HOSTILE, any_texts

WHOLE = "IT20261124-0007"


@pytest.mark.parametrize("command", Command)
def test_every_command_has_words_that_order_it(command):
    words = word_lists("commands")[command.value]

    assert {read_command(word) for word in words} == {Ordered(command)}


def test_no_word_orders_two_things():
    words = [word for each in Command for word in word_lists("commands")[each.value]]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("接单！", Command.ACCEPT),
        (" 接单吧 ", Command.ACCEPT),
        ("我来接单", Command.ACCEPT),
        ("完工了", Command.RESOLVE),
        ("我要报修", Command.REPORT),
        ("请帮我催单", Command.URGE),
        ("ＨＥＬＰ", Command.HELP),
        ("？", Command.HELP),
        ("待接单。", Command.QUEUE),
        ("取消吧", Command.STOP),
        ("我上班了", Command.SIGN_IN),
    ],
)
def test_a_bare_order_may_be_said_in_passing(text, command):
    assert read_command(text) == Ordered(command)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("接单 0007", "0007"),
        ("接单0007", "0007"),
        ("接单：0007", "0007"),
        ("接单#0007", "0007"),
        ("接单 工单0007", "0007"),
        ("接单 0007号", "0007"),
        ("接单 ００07", "0007"),
        ("0007 接单", "0007"),
        ("0007接单", "0007"),
        ("我接单 0007", "0007"),
        (f"接单 {WHOLE}", WHOLE),
        (f"接单{WHOLE}", WHOLE),
        ("接单 it20261124-0007", WHOLE),
        (f"{WHOLE} 接单", WHOLE),
        ("接单 20261124-0007", WHOLE),
    ],
)
def test_a_ticket_is_named_before_or_behind_the_order(text, number):
    assert read_command(text) == Ordered(Command.ACCEPT, number)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("看 0007", Command.SHOW),
        ("催单 0007", Command.URGE),
        ("撤单0007", Command.CANCEL_TICKET),
        ("取消 0007", Command.CANCEL_TICKET),
        ("0007 解决了", Command.CONFIRM),
        ("没解决 0007", Command.REOPEN),
        ("评价 0007", Command.RATE),
        ("到现场了 0007", Command.ARRIVE),
        ("恢复 0007", Command.RESUME),
        ("为什么派给我 0007", Command.WHY),
        ("看照片 0007", Command.PHOTOS),
        ("我的工单 0007", Command.MY_WORK),
        ("退单 0007", Command.DECLINE),
        ("转派0007", Command.TRANSFER),
        ("挂起 0007", Command.HOLD),
        ("求助 0007", Command.ASK_SUPPORT),
        ("进展 0007", Command.PROGRESS),
        ("完工 0007", Command.RESOLVE),
    ],
)
def test_what_a_button_does_can_be_typed(text, command):
    """W2."""
    assert read_command(text) == Ordered(command, "0007")


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        (
            "完工 0007 换了搓纸轮,用了30分钟,现场",
            Ordered(Command.RESOLVE, "0007", "换了搓纸轮,用了30分钟,现场"),
        ),
        (
            "完工0007换了搓纸轮，用了３０分钟",
            Ordered(Command.RESOLVE, "0007", "换了搓纸轮，用了３０分钟"),
        ),
        ("0007 完工 换了硒鼓", Ordered(Command.RESOLVE, "0007", "换了硒鼓")),
        ("完工，换了硒鼓", Ordered(Command.RESOLVE, None, "换了硒鼓")),
        ("完工\n换了硒鼓", Ordered(Command.RESOLVE, None, "换了硒鼓")),
        ("完工 0007，测试OK", Ordered(Command.RESOLVE, "0007", "测试OK")),
        ("进展 0007 在路上", Ordered(Command.PROGRESS, "0007", "在路上")),
        ("挂起 等配件,明天上午", Ordered(Command.HOLD, None, "等配件,明天上午")),
        ("转派 0007 手上忙,给吴工", Ordered(Command.TRANSFER, "0007", "手上忙,给吴工")),
        ("退单 0007 不会修", Ordered(Command.DECLINE, "0007", "不会修")),
        ("求助 0007 要 VLAN 权限", Ordered(Command.ASK_SUPPORT, "0007", "要 VLAN 权限")),
    ],
)
def test_words_behind_the_order_are_kept_as_they_were_typed(text, ordered):
    """F10, F11, F12."""
    assert read_command(text) == ordered


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("明天请假", "明天"),
        ("后天上午请个假", "后天上午"),
        ("我明天想请假吧", "明天"),
        ("下周一请两天假去医院", "下周一 两天 去医院"),
        ("周五下午请假，带孩子看病", "周五下午 带孩子看病"),
        ("明天到后天休假", "明天到后天"),
        (" 11月30号请半天假，发烧。", "11月30号 半天 发烧"),
    ],
)
def test_leave_is_ordered_with_the_day_first_as_well(text, words):
    assert read_command(text) == Ordered(Command.LEAVE, None, words)


@pytest.mark.parametrize(
    "text", ["明天请假系统打不开", "明天打印机请假", "明天", "请假的同事明天来", "我昨天请假了"]
)
def test_a_day_and_the_word_are_not_yet_leave(text):
    assert read_command(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "绑定 482913",
        "绑定482913",
        "绑定:482913",
        "绑定：４８２９１３",
        "绑定 482 913",
        "绑定码 482913",
    ],
)
def test_a_code_is_read_in_plain_digits(text):
    assert read_command(text) == Ordered(Command.BIND, None, "482913")


@pytest.mark.parametrize(
    "text",
    [
        "取消按钮点不动",
        "人工智能课件打不开",
        "完成不了",
        "完工换了硒鼓",
        "接单吗",
        "查看打印机",
        "为什么电脑这么慢",
        "上班打不了卡",
        "下班了吗",
        "绑定手机收不到验证码",
        "绑定 手机",
        "接单 305",
        "接单 A座305",
        "接 0007 和 0011",
        "接单 0007 0011",
        "挂起 0007 0011",
        "帮助 0007",
        "待接单 0007",
        "0007",
        "？？",
        "我的电脑坏了",
        "催一下打印机那个",
        "",
    ],
)
def test_ordinary_words_are_no_order(text):
    assert read_command(text) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_stops_the_reader(text):
    assert read_command(text) is None


@given(any_texts)
def test_words_behind_an_order_always_come_from_the_message(text):
    ordered = read_command(text)

    assert ordered is None or ordered.command is Command.BIND or ordered.words in wording(text).own


# --- the code on a device's case (F1) ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("PR-0012", DeviceNamed("pr-0012")),
        (" pr-0012。", DeviceNamed("pr-0012")),
        ("ＰＲ－0012", DeviceNamed("pr-0012")),
        ("20230415", DeviceNamed("20230415")),
        ("报修 PR-0012", DeviceNamed("pr-0012", is_ordered=True)),
        ("报修PR-0012", DeviceNamed("pr-0012", is_ordered=True)),
        ("我要报修:PR-0012", DeviceNamed("pr-0012", is_ordered=True)),
        ("报修 0012", DeviceNamed("0012", is_ordered=True)),
        ("设备编号 PR-0012", DeviceNamed("pr-0012")),
        ("PR-0012 打印机卡纸", DeviceNamed("pr-0012", "打印机卡纸")),
        ("报修,PR-0012,LQ-630K 卡纸", DeviceNamed("pr-0012", "LQ-630K 卡纸", True)),
    ],
)
def test_a_device_is_named_by_its_code(text, named):
    assert read_device_code(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "0007",  # the end of a ticket's number
        "IT20261124-0007",
        "报修 IT20261124-0007",
        "A座305 打印机卡纸",
        "PR-0012卡纸",
        "printer",
        "报修 打印机卡纸",
        "报修",
        "我的电脑 PC-0305 坏了",
        "",
    ],
)
def test_other_words_name_no_device(text):
    assert read_device_code(text) is None


@given(any_texts)
def test_no_text_breaks_the_reader_of_codes(text):
    named = read_device_code(text)

    assert named is None or any(character.isdecimal() for character in named.code)
