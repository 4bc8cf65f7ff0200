"""Signing in at a computer, in a real browser: by scanning, and by password (F3, Y1)."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from domain.permissions import Role
from models import Person, SignInScan
from services import credentials
from tests.web.console.accessible import violations

WORDS = "三号楼的打印机又卡纸了"


def _looks_right(page: Page) -> None:
    """WCAG 2.2 AA as far as a machine sees it, and nothing wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def number_given(database, clock):
    def give(person, number: str) -> None:
        kept = credentials.hash_of(WORDS)
        with database.transaction() as session:
            session.get_one(Person, person.id).staff_number = number
            credentials.set_password(session, person.id, kept, clock())

    return give


def test_a_scan_and_a_yes_sign_the_computer_in(
    open_screen, open_phone, served, make_person, database
):
    wang = make_person("王芳")
    screen = open_screen("/account/sign-in?to=/account/")
    expect(screen.get_by_alt_text("登录二维码")).to_be_visible()
    _looks_right(screen)
    number = screen.locator(".scan__number strong").inner_text()
    token = next(each for each in screen.context.cookies() if each["name"] == "scan")["value"]

    phone = open_phone(wang, f"/h5/scan/{token.partition('.')[0]}")
    expect(phone.get_by_text(number)).to_be_visible()
    _looks_right(phone)
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_text("已确认")).to_be_visible()

    expect(screen).to_have_url(re.compile("/account/$"))
    expect(screen.get_by_text("王芳").first).to_be_visible()
    with database.reading() as session:
        assert session.scalars(select(SignInScan)).one().used_at is not None


@pytest.mark.parametrize(("dark", "width"), [(False, 390), (True, 1440)])
def test_a_clerk_signs_in_by_keyboard_and_sets_up_a_second_factor(
    open_screen, make_person, number_given, dark, width
):
    number_given(make_person("陈静", Role.DESK), "1001")
    screen = open_screen("/account/sign-in?to=/account/", dark=dark, width=width)

    expect(screen.get_by_label("工号")).to_be_focused()
    screen.keyboard.type("1001")
    screen.keyboard.press("Tab")
    screen.keyboard.type(WORDS)
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("heading", name="账号与安全")).to_be_visible()
    _looks_right(screen)
    screen.get_by_role("link", name="开启", exact=True).click()
    screen.get_by_label("密码").fill(WORDS)
    screen.get_by_role("button", name="开始设置").click()

    expect(screen.get_by_alt_text("验证器二维码")).to_be_visible()
    _looks_right(screen)
