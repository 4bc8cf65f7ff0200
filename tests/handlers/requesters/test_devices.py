"""The code on a device's case, scanned or typed, opens the report (F1, A1)."""

from typing import Any

import pytest

from domain.category import Category
from domain.heard import Medium
from domain.lifecycle import Status
from services.views import DeviceView
from tests.handlers.requesters.conftest import ticket

PRINTER = DeviceView(1, "PR-0012", "惠普 M404 打印机", "三楼财务室", Category.PRINTER)
LOBBY = DeviceView(2, "PC-0301", "前台电脑", "一楼大厅", Category.COMPUTER)
OLD = DeviceView(3, "PR-0001", "旧打印机", "二楼", Category.PRINTER, is_active=False)
DEVICES = [PRINTER, LOBBY, OLD]


def scans(dialog: Any, scene: str, event: str = "scan") -> Any:
    return dialog.hears(medium=Medium.EVENT, event=event, scene=scene)


def only_report(dialog: Any) -> Any:
    (report,) = dialog.desk.reported
    return report


def test_a_scan_says_which_device_it_is_and_asks_only_what_is_wrong_f1(talk):
    dialog = talk(devices=DEVICES)

    scans(dialog, "dev:PR-0012").answers(
        "device.ask", device="惠普 M404 打印机", place="三楼财务室", code="PR-0012"
    )
    dialog.hears("一直卡纸").answers("incident.confirm_known")
    dialog.taps("yes").answers("incident.opened")

    report = only_report(dialog)
    assert (report.device_code, report.device) == ("PR-0012", "惠普 M404 打印机")
    assert (report.place, report.category) == ("三楼财务室", Category.PRINTER)
    assert report.symptom == "惠普 M404 打印机一直卡纸"


@pytest.mark.parametrize(
    "typed", ["PR-0012", "pr-0012", "报修 pr-0012", "ＰＲ－0012", "编号PR-0012"]
)
def test_the_printed_code_may_be_typed_instead_f1(talk, typed):
    talk(devices=DEVICES).hears(typed).answers("device.ask", code="PR-0012")


def test_what_is_wrong_may_stand_behind_the_code_f1(talk):
    dialog = talk(devices=DEVICES).hears("报修 PR-0012 打不出来").answers("incident.confirm_known")

    dialog.hears("对")
    assert only_report(dialog).device_code == "PR-0012"
    assert only_report(dialog).description == "打不出来"


@pytest.mark.parametrize("words", ["B201 电脑蓝屏", "报修 B201 电脑蓝屏"])
def test_what_only_looks_like_a_code_is_read_as_before_f1(talk, words):
    dialog = talk(devices=DEVICES).hears(words).answers("incident.confirm_known", place="B201")

    assert dialog.hears("对").desk.reported[0].device_code is None


@pytest.mark.parametrize(
    ("words", "place"),
    [("在A座305，连不上网了", "三楼财务室"), ("A座305的打印机卡纸", "三楼财务室")],
)
def test_words_do_not_overrule_where_the_device_is_f1(talk, words, place):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012")

    dialog.hears(words).hears("对")
    assert only_report(dialog).place == place
    assert only_report(dialog).category is Category.PRINTER


def test_a_device_that_was_moved_can_be_said_to_be_elsewhere_f1(talk):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012").hears("卡纸")

    dialog.hears("地点改成 A座306").answers("incident.amended.place", "incident.confirm_again")
    dialog.hears("对")
    assert only_report(dialog).place == "A座306"


def test_a_bare_place_or_name_is_no_fault_of_the_device(talk):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012")

    dialog.hears("A座305").answers("device.ask", place="三楼财务室")
    dialog.hears("打印机").answers("device.ask")
    dialog.hears("？？").answers("device.unclear", device="惠普 M404 打印机")


def test_it_is_not_this_device_after_all(talk):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012").hears("打不出来")

    dialog.hears("不是打印机,是电脑没网").hears("对")
    report = only_report(dialog)
    assert (report.device_code, report.category) == (None, Category.NETWORK)
    assert report.place == "三楼财务室"


def test_of_two_faults_the_device_has_its_own(talk):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012")

    dialog.hears("我的邮箱登不上,还有打印机卡纸").answers("incident.ask_which")
    dialog.taps("all").answers("incident.opened", "incident.opened")

    assert [each.device_code for each in dialog.desk.reported] == [None, "PR-0012"]


# --- who scans -------------------------------------------------------------------------------


def test_who_follows_by_scanning_is_greeted_and_asked_in_one_message_f1(talk):
    dialog = talk(new=True, devices=DEVICES)

    scans(dialog, "dev:PC-0301", event="subscribe").answers("device.welcome", code="PC-0301")
    dialog.hears("开不了机").answers("incident.understood", "profile.ask")
    dialog.hears("财务部王芳 8899").answers("profile.complete", "incident.confirm")
    dialog.hears("确认").answers("incident.opened")

    assert only_report(dialog).place == "一楼大厅"
    assert dialog.desk.actor.office is None  # where a device stands is nobody's office


def test_a_retired_device_and_an_unknown_code_leave_a_way_on(talk):
    dialog = talk(devices=DEVICES)

    scans(dialog, "dev:PR-0001").answers("device.retired")
    dialog.hears("PR-0001").answers("device.retired")
    scans(dialog, "dev:XX-9").answers("device.unknown")
    assert dialog.offered == ["report"]


@pytest.mark.parametrize("event", ["scan", "subscribe"])
@pytest.mark.parametrize("scene", ["123", "poster", "dev:", "bind:", "dev", None])
def test_a_code_that_means_nothing_is_greeted(talk, event, scene):
    scans(talk(new=True), scene, event).answers("greet.welcome")


# --- a ticket that there is already ----------------------------------------------------------


def test_the_own_open_ticket_on_the_device_is_offered_instead_f11(talk):
    dialog = talk(ticket("0007"), devices=DEVICES, devices_of={7: 1})

    scans(dialog, "dev:PR-0012").answers("device.in_work", number="0007", engineer="周工")

    assert dialog.offered == [
        "show:IT20261124-0007",
        "urge:IT20261124-0007",
        "report_device:PR-0012",
    ]
    assert dialog.waits_at == (None, None)
    dialog.taps("report_device:PR-0012").answers("device.ask")


def test_a_solved_ticket_on_the_device_asks_whether_it_is_solved_f16(talk):
    dialog = talk(ticket("0009", status=Status.RESOLVED), devices=DEVICES, devices_of={9: 1})

    scans(dialog, "dev:PR-0012").answers("device.resolved", number="0009")
    dialog.taps("reopen:IT20261124-0009")
    assert dialog.desk.reopened


def test_an_ended_ticket_is_no_reason_not_to_report_again(talk):
    dialog = talk(ticket("0009", status=Status.CLOSED), devices=DEVICES, devices_of={9: 1})

    scans(dialog, "dev:PR-0012").answers("device.ask")


# --- in the middle of something --------------------------------------------------------------


def test_asked_what_is_broken_one_may_scan_it_f1(talk):
    dialog = talk(devices=DEVICES).hears("报修").answers("incident.ask_symptom")

    scans(dialog, "dev:PR-0012").answers("device.ask").hears("卡纸").hears("对")
    assert only_report(dialog).device_code == "PR-0012"


def test_a_fault_that_was_told_gets_the_device_that_is_scanned_after_it(talk):
    dialog = talk(devices=DEVICES).hears("打印机卡纸").answers("incident.confirm_known")

    scans(dialog, "dev:PR-0012").answers("device.noted", "incident.confirm_again")
    dialog.hears("对")
    assert only_report(dialog).device_code == "PR-0012"
    assert only_report(dialog).symptom == "打印机卡纸"


def test_a_fault_of_another_thing_is_reported_after_the_device(talk):
    dialog = talk(devices=DEVICES).hears("电脑蓝屏")

    scans(dialog, "dev:PR-0012").answers("device.other_waits", "device.ask")
    dialog.hears("没墨了").hears("对")
    dialog.answers("incident.opened", "incident.now_the_other", "incident.confirm_known")
    dialog.hears("对")
    assert [each.device_code for each in dialog.desk.reported] == ["PR-0012", None]


def test_scanned_twice_it_is_asked_about_once(talk):
    dialog = scans(talk(devices=DEVICES), "dev:PR-0012").hears("卡纸")

    scans(dialog, "dev:PR-0012").answers("incident.confirm_known")
    dialog.hears("对")
    assert only_report(dialog).symptom == "惠普 M404 打印机卡纸"


def test_an_interrupted_question_is_put_again_after_the_report(talk):
    dialog = talk(ticket("0009", status=Status.RESOLVED), devices=DEVICES)
    dialog.hears("解决了").answers("rating.ask")

    scans(dialog, "dev:PR-0012").answers("device.ask").hears("卡纸")
    dialog.hears("对").answers("incident.opened", "rating.ask")


def test_only_a_code_behind_the_order_interrupts_another_question(talk):
    dialog = talk(ticket("0007"), devices=DEVICES).hears("撤单").answers("follow.sure")

    dialog.hears("PR-0012").answers("follow.sure_unclear")
    dialog.hears("报修 PR-0012").answers("device.ask")


def test_asked_for_without_a_code_it_is_said_how(talk):
    talk(devices=DEVICES).hears("设备报修").answers("device.how")


# --- joining by a scan (H-28) ----------------------------------------------------------------


@pytest.mark.parametrize("event", ["scan", "subscribe"])
def test_a_staff_code_is_scanned_as_if_it_were_typed_h28(talk, event):
    dialog = scans(talk(new=True), "bind:482913", event).answers("bind.welcome_engineer")

    assert dialog.desk.bound == ["482913"]
    assert "sign_in" not in dialog.offered  # nothing was typed: a tap would not sign in


def test_a_scanned_staff_code_that_is_void_says_how_many_tries_are_left_h28(talk):
    scans(talk(new=True), "bind:000000", "subscribe").answers("bind.refused", left=4)


# --- pages -----------------------------------------------------------------------------------


def test_a_message_leads_to_the_page_that_goes_on_with_it(talk):
    dialog = talk(ticket("0007"), ticket("0009", status=Status.RESOLVED), devices=DEVICES)

    def page() -> str | None:
        return next((say.page.path for say in dialog.says if say.page), None)

    assert dialog.hears("我的报修") and page() == "/h5/tickets"
    assert dialog.hears("报修") and page() == "/h5/report"
    assert dialog.hears("打印机卡纸").hears("对") and page() == "/h5/t/IT20261124-0021"
    assert dialog.hears("解决了 0009") and page() == "/h5/tickets/IT20261124-0009/rate"
