"""A clerk's day at the console in real browsers, from a search to the printed form (F8, F11)."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from domain.lifecycle import Action, Status
from domain.permissions import Role
from jobs.search_indexing import SearchIndexer
from models import Draft, Ticket
from services import canned
from services.canned import NewCanned
from services.desk import Desk
from tests.services.making import all_of, happened, only, told

UNENDED = 8  # tickets of the scene


@pytest.fixture
def ticket_of(scene):
    """`ticket_of("卡纸")`: the newest ticket of the scene about it."""
    return lambda words: next(each for each in reversed(scene.tickets) if words in each.symptom)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def li(make_person):
    return make_person("李娜", Role.DESK)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", skills=["printer"])


@pytest.fixture
def jam(make_ticket, wang, zhou):
    """Being worked on."""
    return make_ticket(Status.IN_PROGRESS, requester=wang, engineer=zhou)


def way(ticket):
    return f"/console/tickets/{ticket.number}"


def stands_at(page, path):
    expect(page).to_have_url(re.compile(f"{re.escape(path)}(\\?.*)?$"))
    page.wait_for_load_state()  # keys are heard once its scripts are there


def numbers_on(page):
    """Of the rows of a list, from the top."""
    faces = page.locator("[data-key-item] .row-t__number")
    return [each.get_attribute("title") for each in faces.all()]


# --- finding (C §13) ------------------------------------------------------------------------------


def test_a_ticket_is_found_by_its_number_a_name_a_phone_or_two_characters_c13(
    scene, open_desk, ticket_of, database, clock
):
    indexer = SearchIndexer(database, clock)
    while not indexer.step():
        pass
    beamer, jam = ticket_of("投影"), ticket_of("卡纸")
    page = open_desk(scene.who("陈静"), "/console/queue")
    box, hints = page.locator("#search"), page.locator("#search-hint [role=option]")

    page.keyboard.press("/")
    page.keyboard.type(beamer.number[-4:])
    page.keyboard.press("Enter")
    stands_at(page, way(beamer))

    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("hmm")
    expect(hints.filter(has_text="韩梅梅")).to_have_count(3)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("韩梅梅")
    expect(page.locator(".hit")).to_have_count(2)

    page.keyboard.press("Control+k")
    page.keyboard.type(scene.who("孙丽").phone)
    page.keyboard.press("Enter")
    expect(page.locator("#found-people + ul")).to_contain_text("孙丽")
    expect(page.locator(".hit")).to_have_count(2)

    page.keyboard.press("Control+k")
    page.keyboard.type("卡纸")
    page.keyboard.press("Enter")
    stands_at(page, way(jam))


# --- several at once (C §4) -----------------------------------------------------------------------


def test_picked_tickets_are_urged_and_each_says_what_came_of_it_c4(
    scene, open_desk, ticket_of, database
):
    beamer = ticket_of("投影")
    page = open_desk(scene.who("陈静"), "/console/queue?view=open")
    for key in ("j", "x"):
        page.keyboard.press(key)
    page.locator(".pick").last.click(modifiers=["Shift"])
    expect(page.get_by_text(f"已选 {UNENDED} 张")).to_be_visible()

    page.get_by_role("button", name="催单").click()
    able = UNENDED - 1  # one is solved
    expect(page.get_by_role("heading", level=1)).to_have_text(f"催单：{able} 张")
    refused = page.locator("tbody tr").filter(has_text=ticket_of("密码").number)
    expect(refused).to_contain_text("这张单现在是「待确认」")
    assert not any(Action.URGE in happened(database, each.id) for each in scene.tickets)
    scene.at("李娜", timedelta(0), "cancel", beamer.id)
    page.get_by_role("button", name=f"催单 {able} 张").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"催单：办好 {able - 1} 张")
    failed = page.locator(".alert-warning li")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text(f"{beamer.number}：这张单现在是「已撤销」")
    urged = [each for each in scene.tickets if Action.URGE in happened(database, each.id)]
    assert len(urged) == able - 1 and beamer not in urged

    page.keyboard.press("Escape")
    stands_at(page, "/console/queue")
    expect(page.locator(f"#t{beamer.id}")).to_have_count(0)


# --- saved views and files (C §1, C §18) ----------------------------------------------------------


def test_a_shared_view_serves_a_colleague_and_her_files_hold_what_she_sees_c1_c18(
    scene, open_desk, ticket_of
):
    page = open_desk(scene.who("陈静"), "/console/queue?view=open")
    page.keyboard.press("f")
    page.locator("#filters").get_by_label("打印机", exact=True).check()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("[data-key-item]")).to_have_count(2)
    page.locator("#more > summary").click()
    page.locator("#view-name").fill("打印机在办")
    page.get_by_label("大家都能用").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("打印机在办")

    hers = open_desk(scene.who("李娜"), "/console/queue")
    hers.get_by_role("link", name="打印机在办").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("打印机在办")
    expect(hers.locator("[data-key-item]")).to_have_count(2)
    seen = numbers_on(hers)
    assert sorted(seen) == sorted(ticket_of(words).number for words in ("卡纸", "碳粉"))

    hers.locator("#more > summary").click()
    with hers.expect_download() as got:
        hers.get_by_role("link", name="导出 CSV").click()
    text = Path(got.value.path()).read_bytes().decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(text))] == ["单号", *seen]
    with hers.expect_download() as got:
        hers.get_by_role("link", name="导出 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes())).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == ["单号", *seen]


# --- two tickets of one fault (F5, B9) ------------------------------------------------------------


def ask(page, verb, **fields):
    """Opens what an act asks out of the menu, fills it in, and sends it."""
    page.locator("#verbs-more > summary").click()
    page.locator("#verbs-more").get_by_role("link", name=verb, exact=True).click()
    dialog = page.locator("#act-dialog")
    for name, words in fields.items():
        dialog.locator(f"[name={name}]").fill(words)
    dialog.get_by_role("button", name=verb, exact=True).click()


def test_tickets_are_merged_and_parted_again_linked_and_split_b9(
    open_desk, database, chen, make_person, make_ticket, zhou, jam
):
    li_lei, symptom = make_person("李雷"), "打印机又卡纸了"
    second = make_ticket(Status.ASSIGNED, requester=li_lei, engineer=zhou, symptom=symptom)
    page = open_desk(chen, way(second))
    related, toast = page.get_by_role("region", name="关联"), page.locator("[data-toast]")

    ask(page, "合并", number=jam.number)
    page.locator(".head__merged").get_by_role("link", name=jam.number).click()
    stands_at(page, way(jam))
    expect(related).to_contain_text("并过来的")
    related.get_by_role("link", name=second.symptom).click()
    page.locator("#verbs-more > summary").click()
    page.get_by_role("button", name="取消合并").click()
    expect(toast).to_contain_text("已取消合并")
    expect(page.locator(".head__merged")).to_have_count(0)
    assert only(database, Ticket, id=second.id).merged_into_id is None

    ask(page, "关联", number=jam.number)
    expect(toast).to_have_text("已关联")
    expect(related).to_contain_text("有关的")
    expect(related.get_by_role("button", name=f"取消关联 {jam.number}")).to_be_visible()

    ask(page, "拆单", symptom="扫描也没反应")
    expect(toast).to_contain_text("已拆成两张")
    expect(related.get_by_role("link", name="扫描也没反应")).to_contain_text("拆分")
    assert all_of(database, Ticket)[-1].symptom == "扫描也没反应"


# --- what is written (C §6, C §8, C §11) ----------------------------------------------------------


def test_canned_words_go_to_the_requester_and_a_note_to_the_named_colleague_alone_c11(
    open_desk, database, rules, now, chen, wang, zhou, jam
):
    with database.transaction() as session:
        said = NewCanned("马上到", "{requester}您好，{number} 由{engineer}处理", is_shared=True)
        canned.add(Desk(session, now, rules, chen), said)
    page = open_desk(chen, way(jam))
    reply, note = page.locator("#words-reply"), page.locator("#words-note")

    page.keyboard.press("r")
    page.keyboard.type("/msd")
    expect(page.locator("#picker-reply").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    words = f"王芳您好，{jam.number} 由周工处理"
    expect(reply).to_have_value(words)
    reply.blur()
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.reload()
    expect(reply).to_have_value(words)
    reply.press("Control+Enter")
    expect(page.locator("#undo")).to_contain_text("回复会在几秒后发出")
    expect(reply).to_have_value("")
    assert all_of(database, Draft) == []

    page.keyboard.press("n")
    page.keyboard.type("@周")
    expect(page.locator("#picker-note").get_by_role("option", name="周工")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("搓纸轮还有备件吗")
    note.press("Control+Enter")
    expect(page.locator(".line--note")).to_contain_text("@周工 搓纸轮还有备件吗")
    assert told(database, zhou)[-1] == "desk_told.mentioned"
    assert "desk_told.reply" in told(database, wang)
    assert "desk_told.mentioned" not in told(database, wang)

    hers = open_desk(wang, f"/portal/tickets/{jam.number}")
    expect(hers.get_by_role("main")).to_contain_text(words)
    expect(hers.locator("html")).not_to_contain_text("备件")


# --- reading (C §3, C §5, C §14, R1) --------------------------------------------------------------


def test_a_tickets_page_shows_who_is_there_why_its_clocks_run_its_keys_and_its_form_c14(
    open_desk, served, chen, li, jam
):
    page = open_desk(chen, way(jam))
    hers = open_desk(li, way(jam))
    expect(hers.get_by_role("list", name="正在看：陈静")).to_contain_text("陈静")
    hers.goto(f"{served.url}/console/queue?view=open")
    expect(hers.locator(f"#t{jam.id}")).to_contain_text("陈静 正在看")

    for name, why in (("response", "10:30 派单，10:30 接单"), ("resolution", "12:30")):
        reason = page.locator(f"#clock-{name}").locator(".clock__reason, .clock__steps")
        expect(reason).to_be_hidden()
        page.locator(f"#clock-{name} summary").click()
        expect(reason).to_be_visible()
        expect(reason).to_contain_text(why)

    sheet, tab = page.get_by_role("dialog", name="快捷键"), page.get_by_role("tab", name="内部备注")
    page.keyboard.press("?")
    for words in ("回复报修人", "内部备注", "完工", "复制单号", "显示这张表"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    sheet.get_by_label("在这个浏览器里使用快捷键").uncheck()
    page.keyboard.press("Escape")
    for key in ("?", "n"):
        page.keyboard.press(key)
    expect(sheet).to_be_hidden()
    expect(tab).to_have_attribute("aria-selected", "false")
    page.get_by_role("button", name="快捷键").click()
    sheet.get_by_label("在这个浏览器里使用快捷键").check()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#words-note")).to_be_focused()

    printed = page.get_by_role("link", name="打印作业单").get_attribute("href")
    form = page.request.get(served.url + printed)
    assert (form.status, form.headers["content-type"]) == (200, "application/pdf")
    assert form.body().startswith(b"%PDF")


# --- the head and an engineer (Y1) ----------------------------------------------------------------


def test_the_head_gives_a_ticket_to_an_engineer_who_accepts_it_at_a_computer_y1(
    scene, open_desk, served, ticket_of, database
):
    scanner, zhou = ticket_of("扫码枪"), scene.who("周工")
    page = open_desk(scene.who("何总"), "/console/queue?view=open")
    expect(page.locator("[data-key-item]")).to_have_count(UNENDED)
    page.get_by_role("link", name=scanner.symptom).click()
    verbs = page.get_by_role("group", name="操作")
    expect(verbs.get_by_role("link", name="改派")).to_be_visible()
    expect(verbs).not_to_contain_text("完工")
    expect(page.get_by_role("tab", name="回复报修人")).to_have_count(0)
    page.locator("#words-note").fill("下午有领导来，请先看")
    page.get_by_role("button", name="记下备注").click()
    expect(page.locator(".line--note")).to_contain_text("何总")
    page.get_by_text("其他人（").click()
    choice = page.get_by_role("listitem").filter(has_text="周工").filter(has_text="手上 3/3")
    choice.locator("summary").click()
    choice.get_by_label("为什么派给这位").fill("他今天就在一楼")
    choice.get_by_role("button", name="指派").click()
    expect(page.locator("#undo")).to_contain_text("已派给周工")

    his = open_desk(zhou, "/console/queue?view=open")
    held = [
        each for each in all_of(database, Ticket, assignee_id=zhou.id) if each.closed_at is None
    ]
    expect(his.locator("[data-key-item]")).to_have_count(len(held))
    assert sorted(numbers_on(his)) == sorted(each.number for each in held)
    assert his.goto(served.url + way(ticket_of("合同系统"))).status == 404
    his.goto(served.url + way(scanner))
    his.get_by_role("button", name="接单", exact=True).click()
    expect(his.locator("[data-toast]")).to_contain_text("已接单")
    expect(his.locator(".head")).to_contain_text("处理中")
    now = only(database, Ticket, id=scanner.id)
    assert (now.status, now.assignee_id) == (Status.IN_PROGRESS, zhou.id)
