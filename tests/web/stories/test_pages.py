"""Links in messages open pages that know who reads them: reported, worked on and rated (W1)."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from domain.lifecycle import Status
from models import Purpose
from sandbox import samples
from tests.eventually import eventually
from tests.web import pictures
from tests.web.handset import ZHOU, Handset

pytestmark = pytest.mark.timeout(300)

FAULT = "会议桌旁的激光打印机卡纸，红灯一直亮"
STARS = (("速度", 5), ("态度", 5), ("结果", 4))

NAME_WRITTEN = (  # 白灵, in parts of the field's width and height
    ((0.30, 0.16), (0.24, 0.32)),
    ((0.18, 0.34), (0.19, 0.80)),
    ((0.18, 0.34), (0.38, 0.32), (0.38, 0.82)),
    ((0.19, 0.56), (0.37, 0.55)),
    ((0.19, 0.79), (0.38, 0.78)),
    ((0.54, 0.20), (0.74, 0.18), (0.74, 0.44)),
    ((0.55, 0.32), (0.73, 0.31)),
    ((0.52, 0.45), (0.78, 0.43)),
    ((0.56, 0.54), (0.60, 0.64)),
    ((0.74, 0.52), (0.69, 0.63)),
    ((0.65, 0.48), (0.63, 0.66), (0.50, 0.86)),
    ((0.64, 0.62), (0.80, 0.88)),
)


@pytest.fixture
def zhou_at_work(hold) -> Handset:
    return hold(ZHOU).signs_in()


def photo(number: int) -> FilePayload:
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": samples.photo(number)}


def fill(page: Page, **answers: str) -> None:
    for label, words in answers.items():
        page.get_by_label(label, exact=True).fill(words)


def send_the_report(requester: Handset) -> str:
    """The form of the menu, with a photo; answers the number."""
    form = requester.opens_by_the_menu("报修", "填表报修")
    fill(form, 什么坏了=FAULT, 在哪里="A座三楼小会议室")
    form.get_by_label("照片").set_input_files([photo(3)])
    expect(form.locator(".files__list img")).to_have_count(1)
    form.get_by_label("加急").check()
    fill(form, 部门="财务部", 姓名="白灵", 电话或分机="13900007004")
    pictures.take_page(form, "h5-report")
    form.get_by_role("button", name="提交报修").click()
    expect(form.get_by_role("status")).to_contain_text("已受理")
    return form.url.partition("/tickets/")[2].partition("?")[0]


def accept_and_finish(engineer: Handset, number: str) -> None:
    """On the order's page and the form of its result."""
    order = engineer.opens("打开工单", f"新工单 {number}")
    order.wait_for_url(f"**/h5/work/{number}")
    order.get_by_role("button", name="接单").click()
    expect(order.get_by_role("status")).to_contain_text("接单成功")
    expect(order.get_by_role("link", name="打电话")).to_have_attribute("href", "tel:13900007004")
    expect(order.get_by_role("link", name="导航")).to_be_visible()
    expect(order.get_by_role("img").first).to_be_visible()
    pictures.take_page(order, "h5-order")
    order.get_by_role("link", name="完工").click()
    order.get_by_label("部件老化").check()
    fill(order, 怎么处理的="换了搓纸轮，清了纸道，测试正常", 用了多少分钟="25")
    order.get_by_label("现场").check()
    order.get_by_label("完工照片").set_input_files([photo(6)])
    sign(order)
    pictures.take_page(order, "h5-result")
    order.get_by_role("button", name="提交完工").click()
    expect(order.get_by_role("status")).to_contain_text("已完工")
    expect(order.get_by_role("img", name="用户签字")).to_be_visible()


def sign(page: Page) -> None:
    """With the mouse, as she writes her name."""
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for stroke in NAME_WRITTEN:
        first, *others = [
            (box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke
        ]
        page.mouse.move(*first)
        page.mouse.down()
        for point in others:
            page.mouse.move(*point, steps=5)
        page.mouse.up()


def rate(requester: Handset, number: str) -> None:
    """With three rows of stars."""
    rating = requester.opens("打星评价", number[-4:], "打个分")
    for row, score in STARS:
        stars = rating.get_by_role("group", name=row)
        stars.locator("label", has_text=f"{score} 分").click()
    rating.get_by_label("想说的话").fill("来得很快，修好还试了几张")
    pictures.take_page(rating, "h5-rate")
    rating.get_by_role("button", name="提交").click()
    expect(rating.get_by_role("status")).to_contain_text("谢谢您")


def test_a_fault_is_reported_worked_on_and_rated_by_pages(newcomer, zhou_at_work, records):
    """Issue 3: each page knows who reads it, and nobody signs in."""
    bai = newcomer("oWebBai0000000000000000000001", "白灵", "财务部")
    bai.says("你好").reads("我在")
    number = send_the_report(bai)
    bai.hears("已受理", number)
    bai.sends_the_place().reads(f"位置加到 {number[-4:]}")

    accept_and_finish(zhou_at_work, number)

    bai.hears(number, "周工已处理", "解决了吗")
    tickets = bai.opens_by_the_menu("我的报修", "打开我的报修")
    tickets.get_by_role("link", name="激光打印机").click()
    expect(tickets.get_by_role("list")).to_contain_text("搓纸轮")
    pictures.take_page(tickets, "h5-ticket")
    pictures.take_page(tickets, "h5-ticket-dark", is_dark=True)
    bai.taps("解决了", number, "解决了吗").reads(number[-4:], "打个分")
    rate(bai, number)

    kept = records.ticket(number)
    assert (kept.status, kept.place) == (Status.CLOSED, "A座三楼小会议室")
    assert records.scores(number) == [(5, 5, 4)]
    eventually(lambda: records.media_of(number, Purpose.SIGNATURE) == 1)
    assert records.media_of(number, Purpose.RESULT) == 1
    zhou_at_work.hears(number, "白灵说解决了")
