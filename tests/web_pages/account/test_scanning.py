"""Signing in at a computer by scanning with WeChat (F3, H-34)."""

import re
from html import unescape

import pytest
import segno
from sqlalchemy import select

from domain.permissions import Role
from models import Person, SignInScan
from tests.web_pages.account.conftest import SIGN_IN
from tests.web_pages.browsing import Browser
from tests.web_pages.conftest import PUBLIC_URL

SCAN = f"{SIGN_IN}/scan"
ENTER = f"{SCAN}/enter"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)


class Screen:
    """A browser at a computer that shows a code."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        form = browser.opens(f"{SIGN_IN}?to=/portal/report").form(SCAN)
        browser.client.post(SCAN, data=form.fields, headers={"User-Agent": EDGE})
        self.page = browser.opens(f"{SIGN_IN}?to=/portal/report")

    @property
    def path(self) -> str:
        """What the code says, as far as a phone opens it; the cookie knows it as the picture."""
        return f"/h5/scan/{_kept(self.browser)[0]}"

    @property
    def number(self) -> str:
        return re.findall(r"<strong>(\d{4})</strong>", self.page.html)[0]

    @property
    def state(self) -> str:
        return self.browser.client.get(SCAN).get_json()["state"]

    def enters(self):
        return self.browser.posts(self.page.form(ENTER))


def _kept(browser: Browser) -> tuple[str, str]:
    """What the browser knows of its code: what it says, and what makes it this browser's."""
    cookie = browser.client.get_cookie("scan")
    assert cookie is not None
    token, _, secret = cookie.value.partition(".")
    return token, secret


@pytest.fixture
def screen(app) -> Screen:
    return Screen(Browser(app.test_client()))


def _says(phone: Browser, path: str, answer: str):
    return phone.sends(phone.opens(path).form(path), answer=answer)


def test_a_yes_on_the_phone_signs_the_computer_in(screen, browser_of, make_person):
    """Same person, same history: the phone's."""
    wang = make_person("王芳")
    phone = browser_of(wang)
    asked = phone.opens(screen.path)
    assert screen.state == "waiting"
    told = _says(phone, screen.path, "yes")

    state, answer = screen.state, screen.enters()

    assert "Edge · Windows" in asked.text and "127.0.0.1" in asked.text and "10:30" in asked.text
    assert screen.number in asked.text
    assert "已确认" in told.text
    assert (state, answer.location) == ("approved", "/portal/report")
    assert "王芳" in screen.browser.opens("/account/").text


def test_the_picture_says_the_address_of_the_question(screen):
    said = segno.make(f"{PUBLIC_URL}{screen.path}", error="m", micro=False)
    drawn = said.svg_data_uri(scale=6, border=2, light="#fff", dark="#182433")

    assert drawn in unescape(screen.page.html)


def test_a_no_on_the_phone_is_told(screen, browser_of, make_person):
    _says(browser_of(make_person()), screen.path, "no")

    assert screen.state == "refused"
    assert screen.enters().location == SIGN_IN


def test_looking_at_the_question_is_no_yes(screen, browser_of, make_person):
    browser_of(make_person()).opens(screen.path)

    assert screen.state == "waiting"
    assert screen.enters().location == SIGN_IN


def test_a_code_holds_for_two_minutes(screen, browser_of, make_person, clock):
    phone = browser_of(make_person())
    path, form = screen.path, phone.opens(screen.path).form(screen.path)
    clock.passes(minutes=2)

    assert screen.state == "over"
    assert phone.opens(path).status == 410
    assert phone.sends(form, answer="yes").status == 410


def test_a_code_counts_once(screen, browser_of, make_person):
    wang, path = make_person(), screen.path
    _says(browser_of(wang), path, "yes")
    cookie = ".".join(_kept(screen.browser))
    screen.enters()

    screen.browser.client.delete_cookie("desk")
    screen.browser.client.set_cookie("scan", cookie, domain="localhost")
    screen.page = screen.browser.opens(SIGN_IN)

    assert screen.state == "over"
    assert browser_of(wang).opens(path).status == 410


def test_the_yes_is_for_the_browser_that_shows_the_code(screen, app, browser_of, make_person):
    """Whoever reads the code off the screen, even the token itself, gets nothing by it."""
    thief = Screen(Browser(app.test_client()))
    own_secret = _kept(thief.browser)[1]
    token = screen.path.rpartition("/")[2]
    _says(browser_of(make_person()), screen.path, "yes")

    thief.browser.client.set_cookie("scan", f"{token}.{own_secret}", domain="localhost")

    assert thief.state == "over"
    assert thief.enters().location == SIGN_IN


def test_nobody_says_yes_in_the_name_of_another_site(screen, browser_of, make_person):
    phone = browser_of(make_person())

    answer = phone.client.post(screen.path, data={"answer": "yes"})

    assert answer.status_code == 403
    assert screen.state == "waiting"


def test_staff_come_into_the_console_by_scanning_too(app, browser_of, make_person):
    browser = Browser(app.test_client())
    browser.sends(browser.opens(SIGN_IN).form(SCAN))
    token = _kept(browser)[0]
    _says(browser_of(make_person("陈静", Role.DESK)), f"/h5/scan/{token}", "yes")

    answer = browser.posts(browser.opens(SIGN_IN).form(ENTER))

    assert answer.location == "/console/"


def test_whoever_left_between_yes_and_now_stays_out(screen, browser_of, make_person, database):
    wang = make_person()
    _says(browser_of(wang), screen.path, "yes")
    with database.transaction() as session:
        session.get_one(Person, wang.id).is_active = False

    assert screen.enters().location == SIGN_IN


def test_only_hashes_are_kept(screen, database):
    with database.reading() as session:
        kept = session.scalars(select(SignInScan)).one()
    token, secret = _kept(screen.browser)

    assert token not in kept.token_hash and secret not in kept.browser_hash
    assert kept.browser == "Edge · Windows"


def test_a_code_that_nobody_made_is_no_code(browser_of, make_person):
    phone = browser_of(make_person())

    assert phone.opens("/h5/scan/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").status == 410
    assert phone.opens("/h5/scan/%F0%9F%98%80").status == 410
