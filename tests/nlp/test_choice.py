"""Answers as people type them."""

import pytest
from hypothesis import given

from nlp.choice import Choice, read_choice, read_option
from tests.nlp.slot_texts import HOSTILE, any_texts


@pytest.mark.parametrize(
    "text",
    [
        *"是 对 对的 是的 好的 好 确认 确认报修 嗯 嗯嗯 嗯确认 可以 没错 ok OK 1 提交".split(),
        *"都报 解决了 有用 对对对 ＯＫ 確認 👌 [OK] 没问题 行吧 就这样 不用改".split(),
        *"是的,谢谢 不用改了,就这样 确认，急用 嗯，三楼那台 好的，麻烦快点 对不起，是的".split(),
        "是\n",
    ],
)
def test_a_yes_is_heard(text):
    assert read_choice(text) is Choice.YES


@pytest.mark.parametrize(
    "text",
    "不是 不对 不用 不好 没解决 不撤 没用 不,不对 不对,是A座306 别取消 no 不确认 不是的".split(" "),
)
def test_a_no_is_heard(text):
    assert read_choice(text) is Choice.NO


@pytest.mark.parametrize(
    "text",
    [
        *"改一下 改 修改 再改 地点错了 地点错了,是A座306 对,但是地点错了 地点改成A座306".split(),
        *"电话改成13800001234 我要改一下 重新说 改成A座306".split(),
    ],
)
def test_a_wish_to_amend_is_heard(text):
    assert read_choice(text) is Choice.AMEND


@pytest.mark.parametrize(
    "text",
    [
        *"取消 算了 不报了 撤掉 不评了 我要取消 不用来了,好了 师傅别来了,好了 没要报修".split(),
        *"是的,我要取消 取消取消 退出".split(),
    ],
)
def test_a_wish_to_stop_is_heard(text):
    assert read_choice(text) is Choice.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "对不起",
        "好了",
        "对了,还有邮箱",
        "好像不是",
        "是不是",
        "可以吗",
        "可以明天来吗",
        "是打印机",
        "不错",
        "不知道",
        "取消按钮点不动",
        "改完密码还是登不上",
        "note",
        "yesterday",
        "12",
        "2",
        "是,不是",
        "老师好",
        "我的账号被取消了",
        "行政楼没网",
        "对面办公室",
        *HOSTILE[:4],
    ],
)
def test_what_is_none_of_these_is_unclear(text):
    assert read_choice(text) is Choice.UNCLEAR


@pytest.mark.parametrize(
    ("text", "count", "place"),
    [
        ("1", 3, 0),
        ("１", 3, 0),
        ("①", 3, 0),
        ("第一个", 3, 0),
        ("一", 3, 0),
        ("选2", 3, 1),
        ("2.", 3, 1),
        ("(2)", 3, 1),
        ("只报 2", 2, 1),
        ("只报1", 2, 0),
        ("最后一个", 4, 3),
        ("后一个", 2, 1),
        ("前面那个", 2, 0),
        ("B", 3, 1),
        ("十二", 12, 11),
        ("第三条吧", 3, 2),
        ("4", 3, None),
        ("0", 3, None),
        ("12", 3, None),
        ("后一个", 3, None),
        ("不是第一个", 3, None),
        ("二楼", 3, None),
        ("1和2", 3, None),
        ("打印机", 3, None),
        ("", 3, None),
        ("最后一个", 0, None),
    ],
)
def test_an_option_is_counted_from_nought(text, count, place):
    assert read_option(text, count) == place


@given(any_texts)
def test_no_text_stops_the_reader(text):
    assert isinstance(read_choice(text), Choice)
    assert read_option(text, 3) in (None, 0, 1, 2)
