"""The list at a desk: it moves under no hand, and is walked without a mouse (C §2, C §3)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.permissions import Role
from services import shared_answers
from tests.services.making import a_report

ASK_NOW = "document.getElementById('live').dispatchEvent(new Event('live:now', {bubbles: true}))"
FOCUS = "document.activeElement.closest('[data-key-item]')?.id ?? document.activeElement.tagName"


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def tickets(by, make_person, now):
    """More than a screen holds, and nobody there to take them."""
    wang = make_person()
    return [
        by(wang, now - timedelta(minutes=60 - n)).report(a_report(symptom=f"第{n}件")).ticket
        for n in range(30)
    ]


def test_a_refresh_keeps_scroll_selection_and_focus_while_rows_change_c2(
    open_desk, clerk, by, make_person, tickets, now, monkeypatch
):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)
    page = open_desk(clerk, "/console/queue?view=new")
    rows = page.locator("[data-key-item]")
    expect(rows).to_have_count(30)
    page.get_by_label(f"选中 {tickets[20].short}").check()
    for _ in range(2):
        page.keyboard.press("j")
    before = page.evaluate("scrollY"), page.evaluate(FOCUS), rows.all_inner_texts()
    assert before[0] > 0 and before[1] == f"t{tickets[22].id}"

    by(clerk, now).cancel(tickets[21].id)
    by(make_person("刘洋"), now).report(a_report(symptom="刚来的"))
    page.evaluate(ASK_NOW)

    expect(page.locator(f"#t{tickets[21].id}")).to_contain_text("已撤销")
    expect(page.locator(f"#t{tickets[21].id}")).to_contain_text("已不在此列")
    expect(page.locator(f"#t{tickets[20].id} .pick")).to_be_checked()
    expect(page.get_by_text("已选 1 张")).to_be_visible()
    assert page.evaluate("scrollY") == before[0]
    assert page.evaluate(FOCUS) == before[1]
    assert [text for text in rows.all_inner_texts() if "刚来的" in text] == []


def test_the_first_ticket_of_an_empty_list_comes_by_itself_as_the_page_says_c2(
    open_desk, clerk, by, make_person, now, monkeypatch
):
    monkeypatch.setattr(shared_answers, "SHARED_FOR", 0.0)
    page = open_desk(clerk, "/console/queue?view=new")
    expect(page.get_by_text("有新的会自己出现")).to_be_visible()
    page.mouse.move(200, 200)

    by(make_person("刘洋"), now).report(a_report(symptom="刚来的"))
    page.evaluate(ASK_NOW)

    expect(page.locator("[data-key-item]")).to_have_count(1, timeout=3_000)
    expect(page.locator("[data-key-item]")).to_contain_text("刚来的")


def test_the_list_is_walked_picked_and_left_by_keys_and_the_sheet_names_them_c3(
    open_desk, clerk, tickets
):
    page = open_desk(clerk, "/console/queue?view=new")
    expect(page.locator("[data-key-item]")).to_have_count(30)

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    for words in ("下一条、上一条", "选中或取消", "列表和表格切换", "登记来电", "会话"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()

    for key in ("j", "j", "x", "j", "k", "k", "x"):
        page.keyboard.press(key)
    expect(page.get_by_text("已选 2 张")).to_be_visible()
    page.locator(".pick").nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("已选 5 张")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("jjtx?")
    expect(page.locator("#search")).to_have_value("jjtx?")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    sheet.get_by_label("在这个浏览器里使用快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("table")).to_have_count(0)
    page.get_by_role("button", name="快捷键").click()
    sheet.get_by_label("在这个浏览器里使用快捷键").check()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("table")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page).to_have_title("服务台大屏 · IT 服务台")


def test_a_column_is_dragged_drawn_wider_and_found_so_the_next_time_c1(open_desk, clerk, tickets):
    page = open_desk(clerk, "/console/queue?view=new&mode=table&size=25")
    headings = page.locator("th[data-column]")
    order = "all => all.map(each => each.dataset.column)"
    before = headings.evaluate_all(order)
    moved = ["place", *(each for each in before[2:] if each != "place")]

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("th[data-column=place]").drag_to(
            page.locator("th[data-column=category]"), target_position={"x": 5, "y": 10}
        )
    assert headings.evaluate_all(order) == [*before[:2], *moved]
    handle = page.get_by_role("separator", name="列宽：位置")
    narrow = handle.get_attribute("aria-valuenow") or ""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        handle.press("ArrowRight")
    expect(handle).not_to_have_attribute("aria-valuenow", narrow)
    wide = handle.get_attribute("aria-valuenow") or ""

    page.reload()
    assert headings.evaluate_all(order) == [*before[:2], *moved]
    expect(handle).to_have_attribute("aria-valuenow", wide)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
