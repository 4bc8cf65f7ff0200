"""The pages on a port of their own, opened by a phone and at a computer."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.pages.conftest import *  # noqa: F403
from tests.web.pages.serving import Served


@pytest.fixture
def open_screen(served: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_screen("/account/sign-in")`: a browser at a computer; none of its pages complains."""
    contexts, complaints = [], []

    def open_it(path: str, *, dark: bool = False, width: int = 1440) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
