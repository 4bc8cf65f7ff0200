"""What is looked at on every main page (C20–C22), and its picture.

`test_screens_wide.py` and `test_screens_phone.py` look at them: whole, accessible, in reach of a
finger, pictured where ITDESK_SCREENSHOTS names a folder (docs/screens.md).
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from services import shared_answers
from tests.web import pictures
from tests.web.complaint_scene import complaints
from tests.web.console.accessible import violations
from tests.web.console.main_pages import CONSOLE, IN_WECHAT, MACHINES, PORTAL, SAMPLES
from tests.web.machines_scene import machines, samples
from tests.web.shelves_scene import shelves

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
ZOOMED = {"width": 720, "height": 450}  # CSS pixels of the wide screen at 200 %
FINGER = 44  # CSS pixels

ARE_DRAWN = """() => [...document.images].every((each) => each.complete
  || each.getBoundingClientRect().top > innerHeight)"""
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
SPREAD = "document.documentElement.scrollWidth"
SMALL = """(least) => [...document.querySelectorAll('.btn, .form-control, .form-select')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least)
  .map(e => `${e.className} «${(e.textContent || e.name || '').trim().slice(0, 20)}»`)"""


def stages_of(screen):
    """What happens at the desk, and the pages that are looked at before the next of it does.

    At the gate each page is looked at in one of the two looks, the next page in the other.
    """
    for lay, pages in (
        (_at_first, {**CONSOLE, **PORTAL}),
        (machines, MACHINES),
        (samples, SAMPLES),
    ):
        if pictures.is_wanted():
            in_wechat = IN_WECHAT if (lay, screen) == (_at_first, "phone") else {}
            yield lay, {**pages, **in_wechat}
        else:
            yield lay, dict(list(pages.items())[list(SIZES).index(screen) :: len(SIZES)])


def _at_first(scene):
    made = complaints(scene)
    return {
        "ticket": next(each.number for each in scene.tickets if "卡纸" in each.symptom),
        "complaint": made["submitted"].number,
        "to_decide": made["reported"].number,
    }


def tones_of(screen):
    """Pictures are of both."""
    tone = {"wide": "light", "phone": "dark"}[screen]
    return ("light", "dark") if pictures.is_wanted() else (tone,)


@dataclass
class Look:
    """One size and one tone; a browser for each reader, and another one where WeChat knows them."""

    scene: Any
    served: Any
    open_desk: Any
    screen: str
    tone: str
    opened: dict[Any, Any] = field(default_factory=dict)

    def wrong_at(self, pages, known):
        """What is wrong with which of these pages."""
        found = {
            name: self._seen(name, person, path, known) for name, (person, path) in pages.items()
        }
        return {name: wrong for name, wrong in found.items() if wrong}

    def _seen(self, name, person, path, known):
        address = path.format_map(known)
        page = self._browser(self.scene.who(person), address)
        page.goto(self.served.url + address)
        if pictures.is_wanted():
            page.wait_for_function(ARE_DRAWN)
        pictures.take_screen(page, f"{name}-{self.screen}-{self.tone}")
        return _wrong(page, self.screen)

    def _browser(self, person, address):
        self.served.reader.openid = person.openid
        key = (person.id, address.startswith("/h5"))
        if key not in self.opened:
            width, height = SIZES[self.screen]
            size = {"width": width, "height": height}
            self.opened[key] = self.open_desk(person, address, **size, dark=self.tone == "dark")
        return self.opened[key]


def wrong_in(scene, served, open_desk, store, screen, tone):
    """What is wrong with which page, in one look."""
    shelves(scene, store)
    look = Look(scene, served, open_desk, screen, tone)
    wrong: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_answers, "SHARED_FOR", 0.0)  # what has happened since is seen at once
        for happens, pages in stages_of(screen):
            wrong |= look.wrong_at(pages, happens(scene))
    return wrong


def _wrong(page, screen):
    found = violations(page)
    if page.evaluate(STATUS) != 200:
        found.append(f"it answers {page.evaluate(STATUS)}")
    if page.evaluate(SPREAD) > SIZES[screen][0]:
        found.append("it is wider than the screen")
    return found + (_wrong_zoomed(page) if screen == "wide" else _out_of_reach(page))


def _wrong_zoomed(page):
    """At 200 % nothing is lost sideways (WCAG 1.4.10)."""
    size = page.viewport_size
    page.set_viewport_size(ZOOMED)
    is_wider = page.evaluate(SPREAD) > ZOOMED["width"]
    page.set_viewport_size(size)
    return ["it is wider than the screen at 200 %"] if is_wider else []


def _out_of_reach(page):
    return [f"too small for a finger: {each}" for each in page.evaluate(SMALL, FINGER)]
