"""An engineer who has not written for days gets a card, or the desk sees it (F9 P6 R-060)."""

import pytest
from playwright.sync_api import expect

from domain.category import Category
from domain.lifecycle import Status
from tests.eventually import eventually
from tests.web import pictures
from tests.web.handset import CHEN
from tests.web.running import BEGINS_AT

pytestmark = pytest.mark.timeout(300)

TEMPLATE = "/cgi-bin/message/template/send"
FAULT = "C座210 电脑连不上网"


@pytest.fixture
def silent(newcomer, records):
    """`silent(openid, name)`: at work in C座 by the desk's list; their phone never wrote."""
    openids = []

    def made(openid, name):
        records.employ(openid, name, "13800009002", Category.NETWORK, BEGINS_AT, area="C座")
        records.put_on_duty(openid, BEGINS_AT)
        openids.append(openid)
        return newcomer(openid, name, "网络 · C座", "engineer")

    yield made
    for openid in openids:
        records.put_off_duty(openid)


def test_who_has_not_written_gets_a_card_and_accepts_on_its_page(known, silent, records):
    """F9: customer messages do not reach him (45015), the template message does."""
    han = silent("oWebHan00000000000000000000001", "韩工")
    mo = known("oWebMo00000000000000000000001", "莫非", "研发部", "13900007003")
    number = mo.reports(FAULT)

    order = han.opens_the_card("服务通知", number)

    order.wait_for_url(f"**/h5/work/{number}")
    expect(order.get_by_text("电脑连不上网").first).to_be_visible()
    order.get_by_role("button", name="接单").click()
    expect(order.get_by_role("status")).to_contain_text("接单成功")
    mo.hears("韩工来处理", number)
    assert han.said() == []
    assert records.ticket(number).status is Status.IN_PROGRESS
    assert records.engineer_of(number) == "韩工"


def test_who_is_not_reached_at_all_is_seen_by_the_desk_within_a_minute(
    hold, known, silent, demo, records
):
    """R-060, P6: with what was tried and why; by hand it is sent again when it can be."""
    chen = hold(CHEN)
    chen.says("今日情况").reads("今天报修")
    demo.change_rules(api_faults=[{"path": TEMPLATE, "kind": "errcode", "errcode": 43004}])
    ma = silent("oWebMa00000000000000000000001", "马工")
    shi = known("oWebShi0000000000000000000001", "石磊", "研发部", "13900007005")
    number = shi.reports(FAULT)

    told = chen.hears(f"工单 {number} 的通知没能送到马工（13800009002）", "请打电话联系")
    expect(told).to_contain_text("试过客服消息：对方两天没和公众号说过话")
    expect(told).to_contain_text("试过模板消息：对方没有关注公众号")
    listed = chen.says("未送达").reads(
        f"给马工（13800009002），{number[-4:]}", "客服消息", "模板消息"
    )
    frames = pictures.frame(chen.node)
    chen.says("今日情况").reads("联系不上：马工")

    demo.change_rules(api_faults=[])
    listed.get_by_role("button", name="重发 1", exact=True).click()
    chen.hears("给马工的通知", number[-4:], "马上重发")
    ma.hears("服务通知", number)
    pictures.keep_together([*frames, *pictures.frame(ma.node)], "unreached")
    eventually(lambda: records.engineer_of(number) == "马工")
