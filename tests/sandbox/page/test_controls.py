"""What an operator does beside the phones: faults, the clock, record and replay; and what plays."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.sandbox.live import Live
from tests.sandbox.page.hands import Platform, bubbles, phone, say
from tests.sandbox.stage import WANG, WITHIN, says

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
def faults(page: Page) -> Page:
    page.get_by_test_id("tab-faults").click()
    return page


def add(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        field = page.get_by_test_id(f"fault-{name}")
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_test_id("fault-add").click()


def live_faults(live: Live) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = live.get("/control/rules")["api_faults"]
    return kept


def test_an_error_code_is_answered_as_often_as_was_asked_for_and_counted(faults, live):
    platform = Platform(live)
    add(faults, path=SEND, kind="errcode", number="45015", often="times", times="2")
    row = faults.get_by_test_id("fault")
    expect(row).to_contain_text("还有 2 次")

    with pytest.raises(AssertionError, match="45015"):
        platform.call(SEND, touser=WANG, msgtype="text", text={"content": "在路上"})

    expect(row).to_contain_text("还有 1 次，已发生 1 次")
    platform.call("/cgi-bin/user/info/updateremark", openid=WANG, remark="其他接口不受影响")


def test_each_way_to_fail_that_is_offered_is_one_that_the_sandbox_knows(faults, live):
    offered = faults.get_by_test_id("fault-kind").locator("option")
    kinds = [option.get_attribute("value") for option in offered.all()]
    assert {"latency", "close", "lost", "html502", "empty", "truncated", "errcode"} == set(kinds)

    for count, kind in enumerate(kinds, 1):
        add(faults, path=SEND, kind=kind)
        expect(faults.get_by_test_id("fault")).to_have_count(count)

    kept = [(each["path"], each["kind"], each["times"]) for each in live_faults(live)]
    assert kept == [(SEND, kind, 1) for kind in reversed(kinds)]


def test_the_common_error_codes_are_offered_by_name_and_bring_their_words(faults, live):
    numbers = ("40001", "45009", "45015", "45047", "43004", "48001", "50002", "-1")

    for count, number in enumerate(numbers, 1):
        add(faults, kind="errcode", number=number)
        expect(faults.get_by_test_id("fault")).to_have_count(count)

    kept = [str(each["errcode"]) for each in live_faults(live) if each["errmsg"]]
    assert kept == list(reversed(numbers))


def test_an_error_code_of_ones_own_and_a_slow_answer_carry_their_numbers(faults, live):
    add(faults, kind="errcode", number="other", errcode="61024", often="always")
    expect(faults.get_by_test_id("fault")).to_contain_text("错误码 61024")
    add(faults, kind="latency", seconds="1.5")

    expect(faults.get_by_test_id("fault").first).to_contain_text("慢 1.5 秒")
    slow, own = live_faults(live)
    assert (slow["seconds"], own["errcode"], own["times"]) == (1.5, 61024, None)


def test_one_button_cuts_the_platform_off_and_brings_it_back(faults, live):
    platform = Platform(live)
    faults.get_by_test_id("outage").click()
    expect(faults.get_by_test_id("outage")).to_have_text("恢复微信接口")

    with pytest.raises(requests.ConnectionError):
        platform.call("/cgi-bin/user/info/updateremark", openid=WANG, remark="x")
    faults.get_by_test_id("outage").click()
    expect(faults.get_by_test_id("outage")).to_have_text("微信接口全断")

    platform.call("/cgi-bin/user/info/updateremark", openid=WANG, remark="x")


def test_a_fault_is_taken_away_and_the_others_stay(faults, live):
    add(faults, path=SEND, kind="empty")
    expect(faults.get_by_test_id("fault")).to_have_count(1)
    add(faults, kind="html502")
    expect(faults.get_by_test_id("fault")).to_have_count(2)

    faults.get_by_test_id("fault").filter(has_text="502").get_by_test_id("fault-remove").click()

    expect(faults.get_by_test_id("fault")).to_have_count(1)
    assert [fault["kind"] for fault in live_faults(live)] == ["empty"]


def test_a_fault_that_is_used_up_says_so_and_makes_room_for_the_next(faults, live):
    platform = Platform(live)
    add(faults, path=SEND, kind="errcode", number="-1")
    expect(faults.get_by_test_id("fault")).to_contain_text("还有 1 次")
    with pytest.raises(AssertionError, match="-1"):
        platform.call(SEND, touser=WANG, msgtype="text", text={"content": "在路上"})
    expect(faults.get_by_test_id("fault")).to_contain_text("已发生 1 次，用完了")

    add(faults, kind="empty")

    expect(faults.get_by_test_id("fault")).to_have_count(1)
    expect(faults.get_by_test_id("fault")).to_have_attribute("data-kind", "empty")


def test_the_clock_runs_as_fast_as_was_chosen(page, live):
    page.get_by_test_id("tab-clock").click()

    page.get_by_test_id("speed-600").click()

    expect(page.get_by_test_id("speed-600")).to_have_attribute("aria-pressed", "true")
    assert live.get("/control/clock")["speed"] == 600
    expect(page.get_by_text("正以 600 倍走")).to_be_visible()
    page.get_by_test_id("speed-1").click()
    expect(page.get_by_text("正以 600 倍走")).to_be_hidden()
    assert live.get("/control/clock")["speed"] == 1


def test_what_was_recorded_is_saved_and_done_once_more(page, live, product, tmp_path: Path):
    page.get_by_test_id("tab-tape").click()
    page.get_by_test_id("tape-start").click()
    expect(page.get_by_test_id("tape-count")).to_contain_text("已录 0 步")
    product.answers.extend([says("收到"), says("又收到")])
    say(page, "打印机卡纸")
    expect(bubbles(page)).to_have_text("收到")

    with page.expect_download() as caught:
        page.get_by_test_id("tape-save").click()
    file = tmp_path / caught.value.suggested_filename
    caught.value.save_as(file)
    page.get_by_test_id("tape-load").set_input_files(file)
    expect(page.get_by_test_id("tape-file")).to_contain_text("1 步")
    page.get_by_test_id("tape-speed").select_option("100")
    page.get_by_test_id("tape-play").click()

    expect(bubbles(page, sender="person")).to_have_text(["打印机卡纸", "打印机卡纸"])
    expect(bubbles(page)).to_have_text(["收到", "又收到"])
    expect(page.get_by_test_id("tape-progress")).to_have_text("放了 1 步，共 1 步")


def test_a_long_replay_shows_how_far_it_is_and_is_stopped(page, tmp_path: Path):
    acts = [
        {"at": at, "kind": "phone.say", "who": WANG, "arguments": {"text": f"第{at}秒"}}
        for at in (0, 900)
    ]
    file = tmp_path / "long.json"
    file.write_text(json.dumps({"acts": acts}), encoding="utf-8")
    page.get_by_test_id("tab-tape").click()
    page.get_by_test_id("tape-load").set_input_files(file)
    page.get_by_test_id("tape-play").click()
    expect(page.get_by_test_id("tape-progress")).to_contain_text("正在放，第 1 步，共 2 步")

    page.get_by_test_id("tape-stop").click()

    expect(page.get_by_test_id("tape-play")).to_be_visible()
    expect(bubbles(page, sender="person")).to_have_text("第0秒")


def test_a_file_that_is_no_recording_is_refused_in_words(page, tmp_path: Path):
    file = tmp_path / "other.json"
    file.write_text("[]", encoding="utf-8")
    page.get_by_test_id("tab-tape").click()

    page.get_by_test_id("tape-load").set_input_files(file)

    expect(page.get_by_text("这个文件不是沙箱录下的")).to_be_visible()
    expect(page.get_by_test_id("tape-play")).to_be_disabled()


def test_a_voice_is_heard_to_its_end(page, live):
    live.do(WANG, "voice", seconds=1)
    voice = phone(page).get_by_test_id("play")

    voice.click()

    expect(voice).to_have_class("voice voice--heard")
    expect(voice).to_have_class("voice")
    expect(page.get_by_role("status").filter(has_text="放不出来")).to_have_count(0)


def test_a_photo_is_looked_at_large_and_put_away_by_escape(page, live):
    live.do(WANG, "photo")
    phone(page).get_by_role("img", name="照片").click()
    viewer = page.get_by_test_id("viewer")
    expect(viewer.get_by_role("img", name="照片")).to_be_visible()

    page.keyboard.press("Escape")

    expect(viewer).to_be_hidden()


def test_everything_beside_the_phones_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})

    for tab in ("journal", "faults", "clock", "tape", "desk"):
        page.get_by_test_id(f"tab-{tab}").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, tab


def test_the_libraries_come_from_the_sandbox_itself(page, live):
    for name in ("jsQR.js", "amr.min.js", "jsQR.LICENSE.txt", "amr.LICENSE.txt"):
        answer = requests.get(f"{live.url}/static/vendor/{name}", timeout=WITHIN)
        assert answer.ok, name
