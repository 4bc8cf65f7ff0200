"""A desk in the middle of its day, and browsers at its computers.

scene      people, devices and tickets (tests/web/desk_scene.py)
served     its pages at `served.url`
open_desk  `open_desk(person, "/console/queue", width=1440, dark=False)`: a page, signed in
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from domain.speaker import Speaker
from services import web_sessions
from services.web_sessions import Via
from tests.web.desk_scene import Scene, desk_scene
from tests.web.pages.serving import Served
from tests.web.pages.serving import served as serve
from tests.web_pages.conftest import *  # noqa: F403


@pytest.fixture
def scene(database, rules, clock) -> Scene:
    return desk_scene(database, rules, clock())


@pytest.fixture
def served(site) -> Iterator[Served]:
    with serve(site) as running:
        yield running


@pytest.fixture
def open_desk(served: Served, database, clock, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Each browser has cookies of its own; none of its pages complains, but of what is expected."""
    contexts, complaints = [], []

    def complain(said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            complaints.append(said.text)

    def opened(
        person: Speaker, path: str, *, width: int = 1440, height: int = 900, dark: bool = False
    ) -> Page:
        with database.transaction() as session:
            token = web_sessions.start_at_desk(session, person.id, Via.PASSWORD, clock())
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "desk", "value": token, "url": served.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain)
        page.goto(served.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
