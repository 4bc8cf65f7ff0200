"""转人工: a clerk takes over and gives back, and the talk stands in the ticket (W1)."""

import pytest
from playwright.sync_api import expect

from models import Holder
from tests.eventually import eventually
from tests.web import pictures
from tests.web.reception import Reception

pytestmark = pytest.mark.timeout(300)

NAME = "何敏"


@pytest.fixture
def clerk(page, demo):
    """小陈, until the end of her shift."""
    demo.change_rules(kf_records_delay=0)
    clerk = Reception(page, demo)
    clerk.comes_online()
    yield clerk
    clerk.goes_offline()


def test_a_clerk_takes_talks_and_closes_while_the_bot_is_silent(
    page, known, zheng, clerk, demo, records
):
    """Issue 3, its first story."""
    he = known("oWebHe00000000000000000000001", NAME, "财务部", "13900007001")
    number = he.reports("A座305 电脑开不了机")
    zheng.hears(f"新工单 {number}")
    eventually(lambda: number[-4:] in records.remark_of(he.openid), within=60)

    he.says("转人工").reads("正在请服务台的同事", "同事都能看到")
    waiting = clerk.waiter(he)
    expect(waiting).to_contain_text("转人工")
    expect(waiting.get_by_test_id("remark")).to_have_text(f"财务部{NAME}·{number[-4:]}电脑开不了机")
    clerk.accepts(he)
    eventually(lambda: records.holder_of(he.openid) is Holder.CLERK, within=60)
    clerk.says(he, "您好，我是小陈，郑工十分钟后到您那里")
    he.reads("郑工十分钟后到您那里")

    # What would be said otherwise waits: an engineer who accepts, a button of the menu.
    zheng.taps("接单", f"新工单 {number}").reads("接单成功", number[-4:])
    he.presses("我的报修", "看进度")
    he.says("好的，我在 305 门口等他")
    clerk.reads(he, "好的，我在 305 门口等他")
    clerk.says(he, "他带了备用机，先给您换上")
    he.reads("他带了备用机")
    expect(he.node).to_contain_text("人工接待中")
    assert "郑工来处理" not in he.read_so_far() and "处理中" not in he.read_so_far()
    he.node.scroll_into_view_if_needed()
    pictures.take(page, "takeover")
    clerk.closes(he)

    he.hears("刚才由服务台小陈接待", "之后有事直接告诉我")
    he.hears("郑工来处理", number)
    assert he.read_so_far().count("我是小陈") == 1
    he.says("我的报修").reads(number, "处理中")
    eventually(lambda: len(records.lines_of_the_talk_about(number)) >= 3, within=60)
    history = demo.run("ticket", "show", number)
    for words in ("人工接待", "小陈", "十分钟后到您那里", "我在 305 门口等他", "带了备用机"):
        assert words in history, history
