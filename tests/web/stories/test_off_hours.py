"""转人工 in the evening: the truth is said, and nobody waits where nobody looks (F15)."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.web.conftest import READS_WITHIN
from tests.web.handset import WANG, Handset
from tests.web.running import running_demo

EVENING = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # 20:30 at the desk


@pytest.mark.timeout(240)
def test_in_the_evening_one_reads_when_the_desk_opens_and_what_is_urgent_is_taken(
    chromium, tmp_path
):
    with running_demo(tmp_path, EVENING, SERVICE__ROUND_THE_CLOCK="false") as evening:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(READS_WITHIN)
        page.goto(evening.url)
        wang = Handset(page, WANG)

        told = wang.says("转人工").reads("下班时间", "明天 8:00", "您的话记下了")

        expect(told).to_contain_text("急事请回「紧急」")
        page.get_by_test_id("tab-desk").click()
        expect(page.get_by_text("没有人在等")).to_be_visible()
        wang.says("A座305 打印机冒烟了，急").reads("打印机", "A座305")
        page.close()
