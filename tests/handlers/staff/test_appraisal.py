"""What counts for an engineer, their answer, and the head's word on it (R3, C4)."""

from datetime import timedelta

import pytest

from domain.appraisal import FactState
from domain.complaints import ComplaintStatus
from domain.lifecycle import Status
from models import AppraisalFact, Notice
from services import appraisal
from services.views import Scores
from tests.services.making import all_of, only

DECIDED = ComplaintStatus.DECIDED


@pytest.fixture
def fact(database, at):
    """-5 for 周工, of an upheld complaint."""
    at(DECIDED)
    return only(database, AppraisalFact)


@pytest.fixture
def answered(database, desk_of, cast, fact):
    with database.transaction() as session:
        appraisal.answer(desk_of(session, cast.engineer), fact.id, "那天在等配件")
    return fact


def test_r3_the_months_facts_are_listed_with_their_sum(
    database, talk_of, desk_of, cast, make_ticket, fact
):
    ticket = make_ticket(Status.CLOSED, requester=cast.requester, engineer=cast.engineer)
    with database.transaction() as session:
        desk_of(session, cast.requester).rate(ticket.id, Scores(5, 5, 5))

    talk = (
        talk_of(cast.engineer).hears("我的考核").answers("appraisal_life.mine", count=2, sum="-4")
    )

    assert "用户评价 +1 分，速度 5、态度 5、结果 5（有效）" in talk.read
    assert talk.offered == [f"answer_fact:{fact.id}"], "what is in one's favour needs no answer"


def test_p8_what_is_read_names_nobody_who_complained(talk_of, cast, fact):
    read = talk_of(cast.engineer).hears("考核").read
    assert "王芳" not in read and "0001" not in read and "TS2026" not in read


def test_with_nothing_that_counts_that_is_said(talk_of, cast):
    talk_of(cast.engineer).hears("我的考核").answers("appraisal_life.nothing", month="2026-11")
    talk_of(cast.engineer).hears("申辩").answers("appraisal_life.none_to_answer")


def test_what_may_be_answered_is_shown_in_the_next_month_too(talk_of, cast, at, now):
    at(DECIDED)
    talk = talk_of(cast.engineer, now + timedelta(days=6, hours=23)).hears("我的考核")
    talk.answers("appraisal_life.mine", count=0, sum="+0")
    assert "2026-11 投诉 -5 分" in talk.read


def test_c4_an_answer_is_given_in_two_steps(database, talk_of, cast, fact):
    tap = f"answer_fact:{fact.id}"
    talk = talk_of(cast.engineer).hears(tap=tap).answers("appraisal_life.ask_answer", id=fact.id)

    talk.hears("那天在等配件").answers("appraisal_life.confirm_answer")
    talk.taps("yes").answers("appraisal_life.answered")

    assert only(database, AppraisalFact).state is FactState.ANSWERED
    told = all_of(database, Notice, recipient_id=cast.head.id)[-1]
    assert told.text_key == "appraisal_told.answered"


@pytest.mark.parametrize(
    "order", ["申辩 {} 那天在等配件", "申辩 {}，那天在等配件", "我要申辩 {}号 那天在等配件"]
)
def test_c4_one_message_may_hold_the_answer(talk_of, cast, fact, order):
    talk = talk_of(cast.engineer).hears(order.format(fact.id))
    talk.answers("appraisal_life.confirm_answer", words="那天在等配件")


def test_an_answer_may_be_put_otherwise_or_left(database, talk_of, cast, fact):
    talk = talk_of(cast.engineer).hears(f"申辩 {fact.id} 那天在等配件")

    talk.taps("amend").answers("appraisal_life.ask_answer")
    talk.hears("……").answers("appraisal_life.answer_unclear")
    talk.hears("配件三点才到").hears("配件三点半才到").answers(
        "appraisal_life.confirm_answer", words="配件三点半才到"
    )
    talk.hears("未送达的单").answers("appraisal_life.confirm_answer")
    talk.taps("cancel").answers("appraisal_life.not_answered")
    assert only(database, AppraisalFact).state is FactState.STANDS


def test_an_answer_is_given_once(talk_of, cast, answered):
    talk = talk_of(cast.engineer).hears(tap=f"answer_fact:{answered.id}")
    talk.answers("appraisal_life.not_now")


def test_an_answer_comes_too_late_after_its_days(talk_of, cast, fact, now):
    talk = talk_of(cast.engineer, now + timedelta(days=8)).hears(tap=f"answer_fact:{fact.id}")
    talk.answers("appraisal_life.not_now")


def test_p8_what_counts_for_somebody_else_is_not_found(talk_of, cast, make_engineer, fact):
    other = talk_of(make_engineer("吴强"))
    absent = other.hears("申辩 999").read.replace("999", str(fact.id))
    assert other.hears(f"申辩 {fact.id}").read == absent
    assert talk_of(cast.head).hears(f"申辩 {fact.id}").read == absent


def test_an_interruption_leaves_the_question(talk_of, cast, fact):
    talk = talk_of(cast.engineer).hears(f"申辩 {fact.id}")
    talk.hears("待接单").answers("work.none_waiting", "appraisal_life.ask_answer")
    talk.hears("那天在等配件").hears("待接单").answers(
        "work.none_waiting", "appraisal_life.confirm_answer"
    )


# --- the head ------------------------------------------------------------------------------------


def test_c4_the_head_decides_step_by_step(database, talk_of, cast, answered):
    talk = talk_of(cast.head).hears("定申辩").answers("appraisal_life.to_decide", count=1)
    talk.taps(f"decide_fact:{answered.id}").answers("appraisal_life.ask_verdict")
    assert "申辩：那天在等配件" in talk.read and "周工" in talk.read

    talk.taps("keep").answers("appraisal_life.ask_why", points="-5")
    talk.hears("等配件也该说一声").answers("appraisal_life.decided")

    fact = only(database, AppraisalFact)
    assert (fact.state, fact.points, fact.decision) == (FactState.UPHELD, -5, "等配件也该说一声")
    assert all_of(database, Notice, recipient_id=cast.engineer.id)[-1].text_key == (
        "appraisal_told.decided"
    )


@pytest.mark.parametrize(
    ("words", "state", "points"),
    [
        ("维持 等配件也该说一声", FactState.UPHELD, -5),
        ("撤销，情况属实", FactState.STRUCK, 0),
        ("改为 -3 分 有一半属实", FactState.CHANGED, -3),
        ("改为3分，有一半属实", FactState.CHANGED, -3),
    ],
)
def test_c4_one_message_may_decide(database, talk_of, cast, answered, words, state, points):
    talk = talk_of(cast.head).hears(f"定申辩 {answered.id} {words}")
    talk.answers("appraisal_life.decided")
    fact = only(database, AppraisalFact)
    assert (fact.state, fact.points) == (state, points)


def test_it_may_count_less_by_a_tap_or_a_number(database, talk_of, cast, answered):
    talk = talk_of(cast.head).hears(f"定申辩 {answered.id}")
    assert "改为 -2 分" in talk.read

    talk.taps("change").answers("appraisal_life.ask_why", points="-2")
    talk.hears("取消").hears(f"定申辩 {answered.id}").hears("改为").answers(
        "appraisal_life.ask_points"
    )
    talk.hears("很少").answers("appraisal_life.ask_points")
    talk.hears("扣 1 分").answers("appraisal_life.ask_why", points="-1")
    talk.hears("……").answers("appraisal_life.ask_why", points="-1")
    talk.hears("说明过了").answers("appraisal_life.decided", points="-1")


def test_what_cannot_be_read_is_asked_again(talk_of, cast, answered):
    talk = talk_of(cast.head).hears(f"定申辩 {answered.id}")
    talk.hears("再想想").answers("appraisal_life.verdict_unclear")
    talk.hears("再想想").answers("appraisal_life.verdict_unclear")
    assert not talk.hands_over
    talk.hears("未送达").answers("stuck.none", "appraisal_life.ask_verdict")


def test_without_an_answer_there_is_nothing_to_decide(talk_of, cast, fact):
    talk = talk_of(cast.head)
    talk.hears("定申辩").answers("appraisal_life.none_to_decide")
    talk.hears(f"定申辩 {fact.id}").answers("appraisal_life.no_answer_waits")
    talk.hears("定申辩 999").answers("appraisal_life.not_found")


def test_the_second_of_two_heads_is_told_that_it_is_decided(
    database, desk_of, talk_of, cast, answered, make_person
):
    from domain.permissions import Role

    second = make_person("何总", Role.HEAD, phone="13800007777")
    talk = talk_of(second).hears(f"定申辩 {answered.id}").taps("strike")
    with database.transaction() as session:
        appraisal.decide(desk_of(session, cast.head), answered.id, -5, "维持")

    talk.hears("情况属实").answers("appraisal_life.no_answer_waits")
    assert only(database, AppraisalFact).points == -5


def test_nobody_decides_their_own(database, desk_of, talk_of, make_person, cast):
    from domain.permissions import Role
    from services.complaints import handling, submitting

    leader = make_person("何总", Role.HEAD, Role.ENGINEER, phone="13800007777")
    with database.transaction() as session:
        made = submitting.submit(desk_of(session, cast.requester), submitting.Submission("太慢"))
        handling.verify(desk_of(session, cast.clerk), made.id, "确实慢", [leader.id])
        handling.report(desk_of(session, cast.clerk), made.id)
        from domain.complaints import Verdict

        decision = handling.Decision(Verdict.UPHELD, "要快")
        handling.decide(desk_of(session, cast.head), made.id, decision)
    fact = only(database, AppraisalFact)
    with database.transaction() as session:
        appraisal.answer(desk_of(session, leader), fact.id, "人手不够")

    talk = talk_of(leader)
    talk.hears("定申辩").answers("appraisal_life.none_to_decide")
    talk.hears(f"定申辩 {fact.id} 撤销 人手不够").answers("appraisal_life.own")
    assert only(database, AppraisalFact).state is FactState.ANSWERED
