"""Every main page as it is seen on a phone (tests/web/console/screens.py)."""

import pytest

from tests.web.console.screens import tones_of, wrong_in


@pytest.mark.parametrize("tone", tones_of("phone"))
def test_each_main_page_is_whole_and_accessible_on_a_phone_c21_c22(
    scene, served, open_desk, site, tone
):
    assert wrong_in(scene, served, open_desk, site.store, "phone", tone) == {}
