"""One desk with its sandbox for all stories, and a fresh page for each."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.running import Running, running_demo

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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(browser) -> Iterator[Browser]:
    """Closed with its module: another module's Playwright cannot start beside it."""
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
    """The page with the phones; it loads nothing from elsewhere and complains of nothing."""
    opened = chromium.new_page(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    opened.set_default_timeout(READS_WITHIN)
    complaints: list[str] = []
    strange: list[str] = []

    def look_at(url: str) -> None:
        if urlsplit(url).netloc != urlsplit(demo.url).netloc:
            strange.append(url)

    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.on("request", lambda request: look_at(request.url))
    opened.goto(demo.url)
    expect(opened.get_by_test_id("state")).to_have_text("已连接")
    yield opened
    opened.close()
    assert complaints == []
    assert strange == []
