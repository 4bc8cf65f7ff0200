"""A requester at a computer reports by paste and drag, follows, talks, confirms, rates (F3)."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.lifecycle import Status
from models import Attachment, IntakeChannel, Rating, Ticket
from tests.services.making import RESULT
from tests.web.console.accessible import violations

PICTURE = """async (how) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 });
  canvas.getContext('2d').fillRect(0, 0, how === 'paste' ? 30 : 60, 20);
  const blob = await new Promise((made) => canvas.toBlob(made, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
  if (how === 'wrong') data.items.add(new File(['MZ'], 'a.exe'));
  const facts = { bubbles: true, cancelable: true };
  const target = document.querySelector('#report .files__drop');
  if (how === 'paste') {
    const event = new ClipboardEvent('paste', { ...facts, clipboardData: data });
    document.dispatchEvent(event);
  } else target.dispatchEvent(new DragEvent('drop', { ...facts, dataTransfer: data }));
}"""


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    return read


def presses(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_fault_is_reported_with_pictures_followed_settled_and_rated(
    make_person, make_engineer, open_desk, by, rows
):
    wang, zhou = make_person(), make_engineer(skills=["printer"])
    page = open_desk(wang, "/portal/")

    page.get_by_label("哪里的什么坏了").focus()
    page.keyboard.type("A座305 打印机卡纸")
    page.keyboard.press("Enter")
    expect(page.get_by_label("地点")).to_have_value("A座305")
    page.get_by_label("哪里的什么坏了").fill("A座306 打印机一直卡纸，急用")
    expect(page.get_by_text("看起来是「打印机」的问题")).to_be_visible()
    expect(page.get_by_label("地点")).to_have_value("A座306")
    expect(page.get_by_label("加急")).to_be_checked()
    page.evaluate(PICTURE, "paste")
    expect(page.get_by_role("list", name="选好的照片").get_by_role("img")).to_have_count(1)
    page.evaluate(PICTURE, "wrong")
    expect(page.get_by_role("alert")).to_have_text(
        "这种文件不能传，没有加上。可以传照片、PDF、Office 文档和文本。"
    )
    expect(page.get_by_role("list", name="选好的照片").get_by_role("img")).to_have_count(2)
    page.evaluate(PICTURE, "drop")
    page.get_by_role("button", name="去掉 image.png").last.press("Enter")
    expect(page.get_by_role("list", name="选好的照片").get_by_role("img")).to_have_count(2)
    page.get_by_role("button", name="提交报修").press("Enter")
    expect(page.get_by_text("已受理，单号")).to_be_visible()

    (ticket,) = rows(Ticket)
    assert (ticket.place, ticket.channel) == ("A座306", IntakeChannel.WEB)
    assert [each.ticket_id for each in rows(Attachment)] == [ticket.id] * 2
    expect(page.get_by_text("已派给周工，等接单")).to_be_visible()

    page.get_by_label("补充的话").fill("下午三点后有人在")
    by(zhou).accept(ticket.id)
    expect(page.get_by_text("周工接单")).to_be_visible()
    expect(page.get_by_label("补充的话")).to_have_value("下午三点后有人在")
    page.get_by_role("button", name="发送").press("Enter")
    expect(page.get_by_text("补充：下午三点后有人在")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="照片").first.press("Enter")
    large = page.get_by_role("dialog", name="看大图")
    expect(large.get_by_text("1 / 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(large.get_by_text("2 / 2")).to_be_visible()
    assert (
        large.get_by_role("img").evaluate("image => image.decode().then(() => 'drawn')") == "drawn"
    )
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()

    by(zhou).resolve(ticket.id, RESULT)
    page.get_by_role("link", name="首页").press("Enter")
    page.get_by_role("button", name="解决了").press("Enter")
    page.get_by_role("radio", name="1 分").first.focus()
    presses(page, "Space", *["ArrowRight"] * 4, "Tab", "Space", "ArrowRight", "Tab", "Space")
    page.get_by_label("想说的话").fill("很快")
    page.get_by_role("button", name="提交").press("Enter")
    expect(page.get_by_text("记下了，谢谢您")).to_be_visible()

    (rating,) = rows(Rating)
    assert (rating.speed, rating.attitude, rating.result) == (5, 2, 1)
    assert rows(Ticket)[0].status is Status.CLOSED


def test_what_was_typed_is_there_after_a_reload_and_a_form_works_without_a_script(
    make_person, make_engineer, open_desk, rows, served
):
    wang = make_person()
    make_engineer(skills=["printer"])
    page = open_desk(wang, "/portal/report", size=(360, 740), dark=True)

    page.get_by_label("哪里的什么坏了").fill("打印机卡纸")
    page.reload()
    expect(page.get_by_label("哪里的什么坏了")).to_have_value("打印机卡纸")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="提交报修").click()
    expect(page.get_by_text("已受理，单号")).to_be_visible()
    page.goto(served.url + "/portal/report")
    expect(page.get_by_label("哪里的什么坏了")).to_have_value("")

    plain = open_desk(wang, "/portal/", scripts=False)
    plain.get_by_label("哪里的什么坏了").fill("三楼打印机卡纸")
    plain.get_by_role("button", name="报修").click()
    expect(plain.get_by_label("照片和文件")).to_be_visible()
    plain.get_by_role("button", name="提交报修").click()
    expect(plain.get_by_text("已受理，单号")).to_be_visible()

    assert len(rows(Ticket)) == 2
