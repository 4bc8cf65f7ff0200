"""One sandbox and one browser for each file of tests, and a fresh page for each test."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.sandbox.live import Live, running_sandbox
from tests.sandbox.page.site import Site, running_site
from tests.sandbox.stage import Product, running_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product() as made:
        yield made


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, product: Product) -> Iterator[Live]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), product.url) as made:
        yield made


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as made:
        yield made


@pytest.fixture(scope="module")
def chromium(browser) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.executable,
            env={**os.environ, **browser.environment},
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield launched
        launched.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that remembers nothing of the test before."""
    opened = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield opened
    opened.close()


@pytest.fixture
def page(live: Live, product: Product, window: BrowserContext) -> Iterator[Page]:
    live.post("/control/reset")
    product.heard.clear()
    product.answers.clear()
    opened = window.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(live.url)
    expect(opened.get_by_test_id("state")).to_have_text("已连接")
    yield opened
    opened.close()
    assert errors == []
