"""Swaps, leave, signing and hand-over as they are said in chat (D1; talks.md §13)."""

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.roster import Asked
from models import HandOver, Leave, Swap, Ticket
from tests.services.making import all_of, only
from tests.services.roster_kit import Roster, Spoken, at, last_tap, told_words

NOW = at(24, 10, 30)


@pytest.fixture
def database_url(sqlite_databases):
    """SQLite alone: what differs between engines is tested with the services behind the talks."""
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周明")


@pytest.fixture
def wu(make_engineer):
    return make_engineer("吴强")


@pytest.fixture
def clerk(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def head(make_person):
    return make_person("何总", Role.HEAD)


@pytest.fixture
def plan(database, clerk):
    return Roster(database, clerk, NOW)


@pytest.fixture
def talk_of(database, rules):
    def talk(person, now=NOW):
        return Spoken(database, rules, person, now)

    return talk


def test_my_duties_are_listed_with_what_may_be_done(talk_of, zhou, plan):
    for day in (24, 25, 27):
        plan.put(zhou, day)

    talk = talk_of(zhou).hears("我的班").answers("roster_life.my_duties")

    assert talk.read == (
        "您接下来的班：\n8:00–18:00 白班（周二） · 还没签到\n明天 8:00–18:00 白班（周三）\n"
        "11月27日 8:00–18:00 白班（周五）〔换班〕〔请假〕〔交接班〕"
    )


def test_a_swap_is_asked_in_one_sentence_answered_by_a_word_and_granted_by_a_tap(
    database, talk_of, zhou, wu, head, plan
):
    plan.put(zhou, 25)
    friday = plan.put(zhou, 27)

    talk_of(zhou).hears("换班 周五 吴强 孩子开家长会").answers("roster_life.swap_sent")
    assert told_words(database, wu, NOW) == [
        "周明想请您上 11月27日 8:00–18:00 白班（周五）：孩子开家长会。〔同意〕〔不行〕"
    ]
    talk_of(wu).hears("可以").answers("roster_life.agreed")
    grant = last_tap(database, head)
    talk_of(head).hears("批准", tap=grant).answers("roster_life.swap.granted")

    assert plan.one(friday).person_id == wu.id
    talk_of(head).hears("批准", tap=grant).answers("roster_life.settled")


def test_a_swap_is_asked_step_by_step_for_a_duty_of_the_colleagues(
    database, talk_of, zhou, wu, plan
):
    for day in (25, 27):
        plan.put(zhou, day)
    plan.put(wu, 28)

    talk = talk_of(zhou).hears("换班").answers("roster_life.ask_duty")
    talk.hears("明天").answers("roster_life.ask_colleague")
    talk.hears("和吴工换").answers("roster_life.ask_return", name="吴强")
    talk.hears("2").answers("roster_life.swap_sent")

    swap = only(database, Swap)
    assert (swap.to_person_id, swap.for_duty_id is not None) == (wu.id, True)
    talk.taps(f"take_back:swap-{swap.id}").answers("roster_life.swap_taken_back")
    assert only(database, Swap).state is Asked.WITHDRAWN


def test_a_no_of_the_colleague_is_a_word_too(database, talk_of, zhou, wu, plan):
    plan.put(zhou, 27)
    talk_of(zhou).hears("换班 周五 吴强")

    talk_of(wu).hears("不行").answers("roster_life.disagreed")

    assert only(database, Swap).state is Asked.REFUSED
    assert "上不了" in told_words(database, zhou, NOW)[-1]


def test_without_a_swap_that_waits_a_yes_is_a_yes_to_something_else(talk_of, wu):
    talk_of(wu).hears("同意换班").answers("roster_life.nothing_to_answer")
    assert talk_of(wu).hears("好的").says[0].key != "roster_life.agreed"


def test_leave_is_asked_in_one_sentence_and_shows_what_it_falls_upon(
    database, talk_of, zhou, head, clerk, plan
):
    plan.put(zhou, 25)

    talk = talk_of(zhou).hears("请假 明天 看病").answers("roster_life.confirm_leave", count=1)
    talk.hears("改成后天").answers("roster_life.confirm_leave", count=None)
    talk.hears("明天").answers("roster_life.confirm_leave", count=1)
    talk.hears("提交").answers("roster_life.leave_sent")
    talk_of(head).hears("批准").answers("roster_life.leave.granted", count=1)

    leave = only(database, Leave)
    assert (leave.begins_at, leave.ends_at, leave.reason) == (at(25, 0), at(26, 0), "看病")
    assert "明天 8:00–18:00 白班（周三）" in told_words(database, clerk, NOW)[-1]
    assert told_words(database, zhou, NOW)[-1].startswith("您的请假批了：11月25日。")


def test_leave_is_asked_step_by_step_and_refused_for_good_is_said_once(database, talk_of, zhou):
    talk = talk_of(zhou).hears("请假").answers("roster_life.ask_when")
    talk.hears("下周二下午").answers("roster_life.ask_reason")
    talk.hears("2").answers("roster_life.confirm_leave", reason="事假")
    assert "请假 12月1日下午，事假。" in talk.read
    talk.hears("是的").answers("roster_life.leave_sent")

    again = talk_of(zhou).hears("请假 12月1日 看牙").hears("提交")
    again.answers("roster_life.leave_asked_before")
    assert again.waits_at == (None, None)
    assert len(all_of(database, Leave)) == 1


def test_several_matters_of_the_head_are_listed_with_their_taps(talk_of, by, zhou, wu, head):
    talk_of(head).hears("批准").answers("roster_life.nothing_to_decide")
    for who, day in ((zhou, 26), (wu, 27)):
        by(who).ask_leave(at(day, 0), at(day + 1, 0), "看病")

    talk = talk_of(head).hears("批准").answers("roster_life.to_decide", count=2)

    talk.taps(talk.offered[3]).answers("roster_life.leave.denied", name="吴强")


def test_the_heads_words_are_no_orders_for_others(talk_of, zhou):
    """Y1."""
    talk_of(zhou).hears("批准", tap="grant:leave-1").answers("refusal.head_only")


def test_signing_in_says_for_which_duty_and_how_late(talk_of, zhou, clerk, plan):
    plan.put(zhou, 24)
    plan.put(clerk, 24, "服务台")

    late = talk_of(zhou, at(24, 8, 12)).hears("签到").answers("shift.signed_in", late=12)
    assert late.read.startswith("已签到：8:00–18:00 白班（周二），晚了 12 分钟。")
    talk_of(clerk, at(24, 7, 55)).hears("签到").answers("shift.signed_in_at_desk", late=None)
    talk_of(zhou, at(24, 18, 2)).hears("签退").answers("shift.signed_out")


def test_on_call_is_signed_for_and_not_signed_out_of(talk_of, zhou, plan):
    plan.put(zhou, 24, "值班")

    talk_of(zhou, at(24, 18, 5)).hears("签到").answers("shift.signed_in_on_call", late=5)
    talk = talk_of(zhou, at(24, 22))
    if plan.is_on_duty(zhou):
        talk.hears("签退").answers("shift.signed_out")
    talk.hears("签退").answers("shift.still_on_call")


def test_a_shift_is_handed_over_in_chat_and_both_sign(
    database, talk_of, make_ticket, zhou, wu, clerk, plan
):
    plan.put(clerk, 24, "服务台")
    plan.put(wu, 24, "值班")
    make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 14))

    talk = talk_of(clerk, at(24, 17, 50)).hears("交接班").answers("hand_over.draft", to="吴强")
    assert "0001 惠普打印机一直卡纸 · 已超时" in talk.read
    talk.hears("机房钥匙在前台").answers("hand_over.noted", notes="机房钥匙在前台")
    talk.hears("签字交班").answers("hand_over.given", to="吴强")
    read = told_words(database, wu, at(24, 17, 50))[-1]
    assert read.startswith("陈静交班给您：") and read.endswith("〔接班签字〕")
    talk_of(wu, at(24, 17, 55)).hears("接班").answers("hand_over.taken", notes="机房钥匙在前台")

    assert only(database, HandOver).taken_at == at(24, 17, 55)


def test_without_a_roster_an_engineer_says_to_whom(database, talk_of, zhou, wu):
    talk = talk_of(zhou).hears("交班").answers("hand_over.ask_to")
    talk.hears("吴强").answers("hand_over.draft_empty", to="吴强")
    talk.hears("没有了").answers("hand_over.given", to="吴强")

    assert only(database, HandOver).to_person_id == wu.id


def test_which_tickets_go_along_is_said_in_chat(
    database, talk_of, make_engineer, make_ticket, zhou
):
    make_ticket(Status.ASSIGNED, engineer=zhou, at=at(24, 17))
    make_ticket(Status.IN_PROGRESS, engineer=zhou, at=at(24, 17))
    wu = make_engineer("吴强")

    talk = talk_of(zhou, at(24, 17, 50)).hears("交班").hears("吴强")
    assert "转到对方名下：0001。\n仍由您办：0002。" in talk.read and "〔都转〕" in talk.read
    talk.hears("0001 不转").answers("hand_over.draft")
    assert "仍由您办：0001, 0002。" in talk.read
    talk.hears("0002也转").answers("hand_over.draft", moving="0002", staying="0001")
    talk.hears("0002 的墨盒在柜子里").answers("hand_over.noted")
    talk.hears("签字交班").answers("hand_over.given", moving="0002", staying="0001")
    read = told_words(database, wu, at(24, 17, 50))[-1]
    assert "您签字后转到您名下：0002。" in read
    talk_of(wu, at(24, 17, 55)).hears("接班").answers("hand_over.taken", moved=1)

    assert [each.assignee_id for each in all_of(database, Ticket)] == [zhou.id, wu.id]


def test_all_go_along_by_one_tap(talk_of, make_ticket, zhou, wu):
    make_ticket(Status.IN_PROGRESS, engineer=zhou, at=at(24, 17))
    talk = talk_of(zhou, at(24, 17, 50)).hears("交班").hears("吴强")

    talk.hears("都转").answers("hand_over.draft", moving="0001", staying=None)

    assert "〔都转〕" not in talk.read


def test_leave_may_be_asked_for_with_the_day_first(database, talk_of, zhou):
    talk = talk_of(zhou).hears("后天上午请个假").answers("roster_life.ask_reason")
    talk.hears("看病").answers("roster_life.confirm_leave", reason="看病")
    talk.hears("是")

    leave = only(database, Leave)
    assert (leave.begins_at, leave.ends_at) == (at(26, 0), at(26, 12))
