"""Three scores in as few taps as possible, and never one that was not said (F13)."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from tests.handlers.requesters.conftest import ticket


def closed(number="0007"):
    return ticket(number, status=Status.CLOSED)


def scores(dialog):
    return [
        (ticket_id, given.speed, given.attitude, given.result, given.comment)
        for ticket_id, given in dialog.desk.rated
    ]


def test_one_tap_rates_all_f13(talk):
    dialog = talk(closed())

    dialog.hears(tap="RATE").answers("rating.ask").taps("all_5").answers("rating.kept")

    assert scores(dialog) == [(7, 5, 5, 5, None)]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("速度5 态度5 结果5", (5, 5, 5)),
        ("都是5分", (5, 5, 5)),
        ("速度4 态度5 结果3", (4, 5, 3)),
        ("速度3 其他都好", (3, 5, 5)),
        ("5 4 5", (5, 4, 5)),
    ],
)
def test_scores_in_words_are_heard_with_no_question_waiting_f13(talk, words, given):
    dialog = talk(closed())

    dialog.hears(words)

    assert scores(dialog) == [(7, *given, None)]


def test_a_part_that_was_not_good_is_looked_at_f13(talk):
    dialog = talk(closed())

    dialog.hears("速度3 其他都好").answers("rating.kept_looked_at", speed=3, low_attitude=None)

    assert "「速度」我们会回看" in dialog.words


def test_only_what_was_not_said_is_asked_for_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").hears("速度4 态度5").answers("rating.ask_part.result")
    dialog.taps("5").answers("rating.kept")

    assert scores(dialog) == [(7, 4, 5, 5, None)]


def test_a_word_without_a_number_is_asked_back_f13(talk):
    dialog = talk(closed())

    dialog.hears("满意").answers("rating.ask_exactly")
    assert dialog.desk.rated == []
    dialog.taps("all_4").answers("rating.kept")

    assert scores(dialog) == [(7, 4, 4, 4, None)]


def test_one_by_one_and_a_low_score_asks_for_a_word_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").taps("one_by_one").answers("rating.ask_part.speed")
    dialog.hears("5").answers("rating.ask_part.attitude")
    dialog.hears("嗯哼").answers("rating.part_unclear")
    dialog.taps("5").answers("rating.ask_part.result")
    dialog.taps("2").answers("rating.kept_low", "rating.ask_comment", result=2)
    assert scores(dialog) == [(7, 5, 5, 2, None)]
    dialog.hears("等了两天").answers("rating.comment_kept")

    assert dialog.desk.commented == [(7, "等了两天")]


def test_who_does_not_say_why_is_rated_all_the_same_f13(talk):
    dialog = talk(closed())

    dialog.hears("速度1 态度5 结果5").answers("rating.kept_low", "rating.ask_comment")
    assert scores(dialog) == [(7, 1, 5, 5, None)]
    dialog.taps("no_comment").answers("rating.no_comment")

    assert dialog.desk.commented == []


def test_why_said_with_the_scores_is_not_asked_for_again_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").hears("速度1 态度5 结果5，等了两天才来").answers("rating.kept_low")

    assert scores(dialog)[0][4] is not None
    assert dialog.waits_at == (None, None)


@pytest.mark.parametrize("asked", ["评价", "速度1 态度5 结果5"])
def test_a_rating_left_for_hours_ends_in_silence_f13(talk, asked):
    dialog = talk(closed())

    dialog.hears(asked).waits(timedelta(hours=5)).hears("电脑蓝屏了")

    dialog.answers("incident.confirm_known")


def test_a_tap_on_an_old_question_for_scores_still_counts_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").waits(timedelta(hours=20)).taps("all_5").answers("rating.kept")

    assert scores(dialog) == [(7, 5, 5, 5, None)]


def test_thanks_instead_of_scores_end_it_kindly_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").hears("谢谢").answers("greet.thanks")

    assert dialog.waits_at == (None, None)


def test_a_question_instead_of_scores_is_answered_f13(talk):
    dialog = talk(closed("0007"), ticket("0009"))

    dialog.hears("评价").hears("我那个报修什么时候来人处理")

    assert "rating.unclear" not in [say.key for say in dialog.says]


def test_all_at_once_answers_the_parts_that_are_left_f13(talk):
    dialog = talk(closed())

    dialog.hears("评价").taps("one_by_one").hears("都是4分").answers("rating.kept")

    assert scores(dialog) == [(7, 4, 4, 4, None)]


@pytest.mark.parametrize("words", ["不评了", "不打分了"])
def test_silence_is_not_satisfaction_f13(talk, words):
    dialog = talk(ticket("0007", status=Status.RESOLVED))

    dialog.hears("解决了").hears(words).answers("rating.skipped")

    assert dialog.desk.rated == []


@pytest.mark.parametrize("words", ["好了", "谢谢", "可以了"])
def test_words_that_rate_nothing_rate_nothing_f13(talk, words):
    dialog = talk(closed())

    dialog.hears(words)

    assert dialog.desk.rated == []


def test_good_marks_for_the_only_resolved_ticket_say_that_it_is_solved_f16(talk):
    dialog = talk(ticket("0007", status=Status.RESOLVED))

    dialog.hears("速度5 态度5 结果5").answers("rating.kept")

    assert dialog.desk.statuses() == [Status.CLOSED]


def test_bad_marks_before_the_yes_ask_first_whether_it_is_solved_f16(talk):
    dialog = talk(ticket("0007", status=Status.RESOLVED))

    dialog.hears("速度5 态度5 结果1").answers("rating.settle_first")

    assert (dialog.desk.rated, dialog.desk.statuses()) == ([], [Status.RESOLVED])


def test_a_second_rating_is_declined_kindly_f13(talk):
    dialog = talk(closed())

    dialog.hears("都是5分").hears("评价 0007").answers("rating.already_given")


def test_what_was_rated_meanwhile_is_no_longer_asked_about_f13(talk):
    dialog = talk(closed()).hears("评价")
    dialog.desk.rated = [(7, None)]

    dialog.taps("all_5").answers("rating.already_given")

    assert dialog.waits_at == (None, None)


def test_calling_off_a_ticket_instead_of_scores_is_heard_f11(talk):
    dialog = talk(closed("0007"), ticket("0009")).hears("评价").hears("撤单")

    dialog.answers("follow.sure", number="0009")


def test_nothing_to_rate_is_said(talk):
    talk().hears("评价").answers("rating.nothing")


def test_a_new_fault_instead_of_scores_is_reported_and_the_scores_wait_f1(talk):
    dialog = talk(closed())

    dialog.hears("评价").hears("电脑蓝屏了").answers("incident.confirm_known")
    dialog.hears("对").answers("incident.opened", "rating.ask")


def test_scores_of_one_ticket_never_count_for_another_f13(talk):
    dialog = talk(closed("0007"), closed("0009"))

    dialog.hears("评价 0007").hears("速度1").hears("评价 0009").hears("态度5 结果5")
    dialog.answers("rating.ask_part.speed").taps("5")

    assert scores(dialog) == [(9, 5, 5, 5, None)]


@pytest.mark.parametrize("act", ["=all_9", "=abc", "=1.5"])
def test_a_made_up_tap_is_no_score_f13(talk, act):
    dialog = talk(closed()).hears("评价")

    dialog.hears("?", tap=f"{dialog.standing.serial}{act}").answers("rating.unclear")
    dialog.taps("one_by_one")
    dialog.hears("?", tap=f"{dialog.standing.serial}{act}").answers("rating.part_unclear")

    assert dialog.desk.rated == []


def test_the_best_of_everything_needs_no_number_f13(talk):
    dialog = talk(closed())

    dialog.hears("都很好").answers("rating.kept")

    assert scores(dialog) == [(7, 5, 5, 5, None)]


# --- changed -------------------------------------------------------------------------------------


def changed(dialog):
    return [(given.speed, given.attitude, given.result) for _, given in dialog.desk.changed]


def test_a_rating_is_changed_by_tap_f13(talk):
    dialog = talk(closed()).hears("都很好").answers("rating.kept")

    dialog.taps("change_rating:IT20261124-0007").answers("rating.ask_changed")
    dialog.taps("all_5").answers("rating.kept")

    assert changed(dialog) == [(5, 5, 5)]
    assert dialog.offered == []


@pytest.mark.parametrize("order", ["改评价 0007 速度3 态度5 结果4", "改评价 速度3 态度5 结果4"])
def test_a_rating_is_changed_in_one_sentence_f13(talk, order):
    dialog = talk(closed()).hears("都很好")

    dialog.hears(order).answers("rating.kept_looked_at")

    assert changed(dialog) == [(3, 5, 4)]


def test_a_rating_is_changed_once_f13(talk):
    dialog = talk(closed()).hears("都很好").hears("改评价 0007 都是4分")

    dialog.hears("改评价 0007").answers("rating.nothing_to_change")


def test_a_change_before_the_rating_is_the_rating_f13(talk):
    dialog = talk(closed()).hears("改评价 0007").answers("rating.ask")

    dialog.taps("all_5").answers("rating.kept")
    assert scores(dialog) == [(7, 5, 5, 5, None)] and changed(dialog) == []
