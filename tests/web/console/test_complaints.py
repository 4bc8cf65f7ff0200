"""Complaints in a real browser: from the desk to the head and back, with the keyboard (C1–C3)."""

import re

from playwright.sync_api import expect

from tests.web.complaint_scene import complaints
from tests.web.console.accessible import violations

LIST = "/console/complaints"


def test_c2_it_is_verified_and_what_is_typed_survives_a_reload(scene, open_desk):
    number = complaints(scene)["submitted"].number
    page = open_desk(scene.who("陈静"), LIST)
    expect(page.locator(".rail__count").first).to_have_text("2")

    page.get_by_role("link", name=re.compile("修到一半")).click()
    expect(page.locator("#findings")).to_be_visible()
    page.wait_for_load_state()  # keys are heard once its scripts are there
    page.keyboard.press("v")
    expect(page.locator("#findings")).to_be_focused()
    page.keyboard.type("问过周工：家里有急事，没有交接")
    page.reload()
    expect(page.locator("#findings")).to_have_value("问过周工：家里有急事，没有交接")
    page.get_by_label("周工").check()
    page.get_by_role("button", name="核实并上报").click()

    expect(page.get_by_text("已上报负责人")).to_be_visible()
    expect(page.get_by_text("等负责人给出结果")).to_be_visible()
    assert page.url.endswith(f"{LIST}/{number}?done=report")
    assert violations(page) == []


def test_the_page_says_that_a_colleague_has_moved_it(scene, open_desk):
    number = complaints(scene)["submitted"].number
    page = open_desk(scene.who("陈静"), f"{LIST}/{number}")
    page.locator("#findings").fill("还在问")
    other = open_desk(scene.who("李娜"), f"{LIST}/{number}")
    other.get_by_role("button", name="我来核实").click()
    expect(other.get_by_text("由您核实了")).to_be_visible()

    page.locator("#case-head").dispatch_event("live:now")

    expect(page.get_by_text("别的同事刚才动过这件投诉")).to_be_visible()
    expect(page.locator("#findings")).to_have_value("还在问")
    page.get_by_role("link", name="看最新的").click()
    expect(page.locator("#findings")).to_have_value("还在问")
    expect(page.locator("#case-head").get_by_text("李娜")).to_be_visible()


def test_c3_the_head_decides_points_follow_and_a_name_is_warned_of(scene, open_desk):
    number = complaints(scene)["reported"].number
    page = open_desk(scene.who("何总"), f"{LIST}/{number}")
    points, told = page.get_by_label("冯工的分数"), page.get_by_label("给冯工看的话")

    page.locator(".c-verdicts").get_by_text("部分成立", exact=True).click()
    expect(points).to_have_value("-2")
    page.locator(".c-verdicts").get_by_text("成立", exact=True).click()
    expect(points).to_have_value("-5")
    told.fill("赵敏说您态度冷淡")
    expect(page.get_by_text("请去掉「赵敏」")).to_be_visible()
    told.fill("上门不说明原因")
    expect(page.get_by_text("请去掉「赵敏」")).to_be_hidden()
    page.get_by_label("怎么处理").fill("当面道歉")
    page.get_by_role("button", name="定下结果").click()

    expect(page.get_by_text("处理结果已交服务台反馈")).to_be_visible()
    clerk = open_desk(scene.who("陈静"), f"{LIST}/{number}")
    clerk.get_by_role("button", name="发给赵敏").click()
    expect(clerk.get_by_text("已反馈给投诉人", exact=True)).to_be_visible()


def test_c1_a_call_is_written_down_without_the_mouse(scene, open_desk):
    page = open_desk(scene.who("陈静"), f"{LIST}/new", width=360, height=740)

    page.locator("#who").press_sequentially("wf")
    page.keyboard.press("Enter")  # before the list is there
    expect(page.locator("#about input").first).to_be_focused()
    expect(page.locator("#about")).to_contain_text("卡纸")
    page.keyboard.press("Space")
    page.get_by_label("投诉人怎么说").fill("打了三次都没人来")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="投诉已登记")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
