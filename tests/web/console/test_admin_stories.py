"""The admin's days: staff joins, promises change, sentences and keys, lists; all of it recorded."""

import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from domain.permissions import Role
from models import ApiToken, Person, Ticket
from tests.services.making import all_of, only
from tests.web.console.accessible import violations
from web.api.pages import ApiPages
from web.app import make_app

HOME = "/console/admin"
OWN_PASSWORD = "九月的桂花开满了整个院子"
HEADING = ("姓名", "工号", "部门", "电话", "角色", "技能")
ZHAO = ("赵雪", "T0100", "信息部", "13900002222", "工程师", "打印机")
MISDIALLED = ("钱进", "T0101", "采购部", "打我手机", "", "")
MOVED = ("王芳", "", "人事部", "13800001234", "", "")
SAME = ("李雷", "", "财务部", "13800002345", "", "")


@pytest.fixture
def luo(make_person):
    return make_person("罗敏", Role.ADMIN)


@pytest.fixture
def opened(open_desk, luo):
    """`opened("/people")`: one of the admin's pages."""
    return lambda path: open_desk(luo, HOME + path)


@pytest.fixture
def record(served):
    """`record(page)`: what stands in the record of changes, the newest first."""

    def record(page: Page) -> Locator:
        page.goto(f"{served.url}{HOME}/audit")
        return page.locator(".record")

    return record


@pytest.fixture
def answer_to(site):
    """`answer_to(token)`: the status that a program gets which asks for tickets with it."""
    api = make_app([], ApiPages(site)).test_client()

    def ask(token: str) -> int:
        asked = api.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"})
        return asked.status_code

    return ask


@pytest.fixture
def nobody_knows(served, chromium):
    """A browser at a computer in which nobody is signed in."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def presses(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def changed(entry: Locator, name: str, before: str, after: str) -> None:
    """The entry says of this fact how it was and how it is."""
    fact = entry.locator("dt").filter(has_text=re.compile(f"^{re.escape(name)}$"))
    expect(fact.locator("+ dd del")).to_have_text(before)
    expect(fact.locator("+ dd + dd ins")).to_have_text(after)


# --- staff -------------------------------------------------------------------------------------


def test_the_check_list_leads_to_a_colleague_who_joins_and_signs_in_c25(
    opened, nobody_knows, served, record, database
):
    page = opened("/")
    step = page.locator(".steps-list__step").filter(
        has=page.get_by_role("heading", name="工程师", exact=True)
    )
    expect(step).to_contain_text("还没有工程师，工单派不出去。")

    step.get_by_role("link", name="新增人员").click()
    page.get_by_label("姓名").fill("沈青")
    page.get_by_label("工号").fill("S2031")
    page.get_by_label("部门").fill("信息部")
    expect(page.get_by_label("工程师")).to_be_checked()
    page.get_by_label("打印机").check()
    page.get_by_label("在班").check()
    presses(page, "新增")
    expect(page.get_by_role("heading", name="沈青", level=1)).to_be_visible()

    presses(page, "开加入码")
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    code = page.locator(".secret__words").inner_text()
    assert re.fullmatch(r"\d{6}", code)
    assert violations(page) == []
    page.get_by_role("link", name="记下了").click()
    expect(page.get_by_text("上次开的加入码")).to_be_visible()
    assert code not in page.content()

    presses(page, "给初始密码")
    given = page.locator(".secret__words").inner_text()
    page.get_by_role("link", name="记下了").click()
    expect(page.get_by_text("给过初始密码，还没有换成自己的。")).to_be_visible()
    assert given not in page.content()

    signs_in(nobody_knows, served.url, "S2031", given)

    page.reload()
    expect(page.get_by_text("有自己的密码。")).to_be_visible()
    entries = record(page)
    expect(entries.locator(".record__head")).to_have_text(
        ["罗敏 给了初始密码 沈青", "罗敏 开了加入码 沈青", "罗敏 新增人员 沈青"]
    )
    for secret in (code, given):
        assert secret not in page.content()
    page.get_by_role("link", name="开通清单").click()
    expect(step).to_contain_text("有 1 位。")
    assert only(database, Person, name="沈青").staff_number == "S2031"


def signs_in(page: Page, url: str, number: str, given: str) -> None:
    """With what the admin gave, which lets them no further than to a password of their own."""
    page.goto(f"{url}/account/sign-in")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码").fill(given)
    presses(page, "登录")
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输一遍新密码").fill(OWN_PASSWORD)
    presses(page, "保存并登录")
    page.wait_for_url("**/console/queue*")


# --- what is promised and what is said ----------------------------------------------------------


def test_new_targets_are_previewed_and_hold_for_the_next_ticket_y1(
    opened, open_desk, record, make_person, make_engineer, database, now
):
    zhou, wang = make_engineer("周工", skills=["printer"]), make_person("王芳")
    page = opened("/hours")

    page.get_by_label("接单时限（分钟）").fill("0")
    page.get_by_label("解决时限（分钟）").fill("240")
    presses(page, "先看看改动")
    expect(page.get_by_text("不能小于 1。")).to_be_visible()
    expect(page.get_by_label("解决时限（分钟）")).to_have_value("240")

    page.get_by_label("接单时限（分钟）").fill("5")
    presses(page, "先看看改动")
    expect(page.get_by_text("应在 10:35 前接单，14:30 前解决。")).to_be_visible()
    assert violations(page) == []
    presses(page, "确认修改")
    expect(page.get_by_text("已办好。")).to_be_visible()
    expect(page.get_by_label("接单时限（分钟）")).to_have_value("5")

    portal = open_desk(wang, "/portal/report")
    portal.get_by_label("哪里的什么坏了").fill("三楼财务室打印机卡纸")
    presses(portal, "提交报修")
    expect(portal.get_by_text("已受理，单号")).to_be_visible()
    ticket = only(database, Ticket)
    assert ticket.assignee_id == zhou.id
    assert ticket.response_due_at == now + timedelta(minutes=5)
    assert ticket.resolution_due_at == now + timedelta(hours=4)

    entries = record(page)
    expect(entries).to_have_count(2)
    answered = entries.filter(has_text="接单时限")
    expect(answered.locator(".record__head")).to_contain_text("罗敏 修改设置")
    changed(answered, "接单时限（分钟）", "10", "5")
    changed(entries.filter(has_text="解决时限"), "解决时限（分钟）", "120", "240")


def test_a_sentence_is_reworded_said_so_and_said_again_as_it_was_y1(
    opened, open_desk, record, make_person
):
    portal = open_desk(make_person("王芳"), "/portal/")
    greeting = portal.get_by_role("heading", level=1)
    expect(greeting).to_have_text("王芳，您好")
    page = opened("/texts")

    page.get_by_label("找文案").fill("portal.start.hello")
    presses(page, "查找")
    page.get_by_role("link", name="portal.start.hello").click()
    words = page.get_by_label("文案", exact=True)
    words.fill("{name}，早上好，{secret}")
    presses(page, "先看看改动")
    expect(page.get_by_text("原文里没有 secret 这项内容，不能用。")).to_be_visible()
    expect(words).to_have_value("{name}，早上好，{secret}")

    words.fill("早上好，{name}！")
    presses(page, "先看看改动")
    expect(page.locator(".bubble")).to_have_text("早上好，王芳！")
    assert violations(page) == []
    portal.reload()
    expect(greeting).to_have_text("王芳，您好")
    presses(page, "确认，就这样说")
    expect(page.get_by_text("已办好。")).to_be_visible()
    portal.reload()
    expect(greeting).to_have_text("早上好，王芳！")

    presses(page, "恢复出厂文案")
    expect(page.get_by_text("现在用的就是这一句。")).to_be_visible()
    portal.reload()
    expect(greeting).to_have_text("王芳，您好")
    entries = record(page)
    changed(entries.nth(0), "文案", "早上好，{name}！", "{name}，您好")
    changed(entries.nth(1), "文案", "{name}，您好", "早上好，{name}！")


# --- keys for machines ---------------------------------------------------------------------------


def test_a_token_is_shown_once_opens_the_api_and_is_revoked_h50(
    opened, answer_to, record, database
):
    page = opened("/tokens")
    page.get_by_label("用途").fill("机房监控")
    page.get_by_label("以谁的身份").select_option("罗敏")
    page.get_by_label("有效期").select_option("30 天")
    presses(page, "新建")
    expect(page.get_by_text("至少勾一项权限。")).to_be_visible()
    expect(page.get_by_label("用途")).to_have_value("机房监控")

    page.get_by_label("查看工单").check()
    presses(page, "新建")
    secret = page.get_by_label("令牌", exact=True).input_value()
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    assert answer_to(secret) == 200
    assert violations(page) == []
    page.get_by_role("link", name="记下了").click()
    row = page.get_by_role("row").filter(has_text="机房监控")
    expect(row).to_contain_text(f"…{only(database, ApiToken).ending}")
    assert secret not in page.content()

    presses(page, "停用 机房监控")
    expect(page.get_by_text("还没有令牌")).to_be_visible()
    assert answer_to(secret) == 401
    page.get_by_role("link", name="也看已失效的（1）").click()
    expect(row).to_contain_text("已停用")

    heads = record(page).locator(".record__head")
    expect(heads).to_have_text(["罗敏 停用令牌 机房监控", "罗敏 新建令牌 机房监控"])
    assert secret not in page.content()


# --- lists ---------------------------------------------------------------------------------------


def test_a_list_of_people_is_tried_taken_in_corrected_and_changes_nothing_twice_c17(
    opened, record, make_person, database, tmp_path
):
    make_person("王芳", department="财务部", phone="13800001234")
    make_person("李雷", department="财务部", phone="13800002345")
    path = workbook(tmp_path / "名单.xlsx", HEADING, ZHAO, MISDIALLED, MOVED, SAME)
    page = opened("/import")

    page.get_by_role("link", name="上传表格").first.click()
    uploads(page, path)
    expect(page.locator(".counts .card")).to_have_text(
        ["1 行新增", "1 行修改", "1 行没有变化", "1 行有问题"]
    )
    expect(page.get_by_role("region", name="有问题的行")).to_contain_text(
        "「电话」：「打我手机」不像电话号码"
    )
    changed(page.get_by_role("region", name="会修改的"), "部门", "财务部", "人事部")
    assert len(all_of(database, Person)) == 3
    assert violations(page) == []
    with page.expect_download() as awaited:
        page.get_by_role("link", name="下载有问题的行").click()
    assert awaited.value.suggested_filename == "有问题的行.xlsx"
    wrong = tmp_path / "有问题的行.xlsx"
    awaited.value.save_as(wrong)

    presses(page, "只写入没问题的 2 行")
    expect(page.get_by_text("新增 1 行，修改 1 行，1 行有问题没有写入。")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="赵雪").locator("code")).to_have_text(
        re.compile(r"^\d{6}$")
    )
    zhao, wang = only(database, Person, name="赵雪"), only(database, Person, name="王芳")
    assert zhao.staff_number == "T0100" and Role.ENGINEER in zhao.roles
    assert wang.department == "人事部"

    page.get_by_role("link", name="再导一份").click()
    uploads(page, path)
    expect(page.locator(".counts .card")).to_have_text(
        ["0 行新增", "0 行修改", "3 行没有变化", "1 行有问题"]
    )
    expect(page.get_by_text("没有要写入的。")).to_be_visible()

    presses(page, "换一个文件")
    uploads(page, corrected(wrong, tmp_path / "改好的.xlsx"))
    presses(page, "确认写入 1 行")
    expect(page.get_by_text("新增 1 行，修改 0 行。")).to_be_visible()
    assert only(database, Person, name="钱进").phone == "13900003333"

    entries = record(page)
    expect(entries).to_have_count(2)
    expect(entries.nth(1).locator(".record__head")).to_contain_text("罗敏 导入人员")
    expect(entries.nth(1)).to_contain_text("名单.xlsx")
    expect(entries.nth(0)).to_contain_text("改好的.xlsx")


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def corrected(path: Path, to: Path) -> Path:
    """The rows that came back, with the number that was meant."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(2, HEADING.index("电话") + 1).value = "13900003333"
    book.save(to)
    return to


def uploads(page: Page, path: Path) -> None:
    page.get_by_label("表格文件").set_input_files(path)
    presses(page, "看看会怎样")
