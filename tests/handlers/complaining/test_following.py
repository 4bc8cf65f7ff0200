"""What becomes of a complaint, by words and taps of who complained: C1, C4."""

from datetime import timedelta

import pytest

from domain.complaints import ComplaintStatus
from domain.permissions import Role
from models import Complaint, ComplaintEvent, InboxMessage, Notice
from tests.handlers.complaining.complaint_talk import DeskTalk
from tests.services.complaint_kit import cast_of, fed_back, objected, reported, submitted


@pytest.fixture
def cast(make_person, make_engineer):
    return cast_of(make_person, make_engineer)


@pytest.fixture
def dialog(database, rules, cast):
    return DeskTalk(database, rules, cast.requester)


@pytest.fixture
def at(database, desk_of, cast):
    """`at(reported)`: a complaint of 王芳's that has come so far."""

    def at(step, **said):
        return step(database, desk_of, cast, **said)

    return at


def status(rows):
    return [each.status for each in rows(Complaint)]


# --- the list ------------------------------------------------------------------------------------


def test_one_complaint_is_shown_whole_with_what_may_be_done_c1(dialog, at):
    complaint = at(submitted)

    dialog.hears("我的投诉").answers("complaint_life.card")

    assert dialog.labels == ["撤回", "补充"]
    assert complaint.number in dialog.words and "待核实" in dialog.words
    assert "服务台正在核实" in dialog.words


def test_several_are_listed_newest_first_c1(dialog, at):
    first, second = at(submitted), at(fed_back)

    dialog.hears("我的投诉").answers("complaint_life.list")
    assert dialog.labels == [f"看 {second.short}", f"看 {first.short}"]
    dialog.taps(f"show_complaint:{second.number}").answers("complaint_life.card")

    assert dialog.labels == ["不认可", "评价处理"]
    assert "您反映的属实，抱歉" in dialog.words and "确有其事" not in dialog.words


@pytest.mark.parametrize("words", ["看投诉 {}", "看 {}", "{}", "投诉 {}"])
def test_a_number_shows_it_c1(dialog, at, words):
    number = at(submitted).number

    dialog.hears(words.format(number)).answers("complaint_life.card")


def test_who_has_none_is_told_how_to_complain_c1(dialog):
    dialog.hears("我的投诉").answers("complaint_life.none")

    assert dialog.offered == ["complain"]


def test_another_persons_complaint_is_not_found_p8(dialog, at, database, rules, make_person, cast):
    number = at(submitted).number
    others = [make_person("李雷"), cast.engineer]

    for who in others:
        talk = DeskTalk(database, rules, who)
        for order in (
            "看投诉 {}",
            "补充 {} 他人不错",
            "撤回投诉 {}",
            "评价处理 {} 都好",
            "不认可 {}",
        ):
            talk.anew().hears(order.format(number))
            assert [say.key for say in talk.says] != ["complaint_life.card"], order
            assert "修到一半" not in talk.words, order


# --- withdrawn -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "answer"),
    [("撤回投诉", "撤回"), ("撤回投诉 {}", "是"), ("撤回 {}", "确认"), ("不投诉了", "对")],
)
def test_it_is_withdrawn_after_one_question_c1(dialog, at, rows, order, answer):
    complaint = at(reported)

    dialog.hears(order.format(complaint.number)).answers("complaint_life.sure")
    assert status(rows) == [ComplaintStatus.REPORTED]
    dialog.hears(answer).answers("complaint_life.withdrawn")

    assert status(rows) == [ComplaintStatus.WITHDRAWN]


def test_a_no_keeps_it_c1(dialog, at, rows):
    at(submitted)

    dialog.hears("撤回投诉").taps("no").answers("complaint_life.kept")

    assert status(rows) == [ComplaintStatus.SUBMITTED]


def test_once_decided_it_is_not_withdrawn_but_shown_c1(dialog, at):
    number = at(fed_back).number

    dialog.hears(f"撤回投诉 {number}").answers("complaint_life.card")
    dialog.hears("撤回投诉").answers("complaint_life.nothing_to_withdraw")


def test_of_several_it_is_asked_which_c1(dialog, at, rows):
    at(submitted)
    second = at(submitted)

    dialog.hears("撤回投诉").answers("complaint_life.which")
    dialog.taps(f"withdraw_complaint:{second.number}").answers("complaint_life.sure")
    dialog.taps("yes").answers("complaint_life.withdrawn")

    assert status(rows) == [ComplaintStatus.SUBMITTED, ComplaintStatus.WITHDRAWN]


# --- rated ---------------------------------------------------------------------------------------


def scores(rows):
    return [(each.process, each.outcome, each.comment) for each in rows(Complaint)]


def test_one_tap_rates_both_c4(dialog, at, rows):
    at(fed_back)

    dialog.hears("评价处理").answers("complaint_life.ask_scores")
    assert dialog.labels == ["都是 5 分", "逐项打分", "不认可", "不评了"]
    dialog.taps("all_5").answers("complaint_life.rated")

    assert scores(rows) == [(5, 5, None)]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("过程5 结果4", (5, 4)),
        ("都好", (5, 5)),
        ("都很好", (5, 5)),
        ("过程3,结果3", (3, 3)),
        ("都是4分", (4, 4)),
        ("5 4", (5, 4)),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_scores_in_words_are_heard_c4(dialog, at, rows, words, given, asked):
    at(fed_back)

    if asked:
        dialog.hears("评价处理")
    dialog.hears(words).answers("complaint_life.rated")

    assert scores(rows) == [(*given, None)]


def test_scores_may_stand_behind_the_order_c4(dialog, at, rows):
    number = at(fed_back).number

    dialog.hears(f"评价处理 {number} 过程5 结果4").answers("complaint_life.rated")

    assert scores(rows) == [(5, 4, None)]


def test_only_what_was_not_said_is_asked_for_c4(dialog, at, rows):
    at(fed_back)

    dialog.hears("评价处理").hears("过程5").answers("complaint_life.ask_part.outcome")
    dialog.taps("3").answers("complaint_life.rated")

    assert scores(rows) == [(5, 3, None)]


def test_a_word_without_a_number_is_asked_back_c4(dialog, at, rows):
    at(fed_back)

    dialog.hears("评价处理").hears("满意").answers("complaint_life.ask_exactly")
    assert scores(rows) == [(None, None, None)]
    dialog.taps("all_4").answers("complaint_life.rated")

    assert scores(rows) == [(4, 4, None)]


def test_a_low_score_counts_at_once_and_asks_why_c4(dialog, at, rows, cast):
    at(fed_back)

    dialog.hears("评价处理").taps("one_by_one").taps("2")
    dialog.taps("1").answers("complaint_life.rated_low", "complaint_life.ask_comment")
    assert scores(rows) == [(2, 1, None)]
    dialog.hears("拖了三天").answers("complaint_life.comment_kept")

    assert scores(rows) == [(2, 1, "拖了三天")]
    told = [each.text_key for each in rows(Notice) if each.recipient_id == cast.head.id]
    assert told[-2:] == ["complaint_told.rated_low", "complaint_told.rated_low"]


def test_a_rating_that_is_not_given_ends_in_silence_c4(dialog, at):
    at(fed_back)

    dialog.hears("评价处理").waits(timedelta(hours=5)).hears("电脑蓝屏了")

    dialog.answers("incident.confirm_known")


def test_scores_without_a_complaint_to_rate_rate_none_c4(dialog, at, rows):
    at(reported)

    dialog.hears("评价处理").answers("complaint_life.nothing_to_rate")
    dialog.hears("过程5 结果4")

    assert scores(rows) == [(None, None, None)]


# --- objected ------------------------------------------------------------------------------------


def test_an_objection_goes_back_to_the_head_once_c4(dialog, at, rows):
    number = at(fed_back).number

    dialog.hears("不认可").answers("complaint_life.ask_objection")
    dialog.hears("没有人道歉").answers("complaint_life.objected")
    assert status(rows) == [ComplaintStatus.OBJECTED]
    assert rows(Complaint)[0].objection == "没有人道歉"
    dialog.hears(f"不认可 {number} 还是没有人道歉").answers("complaint.refusal.objected_before")


def test_the_reason_may_stand_behind_the_order_c4(dialog, at, rows):
    number = at(fed_back).number

    dialog.hears(f"不认可 {number} 没有人道歉").answers("complaint_life.objected")

    assert rows(Complaint)[0].objection == "没有人道歉"


def test_where_scores_are_asked_the_way_to_an_objection_is_open_c4(dialog, at, rows):
    at(fed_back)

    dialog.hears("评价处理").taps("button.object").answers("complaint_life.ask_objection")
    dialog.taps("not_objecting").answers("complaint_life.not_objected")

    assert status(rows) == [ComplaintStatus.FED_BACK]
    assert dialog.waits_at == (None, None)


def test_before_the_result_there_is_nothing_to_object_to_c4(dialog, at):
    at(reported)

    dialog.hears("不认可").answers("complaint_life.nothing_to_object")


def test_after_an_objection_it_may_be_added_to_c4(dialog, at, rows):
    number = at(objected).number

    dialog.hears(f"补充 {number} 今天也没有").answers("complaint_life.added")

    assert rows(ComplaintEvent)[-1].detail == {"words": "今天也没有"}


# --- for few -------------------------------------------------------------------------------------


def test_every_word_of_it_is_confidential_p8(dialog, at, rows):
    number = at(fed_back).number

    dialog.hears("我的投诉").hears("评价处理").hears("过程2 结果2").hears("拖了三天")
    dialog.hears(f"看投诉 {number}")

    hidden = {each.id for each in rows(InboxMessage) if each.is_confidential}
    assert hidden == set(dialog.messages)


def test_who_sees_to_it_reads_it_by_its_number_c2(at, database, rules, cast, make_person):
    number = at(reported).number

    clerk = DeskTalk(database, rules, cast.clerk)
    clerk.hears(f"看投诉 {number}").answers("complaint_life.card_inside")
    assert "王芳" in clerk.words

    admin = DeskTalk(database, rules, make_person("管理员", Role.ADMIN))
    admin.hears(f"看投诉 {number}").answers("complaint.refusal.not_found")
