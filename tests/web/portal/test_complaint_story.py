"""A complaint at a computer: written with a picture, followed, objected to, rated."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.complaints import ComplaintStatus, Verdict
from domain.lifecycle import Status
from models import Attachment, Complaint
from services.complaints import handling, reading
from services.complaints.handling import Decision
from tests.services import complaint_kit as kit
from tests.services.complaint_kit import cast_of
from tests.web.console.accessible import violations

SHOTS = os.environ.get("ITDESK_SHOTS")  # a folder: pictures of the pages are left there
PICTURE = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 160 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#88a';
  context.fillRect(0, 0, 240, 160);
  const blob = await new Promise((made) => canvas.toBlob(made, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
  document.dispatchEvent(
    new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
}"""


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    return read


@pytest.fixture
def acts(database, desk_of):
    """`acts(clerk, number, handling.verify, "…")`: a step of whoever sees to it."""

    def act(person, number, do, *facts):
        with database.transaction() as session:
            desk = desk_of(session, person)
            return do(desk, reading.find(desk, number).id, *facts)

    return act


def leave_a_picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_a_complaint_is_written_followed_objected_to_and_rated_without_a_mouse(
    cast, make_ticket, open_desk, rows, acts
):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    page = open_desk(cast.requester, "/portal/")

    page.get_by_role("link", name="我的投诉").press("Enter")
    page.get_by_role("link", name="我要投诉").press("Enter")
    expect(page.get_by_label("是哪一次")).to_be_hidden()
    page.get_by_label("某一次报修").press("Space")
    page.get_by_label("是哪一次").select_option(index=1)
    page.get_by_label("经过").fill(kit.WORDS)
    page.evaluate(PICTURE)
    expect(page.get_by_role("list", name="选好的照片").get_by_role("img")).to_have_count(1)
    assert violations(page) == []
    leave_a_picture(page, "portal-new")
    page.get_by_role("button", name="提交投诉").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("服务台小陈会在 14:30 前核实")
    expect(page.get_by_role("img", name="照片")).to_be_visible()
    leave_a_picture(page, "portal-done")
    (complaint,) = rows(Complaint)
    assert rows(Attachment)[0].complaint_id == complaint.id

    number = complaint.number
    page.get_by_label("补充的话").fill("他后来也没来")
    acts(cast.clerk, number, handling.verify, "确有其事", [cast.engineer.id])
    acts(cast.clerk, number, handling.report)
    expect(page.get_by_text("IT 负责人正在处理")).to_be_visible()
    expect(page.get_by_label("补充的话")).to_have_value("他后来也没来")
    page.get_by_role("button", name="发送").press("Enter")
    expect(page.get_by_text("已经补上")).to_be_visible()

    decide = Decision(Verdict.UPHELD, "当面道歉")
    acts(cast.head, number, handling.decide, decide)
    acts(cast.clerk, number, handling.feed_back, "您反映的属实，我们已请周工当面向您道歉。")
    expect(page.get_by_role("heading", name="处理得怎么样")).to_be_visible()
    assert violations(page) == []
    leave_a_picture(page, "portal-answered")
    page.get_by_text("对结果有异议").press("Enter")
    page.get_by_label("哪里不认同").fill("没有人来道歉")
    page.get_by_role("button", name="提交异议").press("Enter")
    expect(page.get_by_text("您的异议已交给 IT 负责人")).to_be_visible()

    acts(cast.head, number, handling.decide, decide)
    acts(cast.clerk, number, handling.feed_back, "周工已经去过了。")
    expect(page.get_by_text("这是复议后的最终结果")).to_be_visible()
    process = page.get_by_role("group", name="处理过程")
    process.get_by_role("radio", name="1 分").focus()
    for key in ("Space", "ArrowRight", "Tab", "Space", *["ArrowRight"] * 4):
        page.keyboard.press(key)
    page.get_by_label("想说的话").fill("还行")
    page.get_by_role("button", name="提交评价").press("Enter")
    expect(page.get_by_text("记下了，谢谢您")).to_be_visible()
    assert violations(page) == []
    leave_a_picture(page, "portal-rated")

    (complaint,) = rows(Complaint)
    assert (complaint.process, complaint.outcome) == (2, 5)


def test_it_fits_a_small_screen_in_the_dark_and_works_without_a_script(
    cast, make_ticket, open_desk, rows, database, desk_of, served
):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    number = kit.fed_back(database, desk_of, cast).number
    kit.submitted(database, desk_of, cast, words="电话一直没人接")
    page = open_desk(cast.requester, "/portal/complaints", size=(360, 740), dark=True)

    for name, path in (
        ("list", "/portal/complaints"),
        ("new", "/portal/complaints/new"),
        ("one", f"/portal/complaints/{number}"),
        ("start", "/portal/"),
    ):
        page.goto(served.url + path)
        if name == "new":
            page.get_by_label("某个人").press("Space")
            page.get_by_label("其他人").press("Space")
            expect(page.get_by_label("姓名或称呼")).to_be_visible()
        leave_a_picture(page, f"portal-dark-{name}")
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    plain = open_desk(cast.requester, "/portal/complaints/new", scripts=False)
    plain.get_by_label("某个人").press("Space")
    plain.locator("label", has_text="周工").click()
    plain.get_by_label("经过").fill(kit.WORDS)
    plain.get_by_role("button", name="提交投诉").click()
    expect(plain.get_by_text("已登记，投诉号")).to_be_visible()
    plain.get_by_text("撤回投诉").click()
    plain.get_by_role("button", name="确定撤回").click()
    expect(plain.get_by_text("已撤回。以后有事")).to_be_visible()

    assert rows(Complaint)[-1].status is ComplaintStatus.WITHDRAWN
