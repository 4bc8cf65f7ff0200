"""Alarms of monitoring in a real browser: they come by themselves, one becomes a ticket (F4)."""

import os
from pathlib import Path

from playwright.sync_api import expect

from domain.alerts import Severity
from tests.services.alert_kit import firing, make_source, minutes, recovered, settings
from tests.web.console.accessible import violations


def _monitoring(scene, database, rules, clock):
    said = settings(scene.who("陈静"), opens_from=Severity.CRITICAL, group_fields=("name", "host"))
    return make_source(database, rules, scene.who("罗敏"), said, clock())


def test_f4_an_alarm_comes_by_itself_is_confirmed_and_carried_by_its_ticket(
    scene, open_desk, database, rules, clock
):
    source = _monitoring(scene, database, rules, clock)
    page = open_desk(scene.who("陈静"), "/console/alerts")
    expect(page.get_by_text("没有正在告警的")).to_be_visible()

    source.send(
        clock(),
        firing("备份失败", "nas01", severity=Severity.WARNING, summary="夜间任务退出码 2"),
        firing("磁盘快满了", "db01", summary="/data 已用 95%", labels={"机柜": "A07"}),
        firing("磁盘快满了", "db02", summary="/data 已用 92%"),
    )
    page.locator("#live").dispatch_event("live:now")
    expect(page.get_by_text("待确认")).to_be_visible()
    assert violations(page) == []
    _picture(page, "alerts")

    page.goto(page.url.replace("/console/alerts", "/console/queue"))
    expect(page.get_by_text("告警待确认 1 条")).to_be_visible()
    _picture(page, "queue")
    page.get_by_role("link", name="备份失败").click()
    expect(page.get_by_role("heading", name="备份失败")).to_be_visible()
    assert violations(page) == []
    _picture(page, "alert")
    page.get_by_role("button", name="开工单").click()

    expect(page.get_by_text("1 条监控告警")).to_be_visible()
    source.send(clock() + minutes(6), recovered("备份失败", "nas01", severity=Severity.WARNING))
    page.reload()
    expect(page.locator("#alarms").get_by_text("已恢复")).to_be_attached()
    assert violations(page) == []
    _picture(page, "ticket")
    keeper = open_desk(scene.who("罗敏"), f"/console/admin/alerts/{source.source_id}")
    expect(keeper.get_by_role("heading", name="最近 50 次投递")).to_be_visible()
    assert violations(keeper) == []
    _picture(keeper, "source")


def _picture(page, name):
    folder = os.environ.get("LOOK")
    if folder:
        for width in (1440, 390):
            for theme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=str(Path(folder) / f"{name}-{width}-{theme}.png"))
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
