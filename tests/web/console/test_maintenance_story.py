"""A network is changed: planned, told, reported nonetheless, ended, answered (C §24, K3)."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import MaintenanceTicket, Notice
from services import maintenance_tickets, shared_answers
from tests.services.making import only
from tests.web import pictures
from tests.web.console.accessible import violations

TITLE = "B座网络割接"
BAR_NOW = """document.querySelector('.maintained__place')
  .dispatchEvent(new Event('live:now', {bubbles: true}))"""


@pytest.fixture(autouse=True)
def nothing_is_shared(monkeypatch):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)


def presses(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def sees(page: Page, name: str) -> None:
    """Accessible, and pictured where pictures are wanted."""
    assert violations(page) == []
    pictures.take_screen(page, f"maintenance-{name}")


def test_maintenance_is_planned_told_in_time_explains_faults_and_ends_with_one_word_to_all_c24(
    scene, open_desk, served, database, clock
):
    desk = open_desk(scene.who("陈静"), "/console/maintenance/new", dark=True)
    desk.get_by_label("标题").fill(TITLE)
    desk.get_by_label("给大家的话").fill("换核心交换机，期间上不了网，请提前保存。")
    desk.get_by_label("开始").fill("2026-11-24T10:40")
    desk.get_by_label("结束").fill("2026-11-24T11:40")
    desk.get_by_label("网络").check()
    desk.get_by_label("影响的区域、楼").fill("B座")
    presses(desk, "预览")
    expect(desk.get_by_role("heading", name=f"计划维护：{TITLE}")).to_be_visible()
    sees(desk, "preview")
    presses(desk, "保存")
    expect(desk.get_by_role("heading", name=TITLE, level=1)).to_be_visible()

    portal = open_desk(scene.who("李雷"), "/portal/", width=390, height=844)
    bar = portal.locator(".maintained")
    expect(bar).to_contain_text(f"计划维护 {TITLE}")
    sees(portal, "coming")
    presses(portal, "知道了")
    expect(bar).to_have_count(0)

    clock.passes(minutes=10)
    desk.evaluate(BAR_NOW)
    expect(desk.locator(".maintained--runs")).to_contain_text("维护中")
    portal.goto(f"{served.url}/portal/report")
    expect(bar).to_contain_text("预计 11:40 恢复")
    portal.get_by_label("哪里的什么坏了").fill("上不了网")
    expect(portal.get_by_text("您遇到的可能就是它")).to_be_visible()
    sees(portal, "report")
    presses(portal, "提交报修")
    expect(portal.get_by_role("heading", name="经过")).to_be_visible()

    desk.reload()
    expect(desk.get_by_text("上不了网", exact=True)).to_be_visible()
    desk.locator("summary").filter(has_text="提前结束").click()
    clock.passes(minutes=10)
    presses(desk, "确定结束")
    desk.locator("summary").filter(has_text="告知已恢复").click()
    presses(desk, "发给 1 位")
    expect(desk.get_by_text("已告知").first).to_be_visible()
    sees(desk, "told")

    mark = only(database, MaintenanceTicket)
    with database.reading() as session:
        told = session.scalars(
            select(Notice).where(Notice.text_key == maintenance_tickets.RESTORED)
        ).all()
    assert [each.ticket_id for each in told] == [mark.ticket_id]
    assert mark.told_at == clock() and told[0].valid_until > clock() + timedelta(hours=1)
    portal.goto(f"{served.url}/portal/bulletins")
    expect(portal.get_by_text(f"已恢复：{TITLE}")).to_be_visible()
