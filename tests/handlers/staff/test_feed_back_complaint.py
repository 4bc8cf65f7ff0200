"""The desk tells the complainant the decision, in its words (C3)."""

import pytest

from domain.complaints import ComplaintStatus, Verdict
from models import Complaint, Notice
from tests.services.making import all_of, only

DECIDED = ComplaintStatus.DECIDED


def test_c3_the_draft_goes_with_one_tap(database, talk_of, cast, at):
    number = at(DECIDED).number
    talk = talk_of(cast.clerk).hears(tap=f"feed_back:{number}")
    talk.answers("complaint_desk.card", "complaint_desk.decision", "complaint_desk.ask_feedback")
    assert "处理结果：成立。周工当面道歉，重修" in talk.read

    talk.taps("send_so").answers("complaint_desk.fed_back", contact="王芳")

    draft = "经核实，您反映的情况属实，很抱歉给您添了麻烦。处理如下：周工当面道歉，重修。"
    assert only(database, Complaint).feedback == draft
    told = all_of(database, Notice, recipient_id=cast.requester.id)[-1]
    assert told.text_key == "complaint_told.fed_back"


@pytest.mark.parametrize(
    ("verdict", "begins"), [(Verdict.PARTLY, "部分属实"), (Verdict.NOT_UPHELD, "没有发现")]
)
def test_the_draft_says_how_it_ended(talk_of, cast, at, verdict, begins):
    at(DECIDED, verdict=verdict)
    assert begins in talk_of(cast.clerk).hears("反馈 0001").read


def test_c3_words_of_the_desks_own_are_confirmed(database, talk_of, cast, at):
    at(DECIDED)
    talk = talk_of(cast.clerk).hears("反馈 0001")

    talk.hears("周工会当面向您道歉").answers("complaint_desk.confirm_feedback")
    talk.hears("周工明天上午当面向您道歉").answers(
        "complaint_desk.confirm_feedback", words="周工明天上午当面向您道歉"
    )
    talk.taps("amend").answers("complaint_desk.ask_feedback")
    talk.hears("周工今天来道歉").taps("yes").answers("complaint_desk.fed_back")
    assert only(database, Complaint).feedback == "周工今天来道歉"


def test_c3_one_message_may_hold_the_words(database, talk_of, cast, at):
    at(DECIDED)
    talk = talk_of(cast.clerk).hears("反馈 0001 周工今天来道歉")

    talk.answers("complaint_desk.confirm_feedback", words="周工今天来道歉")
    assert only(database, Complaint).feedback is None, "nothing leaves unconfirmed"
    talk.hears("发出").answers("complaint_desk.fed_back")


def test_who_is_not_in_chat_is_called(database, desk_of, talk_of, cast, at, make_person):
    from dataclasses import replace

    caller = make_person("刘洋", openid=None, phone="13900009999")
    cast = replace(cast, requester=caller)
    from tests.services.complaint_kit import decided

    decided(database, desk_of, cast)
    talk = talk_of(cast.clerk).hears("反馈 0001").taps("send_so")

    talk.answers("complaint_desk.fed_back_by_phone", phone="13900009999")


def test_it_may_be_left_for_later(talk_of, cast, at, now_at):
    number = at(DECIDED).number
    talk = talk_of(cast.clerk).hears("反馈 0001 周工今天来道歉")

    talk.taps("cancel").answers("complaint_desk.not_fed_back")
    assert now_at(cast.clerk, number).status is DECIDED


@pytest.mark.parametrize("words", ["……", "嗯", "88"])
def test_what_is_no_answer_to_anybody_is_asked_again(talk_of, cast, at, words):
    at(DECIDED)
    talk = talk_of(cast.clerk).hears("反馈 0001")

    talk.hears(words).answers("complaint_desk.feedback_unclear")
    talk.hears(words).answers("complaint_desk.feedback_unclear")
    assert not talk.hands_over


def test_what_waits_is_listed(talk_of, cast, at):
    number = at(DECIDED).number
    talk = talk_of(cast.clerk).hears("反馈").answers("complaint_desk.to_feed_back", count=1)
    assert talk.offered == [f"feed_back:{number}"]
    talk_of(cast.clerk).hears("FEED_BACK", tap="FEED_BACK").answers("complaint_desk.to_feed_back")


def test_when_nothing_waits_that_is_said(talk_of, cast):
    talk_of(cast.clerk).hears("反馈").answers("complaint_desk.none_to_feed_back")


def test_something_said_in_passing_leaves_the_question(talk_of, cast, at):
    at(DECIDED)
    talk = talk_of(cast.clerk).hears("反馈 0001")

    talk.hears("未送达").answers("stuck.none", "complaint_desk.ask_feedback")
    talk.hears("周工今天来").hears("未送达").answers(
        "stuck.none", "complaint_desk.confirm_feedback"
    )


def test_another_step_is_due_first(talk_of, cast, at):
    """What is not decided cannot be told; the way on stands below."""
    number = at().number
    talk = talk_of(cast.clerk).hears("反馈 0001").answers("complaint_desk.gone_on")
    assert talk.offered == [f"verify:{number}"]
