"""A day at the desk: the wall, what did not get through, a bulletin, a talk (O1, P6, K3, W1)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import BulletinReading, Notice, NoticeState, TalkLine
from services import inbox, shared_answers
from services.inbox import Arrival
from tests.services.making import all_of, only
from tests.slow_line import held
from tests.web.console.accessible import violations

TITLE = "机房空调故障，邮箱暂停"
SINCE = "window.since = 'opened'"
ASK_NOW = "document.querySelector('[data-live]').dispatchEvent(new Event('live:now', {bubbles: 1}))"


@pytest.fixture(autouse=True)
def nothing_is_shared(monkeypatch):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)


def presses(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


# --- the wall ------------------------------------------------------------------------------------


def test_the_wall_moves_under_no_hand_when_a_ticket_comes_and_another_ends_o1(scene, open_desk):
    wall = open_desk(scene.who("何总"), "/console/board")
    wall.evaluate(SINCE)
    came, went = wall.locator(".flow__came"), wall.locator(".flow__went")
    reported, ended = int_of(came.inner_text()), int_of(went.inner_text())
    solved = next(each for each in scene.tickets if "密码过期" in each.symptom)

    scene.report("王芳", timedelta(), "新邮箱收不到信", "A座三楼财务室", "email")
    scene.at("李雷", timedelta(), "confirm", solved.id)

    expect(came).to_have_text(f"报修 {reported + 1}")
    expect(went).to_have_text(f"办结 {ended + 1}")
    expect(wall.locator(".longest")).to_contain_text("新邮箱收不到信")
    assert wall.evaluate("window.since") == "opened"


def int_of(words: str) -> int:
    found = re.search(r"\d+", words)
    assert found is not None
    return int(found[0])


# --- what did not get through --------------------------------------------------------------------


def test_what_did_not_get_through_is_sent_again_and_comes_back_if_it_fails_p6(
    scene, open_desk, nudges, database
):
    lost = only(database, Notice, state=NoticeState.FAILED)
    page = open_desk(scene.who("陈静"), "/console/undelivered")
    row = page.locator(f"#n{lost.id}")
    expect(row).to_contain_text("钱多多")
    expect(row.get_by_role("link", name="13800005678")).to_be_visible()

    row.get_by_role("button", name="重发").click()

    expect(page.get_by_text("马上重发，结果会出现在这里。")).to_be_visible()
    expect(row).to_have_count(0)
    assert nudges and only(database, Notice, id=lost.id).state is NoticeState.PENDING
    with database.transaction() as session:
        session.get_one(Notice, lost.id).state = NoticeState.FAILED
    page.evaluate(ASK_NOW)
    expect(row.get_by_role("button", name="重发")).to_be_visible()


# --- a bulletin ----------------------------------------------------------------------------------


def test_an_urgent_bulletin_is_a_bar_on_each_page_read_counted_and_withdrawn_k3(
    scene, open_desk, served, database
):
    page = open_desk(scene.who("陈静"), "/console/bulletins")
    portal = open_desk(scene.who("王芳"), "/portal/")
    bar = portal.locator(".portal-bar")
    page.get_by_role("link", name="写公告").first.click()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("正文").fill("抢修中，预计下午恢复。\n\n急事请打 8800。")
    page.get_by_label("紧急").check()
    presses(page, "预览")
    seen = page.get_by_role("status").filter(has_text="读的人看到的是这样")
    expect(seen.locator(".prose")).to_have_text(["抢修中，预计下午恢复。", "急事请打 8800。"])
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    expect(page.get_by_label("紧急")).to_be_checked()
    assert violations(page) == []
    portal.reload()
    expect(bar).to_have_count(0)

    presses(page, "发布")
    expect(page.get_by_text("已发布")).to_be_visible()
    expect(page.get_by_text("还没有人读。")).to_be_visible()

    for path in ("/portal/tickets", "/portal/"):
        portal.goto(served.url + path)
        expect(bar).to_contain_text(TITLE)
    bar.press("Enter")
    expect(portal.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    assert only(database, BulletinReading).person_id == scene.who("王芳").id

    page.reload()
    expect(page.get_by_role("heading", name="已读 1 人")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="王芳")).to_contain_text("财务部")

    page.locator("summary").filter(has_text="撤回").click()
    presses(page, "确定撤回")
    expect(page.get_by_text("草稿", exact=True)).to_be_visible()
    portal.goto(served.url + "/portal/")
    expect(bar).to_have_count(0)


# --- a talk --------------------------------------------------------------------------------------


@pytest.fixture
def writes(scene, database, clock):
    """`writes("赵敏", "在吗")`: somebody writes in WeChat while a clerk has their talk."""

    def writes(name: str, words: str) -> None:
        now, openid = clock(), scene.who(name).openid
        said = Arrival(openid, f"m:{words}", "text", words, None, None, now, now)
        with database.transaction() as session:
            taken = inbox.take(session, said)
            assert taken is not None
            inbox.keep_answer(session, taken, None, None)

    return writes


def test_a_talk_is_taken_goes_on_by_itself_is_answered_taken_back_and_given_back_w1(
    scene, open_desk, writes, database, clock
):
    page = open_desk(scene.who("陈静"), "/console/talks")
    waits = page.get_by_role("link").filter(has_text="赵敏")
    expect(waits).to_contain_text("第 1 位")
    expect(waits).to_contain_text("投影的事急，能不能找个人说")
    waits.click()
    page.get_by_role("button", name="接管").click()
    holder, spoken = page.locator(".holder"), page.locator("#spoken")
    field = page.get_by_label("对赵敏说")
    expect(holder).to_contain_text("我接待中")

    colleague = open_desk(scene.who("李娜"), f"/console/talks/{scene.who('赵敏').id}")
    expect(colleague.locator(".holder")).to_contain_text("陈静 接待中")
    expect(colleague.get_by_label("对赵敏说")).to_be_hidden()
    expect(colleague.get_by_role("button", name="接管")).to_have_count(0)

    field.fill("您好，我是")
    writes("赵敏", "三点就要开会了")
    expect(spoken.get_by_text("三点就要开会了")).to_be_visible()
    expect(field).to_have_value("您好，我是")
    expect(field).to_be_focused()

    field.press_sequentially("陈静，周工马上到。")
    field.press("Control+Enter")
    first = spoken.locator(".said--clerk").filter(has_text="周工马上到")
    expect(first).to_contain_text("秒后发出")
    expect(field).to_have_value("")
    clock.passes(seconds=11)
    expect(first).to_contain_text("发送中")
    expect(first.get_by_role("button", name="撤回")).to_have_count(0)

    field.fill("请把会改到四点")
    field.press("Control+Enter")
    second = spoken.locator(".said--clerk").filter(has_text="改到四点")
    second.get_by_role("button", name="撤回").click()
    expect(second).to_have_count(0)
    expect(field).to_have_value("请把会改到四点")
    assert [line.text for line in all_of(database, TalkLine)] == ["您好，我是陈静，周工马上到。"]
    assert violations(page) == []
    assert fates(database) == [NoticeState.PENDING, NoticeState.REPLACED]

    page.get_by_role("button", name="交还机器人").click()
    expect(holder).to_contain_text("机器人接待中")
    expect(field).to_be_hidden()
    expect(colleague.locator(".holder")).to_contain_text("机器人接待中")
    expect(colleague.get_by_role("button", name="接管")).to_be_visible()


def test_what_a_clerk_types_while_words_leave_is_kept_w1(scene, open_desk, database):
    page = open_desk(scene.who("陈静"), f"/console/talks/{scene.who('赵敏').id}")
    page.get_by_role("button", name="接管").click()
    field = page.get_by_label("对赵敏说")

    with held(page, "**/say"):
        field.fill("您好，我是陈静。")
        field.press("Control+Enter")
        page.keyboard.type("周工马上到。")
    expect(page.locator("#spoken")).to_contain_text("您好，我是陈静。")

    expect(field).to_have_value("周工马上到。")
    assert [line.text for line in all_of(database, TalkLine)] == ["您好，我是陈静。"]


def fates(database) -> list[NoticeState]:
    """What became of the clerk's words, in the order in which they were sent."""
    statement = select(Notice.state).where(Notice.text_key == "talk.said").order_by(Notice.id)
    with database.reading() as session:
        return list(session.scalars(statement))
