"""Pages opened from a phone of the sandbox, through its authorization page (issue 3, point 5)."""

import re

import yaml
from playwright.sync_api import Browser, Page, expect

from tests.web.handset import WANG, ZHOU
from tests.web.running import Running


def open_inside(chromium: Browser, demo: Running, openid: str, path: str) -> Page:
    """As a phone opens a link of a message."""
    config = yaml.safe_load(demo._config.read_text(encoding="utf-8"))
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    address = config["server"]["public_url"] + path
    page.goto(f"{demo.url}/static/webview.html#phone={openid}&to={address}")
    page.wait_for_url(re.compile(r"^http://p\d+\.localhost:\d+/h5/(?!oauth)"))
    return page


def test_a_fault_is_reported_by_page_and_the_engineer_is_led_to_the_order(demo, chromium):
    requester = open_inside(chromium, demo, WANG, "/h5/report")
    for label, words in (
        ("什么坏了", "三楼财务室那台惠普打印机一直卡纸"),
        ("在哪里", "三楼财务室"),
        ("部门", "财务部"),
        ("姓名", "王芳"),
        ("电话或分机", "13800001234"),
    ):
        field = requester.get_by_label(label, exact=True)
        if not field.is_visible():
            requester.get_by_text("联系人").click()
        field.fill(words)
    requester.get_by_role("button", name="提交报修").click()
    expect(requester.get_by_role("status")).to_contain_text("已受理")
    number = requester.url.partition("/tickets/")[2].partition("?")[0]

    assert "code=" not in requester.url, "the code is in no address that one could pass on"
    assert demo.records.engineer_of(number) == "周工"
    engineer = open_inside(chromium, demo, ZHOU, f"/h5/t/{number}")
    engineer.wait_for_url(f"**/h5/work/{number}")
    expect(engineer.get_by_text("三楼财务室那台惠普打印机一直卡纸").first).to_be_visible()
    for page in (requester, engineer):
        page.close()
