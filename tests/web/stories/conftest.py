"""Computers beside the phones: `computer("/portal/")`, and 小陈 signed in at the console."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cli.demo import PASSWORD
from tests.web.conftest import READS_WITHIN
from tests.web.running import Running

CHEN = "1001"  # 小陈 of the desk, by her staff number
LIN = "1006"  # 林管理, the admin


def sign_in(screen: Page, number: str) -> None:
    """By number and password, on the page that the console asks with."""
    screen.get_by_label("工号").fill(number)
    screen.get_by_label("密码").fill(PASSWORD)
    screen.get_by_role("button", name="登录", exact=True).click()


@pytest.fixture
def computer(demo: Running, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """`computer("/portal/")`: a browser of somebody's own; none of its pages complains."""
    contexts, complaints = [], []

    def opened(path: str) -> Page:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(READS_WITHIN)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        page = context.new_page()
        page.goto(demo.desk_url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def console(computer: Callable[[str], Page]) -> Page:
    """小陈 has come in: the console asked who she is, and shows her what is to be done."""
    screen = computer("/console/")
    sign_in(screen, CHEN)
    expect(screen.get_by_role("heading", name="待办", level=1)).to_be_visible()
    return screen
