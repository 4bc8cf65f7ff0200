"""The portal on a port of its own, and computers that open it.

served      the pages at `served.url`
open_desk   `open_desk(wang, "/portal/")`: signed in by password; `dark`, `scripts`, `size`
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from domain.speaker import Speaker
from services import web_sessions
from services.web_sessions import Via
from tests.web.pages.serving import Served
from tests.web.pages.serving import served as serve
from tests.web_pages.conftest import *  # noqa: F403


@pytest.fixture
def served(site) -> Iterator[Served]:
    with serve(site) as running:
        yield running


@pytest.fixture
def open_desk(served: Served, chromium: Browser, database, clock) -> Iterator[Callable[..., Page]]:
    """Each has cookies of its own; no page complains, or loads anything from elsewhere."""
    contexts, complaints = [], []

    def complain(said: Any) -> None:
        if said.type == "error":
            complaints.append(said.text)

    def look_at(url: str) -> None:
        if not url.startswith((served.url, "blob:", "data:")):
            complaints.append(url)

    def open_it(
        person: Speaker,
        path: str,
        *,
        dark: bool = False,
        scripts: bool = True,
        size: tuple[int, int] = (1440, 900),
    ) -> Page:
        with database.transaction() as session:
            token = web_sessions.start_at_desk(session, person.id, Via.PASSWORD, clock())
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "desk", "value": token, "url": served.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain)
        page.on("request", lambda request: look_at(request.url))
        page.goto(served.url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
