"""The customer-service client: the desk's clerks take who waits, talk, hand on and end it (W1)."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.live import Live
from tests.sandbox.page.hands import Platform, bubbles, last_heard, phone, say
from tests.sandbox.stage import CLERK, WANG, ZHOU, Product, sealed_reply

OTHER = "desk2@itdesk"
REMARK = "INC-0042 打印机卡纸 急 王芳"


@pytest.fixture
def desk(page: Page, live: Live) -> Page:
    """Two clerks, the first of them online, and their tab open."""
    Platform(live).call("/customservice/kfaccount/add", kf_account=OTHER, nickname="小刘")
    live.post(f"/control/kf/{CLERK}/online", is_online=True)
    page.get_by_test_id("tab-desk").click()
    expect(page.get_by_test_id(f"clerk-{OTHER}")).to_be_visible()
    return page


def asks_for_a_person(page: Page, product: Product, openid: str = WANG) -> None:
    product.answers.append(lambda heard: sealed_reply(heard, "", "transfer_customer_service"))
    say(page, "转人工", openid)


def talk(page: Page, openid: str = WANG) -> Locator:
    return page.get_by_test_id(f"talk-{openid}")


def accepted(page: Page, product: Product, openid: str = WANG) -> Locator:
    asks_for_a_person(page, product, openid)
    page.get_by_test_id(f"accept-{openid}").click()
    expect(talk(page, openid)).to_be_visible()
    return talk(page, openid)


def test_who_waits_is_listed_with_the_last_words_and_the_time(desk, live, product):
    asks_for_a_person(desk, product)
    waiter = desk.get_by_test_id(f"waiter-{WANG}")
    expect(waiter).to_contain_text("转人工")

    live.post("/control/clock", advance=180)

    expect(waiter.get_by_test_id("waits")).to_have_text("等了 3 分钟")
    expect(desk.get_by_test_id("tab-desk")).to_have_text("接待（1）")


def test_the_remark_that_the_product_keeps_is_read_before_and_during_the_talk(desk, live, product):
    Platform(live).call("/cgi-bin/user/info/updateremark", openid=WANG, remark=REMARK)
    asks_for_a_person(desk, product)
    expect(desk.get_by_test_id(f"waiter-{WANG}").get_by_test_id("remark")).to_have_text(REMARK)

    desk.get_by_test_id(f"accept-{WANG}").click()

    expect(talk(desk).get_by_test_id("remark")).to_have_text(REMARK)


def test_who_is_not_online_cannot_accept(desk, live, product):
    asks_for_a_person(desk, product)
    accept = desk.get_by_test_id(f"accept-{WANG}")
    desk.get_by_test_id(f"sit-{OTHER}").click()
    expect(accept).to_be_disabled()
    expect(desk.get_by_text("小刘没有上线")).to_be_visible()

    desk.get_by_test_id(f"clerk-{OTHER}").get_by_test_id("clerk-online").click()
    expect(desk.get_by_text("小刘现在空着")).to_be_visible()
    accept.click()

    expect(desk.get_by_test_id(f"clerk-{OTHER}")).to_contain_text("1/10")
    assert last_heard(live, product)["KfAccount"] == OTHER


def test_what_the_person_says_and_sends_is_seen_at_the_desk(desk, live, product):
    said = accepted(desk, product)

    live.do(WANG, "say", text="换了纸也不行")
    live.do(WANG, "photo")
    live.do(WANG, "voice", seconds=2)

    expect(said).to_contain_text("会话开始")
    expect(said).to_contain_text("换了纸也不行")
    expect(said.get_by_role("img", name="照片")).to_be_visible()
    expect(said.get_by_test_id("play")).to_contain_text("2″")


def test_the_desk_looks_at_lines_and_links_but_cannot_touch_them(desk, live, product):
    line = '<a href="weixin://bizmsgmenu?msgmenucontent=确认&msgmenuid=ok:7">〔确认〕</a>'
    inner = f"<Content><![CDATA[请核对 {line}]]></Content>"
    product.answers.append(lambda heard: sealed_reply(heard, inner))
    say(desk, "打印机卡纸")
    expect(phone(desk).get_by_test_id("line-确认")).to_be_visible()

    said = accepted(desk, product)

    expect(said).to_contain_text("确认")
    expect(said.get_by_test_id("line-确认")).to_have_count(0)


def test_news_takes_neither_the_words_nor_the_place_of_who_types(desk, live, product):
    accepted(desk, product)
    box = desk.get_by_test_id(f"clerk-input-{WANG}")
    box.press_sequentially("您好,")

    live.do(WANG, "say", text="在吗")
    expect(talk(desk)).to_contain_text("在吗")
    desk.keyboard.type("我是小陈")

    expect(box).to_have_value("您好,我是小陈")


def test_two_sessions_are_kept_apart_and_the_unread_one_is_counted(desk, live, product):
    accepted(desk, product)
    desk.get_by_test_id(f"clerk-input-{WANG}").fill("还没有发出的话")
    accepted(desk, product, ZHOU)

    live.do(WANG, "say", text="在吗")
    session = desk.get_by_test_id(f"session-{WANG}")
    expect(session.locator(".weui-badge")).to_have_text("1")
    session.click()

    expect(session.locator(".weui-badge")).to_have_count(0)
    expect(talk(desk)).to_contain_text("在吗")
    expect(desk.get_by_test_id(f"clerk-input-{WANG}")).to_have_value("还没有发出的话")


def test_a_session_is_handed_to_another_clerk_who_is_online(desk, live, product):
    accepted(desk, product)
    others = desk.get_by_test_id(f"switch-to-{WANG}")
    expect(others.locator(f"option[value='{OTHER}']")).to_be_disabled()
    desk.get_by_test_id(f"clerk-{OTHER}").get_by_test_id("clerk-online").click()
    expect(others.locator(f"option[value='{OTHER}']")).to_be_enabled()

    others.select_option(OTHER)

    expect(talk(desk)).to_have_count(0)
    heard = last_heard(live, product)
    assert (heard["Event"], heard["ToKfAccount"]) == ("kf_switch_session", OTHER)
    desk.get_by_test_id(f"sit-{OTHER}").click()
    desk.get_by_test_id(f"clerk-input-{WANG}").fill("您好,我是小刘")
    desk.keyboard.press("Enter")
    expect(bubbles(desk).last).to_contain_text("小刘")


def test_a_clerk_who_accepts_automatically_is_in_session_at_once(desk, product):
    desk.get_by_test_id(f"clerk-{CLERK}").get_by_test_id("clerk-auto").click()
    expect(desk.get_by_test_id(f"clerk-{CLERK}").get_by_test_id("clerk-auto")).to_be_checked()

    asks_for_a_person(desk, product)

    expect(talk(desk)).to_be_visible()
    expect(phone(desk)).to_contain_text("人工接待中")


def test_a_session_that_is_ended_leaves_the_desk(desk, live, product):
    accepted(desk, product)

    desk.get_by_test_id(f"close-{WANG}").click()

    expect(talk(desk)).to_have_count(0)
    assert last_heard(live, product)["Event"] == "kf_close_session"


def test_a_ready_sentence_is_put_into_the_box_with_the_clerks_name(desk, product):
    said = accepted(desk, product)

    said.get_by_role("button", name="您好").click()

    expect(desk.get_by_test_id(f"clerk-input-{WANG}")).to_have_value(
        "您好，我是小陈，请稍等，我看一下您的工单。"
    )


def test_the_desk_fits_a_phone(desk, product):
    accepted(desk, product)

    desk.set_viewport_size({"width": 390, "height": 844})

    expect(desk.get_by_test_id(f"clerk-input-{WANG}")).to_be_in_viewport()
    assert desk.evaluate("document.documentElement.scrollWidth") == 390
