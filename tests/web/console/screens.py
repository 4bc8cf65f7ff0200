"""What is looked at on every main page (C20–C22), and its picture.

`test_screens_wide.py` and `test_screens_phone.py` look at them: whole, accessible, in reach of a
finger, pictured where ITDESK_SCREENSHOTS names a folder (docs/screens.md).
"""

from tests.web import pictures
from tests.web.complaint_scene import complaints
from tests.web.console.accessible import violations
from tests.web.console.main_pages import COMPLAINT, CONSOLE, IN_WECHAT, PORTAL, TICKET, TO_DECIDE
from tests.web.shelves_scene import shelves

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
ZOOMED = {"width": 720, "height": 450}  # CSS pixels of the wide screen at 200 %
FINGER = 44  # CSS pixels

STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
SPREAD = "document.documentElement.scrollWidth"
SMALL = """(least) => [...document.querySelectorAll('.btn, .form-control, .form-select')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least)
  .map(e => `${e.className} «${(e.textContent || e.name || '').trim().slice(0, 20)}»`)"""


def pages_of(screen):
    """At the gate each page is looked at in one of the two looks, the next page in the other."""
    pages = {**CONSOLE, **PORTAL}
    if pictures.is_wanted():
        return {**pages, **(IN_WECHAT if screen == "phone" else {})}
    return dict(list(pages.items())[list(SIZES).index(screen) :: len(SIZES)])


def tones_of(screen):
    """Pictures are of both."""
    tone = {"wide": "light", "phone": "dark"}[screen]
    return ("light", "dark") if pictures.is_wanted() else (tone,)


def wrong_in(scene, served, open_desk, screen, tone):
    """What is wrong with which page, in one look."""
    number = next(each.number for each in scene.tickets if "卡纸" in each.symptom)
    shelves(scene)
    made = complaints(scene)
    wrong, opened = {}, {}
    for name, (person, path) in pages_of(screen).items():
        address = path.replace(TICKET, number).replace(COMPLAINT, made["submitted"].number)
        address = address.replace(TO_DECIDE, made["reported"].number)
        reader = (person, path.startswith("/h5"))
        served.reader.openid = scene.who(person).openid
        if reader not in opened:
            width, height = SIZES[screen]
            opened[reader] = open_desk(
                scene.who(person), address, width=width, height=height, dark=tone == "dark"
            )
        page = opened[reader]
        page.goto(served.url + address)
        pictures.take_screen(page, f"{name}-{screen}-{tone}")
        if found := _wrong(page, screen):
            wrong[name] = found
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
