"""A requester's pages on a phone: with scripts and without, light and dark, small and large."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.lifecycle import Status
from models import Attachment, Rating, Ticket

MOST = 150 * 1024  # bytes of a page before photos (issue 3, point 5)
TALL = 44  # CSS pixels: what a finger hits
SHOTS = os.environ.get("ITDESK_SHOTS")  # a folder: pictures of the pages are left there

TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, input, textarea')]
  .filter(e => e.type !== 'hidden' && e.checkVisibility() && !e.closest('.unseen')
    && !e.classList.contains('unseen') && e.type !== 'radio' && !e.matches('.shot'))
  .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"""
UNLABELLED = """() => [...document.querySelectorAll('input, select, textarea')]
  .filter(e => e.type !== 'hidden' && !(e.labels && e.labels.length)).map(e => e.outerHTML)"""
UNNAMED = """() => [...document.querySelectorAll('a, button, img')]
  .filter(e => !(e.textContent || e.alt || e.getAttribute('aria-label') || '').trim())
  .map(e => e.outerHTML)"""
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])"
WEIGHT = """() => performance.getEntriesByType('resource')
  .concat(performance.getEntriesByType('navigation')).reduce((sum, r) => sum + r.transferSize, 0)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRAST = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const over = (top, under) => top.length < 4 ? top
    : [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => e.checkVisibility() && !e.closest('.unseen')
      && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => {
      const under = ground(e), ink = over(rgb(getComputedStyle(e).color), under);
      const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
      return [e.outerHTML.slice(0, 90), (a + .05) / (b + .05)];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.fixture
def story(make_person, make_engineer, make_ticket, by):
    """Somebody with a report under way, one to settle, one to rate; the paths of all pages."""
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    working = make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)
    by(zhou).progress(working.id, "配件已下单，明天上午到")
    solved = make_ticket(Status.RESOLVED, requester=wang, engineer=zhou, place="A座305")
    closed = make_ticket(Status.CLOSED, requester=wang, engineer=zhou, symptom="邮箱登不上")
    paths = {
        "start": "/h5/",
        "report": "/h5/report",
        "tickets": "/h5/tickets",
        "working": f"/h5/tickets/{working.number}",
        "solved": f"/h5/tickets/{solved.number}",
        "rate": f"/h5/tickets/{closed.number}/rate",
        "nowhere": "/h5/tickets/IT20261124-9999",
    }
    return wang, paths


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    return read


def a_photo(width: int, height: int) -> dict:
    photo = io.BytesIO()
    noise = Image.effect_noise((width // 8, height // 8), 80).resize((width, height))
    noise.convert("RGB").save(photo, "JPEG", quality=95)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}


def a_text(name: str) -> dict:
    return {"name": name, "mimeType": "", "buffer": b"09:00 error\n"}


def fill_in(page: Page) -> None:
    page.get_by_label("什么坏了").fill("三楼财务室那台惠普打印机一直卡纸")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_a_fault_is_reported_followed_settled_and_rated(
    make_person, make_engineer, open_phone, by, rows, scripts
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    page = open_phone(wang, "/h5/", scripts=scripts)

    page.get_by_role("link", name="我要报修").click()
    fill_in(page)
    page.get_by_label("加急").check()
    page.get_by_role("button", name="提交报修").click()
    expect(page.get_by_role("status")).to_contain_text("已受理")
    expect(page.get_by_text("等工程师接单")).to_be_visible()
    (ticket,) = rows(Ticket)
    by(zhou).accept(ticket.id)
    page.get_by_role("button", name="催一下").click()
    expect(page.get_by_role("status")).to_contain_text("已替您催")
    page.get_by_label("补充的话").fill("下午三点后有人在")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("补充：下午三点后有人在")).to_be_visible()
    from tests.services.conftest import _RESULT

    by(zhou).resolve(ticket.id, _RESULT)
    page.goto(page.url)
    page.get_by_role("button", name="解决了").click()
    for row, score in (("速度", 5), ("态度", 4), ("结果", 3)):
        page.get_by_role("group", name=row).locator("label", has_text=f"{score} 分").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您")

    (rating,) = rows(Rating)
    assert (rating.speed, rating.attitude, rating.result) == (5, 4, 3)


def test_photos_and_files_outlive_whatever_goes_wrong_on_their_way(
    make_person, open_phone, rows, site
):
    """C12: seen, taken out again, made smaller on the phone; neither they nor words are lost."""
    page = open_phone(make_person(), "/h5/report")
    large = a_photo(3200, 2400)
    chosen = page.get_by_role("list", name="已经选好的").get_by_role("listitem")
    send, state = page.get_by_role("button", name="提交报修"), page.locator(".files__state")

    page.get_by_label("什么坏了").fill("用不了了")
    page.get_by_label("照片").set_input_files([large])
    page.get_by_label("选文件").set_input_files([a_text("工具.exe"), a_text("不要了.log")])
    expect(page.locator(".files__told")).to_contain_text("这种文件不能传")
    page.get_by_label("选文件").set_input_files([a_text("报错.log")])
    page.get_by_role("button", name="去掉 不要了.log").click()
    expect(chosen).to_have_count(2)
    sent = page.evaluate(
        """async () => {
          const [file] = document.getElementById("photos").files;
          const { width, height } = await createImageBitmap(file);
          return { width, height, size: file.size, type: file.type };
        }"""
    )
    _leave_a_picture(page, "files-chosen")
    page.route("**/h5/report", lambda route: route.abort())
    send.click()
    expect(state).to_contain_text("没有传上去")
    _leave_a_picture(page, "files-not-sent")
    page.unroute("**/h5/report")
    send.click()
    expect(page.get_by_text("请选一个最像的")).to_be_visible()
    expect(chosen).to_have_count(2)
    page.get_by_label("类型").select_option("computer")
    send.click()
    expect(page.get_by_role("status")).to_contain_text("已受理")

    kept, document = rows(Attachment)
    assert (sent["width"], sent["height"], sent["type"]) == (1600, 1200, "image/jpeg")
    assert sent["size"] < len(large["buffer"]) / 2
    assert document.label == "报错.log"
    with site.store.open(kept.file) as file, Image.open(file) as photo:
        assert photo.size == (1600, 1200)


def test_a_photo_travels_without_a_script_as_well(make_person, open_phone, rows):
    page = open_phone(make_person(), "/h5/report", scripts=False)

    fill_in(page)
    page.get_by_label("照片").set_input_files([a_photo(400, 300)])
    page.get_by_role("button", name="提交报修").click()
    expect(page.get_by_role("status")).to_contain_text("已受理")

    (kept,), (ticket,) = rows(Attachment), rows(Ticket)
    assert kept.ticket_id == ticket.id
    expect(page.get_by_role("img", name="照片")).to_be_visible()


def test_a_double_tap_and_the_way_back_make_one_ticket(make_person, open_phone, rows):
    """R-089."""
    page = open_phone(make_person(), "/h5/report")

    fill_in(page)
    page.get_by_role("button", name="提交报修").dblclick()
    expect(page.get_by_role("status")).to_contain_text("已受理")
    page.reload()
    page.go_back()

    expect(page.get_by_role("button", name="提交报修")).to_be_visible()
    assert len(rows(Ticket)) == 1


def test_what_was_typed_is_there_again_when_the_page_was_left(make_person, open_phone, served):
    page = open_phone(make_person(), "/h5/report")

    fill_in(page)
    page.goto(served.url + "/h5/tickets")
    page.goto(served.url + "/h5/report")

    expect(page.get_by_label("什么坏了")).to_have_value("三楼财务室那台惠普打印机一直卡纸")


def test_what_was_sent_is_not_filled_in_again(make_person, open_phone, served):
    page = open_phone(make_person(), "/h5/report")
    fill_in(page)
    page.get_by_role("button", name="提交报修").click()
    expect(page.get_by_role("status")).to_contain_text("已受理")

    page.goto(served.url + "/h5/report")

    expect(page.get_by_label("什么坏了")).to_have_value("")


@pytest.mark.parametrize("look", ["light", "dark", "narrow", "large"])
def test_every_page_is_light_readable_and_fits(story, open_phone, served, look):
    """44 px targets, 4.5 : 1, labels and headings; 320 px wide, and letters of double size."""
    wang, paths = story
    page = open_phone(wang, "/h5/", dark=look == "dark", width=320 if look == "narrow" else 390)

    for name, path in paths.items():
        page.goto(served.url + path)
        if look == "large":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        _leave_a_picture(page, f"{name}-{look}")
        headings = page.evaluate(HEADINGS)

        assert page.evaluate(WEIGHT) < MOST, name
        assert page.evaluate(OVERFLOW) == 0, name
        assert [each for each in page.evaluate(TARGETS) if each[1] < TALL] == [], name
        assert page.evaluate(CONTRAST) == [], name
        assert page.evaluate(UNLABELLED) == page.evaluate(UNNAMED) == [], name
        assert headings.count(1) == 1 and headings[0] == 1, name
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.title().strip("· ")


def test_the_first_page_weighs_little(make_person, open_phone):
    page = open_phone(make_person(), "/h5/report")

    assert 5_000 < page.evaluate(WEIGHT) < 60_000


def test_inside_wechat_the_js_sdk_is_loaded_and_nothing_breaks_without_its_bridge(
    site, make_person, chromium
):
    from dataclasses import dataclass, replace

    from tests.web.pages.serving import served as serve

    @dataclass
    class Config:
        app_id: str = "wx0123456789abcdef"
        timestamp: int = 1767225600
        nonce: str = "Wm3WZYTPz0wzccnW"
        signature: str = "b96412c912c3136ea57bbfaa4f3a50b61cb22b09"

    class Sdk:
        def signature(self, url):
            return Config()

    with serve(replace(site, jssdk=Sdk())) as running:
        running.reader.openid = make_person().openid
        agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 MicroMessenger/8.0.50"
        page = chromium.new_page(user_agent=agent)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{running.url}/h5/report")
        loaded = page.evaluate("typeof (window.wx || window.jWeixin || module.exports).config")
        weight = page.evaluate(WEIGHT)
        page.close()

    assert loaded == "function" and errors == [] and weight < MOST


def _leave_a_picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
