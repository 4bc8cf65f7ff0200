"""扫一扫: codes as pictures from the disk or the clipboard, dropped, or the account's own."""

import base64
import io

import pytest
import segno
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.sandbox.page.hands import Platform, last_heard, phone
from tests.sandbox.stage import WANG, ZHOU

# Puts a picture on the clipboard of a paste, or under the hand of a drop.
GIVE = """(node, [what, picture]) => {
  const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "code.png", { type: "image/png" }));
  const options = { bubbles: true, cancelable: true };
  node.dispatchEvent(what === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent("drop", { ...options, dataTransfer: data }));
}"""


def scanner(page: Page, openid: str = WANG) -> Locator:
    phone(page, openid).get_by_test_id("more").click()
    phone(page, openid).get_by_test_id("scan").click()
    opened = phone(page, openid).get_by_test_id("scanner")
    expect(opened).to_be_visible()
    return opened


def show(opened: Locator, picture: bytes) -> None:
    file: FilePayload = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    opened.get_by_test_id("scan-file").set_input_files(file)


def drawn(words: str, **looks: object) -> bytes:
    out = io.BytesIO()
    segno.make(words, micro=False).save(out, kind="png", **{"scale": 5, **looks})
    return out.getvalue()


def test_a_code_of_the_account_is_chosen_and_scanned(page, live, product):
    Platform(live).code("PRN-3F-01")
    opened = scanner(page)

    opened.get_by_test_id("code-PRN-3F-01").click()

    expect(opened).to_be_hidden()
    assert (last_heard(live, product)["Event"], product.last["EventKey"]) == ("SCAN", "PRN-3F-01")


def test_its_picture_from_the_disk_is_read_and_scanned(page, live, product):
    picture = Platform(live).code("PRN-3F-01")
    opened = scanner(page)

    show(opened, picture)

    expect(opened).to_be_hidden()
    assert last_heard(live, product)["EventKey"] == "PRN-3F-01"


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped(page, live, product, way):
    picture = base64.b64encode(Platform(live).code("PRN-3F-01")).decode()
    opened = scanner(page)

    opened.locator(".scan__finder").evaluate(GIVE, [way, picture])

    expect(opened).to_be_hidden()
    assert last_heard(live, product)["EventKey"] == "PRN-3F-01"


@pytest.mark.parametrize(
    "looks", [{"scale": 2}, {"border": 0}, {"scale": 40}, {"dark": "#ffffff", "light": "#202020"}]
)
def test_small_cut_large_and_inverted_codes_are_read(page, site, looks):
    opened = scanner(page)

    with page.expect_popup() as caught:
        show(opened, drawn(site.url, **looks))

    expect(caught.value).to_have_title("工单进度")


def test_a_code_that_leads_to_a_page_opens_it_on_the_phone(page, site):
    site.visits.clear()
    opened = scanner(page, ZHOU)

    with page.expect_popup() as caught:
        show(opened, drawn(site.url))

    expect(caught.value).to_have_title("工单进度")
    assert site.visits == [("p2.localhost", "")]


def test_who_does_not_follow_yet_follows_by_scanning(page, live, product):
    Platform(live).code("JOIN-7Q2M")
    live.do(WANG, "unfollow")
    expect(phone(page).get_by_test_id("input")).to_be_disabled()

    scanner(page).get_by_test_id("code-JOIN-7Q2M").click()

    expect(phone(page).get_by_test_id("input")).to_be_enabled()
    assert last_heard(live, product)["EventKey"] == "qrscene_JOIN-7Q2M"


def test_a_picture_without_a_code_and_a_file_that_is_no_picture_are_told_apart(page, live):
    opened = scanner(page)
    blank = drawn("x", dark="#ffffff")

    show(opened, blank)
    expect(opened.get_by_test_id("scan-state")).to_have_text("没有在图片里找到二维码")
    show(opened, b"no picture")

    expect(opened.get_by_test_id("scan-state")).to_have_text("打不开这张图片")


def test_a_code_that_nobody_made_is_refused_in_words(page):
    opened = scanner(page)

    opened.get_by_test_id("scan-words").fill("no-such-scene")
    opened.get_by_test_id("scan-send").click()

    expect(opened.get_by_test_id("scan-state")).to_have_text("没有这个二维码")


def test_the_scanner_is_shut_by_its_cross_and_by_escape(page):
    opened = scanner(page)
    opened.get_by_test_id("scan-shut").click()
    expect(opened).to_be_hidden()

    opened = scanner(page)
    page.keyboard.press("Escape")

    expect(opened).to_be_hidden()


def test_a_notice_is_allowed_once_and_then_refused(page, live, product):
    platform = Platform(live)
    asked = {"tid": "30101", "kidList": [1, 2], "sceneDesc": "报修"}
    answer = platform.call("/wxaapi/newtmpl/addtemplate", **asked)
    notice = answer["priTmplId"]
    phone(page).get_by_test_id("more").click()
    phone(page).get_by_test_id("notices-open").click()

    phone(page).get_by_test_id(f"allow-{notice}").click()
    expect(phone(page).get_by_test_id("notices")).to_contain_text("还可收 1 条")
    assert last_heard(live, product)["Event"] == "subscribe_msg_popup_event"
    phone(page).get_by_test_id(f"refuse-{notice}").click()

    expect(phone(page).get_by_test_id("notices")).to_contain_text("还没有允许")


def test_a_snapshot_reader_is_marked_on_the_phone(page, live):
    phone(page).get_by_test_id("more").click()
    phone(page).get_by_test_id("snapshot").click()
    phone(page).get_by_test_id("more").click()

    expect(phone(page).get_by_test_id("marks")).to_contain_text("快照页")
    people = {each["openid"]: each for each in live.get("/phone/people")["people"]}
    assert people[WANG]["is_snapshotuser"]
