"""A fault is reported in as few messages as possible, and nothing is asked twice (F1, F5, F6)."""

from datetime import timedelta

import pytest

from domain.category import Category
from domain.priority import Impact, Urgency
from tests.handlers.requesters.conftest import TOMORROW_AT_8, ticket


def test_somebody_new_reports_a_fault_in_three_messages_f1(talk):
    dialog = talk(new=True)

    dialog.hears("三楼财务室那台惠普打印机一直卡纸,急用").answers(
        "incident.understood", "profile.ask", symptom="惠普打印机一直卡纸", place="三楼财务室"
    )
    dialog.hears("财务部王芳 8899").answers("profile.complete", "incident.confirm")
    dialog.taps("yes").answers("incident.opened", engineer="周工")

    (report,) = dialog.desk.reported
    assert (report.symptom, report.place, report.device) == (
        "惠普打印机一直卡纸",
        "三楼财务室",
        "惠普打印机",
    )
    assert (report.category, report.urgency) == (Category.PRINTER, Urgency.HIGH)
    assert report.description == "三楼财务室那台惠普打印机一直卡纸,急用"
    assert (dialog.who.department, dialog.who.name, dialog.who.extension) == (
        "财务部",
        "王芳",
        "8899",
    )


def test_the_place_of_a_first_fault_becomes_the_office_r1(talk):
    dialog = talk(new=True)

    dialog.hears("三楼财务室打印机卡纸").hears("财务部王芳 8899").hears("对")

    assert dialog.desk.actor.office == "三楼财务室"


def test_somebody_known_reports_in_one_breath_and_says_yes_f1(talk):
    dialog = talk()

    dialog.hears("A座305 电脑蓝屏 0x0000007E 重启三次了").answers(
        "incident.confirm_known", greeted="王芳", place="A座305", office="三楼财务室"
    )
    dialog.hears("对").answers("incident.opened", number="IT20261124-0021")

    (report,) = dialog.desk.reported
    assert (report.error_code, report.place) == ("0x0000007E", "A座305")
    assert dialog.desk.actor.office == "三楼财务室"


def test_the_ticket_keeps_what_was_read_and_the_words_that_decided_f6(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("对")

    reading = dialog.desk.reported[0].reading
    assert (reading["intent"], reading["category"]) == ("report", "printer")
    assert ["卡纸", "printer"] in reading["evidence"]


def test_who_is_hit_and_the_haste_come_from_the_words_f6(talk):
    dialog = talk()

    dialog.hears("整个部门都上不了网").hears("对")

    (report,) = dialog.desk.reported
    assert (report.impact, report.urgency) == (Impact.TEAM, Urgency.HIGH)


def test_the_known_office_is_the_place_unless_another_is_said_f1(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").answers("incident.confirm_known", place="三楼财务室", office=None)


def test_from_the_menu_the_fault_is_asked_for_piece_by_piece_f1(talk):
    dialog = talk()

    dialog.hears(tap="REPORT").answers("incident.ask_symptom")
    dialog.hears("A座305").answers("incident.ask_symptom_at", place="A座305")
    dialog.hears("打印机").answers("incident.ask_symptom_of", device="打印机")
    dialog.hears("卡纸").answers("incident.confirm_known", symptom="打印机卡纸", place="A座305")


def test_a_typed_order_to_report_asks_the_same_and_is_a_yes_at_the_end(talk):
    dialog = talk()

    dialog.hears("报修").answers("incident.ask_symptom")
    dialog.hears("打印机卡纸").answers("incident.confirm_known")
    dialog.hears("报修").answers("incident.opened")


def test_what_is_broken_is_asked_with_the_likeliest_kinds_f6(talk):
    dialog = talk()

    dialog.hears("用不了了").answers("incident.ask_category", symptom="用不了")
    assert [act.partition("=")[2] for act in dialog.offered] == [
        "computer",
        "network",
        "printer",
        "other",
    ]
    dialog.taps("printer").answers("incident.confirm_known").hears("对")

    assert dialog.desk.reported[0].category is Category.PRINTER


@pytest.mark.parametrize(
    ("answer", "category", "symptom"),
    [
        ("第二个", Category.NETWORK, "用不了"),
        ("打印机", Category.PRINTER, "打印机用不了"),
        ("OA 打不开", Category.BUSINESS, "OA 打不开"),
        ("不知道", Category.OTHER, "用不了"),
    ],
)
def test_the_kind_may_be_named_told_or_left_to_the_desk_f6(talk, answer, category, symptom):
    dialog = talk()

    dialog.hears("用不了了").hears(answer).answers("incident.confirm_known").hears("对")

    assert dialog.desk.reported[0].category is category
    assert dialog.desk.reported[0].symptom == symptom


def test_two_faults_in_one_message_are_two_tickets_and_nothing_is_asked_twice_f5(talk):
    dialog = talk(new=True)

    dialog.hears("打印机卡纸,还有我的邮箱也登不上").answers("incident.ask_which", count=2)
    dialog.taps("all").answers("incident.understood", "profile.ask")
    dialog.hears("财务部 王芳 8899 A座305").answers("profile.complete", "incident.confirm")
    dialog.hears("对").answers("incident.opened", "incident.now_the_other", "incident.confirm")
    dialog.hears("对").answers("incident.opened")

    assert [(each.symptom, each.place) for each in dialog.desk.reported] == [
        ("打印机卡纸", "A座305"),
        ("邮箱登不上", "A座305"),
    ]


def test_only_the_second_of_two_faults_may_be_reported(talk):
    dialog = talk()

    dialog.hears("打印机卡纸,还有我的邮箱也登不上").hears("2").hears("对")

    assert [each.symptom for each in dialog.desk.reported] == ["邮箱登不上"]


def test_a_wish_for_something_new_is_a_request_f5(talk):
    dialog = talk()

    dialog.hears("我想申请一个新的鼠标").hears("对")

    assert dialog.desk.reported[0].is_request


def test_a_question_is_kept_and_may_become_a_report_k1(talk):
    dialog = talk()

    dialog.hears("怎么连三楼的打印机").answers("how_to.ask")
    dialog.taps("report").answers("incident.confirm_known", symptom="怎么连三楼的打印机")


def test_a_press_on_report_is_the_answer_where_one_was_asked_back_k1(talk):
    dialog = talk()

    dialog.hears("怎么连三楼的打印机").hears(tap="REPORT").answers("incident.confirm_known")


def test_a_press_on_report_before_anything_was_said_asks_the_same_again(talk):
    talk().hears("报修").hears(tap="REPORT").answers("incident.ask_symptom")


# --- what is promised ------------------------------------------------------------------------


def test_the_promise_has_a_name_a_number_and_a_time_f5(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("对")

    assert "IT20261124-0021" in dialog.words
    assert "周工（13800002222），最迟 10:40 联系您" in dialog.words


def test_nobody_free_is_said_as_it_is_f8(talk):
    dialog = talk(engineer=None)

    dialog.hears("打印机卡纸").hears("对").answers("incident.opened_queued", due=None)


def test_off_hours_the_next_opening_is_promised_f15(talk):
    dialog = talk(engineer=None, is_open=False)

    dialog.hears("打印机没墨了").hears("对").answers(
        "incident.opened_off_hours", opens=TOMORROW_AT_8
    )
    assert "会在明天 8:00 派人" in dialog.words


def test_progress_is_one_tap_behind_the_promise_f11(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("对").taps("show:IT20261124-0021")

    dialog.answers("follow.ticket.assigned", number="IT20261124-0021")


# --- in between ------------------------------------------------------------------------------


def test_my_tickets_in_the_middle_puts_the_question_again(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("打印机卡纸").hears("我的报修").answers(
        "follow.ticket.in_progress", "incident.confirm_known"
    )
    dialog.taps("yes").answers("incident.opened")


def test_a_second_press_on_report_goes_on_with_the_first(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears(tap="REPORT").answers(
        "incident.under_way", "incident.confirm_known"
    )


def test_an_old_tap_opens_nothing_twice(talk):
    dialog = talk()
    dialog.hears("打印机卡纸")
    old = dialog.offered[0]

    dialog.hears("加急").hears("确认报修", tap=old).answers(
        "conversation.tap_is_over", "incident.confirm_known"
    )
    dialog.taps("yes").hears("确认报修", tap=old).answers("conversation.tap_is_over")

    assert len(dialog.desk.reported) == 1


def test_a_report_left_for_hours_is_over_and_says_so(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").waits(timedelta(hours=5))

    dialog.hears("对").answers("conversation.expired", "greet.noted")
    assert dialog.desk.reported == []


@pytest.mark.parametrize("words", ["取消", "不用了", "不用来了"])
def test_a_report_may_be_dropped_in_any_words(talk, words):
    dialog = talk()

    dialog.hears("打印机卡纸").hears(words)

    assert dialog.says[0].key in ("conversation.stopped", "incident.cancelled")
    assert dialog.waits_at == (None, None)
    assert dialog.desk.reported == []


@pytest.mark.parametrize("words", ["asdfgh", "123456789", "😡", "王小明"])
def test_what_tells_of_nothing_is_no_fault_and_asked_back(talk, words):
    dialog = talk(new=True)

    dialog.hears(words).answers("greet.not_understood")
    assert dialog.waits_at == (None, None)


def test_a_bare_floor_is_a_place_f1(talk):
    talk(new=True).hears("三楼").answers("incident.ask_symptom_at", place="三楼")


def test_a_place_said_while_the_kind_is_asked_for_is_kept_f1(talk):
    dialog = talk(new=True)

    dialog.hears("my laptop is broken").answers("incident.ask_category")
    dialog.hears("A座305").answers("incident.place_noted", "incident.ask_category")
    dialog.taps("computer").answers("incident.understood", "profile.ask", place="A座305")


def test_english_that_is_not_surely_read_is_asked_for_its_kind_f6(talk):
    dialog = talk()

    dialog.hears("my laptop is broken").answers("incident.ask_category")

    assert [act.partition("=")[2] for act in dialog.offered[:3]] == [
        *("computer", "network", "printer")
    ]
