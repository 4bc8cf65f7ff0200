"""扫一扫: a device's code opens its report, a staff code joins a colleague (F1 F11 W2 C25 H-28)."""

import pytest
from playwright.sync_api import Browser, expect

from domain.category import Category
from tests.web import pictures
from tests.web.stories.conftest import LIN, sign_in

pytestmark = pytest.mark.timeout(240)


def test_a_device_is_scanned_and_reported_in_two_acts(known, zheng, records):
    """F1, F11: device and place come from the code, the person from the last time."""
    tang = known("oWebTang000000000000000000001", "唐宁", "财务部", "13900007002")

    scanner = tang.opens_the_scanner()
    frames = pictures.frame(tang.node)
    scanner.get_by_test_id("code-dev:PC-0305").click()
    tang.reads("「财务室台式机」（PC-0305），在A座三楼财务室", "怎么了")
    tang.says("开机没反应").reads("财务室台式机", "A座三楼财务室", "唐宁", "13900007002")
    pictures.keep_together([*frames, *pictures.frame(tang.node)], "device-scan")
    number = tang.confirms()

    assert tang.said() == ["开机没反应", "确认报修"]
    kept = records.ticket(number)
    assert (kept.place, kept.category) == ("A座三楼财务室", Category.COMPUTER)
    assert kept.device_id is not None and (kept.device_description or "").startswith("PC-0305")
    zheng.hears(f"新工单 {number}", "A座三楼财务室")
    tang.scans_the_code("dev:PC-0305").reads("您报过", number[-4:], "待接单")


def test_the_admin_joins_by_one_scan_of_a_printed_code_and_tries_the_way_there_and_back(
    newcomer, demo, records, chromium, computer, tmp_path
):
    """W2, H-28: read from the picture, as with a camera; C25: a message out, a word in."""
    file = tmp_path / "lin.svg"
    demo.run("person", "code", "林管理", "--qr", str(file))
    lin = newcomer("oWebGuanLi000000000000000001", "林管理", "系统管理员")

    lin.scans_the_picture(_printed(chromium, file.as_uri())).reads("绑定成功，林管理")
    assert lin.said() == []
    assert records.openid_of("林管理") == lin.openid

    screen = computer("/console/admin/trial")
    sign_in(screen, LIN)
    screen.get_by_role("button", name="发测试消息").click()
    lin.hears("这是林管理发的测试消息", "不用回复")
    screen.get_by_role("button", name="开始等").click()
    expect(screen.get_by_text("正在等")).to_be_visible()
    lin.says("测试").reads("收到了！")
    expect(screen.locator(".steps-list__step.is-done")).to_have_count(2)


def _printed(chromium: Browser, address: str) -> bytes:
    sheet = chromium.new_page(viewport={"width": 500, "height": 500})
    sheet.goto(address)
    picture = sheet.screenshot()
    sheet.close()
    return picture
