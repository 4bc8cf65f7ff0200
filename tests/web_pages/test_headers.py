"""What each answer tells the browser (H-43, H-44, S-049, S-090, S-118)."""

import gzip
import re

import pytest

PAGES = ("/h5/", "/h5/report", "/h5/tickets", "/h5/nowhere", "/h5/signed-out")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_nowhere_framed_nowhere_and_runs_nothing_inline(
    make_person, browser_of, path
):
    answer = browser_of(make_person()).client.get(path)

    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Cookie" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_a_script_or_a_style_of_its_own(make_person, browser_of, path):
    html = browser_of(make_person()).opens(path).html

    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html), "nothing comes from elsewhere"


def test_styles_and_scripts_are_zipped_and_kept_for_a_year(make_person, browser_of):
    browser = browser_of(make_person())
    html = browser.opens("/h5/").html
    files = re.findall(r'"(/static/[0-9a-f]{12}/h5/[^"]+)"', html)

    answers = [browser.client.get(each, headers={"Accept-Encoding": "gzip"}) for each in files]

    assert len(files) == 4
    assert all(each.status_code == 200 for each in answers)
    assert all("immutable" in each.headers["Cache-Control"] for each in answers)
    assert all(gzip.decompress(each.data) for each in answers)
    assert not any("Set-Cookie" in each.headers for each in answers)


def test_a_file_under_an_old_hash_is_answered_but_not_kept(browser_of):
    answer = browser_of().client.get("/static/000000000000/h5/h5.css")

    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/h5/../../app.py",
        "/static/000000000000/h5/vendor/weui.LICENSE.txt",
        "/static/000000000000/h5/..%2f..%2fapp.py",
        "/static/vendor.toml",
        "/static/h5/",
    ],
)
def test_nothing_else_is_served(browser_of, path):
    assert browser_of().client.get(path).status_code == 404


def test_the_bare_address_leads_to_the_sign_in(app):
    answer = app.test_client().get("/")

    assert (answer.status_code, answer.location) == (303, "/account/sign-in")


def test_the_platforms_domain_file_is_at_the_root(browser_of):
    client = browser_of().client

    assert client.get("/MP_verify_abc123.txt").text == "abc123"
    assert client.get("/MP_verify_other.txt").status_code == 404


def test_the_js_sdk_is_loaded_inside_wechat_only_and_never_waited_for(site, make_person, platform):
    from dataclasses import dataclass, replace

    from tests.web_pages.browsing import Browser
    from web.app import make_app
    from web.installing import Pages

    @dataclass
    class Config:
        app_id: str = "wx1"
        timestamp: int = 1767225600
        nonce: str = "Wm3WZYTPz0wzccnW"
        signature: str = "b96412"

    class Sdk:
        urls: list[str] = []  # noqa: RUF012
        is_away = False

        def signature(self, url):
            self.urls.append(url)
            if self.is_away:
                raise OSError
            return Config()

    sdk = Sdk()
    browser = Browser(make_app([], Pages(replace(site, jssdk=sdk))).test_client())
    browser.sign_in(platform, make_person().openid)
    wechat = {"User-Agent": "Mozilla/5.0 MicroMessenger/8.0.50"}

    outside = browser.opens("/h5/report?device=X")
    inside = browser.opens("/h5/report?device=X", headers=wechat)
    sdk.is_away = True
    away = browser.opens("/h5/report?device=X", headers=wechat)

    assert "wx-config" not in outside.html and "jweixin" not in outside.html
    assert "wx-config" in inside.html and "b96412" in inside.html
    assert sdk.urls[0] == "http://desk.example.com/h5/report?device=X"
    assert away.status == 200 and "wx-config" not in away.html
