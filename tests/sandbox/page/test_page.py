"""The page with the phones, in a real browser."""

import pytest
from playwright.sync_api import expect

from bot.client import MemoryTokenStore, WeChatClient
from bot.menus import publish
from tests.bot.pushes import APP_ID
from tests.sandbox.page.hands import bubbles, last_heard, phone, say
from tests.sandbox.stage import CLERK, SECRET, WANG, ZHOU, Heard, says, sealed_reply
from tests.slow_line import held

CONFIRM = '<a href="weixin://bizmsgmenu?msgmenucontent=确认报修&msgmenuid=ok:7">〔确认报修〕</a>'


def test_each_person_has_a_phone_with_name_and_caption(page):
    expect(phone(page)).to_contain_text("王芳")
    expect(phone(page)).to_contain_text("财务部")
    expect(phone(page, ZHOU)).to_contain_text("周工")


def test_what_is_said_is_answered_on_the_same_phone(page, product):
    product.answers.append(says("收到,是打印机的问题"))

    say(page, "三楼财务室的打印机卡纸")

    expect(bubbles(page, sender="person")).to_have_text("三楼财务室的打印机卡纸")
    expect(bubbles(page)).to_have_text("收到,是打印机的问题")
    expect(bubbles(page, ZHOU)).to_have_count(0)


def test_words_on_the_way_leave_the_hands_where_they_have_gone_on(page):
    with held(page, "**/say"):
        say(page, "打印机卡纸")
        phone(page, ZHOU).get_by_test_id("input").press_sequentially("我")
    expect(bubbles(page, sender="person")).to_have_text("打印机卡纸")
    page.keyboard.type("来看看")

    expect(phone(page, ZHOU).get_by_test_id("input")).to_have_value("我来看看")


def test_words_that_did_not_leave_stand_before_what_was_typed_meanwhile(page):
    with held(page, "**/say", is_lost=True):
        say(page, "打印机卡纸")
        phone(page).get_by_test_id("input").press_sequentially("还在吗")

    expect(phone(page).get_by_test_id("input")).to_have_value("打印机卡纸 还在吗")


def test_words_are_never_read_as_markup(page):
    say(page, "<img src=x onerror=alert(1)>")

    expect(bubbles(page, sender="person")).to_have_text("<img src=x onerror=alert(1)>")


def test_a_tapped_line_sends_its_words_and_its_id(page, live, product):
    product.answers.append(says(f"请核对:打印机卡纸 {CONFIRM}"))
    say(page, "打印机卡纸")

    phone(page).get_by_test_id("line-确认报修").click()

    expect(bubbles(page, sender="person").last).to_have_text("确认报修")
    assert last_heard(live, product)["bizmsgmenuid"] == "ok:7"


def test_the_menu_opens_and_sends_its_keys(page, live, product):
    publish(WeChatClient(APP_ID, SECRET, live.url, MemoryTokenStore(), stable_token=True))
    product.answers.append(says("您有 1 张在办"))
    product.answers.append(says("您可以直接说哪里坏了"))

    phone(page).get_by_test_id("menu-top-2").click()
    phone(page).get_by_test_id("menu-MY_TICKETS").click()
    expect(bubbles(page)).to_have_text("您有 1 张在办")
    phone(page).get_by_test_id("menu-top-3").click()
    phone(page).get_by_test_id("menu-HELP").click()

    expect(bubbles(page).last).to_have_text("您可以直接说哪里坏了")
    assert [heard["EventKey"] for heard in product.heard] == ["MY_TICKETS", "HELP"]


@pytest.mark.parametrize(
    ("tool", "kind"),
    [("photo", "image"), ("voice", "voice"), ("video", "video"), ("location", "location")],
)
def test_what_is_attached_is_sent_and_shown(page, live, product, tool, kind):
    phone(page).get_by_test_id("attach").click()
    phone(page).get_by_test_id(tool).click()

    expect(phone(page).locator(f"[data-testid=bubble][data-kind={kind}]")).to_be_visible()
    assert last_heard(live, product)["MsgType"] == kind


def test_a_file_from_the_disk_is_sent_as_a_photo(page, live, product, tmp_path):
    picture = tmp_path / "mine.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))

    phone(page).get_by_test_id("photo-file").set_input_files(picture)

    expect(phone(page).locator("[data-kind=image]")).to_be_visible()
    assert last_heard(live, product)["MsgType"] == "image"


def test_who_reads_above_is_not_pulled_down_by_news(page, live, product):
    product.answers.extend([says(f"第{number}条\n" * 6) for number in range(8)])
    for number in range(8):
        live.do(WANG, "say", text=f"第{number}句")
    chat = phone(page).get_by_test_id("chat")
    expect(bubbles(page)).to_have_count(8)
    chat.evaluate("node => { node.scrollTop = 0 }")
    expect(chat).to_have_js_property("scrollTop", 0)
    account = WeChatClient(APP_ID, SECRET, live.url, MemoryTokenStore(), stable_token=True)

    account.send_custom(WANG, {"msgtype": "text", "text": {"content": "工程师在路上"}})

    expect(phone(page).get_by_test_id("new")).to_have_text("1 条新消息")
    expect(chat).to_have_js_property("scrollTop", 0)
    phone(page).get_by_test_id("new").click()
    expect(bubbles(page).last).to_be_in_viewport()


def test_a_message_that_nobody_has_looked_at_is_counted(page, live, product):
    product.answers.append(says("新工单"))
    page.mouse.move(2, 2)

    live.do(ZHOU, "say", text="签到")

    expect(phone(page, ZHOU).get_by_test_id("unread")).to_have_text("1")
    phone(page, ZHOU).hover()
    expect(phone(page, ZHOU).get_by_test_id("unread")).to_be_hidden()


def test_the_log_shows_each_push_and_what_was_said(page, product):
    product.answers.append(says("收到"))
    say(page, "打印机卡纸")

    line = page.get_by_test_id("call").first
    expect(line).to_have_attribute("data-outcome", "replied")
    line.get_by_role("button").click()

    expect(line).to_contain_text("打印机卡纸")
    expect(line).to_contain_text("收到")


def test_a_fault_is_switched_on_and_off_by_a_click(page, live, product):
    page.get_by_test_id("tab-faults").click()

    page.get_by_role("button", name="每条推三遍").click()
    expect(page.get_by_test_id("rule-copies")).to_have_value("3")
    assert live.get("/control/rules")["copies"] == 3
    page.get_by_test_id("calm").click()

    expect(page.get_by_test_id("rule-copies")).to_have_value("1")
    assert live.get("/control/rules")["copies"] == 1


def test_the_clock_is_moved_on_by_a_click(page, live):
    page.get_by_test_id("tab-clock").click()

    page.get_by_test_id("advance-3600").click()

    expect(page.get_by_text("比真实时间快 1 小时")).to_be_visible()
    assert live.get("/control/clock")["skipped"] == 3600


def test_a_clerk_takes_who_waits_talks_and_ends_it(page, live, product):
    def transfers(heard: Heard) -> bytes:
        return sealed_reply(heard, "", "transfer_customer_service")

    product.answers.append(transfers)
    say(page, "转人工")
    page.get_by_test_id("tab-desk").click()
    page.get_by_test_id("clerk-online").click()

    page.get_by_test_id(f"accept-{WANG}").click()
    expect(phone(page)).to_contain_text("人工接待中")
    page.get_by_test_id(f"clerk-input-{WANG}").fill("您好,我是小陈")
    page.keyboard.press("Enter")

    expect(bubbles(page).last).to_contain_text("您好,我是小陈")
    page.get_by_test_id(f"close-{WANG}").click()
    expect(phone(page)).to_contain_text("财务部")


def test_leaving_and_following_again(page, live, product):
    phone(page).get_by_test_id("more").click()
    phone(page).get_by_test_id("unfollow").click()
    expect(phone(page).get_by_test_id("input")).to_be_disabled()

    phone(page).get_by_test_id("more").click()
    phone(page).get_by_test_id("follow").click()

    expect(phone(page).get_by_test_id("input")).to_be_enabled()
    assert last_heard(live, product)["Event"] == "subscribe"


def test_a_narrow_page_shows_one_phone_and_switches(page):
    page.set_viewport_size({"width": 390, "height": 844})
    expect(phone(page)).to_be_visible()
    expect(phone(page, ZHOU)).to_be_hidden()

    page.get_by_test_id("panel-toggle").click()
    page.get_by_test_id(f"switch-{ZHOU}").click()

    expect(phone(page, ZHOU)).to_be_visible()
    expect(phone(page)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_reset_empties_every_phone(page, live, product):
    say(page, "打印机卡纸")
    expect(bubbles(page, sender="person")).to_have_count(1)

    live.post("/control/reset")

    expect(bubbles(page, sender="person")).to_have_count(0)
    say(page, "又来了")
    expect(bubbles(page, sender="person")).to_have_text("又来了")


def test_nothing_is_fetched_from_anywhere_else(page, live):
    addresses = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")

    assert addresses
    assert [address for address in addresses if not address.startswith(live.url)] == []


def test_the_kf_account_is_named_in_the_panel(page):
    page.get_by_test_id("tab-desk").click()

    expect(page.get_by_test_id(f"clerk-{CLERK}")).to_contain_text("小陈")


def test_a_spoken_voice_carries_the_words_of_the_input(page, live, product):
    live.rules(recognition="text")
    phone(page).get_by_test_id("input").fill("打印机卡纸")

    phone(page).get_by_test_id("attach").click()
    phone(page).get_by_test_id("voice").click()

    expect(phone(page).locator("[data-kind=voice]")).to_be_visible()
    assert last_heard(live, product)["Recognition"] == "打印机卡纸"


def test_who_has_said_nothing_is_offered_something_to_say(page, live, product):
    openid = "oDeskLiMing00000000000000002"
    live.post("/control/people", openid=openid, name="李明", examples=["OA 打不开"])

    phone(page, openid).get_by_role("button", name="OA 打不开").click()

    expect(bubbles(page, openid, "person")).to_have_text("OA 打不开")
    assert last_heard(live, product)["Content"] == "OA 打不开"
