"""A colleague's fault: their number is told beside an answer or known, and takes no turn (F1)."""

import pytest

REPORT = "帮同事李娜报修,她电脑开不了机,在B座201"


def test_the_summary_says_whose_number_is_called_and_that_another_may_be_told(talk):
    dialog = talk()

    dialog.hears(REPORT).answers("incident.confirm_known")

    assert "13800001234（您的，可以和「对」一起把李娜的发来）" in dialog.words


@pytest.mark.parametrize(
    "words", ["对,她电话13911112222", "好的 李娜13911112222", "对，13911112222"]
)
def test_a_yes_with_their_number_opens_the_ticket(talk, words):
    dialog = talk()

    dialog.hears(REPORT).hears(words)

    (report,) = dialog.desk.reported
    assert (report.behalf_of.name, report.behalf_of.phone) == ("李娜", "13911112222")
    assert dialog.desk.actor.phone == "13800001234"


def test_the_number_alone_is_noted_and_the_question_stands(talk):
    dialog = talk()

    dialog.hears(REPORT).hears("13911112222")

    dialog.answers("incident.amended.behalf", "incident.confirm_again", phone="13911112222")


@pytest.mark.parametrize("words", ["我的电话是13700003333", "电话写错了,是13700003333"])
def test_ones_own_number_stays_ones_own(talk, words):
    dialog = talk()

    dialog.hears(REPORT).hears(words).hears("对")

    assert dialog.desk.actor.phone == "13700003333"
    assert dialog.desk.reported[0].behalf_of.phone is None


def test_a_number_that_is_known_is_not_asked_for(talk):
    dialog = talk(directory={"李娜": "139****2222"})

    dialog.hears(REPORT).answers("incident.confirm_known", phone="139****2222")

    assert "您的" not in dialog.words


def test_somebody_new_is_asked_for_both_numbers_at_once(talk):
    dialog = talk(new=True)

    dialog.hears("帮同事李娜报修,三楼打印机卡纸")
    assert "还有李娜的电话" in dialog.words
    dialog.hears("财务部 王芳 13800001234").answers("profile.complete", "incident.confirm")

    assert dialog.desk.actor.phone == "13800001234"
    assert "没有李娜的电话" in dialog.words
