"""Staff with numbers and passwords.

clerk           陈静 of the desk, number 1001, password WORDS
make_staff      `make_staff("周工", Role.ENGINEER, number="1002", password=…)`
door            a browser at the sign-in: `door.enters("1001", WORDS)`
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest

from domain.permissions import Role
from domain.speaker import Speaker
from models import Credential, Person
from services import credentials
from tests.web_pages.browsing import Browser, Page

WORDS = "三号楼的打印机又卡纸了"
SIGN_IN = "/account/sign-in"


@dataclass
class Door:
    """A browser that nobody is signed in with yet."""

    browser: Browser
    address: str = "203.0.113.7"

    def enters(self, number: str, password: str, to: str = "") -> Page:
        form = self.browser.opens(f"{SIGN_IN}?to={to}").form(SIGN_IN)
        answer = self.posts(form, number=number, password=password)
        return self._after(answer)

    def posts(self, form: Any, **typed: str) -> Any:
        data = {**form.fields, **typed}
        return self.browser.client.post(
            form.action, data=data, environ_base={"REMOTE_ADDR": self.address}
        )

    def sends(self, action: str, **typed: str) -> Page:
        assert self.browser.page is not None
        return self._after(self.posts(self.browser.page.form(action), **typed))

    def _after(self, answer: Any) -> Page:
        if answer.status_code == 303 and answer.location.startswith("/account/"):
            return self.browser.opens(answer.location)
        self.browser.page = Page(answer)
        return self.browser.page

    @property
    def token(self) -> str | None:
        cookie = self.browser.client.get_cookie("desk")
        return cookie.value if cookie else None

    @property
    def is_in(self) -> bool:
        return self.browser.client.get("/account/").status_code == 200


@pytest.fixture
def door(app) -> Door:
    return Door(Browser(app.test_client()))


@pytest.fixture
def another_door(app) -> Door:
    return Door(Browser(app.test_client()), "203.0.113.8")


@pytest.fixture
def make_staff(database, make_person, clock) -> Callable[..., Speaker]:
    def made(
        name: str, *roles: Role, number: str, password: str = WORDS, is_provisional: bool = False
    ) -> Speaker:
        person = make_person(name, *roles)
        with database.transaction() as session:
            session.get_one(Person, person.id).staff_number = number
            kept = credentials.hash_of(password)
            credentials.set_password(
                session, person.id, kept, clock(), is_provisional=is_provisional
            )
        return person

    return made


@pytest.fixture
def clerk(make_staff) -> Speaker:
    return make_staff("陈静", Role.DESK, number="1001")


@pytest.fixture
def second_factor(database, site, clock) -> Callable[[Speaker], pyotp.TOTP]:
    """Set up and confirmed; answers what the person's phone shows."""

    def set_up(person: Speaker) -> pyotp.TOTP:
        with database.transaction() as session:
            kept = session.get_one(Credential, person.id)
            secret = credentials.begin_second_factor(session, kept, site.secret_key)
            kept.totp_since = clock()
        return pyotp.TOTP(secret)

    return set_up
