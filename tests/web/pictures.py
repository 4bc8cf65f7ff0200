"""Pictures for the manual, where the environment names a folder for them.

ITDESK_SCREENSHOTS=docs/images .venv/bin/pytest -n 0 tests/web -k solved_and_rated
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = "ITDESK_SCREENSHOTS"


def take(page: Page, name: str) -> None:
    """Nothing, unless pictures are wanted."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(Path(folder) / f"{name}.png", optimize=True)
