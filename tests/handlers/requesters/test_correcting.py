"""What was understood is shown, and corrected by just saying so (F1)."""

import pytest

from domain.category import Category
from domain.priority import Urgency


def test_not_the_printer_but_the_network(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("不是打印机,是电脑没网打不了").answers(
        "incident.amended.fault", "incident.confirm_again", symptom="电脑没网打不了"
    )
    dialog.hears("对")

    (report,) = dialog.desk.reported
    assert (report.category, report.device) == (Category.NETWORK, "电脑")
    assert report.description == "打印机卡纸\n不是打印机,是电脑没网打不了"


@pytest.mark.parametrize("words", ["地点改成A座306", "A座306", "不是三楼,是A座306"])
def test_another_place_is_said_in_any_way(talk, words):
    dialog = talk()

    dialog.hears("打印机卡纸").hears(words).answers(
        "incident.amended.place", "incident.confirm_again", place="A座306"
    )
    dialog.hears("对")

    assert dialog.desk.reported[0].place == "A座306"
    assert dialog.desk.actor.office == "三楼财务室"


def test_another_number_is_kept_for_the_person(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("电话 13900001111").answers(
        "incident.amended.contact", "incident.confirm_again", phone="13900001111"
    )

    assert dialog.desk.actor.phone == "13900001111"


def test_haste_is_said_and_taken_back(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("加急").answers(
        "incident.amended.high", "incident.confirm_again"
    )
    dialog.hears("不急,明天来就行").answers(
        "incident.amended.wished", "incident.amended.normal", "incident.confirm_again"
    )
    dialog.hears("对")

    assert dialog.desk.reported[0].urgency is Urgency.NORMAL


def test_more_of_the_same_joins_and_something_else_comes_after(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("而且打印机换了纸也不行").answers(
        "incident.amended.fault", "incident.confirm_again"
    )
    dialog.hears("还有一个,邮箱登不上").answers(
        "incident.one_more", "incident.confirm_again", symptom="邮箱登不上"
    )
    dialog.hears("对").answers(
        "incident.opened", "incident.now_the_other", "incident.confirm_known"
    )
    dialog.hears("对")

    first, second = dialog.desk.reported
    assert first.symptom.startswith("打印机卡纸,")
    assert (second.symptom, second.category) == ("邮箱登不上", Category.EMAIL)


@pytest.mark.parametrize("words", ["改一下", "不对", "改"])
def test_only_amend_asks_what(talk, words):
    dialog = talk()

    dialog.hears("打印机卡纸").hears(words).answers("incident.ask_amend")


def test_each_part_may_be_tapped_and_said_anew(talk):
    dialog = talk()

    dialog.hears("打印机卡纸")
    dialog.taps("amend").taps("symptom").answers("incident.ask_symptom_anew")
    dialog.hears("屏幕黑了").answers("incident.amended.fault", "incident.confirm_again")
    dialog.taps("amend").taps("place").answers("incident.ask_place_anew", place="三楼财务室")
    dialog.hears("B座201").answers("incident.amended.place", "incident.confirm_again")
    dialog.taps("amend").taps("contact").answers("profile.ask_anew")
    dialog.hears("李娜 13900001111").answers("incident.amended.contact", "incident.confirm_again")
    dialog.taps("amend").taps("haste").answers("incident.amended.high", "incident.confirm_again")
    dialog.taps("yes").answers("incident.opened")

    (report,) = dialog.desk.reported
    assert (report.symptom, report.place, report.urgency) == ("屏幕黑了", "B座201", Urgency.HIGH)
    assert dialog.desk.actor.name == "李娜"


@pytest.mark.parametrize("part", ["symptom", "place", "contact"])
def test_a_part_may_stay_as_it_is_after_all(talk, part):
    dialog = talk()

    dialog.hears("打印机卡纸").taps("amend").taps(part).taps("as_it_is")

    dialog.answers("incident.confirm_known", symptom="打印机卡纸", place="三楼财务室")


def test_an_interrupted_correction_is_asked_for_again(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").taps("amend").taps("place").hears("我的报修").answers(
        "follow.none", "incident.ask_place_anew"
    )
    dialog.hears("B座201").answers("incident.amended.place", "incident.confirm_again")


def test_words_that_amend_nothing_twice_lead_to_a_person_w1(talk):
    dialog = talk()

    dialog.hears("打印机卡纸").hears("气死我了").answers("incident.confirm_unclear")
    dialog.hears("嘿嘿嘿").answers("human.not_understood", "human.waiting")

    assert dialog.hands_over
    assert dialog.desk.reported == []
