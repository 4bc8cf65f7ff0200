"""An engineer's pages on a phone: the order, the result, and a signature drawn on the screen."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from bot import voices
from domain.heard import Heard, Medium
from domain.lifecycle import Status
from domain.priority import Urgency
from models import Attachment, AttachmentState, Purpose, Resolution
from services import attachments
from services.desk import Desk
from tests.bot.voices import amr
from tests.services.making import all_of, only
from tests.web.pages.test_pages_requesters import (
    CONTRAST,
    MOST,
    OVERFLOW,
    TALL,
    TARGETS,
    UNLABELLED,
    UNNAMED,
    WEIGHT,
)

SHOTS = os.environ.get("ITDESK_SHOTS")  # a folder: pictures of the pages are left there


def photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((900, 700)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", skills=["printer"])


@pytest.fixture
def order(database, site, rules, clock, by, make_ticket, wang, zhou):
    """Urgent, in hand, with a photo, a voice and a place of its requester's."""
    ticket = make_ticket(
        Status.IN_PROGRESS, requester=wang, engineer=zhou, device="惠普 M404", urgency=Urgency.HIGH
    )
    saved, sound = site.store.save(photo(), "image"), site.store.save(amr(2.0), "voice")
    mp3 = site.store.save_made(voices.playable(amr(2.0), "audio/amr"), "audio/mpeg")
    with database.transaction() as session:
        desk = Desk(session, clock(), rules, wang)
        attachments.keep_upload(desk, ticket.id, "image", saved)
        place = Heard(Medium.LOCATION, latitude=30.51, longitude=114.4, label="科技路 1 号")
        attachments.attach(desk, place, ticket.id)
        session.add(
            Attachment(
                person_id=wang.id,
                ticket_id=ticket.id,
                kind="voice",
                state=AttachmentState.SAVED,
                file=sound.name,
                playable=mp3.name,
                content_type=sound.content_type,
                words="卡纸，还有异响",
                created_at=clock(),
            )
        )
    return ticket


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(SHOTS) / f"work-{name}.png"), full_page=True)


def sign(page: Page) -> None:
    """A stroke like a person's, with the mouse."""
    page.locator("[data-signature] canvas").scroll_into_view_if_needed()
    box = page.locator("[data-signature] canvas").bounding_box()
    assert box is not None
    points = [(0.1, 0.6), (0.25, 0.2), (0.3, 0.8), (0.5, 0.3), (0.7, 0.7), (0.85, 0.4)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def fill_in(page: Page) -> None:
    page.get_by_label("部件老化").check()
    page.get_by_label("怎么处理的").fill("换了搓纸轮，测试正常")
    page.get_by_label("用了多少分钟").fill("30")


def test_an_engineer_works_through_an_order_and_the_user_signs(
    open_phone, database, site, order, zhou
):
    """W2, F9, F10, R1: from the list to the result, on one phone."""
    page = open_phone(zhou, "/h5/work")
    shot(page, "list")
    page.get_by_text("惠普打印机一直卡纸").click()
    expect(page.get_by_role("img", name="照片").first).to_be_visible()
    shot(page, "order")
    page.get_by_role("button", name="到现场了").click()
    expect(page.get_by_role("status")).to_contain_text("已告诉报修人您到了")
    page.get_by_role("link", name="完工").click()
    fill_in(page)
    page.set_input_files("#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    sign(page)
    shot(page, "result")
    page.get_by_role("button", name="提交完工").click()

    expect(page.get_by_role("status")).to_contain_text("已完工")
    shot(page, "resolved")
    assert only(database, Resolution).action_taken == "换了搓纸轮，测试正常"
    shown = all_of(database, Attachment, ticket_id=order.id)
    assert [each.purpose for each in shown[-2:]] == [Purpose.RESULT, Purpose.SIGNATURE]
    drawn = Image.open(io.BytesIO(site.store.read(shown[-1].thumbnail))).convert("L")
    dark = sum(drawn.histogram()[:100])
    assert 100 < dark < drawn.width * drawn.height / 5  # strokes on paper, not a blot


def test_what_was_typed_and_signed_outlives_a_broken_connection(open_phone, order, zhou, served):
    page = open_phone(zhou, f"/h5/work/{order.number}/result")
    fill_in(page)
    sign(page)

    page.goto(served.url + "/h5/")
    page.goto(served.url + f"/h5/work/{order.number}/result")

    expect(page.get_by_label("怎么处理的")).to_have_value("换了搓纸轮，测试正常")
    expect(page.get_by_label("部件老化")).to_be_checked()
    page.get_by_role("button", name="提交完工").click()
    expect(page.get_by_role("status")).to_contain_text("已完工")
    expect(page.get_by_role("img", name="用户签字")).to_be_visible()


def test_a_signature_is_wiped_and_left_out(open_phone, database, order, zhou):
    page = open_phone(zhou, f"/h5/work/{order.number}/result")
    fill_in(page)
    sign(page)
    page.get_by_role("button", name="重签").click()
    page.get_by_role("button", name="提交完工").click()

    expect(page.get_by_role("status")).to_contain_text("已完工")
    assert all_of(database, Attachment, purpose=Purpose.SIGNATURE) == []


def test_without_scripts_the_order_is_worked_through_all_the_same(open_phone, order, zhou):
    page = open_phone(zhou, f"/h5/work/{order.number}/result", scripts=False)

    expect(page.locator("[data-signature]")).to_be_hidden()
    fill_in(page)
    page.get_by_role("button", name="提交完工").click()

    expect(page.get_by_role("status")).to_contain_text("已完工")


def test_a_voice_of_a_phone_is_played_by_the_browser(open_phone, order, zhou):
    """The platform's AMR no browser knows (wechat-platform §2)."""
    page = open_phone(zhou, f"/h5/work/{order.number}")

    seconds = page.locator("audio").first.evaluate(
        """audio => new Promise((done, fail) => {
          audio.onloadedmetadata = () => done(audio.duration);
          audio.onerror = () => fail(new Error(audio.error.message));
          audio.preload = 'metadata';
          audio.load();
        })"""
    )

    assert 1.8 < seconds < 2.3
    expect(page.get_by_text("听到：卡纸，还有异响").first).to_be_visible()


WX = """
window.jWeixin = window.wx = { asked: [], config() {}, ready(act) { setTimeout(act, 0); },
  hideMenuItems() {}, openLocation(where) { this.asked.push(where); } };
document.addEventListener("DOMContentLoaded", () => setTimeout(() =>
  document.dispatchEvent(new CustomEvent("wx-ready", { detail: window.wx })), 0));
"""


def test_inside_wechat_its_own_map_shows_the_way(open_phone, order, zhou, served):
    page = open_phone(zhou, "/h5/")
    page.add_init_script(WX)
    page.goto(f"{served.url}/h5/work/{order.number}")
    page.wait_for_function("() => document.readyState === 'complete'")
    page.get_by_role("link", name="导航").click()

    page.wait_for_function("() => window.wx.asked.length === 1")
    asked = page.evaluate("() => window.wx.asked[0]")
    assert (asked["latitude"], asked["longitude"]) == (30.51, 114.4)
    assert (asked["name"], asked["address"]) == ("三楼财务室", "科技路 1 号")


@pytest.mark.parametrize(("dark", "width"), [(False, 390), (True, 390), (False, 320)])
def test_the_pages_fit_a_phone_and_can_be_read(
    open_phone, make_ticket, make_engineer, order, wang, zhou, served, dark, width
):
    """Large enough to be touched, dark enough to be read, light enough to be loaded."""
    make_ticket(Status.ASSIGNED, requester=wang, engineer=zhou, symptom="电脑蓝屏，重启三次")
    make_engineer("吴工")
    page = open_phone(zhou, "/h5/work", dark=dark, width=width)
    names = ("", "/progress", "/hold", "/transfer", "/ask_support", "/result")
    for path in ("/h5/work", *(f"/h5/work/{order.number}{name}" for name in names)):
        page.goto(served.url + path)
        page.wait_for_load_state("load")
        shot(page, f"{path.rpartition('/')[2]}-{'dark' if dark else 'light'}-{width}")
        assert page.evaluate(OVERFLOW) == 0, path
        assert page.evaluate(UNLABELLED) == [], path
        assert page.evaluate(UNNAMED) == [], path
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(WEIGHT) < MOST, path
        small = [each for each, height in page.evaluate(TARGETS) if height < TALL - 1]
        assert small == [], path
