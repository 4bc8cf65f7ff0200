"""The head decides a complaint in chat (C3), and what whom it concerns may read of it (P8)."""

import pytest

from domain.complaints import ComplaintStatus, Verdict
from domain.permissions import Role
from domain.sentence import from_json
from models import AppraisalFact, Notice
from services.desk import Rules
from tests.services.complaint_kit import WORDS, reported, submitted
from tests.services.making import all_of, only

REPORTED, OBJECTED = ComplaintStatus.REPORTED, ComplaintStatus.OBJECTED


def decided_by(talk, charge="服务中途离开，要当面道歉"):
    """All that follows the verdict, tapped or typed."""
    talk.hears("周工当面道歉，今天内重修").answers("complaint_head.ask_points")
    talk.taps("by_rule").answers("complaint_head.ask_charge")
    return talk.hears(charge).answers("complaint_head.confirm")


def test_c3_the_notice_is_a_card_whose_lines_decide(database, talk_of, cast, at, now_at):
    number = at(REPORTED).number
    card = from_json(all_of(database, Notice, recipient_id=cast.head.id)[-1].say)
    assert [each.label for each in card.buttons] == [
        *("button.upheld", "button.partly", "button.not_upheld", "button.more", "button.decide")
    ]
    talk = talk_of(cast.head)

    talk.hears(tap=card.buttons[0].act)
    talk.answers("complaint_desk.card", "complaint_head.findings", "complaint_head.ask_measures")
    assert "确有其事，中途离开" in talk.read and "涉及：周工" in talk.read
    decided_by(talk)
    assert "周工 -5 分，本人看到：「服务中途离开，要当面道歉」" in talk.read
    talk.taps("yes").answers("complaint_head.decided")

    found = now_at(cast.clerk, number)
    assert (found.status, found.verdict) == (ComplaintStatus.DECIDED, Verdict.UPHELD)
    assert found.measures == "周工当面道歉，今天内重修"
    fact = only(database, AppraisalFact)
    assert (fact.points, fact.words) == (-5, "服务中途离开，要当面道歉")


def test_c3_step_by_step_from_the_list(talk_of, cast, at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理").answers("complaint_head.to_decide", count=1)
    assert talk.offered == [f"decide:{number}"]

    talk.taps(f"decide:{number}").answers(
        "complaint_desk.card", "complaint_head.findings", "complaint_head.ask_verdict"
    )
    talk.taps("partly").answers("complaint_head.ask_measures")
    talk.hears("以后先说明再离开").hears("按规定").answers("complaint_head.ask_charge")
    talk.hears("离开前要先说明").answers("complaint_head.confirm", points="-2")
    talk.hears("定了").answers("complaint_head.decided")


def test_c3_one_message_may_hold_the_verdict_and_the_measures(talk_of, cast, at):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 成立 周工当面道歉")
    talk.answers("complaint_desk.card", "complaint_head.findings", "complaint_head.ask_points")

    talk.hears("扣3分").answers("complaint_head.ask_charge")
    talk.taps("as_measures").answers(
        "complaint_head.confirm", points="-3", charge="周工当面道歉", measures="周工当面道歉"
    )
    talk.hears("好").answers("complaint_head.decided")


@pytest.mark.parametrize(
    ("words", "verdict"), [("部分成立，以后注意", "partly"), ("不成立 当天在等配件", "not_upheld")]
)
def test_verdict_and_measures_may_be_said_together(talk_of, cast, at, words, verdict):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001").hears(words)

    assert talk.standing.draft["verdict"] == verdict
    assert talk.standing.draft["measures"] == words.replace(" ", "，").partition("，")[2]


def test_what_is_not_upheld_counts_nothing(database, talk_of, cast, at, now_at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理 0001").taps("not_upheld")
    talk.answers("complaint_head.ask_reasons")

    talk.hears("当天在等配件，已说明").answers("complaint_head.confirm", names=None)
    talk.taps("yes").answers("complaint_head.decided")

    assert now_at(cast.clerk, number).verdict is Verdict.NOT_UPHELD
    assert all_of(database, AppraisalFact) == []


def test_c3_the_head_may_want_more_facts(talk_of, cast, at, now_at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理 0001").taps("more").answers("complaint_head.ask_more")

    talk.hears("请查门禁记录").answers("complaint_head.returned")

    assert now_at(cast.clerk, number).status is ComplaintStatus.SUBMITTED
    clerk = talk_of(cast.clerk).hears("核实").answers("complaint_desk.to_verify", count=1)
    clerk.taps(f"verify:{number}").answers("complaint_desk.card", "complaint_desk.ask_findings")


def test_more_facts_may_be_wanted_in_one_message(talk_of, cast, at, now_at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理 0001 再核实 请查门禁记录")
    assert talk.says[-1].key == "complaint_head.returned"
    assert now_at(cast.clerk, number).status is ComplaintStatus.SUBMITTED


def test_measures_said_before_are_not_what_is_to_be_found_out(talk_of, cast, at, now_at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理 0001 周工当面道歉").taps("more")

    talk.answers("complaint_head.ask_more")
    assert now_at(cast.clerk, number).status is ComplaintStatus.REPORTED


def test_c4_an_objection_shows_what_was_decided_before(talk_of, cast, at):
    number = at(OBJECTED).number
    talk = talk_of(cast.head).hears(tap=f"decide:{number}")

    talk.answers(
        "complaint_desk.card",
        "complaint_head.findings",
        "complaint_head.objected",
        "complaint_head.ask_verdict",
    )
    assert "上次处理：成立。周工当面道歉，重修" in talk.read
    assert "投诉人的异议：没有道歉" in talk.read


@pytest.mark.parametrize(
    "words", ["对王芳要客气", "TS20261124-0001 的事", "0001 那次", "以后回 13800001234 的电话"]
)
def test_p8_words_that_give_away_who_complained_are_not_taken(talk_of, cast, at, words):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 成立 当面道歉").taps("by_rule")

    talk.hears(words).answers("complaint_head.gives_away", "complaint_head.ask_charge")
    talk.hears(words).answers("complaint_head.gives_away", "complaint_head.ask_charge")
    talk.hears("要先说明再离开").answers("complaint_head.confirm")


def test_p8_measures_that_give_it_away_are_not_offered(talk_of, cast, at):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 成立 给王芳道歉").taps("by_rule")

    talk.answers("complaint_head.ask_charge", measures=None)
    assert talk.offered == []
    talk.hears("用处理意见").answers("complaint_head.gives_away", "complaint_head.ask_charge")


def test_each_part_may_be_amended(talk_of, cast, at):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 成立 当面道歉").taps("by_rule").taps("as_measures")

    talk.taps("amend").answers("complaint_head.ask_amend")
    talk.taps("points").hears("0").answers("complaint_head.confirm", points="+0")
    talk.taps("amend").taps("charge").hears("请先说明再离开").answers(
        "complaint_head.confirm", charge="请先说明再离开"
    )
    talk.taps("amend").taps("measures").hears("重修").hears("重修").answers(
        "complaint_head.confirm", measures="重修", charge="重修"
    )
    talk.taps("amend").taps("verdict").taps("partly").answers("complaint_head.ask_points")
    talk.taps("by_rule").answers("complaint_head.confirm", points="-2")
    talk.taps("amend").taps("as_it_is").taps("cancel").answers("complaint_head.not_decided")


def test_asked_what_to_change_the_head_may_decide_at_once(talk_of, cast, at):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001 成立 当面道歉").taps("by_rule").taps("as_measures")

    talk.taps("amend").hears("就这样定").answers("complaint_head.decided")


@pytest.mark.parametrize(
    ("before", "words", "key"),
    [
        ((), "看着办吧", "complaint_head.verdict_unclear"),
        (("成立",), "……", "complaint_head.measures_unclear"),
        (("成立 道歉",), "很多", "complaint_head.points_unclear"),
        (("成立 道歉",), "300", "complaint_head.points_unclear"),
        (("成立 道歉", "3"), "……", "complaint_head.charge_unclear"),
        (("成立 道歉", "3", "要客气"), "什么意思", "complaint_head.confirm_unclear"),
    ],
)
def test_what_cannot_be_read_is_asked_again_and_leads_to_no_queue(
    talk_of, cast, at, before, words, key
):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001")
    for each in before:
        talk.hears(each)

    talk.hears(words).answers(key)
    talk.hears(words).answers(key)
    assert not talk.hands_over


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("成立",),
        ("再核实",),
        ("成立 道歉",),
        ("成立 道歉", "3"),
        ("成立 道歉", "3", "要客气"),
        ("成立 道歉", "3", "要客气", "改一下"),
    ],
)
def test_something_said_in_passing_leaves_the_question(talk_of, cast, at, before, now_at):
    number = at(REPORTED).number
    talk = talk_of(cast.head).hears("处理 0001")
    for each in before:
        talk.hears(each)
    waited_at, asked = talk.waits_at, talk.says[-1].key

    talk.hears("未送达").answers("stuck.none", asked)
    assert talk.waits_at == waited_at
    assert now_at(cast.head, number).status is REPORTED


def test_an_old_line_is_over(talk_of, cast, at):
    at(REPORTED)
    talk = talk_of(cast.head).hears("处理 0001")
    old = next(act for act in talk.offered if act.endswith("=upheld"))
    talk.taps("partly")

    talk.hears("成立", tap=old).answers("conversation.tap_is_over", "complaint_head.ask_measures")


def test_p8_a_head_whom_it_concerns_finds_nothing_and_the_deputy_decides(
    database, desk_of, rules, cast, make_person, talk_of
):
    from dataclasses import replace

    deputy = make_person("副主任", Role.ADMIN, staff_number="A900", phone="13800008888")
    rules = replace(rules, complaints=replace(rules.complaints, deputy="A900"))
    complaint = reported(database, desk_of, cast, people=(cast.head.id,))
    of_head, of_deputy = (_talk(database, rules, who) for who in (cast.head, deputy))

    of_head.hears("处理").answers("complaint_head.none_to_decide")
    gone = of_head.hears(f"处理 {complaint.number}").read
    assert gone == of_head.hears("处理 TS20261124-0777").read.replace("0777", "0001")
    of_deputy.hears("处理").answers("complaint_head.to_decide", count=1)
    of_deputy.hears("处理 0001 成立 当面道歉").taps("no_points").hears("要客气").taps("yes")
    of_deputy.answers("complaint_head.decided")


def _talk(database, rules: Rules, who):
    from tests.handlers.staff.conftest import NOW, StaffTalk

    return StaffTalk(database, rules, who, NOW)


def test_a_complaint_that_nobody_could_verify_says_so(database, desk_of, cast, talk_of):
    submitted(database, desk_of, cast, people=(cast.clerk.id,), words=WORDS)
    talk = talk_of(cast.head).hears("处理 0001")

    assert "没有能核实的同事，直接报给您" in talk.read
    talk.hears("成立 换人跟进").answers("complaint_head.confirm", names=None)
    talk.taps("yes").answers("complaint_head.decided")


def test_the_longest_card_is_not_cut(database, desk_of, cast, talk_of, at, make_person):
    """WeChat takes 2,048 bytes; each answer of a talk is measured (StaffTalk)."""
    long = "事情是这样的那天下午" * 40
    complaint = at(OBJECTED, words=long)
    with database.transaction() as session:
        from models import Complaint

        row = session.get_one(Complaint, complaint.id)
        row.findings = row.measures = row.objection = long
        row.contact_department = "行政与资产管理中心后勤保障二部" * 3
    talk = talk_of(cast.head).hears("处理 0001")

    assert talk.content.count("…") >= 4 and "是否成立" in talk.content
    talk.taps("whole").answers("complaint_desk.whole", "complaint_head.ask_verdict")
