"""What stands beside a ticket, on screens that have room for it and on those that have none (E)."""

import pytest
from playwright.sync_api import expect

from tests.web.console.accessible import violations


@pytest.mark.parametrize("width", [1100, 360])
def test_below_1280_pixels_what_is_beside_a_ticket_is_a_drawer_c22(scene, open_desk, width):
    number = next(each.number for each in scene.tickets if "卡纸" in each.symptom)
    page = open_desk(scene.who("陈静"), f"/console/tickets/{number}", width=width)
    beside = page.get_by_role("complementary", name="资料和派单")
    button = page.get_by_role("button", name="资料和派单")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(beside).to_be_hidden()

    page.keyboard.press("]")
    expect(beside.get_by_text("13800001234")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    page.keyboard.press("Escape")

    expect(beside).to_be_hidden()
    expect(button).to_be_focused()
    assert number in page.url


def test_where_there_is_room_it_is_a_column_that_stays_folded_away_e(scene, open_desk):
    number = next(each.number for each in scene.tickets if "卡纸" in each.symptom)
    page = open_desk(scene.who("陈静"), f"/console/tickets/{number}")
    beside = page.get_by_role("complementary", name="资料和派单")
    expect(beside).to_be_visible()

    page.keyboard.press("]")
    expect(beside).to_be_hidden()
    page.reload()
    expect(beside).to_be_hidden()
    page.keyboard.press("]")
    expect(beside).to_be_visible()
