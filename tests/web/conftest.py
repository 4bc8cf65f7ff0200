"""One desk with its sandbox for all stories, one browser, and a fresh page for each."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.handset import ZHENG, Handset
from tests.web.records import Records
from tests.web.running import BEGINS_AT, Running, running_demo

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READS_WITHIN = 20_000  # milliseconds; a busy machine is slow, and a quick one never waits


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="package")
def chromium(browser) -> Iterator[Browser]:
    """Closed behind these folders: another one's Playwright cannot start beside it."""
    expect.set_options(timeout=READS_WITHIN)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.executable,
            env={**os.environ, **browser.environment},
            args=ARGUMENTS,
        )
        yield launched
        launched.close()


@pytest.fixture
def page(demo: Running, chromium: Browser) -> Iterator[Page]:
    """The page with the phones; it and what they open load nothing from elsewhere, nor complain."""
    opened = chromium.new_page(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    opened.context.set_default_timeout(READS_WITHIN)
    complaints: list[str] = []
    strange: list[str] = []

    def look_at(url: str) -> None:
        if not _is_ours(url, demo.url):
            strange.append(url)

    everywhere = opened.context
    everywhere.on("weberror", lambda error: complaints.append(str(error.error)))
    everywhere.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    everywhere.on("request", lambda request: look_at(request.url))
    opened.goto(demo.url)
    expect(opened.get_by_test_id("state")).to_have_text("已连接")
    yield opened
    everywhere.close()
    assert complaints == []
    assert strange == []


def _is_ours(url: str, wall: str) -> bool:
    """Of the wall, of a page as one of its phones sees it, or made by a page itself."""
    parts = urlsplit(url)
    is_page = parts.hostname is not None and parts.hostname.endswith("localhost")
    return parts.netloc == urlsplit(wall).netloc or is_page or parts.scheme in ("data", "blob")


# --- who and what there is -------------------------------------------------------------------


@pytest.fixture
def hold(page: Page):
    """`hold(openid)`: a phone of the page, in somebody's hand."""
    return lambda openid: Handset(page, openid)


@pytest.fixture
def zheng(hold) -> Handset:
    """At work: the platform lets the account write to him, as he has just written to it."""
    return hold(ZHENG).signs_in()


@pytest.fixture
def records(demo: Running) -> Records:
    return demo.records


@pytest.fixture
def newcomer(page: Page, demo: Running):
    """`newcomer(openid, name, caption)`: one more phone on the page."""

    def made(openid: str, name: str, caption: str, role: str = "requester") -> Handset:
        demo.add_phone(openid, name, caption, role)
        handset = Handset(page, openid)
        expect(handset.node).to_be_visible()
        return handset

    return made


@pytest.fixture
def known(newcomer, records: Records):
    """`known(openid, name, department, phone)`: the phone of somebody who has reported before."""

    def made(openid: str, name: str, department: str, phone: str) -> Handset:
        records.know(openid, name, department, phone, BEGINS_AT)
        return newcomer(openid, name, department)

    return made
