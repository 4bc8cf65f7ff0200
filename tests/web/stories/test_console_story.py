"""The desk at its computers while people are at their phones (F2 F3 F8 F16 W1 R1)."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from domain.lifecycle import Status
from models import Holder, IntakeChannel
from tests.eventually import eventually
from tests.web.handset import PHONE, WU, Handset
from tests.web.telling import finish

pytestmark = pytest.mark.timeout(240)


def goes_to(console: Page, name: str) -> None:
    console.get_by_role("navigation", name="后台导航").get_by_role("link", name=name).click()


def test_a_fault_told_by_chat_moves_on_the_clerks_screen_up_to_its_rating(console, known, zheng):
    """F8, F16, R1: nobody reloads anything."""
    wen = known("oWebWen00000000000000000000001", "温蕾", "财务部", "13900007011")
    tabs = console.get_by_role("navigation", name="工单视图")
    tabs.get_by_role("link", name="全部在办").click()
    expect(console.get_by_role("heading", name="全部在办", level=1)).to_be_visible()

    was_empty = console.locator(".queue__empty").is_visible()  # then the row comes by itself

    number = wen.reports("A座305 电脑开不了机")
    if not was_empty:
        console.get_by_role("link", name="张新单").click()
    console.get_by_role("link", name=f"{number[-4:]} 电脑开不了机").click()
    ticket, beside = console.locator("#ticket-main"), console.locator("#ticket-side")
    state = ticket.locator(".head .state").first
    expect(state).to_have_text("待接单")
    beside.get_by_text("上次为什么这样派").click()
    expect(beside.locator("#receipt")).to_contain_text(re.compile(r"郑工 \d+ 分：技能 \d+"))

    zheng.taps("接单", f"新工单 {number}").reads("接单成功")
    expect(state).to_have_text("处理中")
    finish(zheng, number[-4:], "电源线松了，重新插好，用了 10 分钟，现场")
    expect(state).to_have_text("待确认")
    wen.taps("解决了", number, "解决了吗").reads(number[-4:], "打个分")
    wen.taps("都是 5 分", number[-4:], "打个分").reads("速度 5")

    expect(ticket).to_contain_text("速度 5，态度 5，结果 5")
    expect(state).to_have_text("已办结")
    printed = words_printed(console, number)
    for words in ("HXXXJL06S", number, "温蕾", "郑工", "重新插好"):
        assert words in printed


def words_printed(console: Page, number: str) -> str:
    """On the form, as the link beside the ticket opens it."""
    address = console.get_by_role("link", name="打印作业单").get_attribute("href")
    answer = console.request.get(f"{console.url.partition('/console/')[0]}{address}")
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    sheet = pypdfium2.PdfDocument(answer.body())
    return "".join(page.get_textpage().get_text_bounded() for page in sheet)


def test_a_clerk_takes_a_talk_by_the_console_and_the_bot_is_silent_until_it_is_given_back(
    console, known, records
):
    """W1, §E: 转人工 on the phone, a person at the console."""
    shen = known("oWebShen0000000000000000000001", "沈佳", "市场部", "13900007012")
    goes_to(console, "会话")
    shen.says("转人工").reads("正在请服务台的同事")

    console.get_by_role("link", name="沈佳").click()
    console.get_by_role("button", name="接管").click()
    holder = console.locator("[data-holder]")
    expect(holder).to_contain_text("我接待中")
    says(console, "沈佳", "您好，我是小陈，请说")
    shen.reads("您好，我是小陈，请说")
    heard = shen.heard()
    heard_before = heard.count()
    shen.says("我的报修")
    expect(console.locator("#spoken")).to_contain_text("我的报修")
    assert records.holder_of(shen.openid) is Holder.CLERK
    says(console, "沈佳", "您没有在办的单，放心")
    expect(console.locator("#spoken")).to_contain_text("您没有在办的单，放心")
    console.get_by_role("button", name="交还机器人").click()

    expect(holder).to_contain_text("机器人接待中")
    shen.reads("您没有在办的单，放心")
    shen.reads("刚才由服务台小陈接待", "之后有事直接告诉我")
    assert heard.count() == heard_before + 2
    shen.says("我的报修").reads("您现在没有在办的单")


def says(console: Page, name: str, words: str) -> None:
    console.get_by_label(f"对{name}说").fill(words)
    console.keyboard.press("Control+Enter")


def test_a_code_on_a_screen_is_scanned_and_the_same_person_is_in_the_portal(computer, known):
    """F3, H-34: nothing is typed at the computer."""
    tao = known("oWebTao00000000000000000000001", "陶然", "研发部", "13900007013")
    number = tao.reports("A座306 打印机卡纸")

    screen = computer("/account/sign-in")
    code = screen.get_by_alt_text("登录二维码")
    expect(code).to_be_visible()
    told = screen.locator(".scan__number strong").inner_text()
    asked = scans(tao, code.screenshot())
    expect(asked.get_by_text(told, exact=True)).to_be_visible()
    asked.get_by_role("button", name="登录", exact=True).click()

    expect(asked.get_by_text("已确认")).to_be_visible()
    expect(screen.get_by_role("heading", name="陶然，您好")).to_be_visible()
    screen.get_by_role("link", name="打印机卡纸").click()
    expect(screen).to_have_url(re.compile(f"/portal/tickets/{number}$"))
    expect(screen.get_by_role("main")).to_contain_text("周工")


def scans(person: Handset, picture: bytes) -> Page:
    """The page that the code leads to, read inside WeChat on this phone."""
    with person.node.page.expect_popup() as opened:
        person.scans_the_picture(picture)
    shown = opened.value
    shown.set_viewport_size(PHONE)
    return shown


def test_who_calls_reads_the_number_on_the_phone_and_the_engineer_gets_the_order(
    console, known, hold, records
):
    """F2, B1: a known caller, by keys alone."""
    mei = known("oWebMei00000000000000000000001", "梅雨", "市场部", "13900007014")
    mei.says("你好").reads("我在")
    wu = hold(WU).signs_in()

    goes_to(console, "来电")
    expect(console.get_by_label("谁来电")).to_be_focused()
    console.keyboard.type("13900007014")
    console.keyboard.press("Enter")
    expect(console.get_by_label("现象")).to_be_focused()
    console.keyboard.type("B座201 电脑连不上网")
    expect(console.get_by_label("地点")).to_have_value("B座201")
    expect(console.locator("#reading")).to_contain_text("吴工")
    console.keyboard.press("Control+Enter")
    expect(console.get_by_role("heading", name="登记好了", exact=True)).to_be_visible()
    number = console.url.rpartition("/")[2]
    expect(console.get_by_label("单号")).to_contain_text(number[-4:])

    mei.hears("您打电话报的「电脑连不上网」登记好了", number, "B座201", "吴工")
    wu.taps("接单", f"新工单 {number}", "梅雨", "13900007014").reads("接单成功")
    mei.hears("吴工来处理", number)
    eventually(lambda: records.ticket(number).status is Status.IN_PROGRESS)
    assert records.ticket(number).channel is IntakeChannel.PHONE
