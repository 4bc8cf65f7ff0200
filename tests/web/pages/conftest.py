"""The pages of one desk on a port of their own, and phones that open them.

served      the pages at `served.url`; whoever signs in next is `served.reader.openid`
open_phone  `open_phone(wang, "/h5/")`: a page of a phone's size; `dark`, `scripts`, `width`, `size`
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from domain.speaker import Speaker
from tests.web.pages.serving import Served
from tests.web.pages.serving import served as serve
from tests.web_pages.conftest import *  # noqa: F403


@pytest.fixture
def served(site) -> Iterator[Served]:
    with serve(site) as running:
        yield running


@pytest.fixture
def open_phone(served: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Each phone has cookies of its own; none of its pages complains, but of what is expected."""
    contexts, complaints = [], []

    def complain(said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            complaints.append(said.text)

    def open_it(
        person: Speaker,
        path: str,
        *,
        dark: bool = False,
        scripts: bool = True,
        width: int = 390,
        agent: str | None = None,
    ) -> Page:
        served.reader.openid = person.openid
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=True,
            has_touch=True,
            user_agent=agent,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain)
        page.goto(served.url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
