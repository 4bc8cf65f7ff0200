"""The roster at a desk: painted with mouse and keys, and nothing on the page jumps (D1)."""

from playwright.sync_api import expect

from domain.roster import Work
from models import Duty
from tests.services.making import all_of


def test_a_planner_paints_days_with_the_mouse_and_walks_with_the_arrows(scene, open_desk, database):
    page = open_desk(scene.who("陈静"), "/console/roster?week=2026-12-21")
    head = scene.who("何总").id

    def cell(day):
        return page.locator(f'.cell__press[value="{head}:2026-12-{day}"]')

    def planned():
        return {each.begins_at.day for each in all_of(database, Duty, person_id=head)}

    page.locator(".brush", has_text="夜间待命").click()
    cell(22).click()
    expect(cell(22).locator(".chip-duty")).to_have_text("夜间待命1")
    assert planned() == {22}

    cell(23).hover()
    page.mouse.down()
    cell(25).hover()
    page.mouse.up()
    expect(cell(25).locator(".chip-duty")).to_have_count(1)
    assert planned() == {22, 23, 24, 25}

    cell(25).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(cell(26).locator(".chip-duty")).to_have_count(1)
    expect(cell(26)).to_be_focused()

    cell(22).click()
    expect(cell(22).locator(".chip-duty")).to_have_count(0)
    assert planned() == {23, 24, 25, 26}
    assert {each.work for each in all_of(database, Duty, person_id=head)} == {Work.ON_CALL}
