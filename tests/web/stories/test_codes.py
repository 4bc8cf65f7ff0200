"""扫一扫: a device's code opens its report, a staff code joins a colleague (F1 F11 W2 H-28)."""

import pytest
from playwright.sync_api import Browser

from domain.category import Category
from tests.web import pictures

LIANG = ("梁工", "--role", "engineer", "--skills", "security", "--phone", "13800009001")

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


def test_a_colleague_joins_by_one_scan_of_a_printed_code(
    newcomer, demo, records, chromium, tmp_path
):
    """W2, H-28: read from the picture, as with a camera; nothing is typed."""
    demo.run("person", "add", *LIANG)
    file = tmp_path / "liang.svg"
    demo.run("person", "code", "梁工", "--qr", str(file))
    liang = newcomer("oWebLiang00000000000000000001", "梁工", "新来的同事")

    liang.scans_the_picture(_printed(chromium, file.as_uri())).reads("绑定成功，梁工")

    assert liang.said() == []
    assert records.openid_of("梁工") == liang.openid
    liang.says("签到").reads("已签到")


def _printed(chromium: Browser, address: str) -> bytes:
    sheet = chromium.new_page(viewport={"width": 500, "height": 500})
    sheet.goto(address)
    picture = sheet.screenshot()
    sheet.close()
    return picture
