"""The admin tells the office system of new tickets, and sees that it arrives (C §25)."""

import base64
import hashlib
import hmac
from datetime import time

import pytest
from playwright.sync_api import expect

from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.permissions import Role
from domain.webhooks import WebhookRules
from jobs.webhooks import Webhooks
from models import Webhook
from services.desk import Rules
from tests.bot.api_server import api_server, raw
from tests.services.making import only
from tests.web.console.accessible import violations

HOME = "/console/admin/webhooks"


@pytest.fixture
def rules():
    webhooks = WebhookRules(inside_hosts=("oa.example.com",))
    return Rules(Targets(), ServiceHours.daily(time(8), time(18)), webhooks=webhooks)


@pytest.fixture
def receiver():
    with api_server() as running:
        running.on("/hook", raw(b"busy", status=503))
        yield running


def test_an_address_is_added_tried_found_failing_and_made_good_c25(
    open_desk, served, make_person, make_ticket, receiver, database, site, clock
):
    page = open_desk(make_person("罗敏", Role.ADMIN), HOME)
    page.get_by_role("link", name="新增地址").first.click()
    page.get_by_label("给谁用").fill("OA 待办")
    page.get_by_label("地址").fill("http://10.0.0.8/hook")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("请用 https 开头的地址")).to_be_visible()
    assert violations(page) == []
    address = receiver.url.replace("127.0.0.1", "oa.example.com") + "/hook"
    page.get_by_label("地址").fill(address)
    page.get_by_role("button", name="保存").click()
    secret = page.get_by_label("密钥").input_value()
    page.get_by_role("link", name="记下了").click()
    expect(page.get_by_text("正常")).to_be_visible()
    assert secret not in page.content()

    job = Webhooks(
        database, site.rules, clock, site.secret_key, site.nudge, lambda *_: ["127.0.0.1"]
    )
    number = make_ticket().number
    job.follow()
    job.send()
    expect(page.get_by_text("连续 1 次没成功，在自动重试")).to_be_visible()
    expect(page.get_by_role("link").filter(has_text=number)).to_contain_text("503")

    receiver.on("/hook", raw("收到了".encode()))
    page.get_by_role("button", name="发一条测试").click()
    expect(page.get_by_text("正在发送，结果马上显示在这里。")).to_be_visible()
    job.send()
    expect(page.get_by_text("已送到")).to_be_visible()
    expect(page.get_by_text("收到了")).to_be_visible()
    assert violations(page) == []

    page.goto(f"{served.url}{HOME}/{only(database, Webhook).id}")
    page.get_by_role("link").filter(has_text=number).click()
    clock.passes(minutes=1)
    job.send()
    expect(page.get_by_text("已送到")).to_be_visible()
    page.get_by_role("button", name="重新发送").click()
    job.send()
    page.get_by_role("link", name="OA 待办").click()
    expect(page.get_by_text("正常", exact=True)).to_be_visible()
    assert violations(page) == []

    sent = [call for call in receiver.calls if number in call.body.decode()]
    assert len({call.headers["Webhook-Id"] for call in sent}) == 1 and len(sent) == 3
    assert all(is_signed(call, secret) for call in receiver.calls)


def is_signed(call, secret):
    """As the manual tells a receiver to verify (docs/manuals/事件通知手册.md)."""
    signed = f"{call.headers['Webhook-Id']}.{call.headers['Webhook-Timestamp']}."
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = hmac.new(key, signed.encode() + call.body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(right).decode()}" in call.headers["Webhook-Signature"].split()
