"""Who reads is known from WeChat alone (H-31, H-33, H-34, S-099, S-116, wechat-platform §9)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from models import Person, WebSession
from services import people, web_sessions
from tests.web_pages.conftest import PUBLIC_URL, Visitor

WANG = "oDeskWangFang000000000000001"


def state_of(response) -> str:
    return parse_qs(urlsplit(response.location).query)["state"][0]


@pytest.fixture
def count(database):
    def rows(model) -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    return rows


def test_a_page_without_session_leads_to_wechat_with_our_own_address(browser_of, platform):
    answer = browser_of().client.get("/h5/tickets", headers={"Host": "evil.example.com"})

    (redirect_uri, state), *_ = platform.asked
    assert answer.status_code == 302
    assert redirect_uri == f"{PUBLIC_URL}/h5/oauth"
    assert state.isalnum() and len(state) <= 128


def test_whoever_comes_back_with_a_code_is_signed_in_and_reads_what_they_asked_for(
    make_person, browser_of, platform
):
    wang, browser = make_person(), browser_of()

    back = browser.sign_in(platform, wang.openid, "/h5/tickets?before=x")

    assert (back.status_code, back.location) == (302, "/h5/tickets?before=x")
    assert browser.opens("/h5/").status == 200


def test_the_session_cookie_is_out_of_reach_and_only_its_hash_is_kept(
    make_person, browser_of, platform, database
):
    back = browser_of().sign_in(platform, make_person().openid)

    cookie = next(c for c in back.headers.getlist("Set-Cookie") if c.startswith("h5="))
    token = cookie.partition("=")[2].partition(";")[0]
    with database.reading() as session:
        kept = session.scalars(select(WebSession)).one()
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert token not in kept.token_hash and len(kept.token_hash) == 64


def test_with_https_cookies_are_secure_and_of_this_host_alone(
    site, platform, make_person, browser_of
):
    from dataclasses import replace

    from tests.web_pages.browsing import Browser
    from web.app import make_app
    from web.installing import Pages

    secure = make_app([], Pages(replace(site, public_url="https://desk.example.com")))
    back = Browser(secure.test_client()).sign_in(platform, make_person().openid)

    cookies = back.headers.getlist("Set-Cookie")
    assert any(each.startswith("__Host-h5=") and "Secure" in each for each in cookies)
    assert all("Secure" in each for each in cookies)
    assert "max-age" in back.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("state", ["", "0" * 32, "../x", "a" * 128, "<script>"])
def test_a_state_that_this_browser_was_not_given_signs_nobody_in(
    browser_of, platform, count, state
):
    platform.visitors["CODE"] = Visitor(WANG)

    answer = browser_of().client.get("/h5/oauth", query_string={"code": "CODE", "state": state})

    assert answer.status_code == 403
    assert count(WebSession) == 0
    assert "CODE" in platform.visitors, "the code was not even asked about"


def test_a_state_of_another_browser_signs_nobody_in(browser_of, platform, count):
    state = state_of(browser_of().client.get("/h5/"))
    platform.visitors["CODE"] = Visitor(WANG)

    answer = browser_of().client.get(f"/h5/oauth?code=CODE&state={state}")

    assert answer.status_code == 403 and count(WebSession) == 0


def test_a_tampered_way_cookie_signs_nobody_in(browser_of, platform, count):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/"))
    name = f"h5_way_{state[:8]}"
    browser.client.set_cookie(name, "eyJwYXRoIjogIi8vZXZpbC5jbiJ9.x.y", path="/h5/oauth")
    platform.visitors["CODE"] = Visitor(WANG)

    answer = browser.client.get(f"/h5/oauth?code=CODE&state={state}")

    assert answer.status_code == 403 and count(WebSession) == 0


def test_a_state_counts_once(browser_of, platform, make_person):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/tickets"))
    platform.visitors["CODE"] = Visitor(make_person().openid)
    browser.client.get(f"/h5/oauth?code=CODE&state={state}")
    browser.client.delete_cookie("h5")
    platform.visitors["OTHER"] = Visitor(WANG)

    again = browser.client.get(f"/h5/oauth?code=OTHER&state={state}")

    assert again.status_code == 403
    assert "OTHER" in platform.visitors


def test_the_way_back_loaded_twice_leads_on_all_the_same(browser_of, platform, make_person):
    """The WebView loads it twice, or the reader presses back (wechat-platform §9)."""
    browser = browser_of()
    state = state_of(browser.client.get("/h5/tickets"))
    platform.visitors["CODE"] = Visitor(make_person().openid)
    browser.client.get(f"/h5/oauth?code=CODE&state={state}")

    again = browser.client.get(f"/h5/oauth?code=CODE&state={state}")

    assert (again.status_code, again.location) == (302, "/h5/")


def test_a_spent_code_starts_once_more_unseen_and_then_says_so(browser_of, platform):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/tickets"))

    first = browser.client.get(f"/h5/oauth?code=SPENT&state={state}")
    second = browser.client.get(f"/h5/oauth?code=SPENT&state={state_of(first)}")

    assert first.location.startswith("http://open.example.com/")
    assert second.status_code == 403
    assert "重新进入" in second.get_data(as_text=True)
    assert 'href="/h5/tickets"' in second.get_data(as_text=True)


def test_a_snapshot_page_is_asked_to_become_a_whole_one_and_nobody_is_remembered(
    browser_of, platform, count
):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/report"))
    platform.visitors["CODE"] = Visitor("oSnap0000000000000000000001", is_snapshot=True)

    answer = browser.client.get(f"/h5/oauth?code=CODE&state={state}")

    assert "使用完整服务" in answer.get_data(as_text=True)
    assert (count(Person), count(WebSession)) == (0, 0)


def test_a_reader_who_refused_is_told_so(browser_of):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/"))

    answer = browser.client.get(f"/h5/oauth?state={state}")

    assert answer.status_code == 403 and "再试一次" in answer.get_data(as_text=True)


def test_while_wechat_is_away_the_reader_is_told_to_try_again(browser_of, platform):
    browser = browser_of()
    state = state_of(browser.client.get("/h5/report"))
    platform.is_away = True

    answer = browser.client.get(f"/h5/oauth?code=CODE&state={state}")

    assert answer.status_code == 503 and 'href="/h5/report"' in answer.get_data(as_text=True)


def test_somebody_unknown_is_made_known_and_told_to_follow(browser_of, platform, database):
    browser = browser_of()
    browser.sign_in(platform, WANG)

    page = browser.opens("/h5/")

    with database.reading() as session:
        person = session.scalars(select(Person)).one()
    assert person.openid == WANG and not person.is_following
    assert "关注公众号" in page.text


def test_somebody_who_follows_is_not_asked_to(make_person, browser_of):
    assert "关注公众号" not in browser_of(make_person()).opens("/h5/").text


@pytest.mark.parametrize(
    "wanted",
    [
        "/h5//evil.example.com",
        "/h5/%2F%2Fevil.example.com",
        "/h5/..%2f..%2fwechat",
        "/h5/../wechat",
        "/h5/\\evil.example.com",
        "/h5/@evil.example.com",
        "/h5/%0d%0aSet-Cookie:x=1",
        "/h5/oauth?code=1",
        "/h5/tickets?next=//evil.example.com",
        "/h5/x;y",
        "/h5/" + "a" * 400,
    ],
)
def test_no_way_back_leads_out_of_the_pages(app, browser_of, platform, make_person, wanted):
    from web.ways import local_path

    with app.app_context():
        assert local_path(wanted, "/h5/") == "/h5/"
        assert local_path(f"http://desk.example.com{wanted}", "/h5/") == "/h5/"


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example.com", "https://evil.example.com/h5/", "/\\evil.cn", "", "/", "/wechat", "h5/"],
)
def test_a_foreign_address_is_never_gone_to(app, wanted):
    from web.ways import local_path

    with app.app_context():
        assert local_path(wanted, "/h5/") == "/h5/"


def test_a_session_ends_after_thirty_days_however_much_it_is_used(make_person, browser_of, clock):
    browser, answers = browser_of(make_person()), []

    for _ in range(6):
        clock.passes(days=5)
        answers.append(browser.client.get("/h5/").status_code)

    assert answers == [200, 200, 200, 200, 200, 302]


def test_a_session_ends_after_seven_days_of_silence(make_person, browser_of, clock):
    browser = browser_of(make_person())

    clock.passes(days=7)

    assert browser.client.get("/h5/").status_code == 302


def test_a_session_that_is_used_lives_on(make_person, browser_of, clock):
    browser = browser_of(make_person())

    clock.passes(days=6)
    first = browser.client.get("/h5/").status_code
    clock.passes(days=6)
    second = browser.client.get("/h5/").status_code

    assert (first, second) == (200, 200)


def test_signing_out_ends_the_session_itself_not_only_the_cookie(make_person, browser_of, count):
    browser = browser_of(make_person())
    token = browser.client.get_cookie("h5").value
    page = browser.opens("/h5/")

    gone = browser.sends(page.form("/h5/sign-out"))
    browser.client.set_cookie("h5", token)

    assert "已退出登录" in gone.text
    assert count(WebSession) == 0
    assert browser.client.get("/h5/").status_code == 302


def test_a_person_signed_out_everywhere_is_out_at_once(make_person, browser_of, database):
    wang = make_person()
    phone, desktop = browser_of(wang), browser_of(wang)

    with database.transaction() as session:
        ended = web_sessions.end_all(session, wang.id)

    assert ended == 2
    assert phone.client.get("/h5/").status_code == 302
    assert desktop.client.get("/h5/").status_code == 302


def test_roles_are_those_of_this_moment(make_person, browser_of, database):
    from domain.permissions import Role

    wang = make_person()
    browser = browser_of(wang)
    before = browser.opens("/h5/").links

    with database.transaction() as session:
        session.get_one(Person, wang.id).roles = frozenset({Role.REQUESTER, Role.ENGINEER})

    assert "/h5/work" not in before
    assert "/h5/work" in browser.opens("/h5/").links


def test_a_sign_in_gives_a_new_session_and_ends_the_former(
    make_person, browser_of, platform, count
):
    wang = make_person()
    browser = browser_of()
    first = browser.client.get("/h5/")
    platform.visitors["ONE"] = Visitor(wang.openid)
    browser.client.get(f"/h5/oauth?code=ONE&state={state_of(first)}")
    former = browser.client.get_cookie("h5").value

    with browser.client.session_transaction() as kept:
        kept["csrf_token"] = "of whoever was here before"
    browser.client.delete_cookie("h5")
    second = browser.client.get("/h5/")
    browser.client.set_cookie("h5", former)
    platform.visitors["TWO"] = Visitor(wang.openid)
    browser.client.get(f"/h5/oauth?code=TWO&state={state_of(second)}")

    assert browser.client.get_cookie("h5").value != former
    assert count(WebSession) == 1
    with browser.client.session_transaction() as kept:
        assert "csrf_token" not in kept


def test_an_openid_in_the_address_or_a_header_is_nobody(browser_of, make_person):
    wang = make_person()

    answer = browser_of().client.get(
        f"/h5/?openid={wang.openid}", headers={"X-Openid": wang.openid, "Cookie": "openid=x"}
    )

    assert answer.status_code == 302


def test_sessions_that_are_over_are_swept_when_somebody_signs_in(
    make_person, browser_of, clock, count
):
    browser_of(make_person())
    clock.passes(days=31)

    browser_of(make_person())

    assert count(WebSession) == 1


def test_somebody_who_left_and_came_back_follows_again(make_person, browser_of, database):
    wang = make_person()
    browser = browser_of(wang)
    with database.transaction() as session:
        people.followed(session, wang.openid, is_following=False)

    assert "关注公众号" in browser.opens("/h5/").text
