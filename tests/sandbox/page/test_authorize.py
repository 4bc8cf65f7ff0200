"""The platform's own pages in a browser: a phone is picked, known, asked, or told what is wrong."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.bot.pushes import APP_ID
from tests.sandbox.live import Live
from tests.sandbox.page.site import Site
from tests.sandbox.stage import SECRET, WANG, ZHOU

pytestmark = pytest.mark.usefixtures("page")


@pytest.fixture
def reader(window, live: Live) -> Page:
    """A window of a browser that belongs to nobody yet."""
    opened = window.new_page()
    opened.goto(f"{live.url}/static/icon.svg")
    return opened


def authorize(live: Live, site: Site, **changes: str) -> str:
    query = {
        "appid": APP_ID,
        "redirect_uri": site.url,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s7",
        **changes,
    }
    return f"{live.url}/connect/oauth2/authorize?{urlencode(query)}"


def who_came(live: Live, shown: Page) -> str:
    """Whose code the page of the product was opened with."""
    code = parse_qs(urlsplit(shown.url).query)["code"][0]
    query = {"appid": APP_ID, "secret": SECRET, "code": code, "grant_type": "authorization_code"}
    return live.get(f"/sns/oauth2/access_token?{urlencode(query)}")["openid"]


def test_who_picks_a_phone_comes_as_its_owner_under_its_own_name(reader, live, site):
    reader.goto(authorize(live, site))
    reader.get_by_role("link", name="周工").click()

    expect(reader).to_have_title("工单进度")
    assert urlsplit(reader.url).hostname == "p2.localhost"
    assert who_came(live, reader) == ZHOU


def test_a_window_of_a_phone_is_not_asked(reader, live, site):
    reader.evaluate(f"sessionStorage.phone = '{WANG}'")

    reader.goto(authorize(live, site))

    expect(reader).to_have_title("工单进度")
    assert who_came(live, reader) == WANG


def test_a_phone_that_is_gone_is_asked_again(reader, live, site):
    reader.evaluate("sessionStorage.phone = 'oDeskGone'")

    reader.goto(authorize(live, site))

    expect(reader.get_by_role("link", name="王芳")).to_be_visible()


def test_what_is_wrong_is_read_on_the_page(reader, live, site):
    live.rules(oauth_domain="desk.example.com")

    reader.goto(authorize(live, site))

    expect(reader.get_by_text("10003")).to_be_visible()
    assert site.visits == []


def test_one_message_is_allowed_by_a_tap(reader, live, site):
    one_time = live.get("/control/templates")["one_time"]["id"]
    query = {
        "action": "get_confirm",
        "appid": APP_ID,
        "scene": "7",
        "template_id": one_time,
        "redirect_url": site.url,
        "reserved": "r7",
    }
    reader.evaluate(f"sessionStorage.phone = '{WANG}'")

    reader.goto(f"{live.url}/mp/subscribemsg?{urlencode(query)}")
    reader.get_by_role("link", name="允许", exact=True).click()

    expect(reader).to_have_title("工单进度")
    told = parse_qs(urlsplit(reader.url).query)
    assert (told["openid"], told["action"]) == ([WANG], ["confirm"])


@pytest.fixture(autouse=True)
def _nobody_has_come(site: Site) -> None:
    site.visits.clear()
