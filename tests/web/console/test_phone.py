"""A clerk at the phone, in a real browser: hands on the keys, no mouse (F2, B1)."""

import pytest
from playwright.sync_api import expect

from domain.category import Category
from domain.permissions import Role
from models import IntakeChannel, Ticket
from tests.services.making import only

_COUNTED = """
addEventListener('keydown', (event) => {
  if (!['Control', 'Shift'].includes(event.key)) window.pressed.push(event.key);
}, true);
for (const kind of ['mousedown', 'click', 'pointerdown']) {
  addEventListener(kind, (event) => {
    if (event.detail > 0 || kind !== 'click') window.moused.push(kind);
  }, true);
}
"""
_MOST = 4  # keys of a known caller beyond what is typed of them and of their fault (B1)


@pytest.fixture
def phone(make_person, make_engineer, open_desk):
    make_engineer("周工", skills=["printer"])
    make_person("王芳", department="财务部", phone="13800001234", office="三楼财务室")
    make_person("王飞", department="后勤处", phone="13900005678", office="B座102")
    page = open_desk(make_person("李娜", Role.DESK), "/console/talks")
    page.context.add_init_script("window.pressed = []; window.moused = [];" + _COUNTED)
    page.reload()
    return page


def counted(page):
    return page.evaluate("[window.pressed.length, window.moused]")


def test_b1_a_known_callers_fault_is_dispatched_by_keys_alone(phone, database):
    phone.keyboard.press("o")
    phone.wait_for_url("**/console/phone")
    keys = 1
    expect(phone.locator("#who")).to_be_focused()
    phone.keyboard.type("wf")
    expect(phone.locator("[role=option]")).to_have_count(2)
    phone.keyboard.press("Enter")
    expect(phone.locator("#fault")).to_be_focused()
    phone.keyboard.type("打印机一直卡纸")
    expect(phone.locator("#reading mark").first).to_be_visible()
    expect(phone.locator("#reading")).to_contain_text("周工")
    expect(phone.locator("#place")).to_have_value("三楼财务室")
    pressed, moused = counted(phone)
    phone.keyboard.press("Control+Enter")

    expect(phone.locator(".done__number")).to_be_visible()
    typed = len("wf")  # a caller by initials; Chinese words come by an input method, without keys
    assert moused == []
    assert keys + (pressed - typed) + 1 <= _MOST
    ticket = only(database, Ticket)
    assert ticket.channel is IntakeChannel.PHONE and ticket.category is Category.PRINTER
    assert ticket.contact_name == "王芳" and ticket.assignee_id is not None
    expect(phone.locator(".done__number")).to_contain_text(ticket.number[-4:])


def test_b1_enter_before_the_list_is_there_still_chooses(phone):
    phone.keyboard.press("o")
    phone.wait_for_url("**/console/phone")
    phone.keyboard.type("13900005678")
    phone.keyboard.press("Enter")

    expect(phone.locator("#name")).to_have_value("王飞")
    expect(phone.locator("#fault")).to_be_focused()
