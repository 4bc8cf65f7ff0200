"""Every main page as it is seen at a desk (tests/web/console/screens.py)."""

import pytest

from settings import ROOT
from tests.web.console.main_pages import CONSOLE, IN_WECHAT, MACHINES, PORTAL, SAMPLES
from tests.web.console.screens import tones_of, wrong_in


@pytest.mark.parametrize("tone", tones_of("wide"))
def test_each_main_page_is_whole_and_accessible_at_a_desk_c21(scene, served, open_desk, site, tone):
    assert wrong_in(scene, served, open_desk, site.store, "wide", tone) == {}


def test_the_gallery_shows_every_main_page():
    gallery = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")
    assert [
        name
        for name in {**CONSOLE, **PORTAL, **IN_WECHAT, **MACHINES, **SAMPLES}
        if f"/{name}-phone-light.png" not in gallery
    ] == []
