"""Pages open as inside WeChat: in a window of the phone's own, with cookies of its own."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.bot.pushes import APP_ID
from tests.sandbox.live import Live
from tests.sandbox.page.hands import Platform, bubbles, phone, say
from tests.sandbox.page.site import Site
from tests.sandbox.stage import WANG, ZHOU, Product, says, sealed_reply


@pytest.fixture(autouse=True)
def _nobody_has_come(site: Site) -> None:
    site.visits.clear()


def is_sent_a_link(page: Page, product: Product, site: Site, openid: str = WANG) -> None:
    product.answers.append(says(f'已登记,<a href="{site.url}">看进度</a>'))
    say(page, "打印机卡纸", openid)


def opened(page: Page, openid: str = WANG, mark: str = "link") -> Page:
    with page.expect_popup() as caught:
        phone(page, openid).get_by_test_id(mark).last.click()
    expect(caught.value).to_have_title("工单进度")
    return caught.value


def test_a_link_opens_in_a_window_of_a_phones_size(page, product, site):
    is_sent_a_link(page, product, site)

    shown = opened(page)

    assert shown.evaluate("[innerWidth, innerHeight]") == [400, 760]
    assert shown.url == site.url.replace("localhost", "p1.localhost")


def test_the_window_knows_whose_phone_it_is(page, live: Live, product, site):
    is_sent_a_link(page, product, site)
    shown = opened(page)

    shown.goto(f"{live.url}/static/icon.svg")  # back where the authorize page asks

    assert shown.evaluate("sessionStorage.phone") == WANG
    assert page.evaluate("sessionStorage.phone ?? ''") == ""


def test_two_phones_in_one_browser_never_share_a_cookie(page, product, site):
    is_sent_a_link(page, product, site)
    is_sent_a_link(page, product, site, ZHOU)

    for openid in (WANG, ZHOU, WANG, ZHOU):
        opened(page, openid)

    assert site.visits == [
        ("p1.localhost", ""),
        ("p2.localhost", ""),
        ("p1.localhost", "reader=p1.localhost"),
        ("p2.localhost", "reader=p2.localhost"),
    ]


def test_a_phone_shows_one_page_at_a_time(page, product, site):
    is_sent_a_link(page, product, site)
    first = opened(page)

    with first.expect_event("close"):
        opened(page)

    assert len(page.context.pages) == 2


def test_a_card_opens_its_page(page, product, site):
    article = (
        "<ArticleCount>1</ArticleCount><Articles><item><Title>报修单</Title>"
        f"<Description>周工处理中</Description><PicUrl></PicUrl><Url>{site.url}</Url>"
        "</item></Articles>"
    )
    product.answers.append(lambda heard: sealed_reply(heard, article, "news"))
    say(page, "进度")

    opened(page, mark="card")

    assert [host for host, _cookie in site.visits] == ["p1.localhost"]


def test_a_template_message_shows_its_fields_and_opens_its_page(page, live, site):
    template = live.get("/control/templates")["templates"][0]
    values = {"character_string1": "INC-20261125-0042", "thing2": "打印机卡纸"}
    data = {name: {"value": value} for name, value in values.items()}
    rest = {"thing3": "A座", "phrase4": "紧急", "time5": "2026年11月25日 11:00"}
    data |= {name: {"value": value} for name, value in rest.items()}

    Platform(live).call(
        "/cgi-bin/message/template/send",
        touser=WANG,
        template_id=template["id"],
        url=site.url,
        data=data,
    )

    card = phone(page).get_by_test_id("card")
    for words in (template["title"], "工单编号", "INC-20261125-0042", "打印机卡纸", "查看详情"):
        expect(card).to_contain_text(words)
    opened(page, mark="card")


def test_a_button_of_the_menu_opens_its_page(page, live, site):
    button = {"type": "view", "name": "我的工单", "url": site.url}
    Platform(live).call("/cgi-bin/menu/create", button=[button])

    opened(page, mark="menu-top-1")


def test_where_the_browser_refuses_the_window_a_plain_link_is_offered(page, product, site):
    is_sent_a_link(page, product, site)
    page.evaluate("window.open = () => null")

    phone(page).get_by_test_id("link").click()
    offered = page.get_by_test_id("open-blocked")
    expect(offered).to_be_visible()
    with page.context.expect_page() as caught:
        offered.click()

    expect(caught.value).to_have_title("工单进度")
    assert caught.value.url.startswith("http://p1.localhost:")


def test_an_address_that_is_no_web_page_is_only_words(page, product):
    product.answers.append(says('看<a href="javascript:alert(1)">这里</a>'))
    say(page, "在吗")

    expect(bubbles(page)).to_contain_text("这里")
    expect(bubbles(page).locator("a")).to_have_count(0)


@pytest.mark.parametrize("address", ["javascript:document.title='x'", "file:///etc/hosts", ""])
def test_the_window_goes_to_web_pages_only(page, live, address):
    page.goto(f"{live.url}/static/webview.html#phone={WANG}&to={address}")

    expect(page.get_by_test_id("opening")).to_have_text("这不是网页的地址")


def test_the_window_of_an_unknown_phone_says_so(page, live, site):
    page.goto(f"{live.url}/static/webview.html#phone=nobody&to={site.url}")

    expect(page.get_by_test_id("opening")).to_have_text("没有这部手机")
    assert site.visits == []


def test_a_page_that_asks_who_reads_it_is_told_without_a_question(page, live, product, site):
    query = urlencode(
        {
            "appid": APP_ID,
            "redirect_uri": site.url,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": "s1",
        }
    )
    address = f"{live.url}/connect/oauth2/authorize?{query}".replace("&", "&amp;")
    product.answers.append(says(f'<a href="{address}#wechat_redirect">填报修单</a>'))
    say(page, "报修", ZHOU)

    shown = opened(page, ZHOU)

    assert urlsplit(shown.url).hostname == "p2.localhost"
    assert parse_qs(urlsplit(shown.url).query)["state"] == ["s1"]
    expect(page.get_by_test_id("call").filter(has_text="网页授权").first).to_contain_text(
        "给了 code"
    )
