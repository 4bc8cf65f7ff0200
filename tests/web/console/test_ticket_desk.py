"""A clerk at one ticket in a real browser: gives it away, takes it back, meets a colleague."""

import re

import pytest
from playwright.sync_api import expect

from domain.lifecycle import Status
from domain.permissions import Role
from models import Notice, NoticeState, Ticket
from tests.services.making import all_of, only


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def ticket(make_ticket, make_person):
    return make_ticket(requester=make_person("王芳"))


def test_a_clerk_gives_a_ticket_away_and_thinks_better_of_it(
    open_desk, database, chen, make_engineer, ticket
):
    """F8, C §7, C §8: one press, eight seconds, one press; and the words written meanwhile stay."""
    make_engineer("周工", skills=["printer"])
    make_engineer("吴工", skills=["network"])
    page = open_desk(chen, f"/console/tickets/{ticket.number}")

    page.get_by_role("tab", name="内部备注").click()
    page.locator("#words-note").fill("先问问备件")
    page.locator("#words-note").blur()
    expect(page.get_by_text("草稿已保存")).to_be_visible()

    page.get_by_role("button", name="指派给周工").click()
    expect(page.locator("#undo")).to_contain_text("已派给周工")
    page.locator("#undo").get_by_role("button", name="撤销").click()

    expect(page.locator(".head")).to_contain_text("待受理")
    assert only(database, Ticket, id=ticket.id).status is Status.NEW
    notice = only(database, Notice, text_key="notice.assigned")
    assert notice.state is NoticeState.REPLACED
    expect(page.locator("#words-note")).to_have_value(re.compile("先问问备件"))


def test_two_clerks_do_not_overwrite_each_other(
    open_desk, database, chen, make_person, make_engineer, ticket
):
    """C §5: each sees the other; the later act is asked about, with its words kept."""
    make_engineer("周工", skills=["printer"])
    li = make_person("李台", Role.DESK)
    path = f"/console/tickets/{ticket.number}"
    one, other = open_desk(chen, path), open_desk(li, path)
    expect(other.locator(".avatars")).to_contain_text("陈静")

    one.get_by_text("更多", exact=True).click()
    one.get_by_role("link", name="撤销工单").click()
    one.get_by_label("为什么撤销").fill("用户说好了")
    other.get_by_role("button", name="指派给周工").click()
    expect(other.locator("#undo")).to_contain_text("已派给周工")
    one.locator("#act-dialog").get_by_role("button", name="撤销工单").click()

    expect(one.get_by_role("heading", level=1)).to_contain_text("有了变化")
    expect(one.get_by_text("派给周工")).to_be_visible()
    expect(one.get_by_text("用户说好了")).to_be_visible()
    one.get_by_role("link", name="放弃").click()
    expect(one.locator(".head")).to_contain_text("待接单")
    assert only(database, Ticket, id=ticket.id).status is Status.ASSIGNED
    assert all_of(database, Notice, text_key="desk_told.cancelled") == []
