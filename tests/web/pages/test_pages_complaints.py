"""A complainant's pages on a phone: with scripts and without, light and dark, small and large."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.complaints import ComplaintStatus
from domain.lifecycle import Status
from models import Attachment, Complaint
from tests.services import complaint_kit as kit
from tests.services.complaint_kit import cast_of
from tests.web.console.accessible import violations
from tests.web.pages.test_pages_requesters import (
    CONTRAST,
    HEADINGS,
    MOST,
    OVERFLOW,
    TALL,
    TARGETS,
    UNLABELLED,
    UNNAMED,
    WEIGHT,
    _leave_a_picture,
    a_photo,
)


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def rows(database):
    def read(model) -> list:
        with database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    return read


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_a_complaint_is_written_with_a_photo_added_to_and_withdrawn(
    cast, make_ticket, open_phone, rows, scripts
):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    page = open_phone(cast.requester, "/h5/", scripts=scripts)

    page.get_by_role("link", name="我的投诉").click()
    page.get_by_role("link", name="我要投诉").click()
    page.get_by_label("某一次报修").check()
    page.get_by_label("是哪一次").select_option(index=1)
    page.get_by_label("经过").fill(kit.WORDS)
    page.get_by_label("照片").set_input_files([a_photo(400, 300)])
    page.get_by_role("button", name="提交投诉").click()
    expect(page.get_by_role("status")).to_contain_text("服务台小陈会在 14:30 前核实")
    expect(page.get_by_role("img", name="照片")).to_be_visible()
    page.get_by_label("补充的话").fill("他后来也没来")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("他后来也没来")).to_be_visible()
    page.get_by_text("撤回投诉").click()
    page.get_by_role("button", name="确定撤回").click()
    expect(page.get_by_role("status")).to_contain_text("已撤回")

    (complaint,) = rows(Complaint)
    assert complaint.status is ComplaintStatus.WITHDRAWN
    assert [each.complaint_id for each in rows(Attachment)] == [complaint.id]


def test_an_answer_is_rated_by_stars(cast, open_phone, rows, database, desk_of):
    kit.fed_back(database, desk_of, cast)
    page = open_phone(cast.requester, "/h5/")

    page.get_by_role("link", name="有答复了").click()
    for row, score in (("处理过程", 4), ("处理结果", 5)):
        page.get_by_role("group", name=row).locator("label", has_text=f"{score} 分").click()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您")

    (complaint,) = rows(Complaint)
    assert (complaint.process, complaint.outcome) == (4, 5)


@pytest.mark.parametrize("look", ["light", "dark", "narrow", "large"])
def test_every_page_is_light_readable_and_fits(
    cast, make_ticket, open_phone, served, database, desk_of, look
):
    make_ticket(Status.IN_PROGRESS, requester=cast.requester, engineer=cast.engineer)
    answered = kit.fed_back(database, desk_of, cast).number
    new = kit.submitted(database, desk_of, cast, words="电话一直没人接").number
    width = 320 if look == "narrow" else 390
    page = open_phone(cast.requester, "/h5/", dark=look == "dark", width=width)

    for name, path in {
        "c-start": "/h5/",
        "c-list": "/h5/complaints",
        "c-form": "/h5/complaints/new",
        "c-new": f"/h5/complaints/{new}?done=new",
        "c-answered": f"/h5/complaints/{answered}",
    }.items():
        page.goto(served.url + path)
        if look == "large":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        if name == "c-form":
            page.get_by_label("某个人").check()
            page.get_by_label("其他人").check()
        _leave_a_picture(page, f"{name}-{look}")
        headings = page.evaluate(HEADINGS)

        assert page.evaluate(WEIGHT) < MOST, name
        assert page.evaluate(OVERFLOW) == 0, name
        assert [each for each in page.evaluate(TARGETS) if each[1] < TALL] == [], name
        assert page.evaluate(CONTRAST) == [], name
        assert page.evaluate(UNLABELLED) == page.evaluate(UNNAMED) == [], name
        assert headings.count(1) == 1 and headings[0] == 1, name
        assert violations(page) == [], name
