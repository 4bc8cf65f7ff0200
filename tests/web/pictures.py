"""Pictures for the manual, where the environment names a folder for them.

ITDESK_SCREENSHOTS=docs/images .venv/bin/pytest -n 0 tests/web -k "solved_and_rated or stories"
"""

import base64
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

FOLDER = "ITDESK_SCREENSHOTS"
LONGEST = 1400  # CSS pixels of a page that are shown
SHARP = 2  # pixels of the picture for each of the page's, as on a phone
TALL = 1000  # CSS pixels in which an enlarged phone has room
_COLOURS = 256  # enough for pages, at a third of the size
_GAP, _WALL = 48, (237, 239, 236)

_ENLARGE = """(phone, isLarge) => {
  phone.classList.toggle('phone--large', isLarge);
  phone.scrollIntoView();
  const chat = phone.querySelector('.chat');
  chat.scrollTop = chat.scrollHeight;
}"""


def take(page: Page, name: str) -> None:
    """The wall of phones; nothing, unless pictures are wanted."""
    if is_wanted():
        page.mouse.move(0, 0)
        _keep(Image.open(io.BytesIO(page.screenshot())), name)


def take_page(page: Page, name: str, *, is_dark: bool = False) -> None:
    """A page as the phone shows it, from its top as far as it goes."""
    if not is_wanted():
        return
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    width, height = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    _keep(_sharp(page, {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)}), name)
    page.emulate_media(color_scheme="light")


def take_screen(page: Page, name: str) -> None:
    """What the window shows."""
    if is_wanted():
        page.evaluate("document.activeElement.blur()")
        _keep(Image.open(io.BytesIO(page.screenshot())), name)


def frame(phone: Locator) -> list[Image.Image]:
    """One phone of the wall, enlarged; to be kept beside others."""
    if not is_wanted():
        return []
    before = phone.page.viewport_size
    assert before
    phone.page.set_viewport_size({**before, "height": TALL})
    phone.evaluate(_ENLARGE, True)
    box = phone.evaluate(
        "phone => { const {x, y, width, height} = phone.getBoundingClientRect();"
        " return {x: x + scrollX, y: y + scrollY, width, height}; }"
    )
    picture = _sharp(phone.page, box, beyond=False)
    phone.evaluate(_ENLARGE, False)
    phone.page.set_viewport_size(before)
    return [picture]


def keep_together(frames: list[Image.Image], name: str) -> None:
    if not frames:
        return
    width = sum(each.width + _GAP for each in frames) + _GAP
    strip = Image.new("RGB", (width, max(each.height for each in frames) + 2 * _GAP), _WALL)
    left = _GAP
    for each in frames:
        strip.paste(each, (left, _GAP))
        left += each.width + _GAP
    _keep(strip, name)


def is_wanted() -> bool:
    return bool(os.environ.get(FOLDER))


def _sharp(page: Page, box: dict[str, float], *, beyond: bool = True) -> Image.Image:
    """`beyond` what the window shows, where that is longer; the wall has scrolled by itself."""
    devtools = page.context.new_cdp_session(page)
    shown = devtools.send(
        "Page.captureScreenshot",
        {"clip": {**box, "scale": SHARP}, "captureBeyondViewport": beyond},
    )
    devtools.detach()
    return Image.open(io.BytesIO(base64.b64decode(shown["data"])))


def _keep(picture: Image.Image, name: str) -> None:
    file = Path(os.environ[FOLDER]) / f"{name}.png"
    small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
