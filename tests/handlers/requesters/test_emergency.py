"""Off hours and 紧急: what a requester reads, and which of their matters is meant (F15)."""

import pytest

from domain.lifecycle import Status
from domain.priority import Impact, Urgency
from services.views import Called, PersonView
from tests.handlers.requesters.conftest import TOMORROW_AT_8, ticket

ZHENG = PersonView(31, "郑工", "13800003333")
ON_CALL = Called(ZHENG, is_on_call=True, opens_at=TOMORROW_AT_8)
HEAD = Called(PersonView(32, "赵主任", None), opens_at=TOMORROW_AT_8)
NOBODY = Called(None, opens_at=TOMORROW_AT_8, desk_phone="8000")
SILENCED = Called(None, is_silenced=True, opens_at=TOMORROW_AT_8)


@pytest.mark.parametrize(
    ("called", "words"),
    [
        (ON_CALL, "已通知值班的郑工（13800003333），5 分钟内没有回应，会依次通知下一位。"),
        (HEAD, "现在没有能到场的值班工程师，已找赵主任安排人"),
        (NOBODY, "一位值班的同事都联系不上。明天 8:00 上班最先处理这张；等不了的话，请打 8000"),
        (SILENCED, "这张不再叫醒别人。明天 8:00 上班先处理。"),
    ],
)
def test_an_urgent_report_at_night_says_who_was_woken_or_the_truth(talk, called, words):
    """talks.md §12."""
    dialog = talk(engineer=None, is_open=False, called=called)

    dialog.hears("三楼机房空调坏了，全公司都受影响，很急").hears("对").answers(
        "incident.opened_urgent"
    )

    assert words in dialog.words and "这是紧急情况" in dialog.words


def test_an_ordinary_report_at_night_says_how_to_make_it_urgent(talk):
    dialog = talk(engineer=None, is_open=False)

    dialog.hears("打印机没墨了").hears("对").answers("incident.opened_off_hours")
    assert "会在明天 8:00 派人，最迟明天 8:10 联系您。急用请回「紧急」" in dialog.words

    dialog.desk.called = ON_CALL
    dialog.hears("紧急").answers("emergency.raised.at_night", number="0021")
    assert dialog.desk.declared == [21]


def test_the_line_under_it_does_the_same(talk):
    dialog = talk(engineer=None, is_open=False, called=ON_CALL)
    dialog.desk.called = None
    dialog.hears("打印机没墨了").hears("对")

    dialog.desk.called = ON_CALL
    dialog.taps("emergency:IT20261124-0021").answers("emergency.raised.at_night")


def test_with_nothing_reported_the_matter_is_asked_for_and_is_urgent(talk):
    """talks.md §11: whoever cannot reach a person says 紧急."""
    dialog = talk(is_open=False, engineer=None, called=ON_CALL)

    dialog.hears("紧急").answers("emergency.ask_symptom")
    dialog.hears("打印机卡纸").hears("对").answers("incident.opened_urgent")

    (report,) = dialog.desk.reported
    assert (report.urgency, report.impact) == (Urgency.HIGH, Impact.TEAM)


def test_of_several_the_one_spoken_of_last_is_meant(talk):
    dialog = talk(ticket("0007"), ticket("0009"))

    dialog.hears("看 0009").hears("紧急").answers("emergency.raised.held", number="0009")

    assert dialog.desk.declared == [9]


def test_of_several_that_nobody_spoke_of_it_is_asked_which(talk):
    dialog = talk(ticket("0007"), ticket("0009"))

    dialog.hears("紧急").answers("follow.which.emergency")
    dialog.taps("emergency:IT20261124-0007").answers("emergency.raised.held")


def test_by_day_whoever_has_it_is_named_and_nobody_has_it_is_said(talk):
    dialog = talk(ticket("0007", status=Status.NEW, assignee=None))

    dialog.hears("紧急").answers("emergency.raised.waiting")


def test_said_again_it_is_urged(talk):
    dialog = talk(ticket("0007"))

    dialog.hears("紧急").hears("紧急 0007").answers("follow.urged.in_progress")


def test_a_fault_told_with_the_word_is_a_report_and_no_order(talk):
    dialog = talk()

    dialog.hears("紧急,三楼财务室打印机卡纸")

    assert dialog.waits_at[0] == "report_incident" and dialog.desk.declared == []


def test_who_asks_for_a_person_at_night_is_shown_the_way(talk):
    dialog = talk(is_open=False).hears("转人工").answers("human.off_hours")

    assert "急事请回「紧急」" in dialog.words
    dialog.taps("emergency").answers("emergency.ask_symptom")
