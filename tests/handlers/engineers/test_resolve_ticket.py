"""Reporting finished work (F10, W2; talks.md §8)."""

import pytest

from domain.heard import Medium
from domain.lifecycle import Status
from services.views import WorkResult
from tests.handlers.engineers.conftest import WU, make_ticket

ALL = "搓纸轮老化,换了新的,测试正常,用了30分钟"
RESULT = WorkResult("worn_part", "换了新的搓纸轮,测试正常", 30, True, ("搓纸轮",))


@pytest.fixture(autouse=True)
def in_hand(desk):
    desk.has(make_ticket("0007"))


def test_one_sentence_holds_all_parts(talk, desk):
    """F10: talks.md §8 as it stands."""
    talk.hears("完工 0007").answers("resolve.ask_cause", number="0007")
    talk.hears(ALL).answers("resolve.confirm", minutes=30, parts="搓纸轮")
    talk.taps("yes").answers("resolve.done", number="0007", contact="王芳", count=None)

    assert desk.done == [("resolve", "0007", RESULT)]
    assert talk.waits_at == (None, None)


def test_the_order_itself_may_hold_all_parts(talk, desk):
    """F10, W2."""
    talk.hears("完工 0007 搓纸轮老化,换了新的,测试正常,用了30分钟").answers("resolve.confirm")
    talk.hears("提交").answers("resolve.done")

    assert desk.done == [("resolve", "0007", RESULT)]


def test_only_what_is_missing_is_asked(talk):
    """F10."""
    talk.hears("完工 0007 换了搓纸轮,用了30分钟,现场").answers("resolve.ask_cause")
    talk.taps("cause.worn_part").answers("resolve.confirm", action="换了搓纸轮", minutes=30)


def test_step_by_step_with_taps(talk, desk):
    """W2."""
    talk.hears("完工", tap="resolve:IT20261124-0007").answers("resolve.ask_cause")
    talk.taps("setting").answers("resolve.ask_action")
    talk.hears("改了默认打印机").answers("resolve.ask_minutes_and_where")
    talk.taps("15").answers("resolve.ask_where")
    talk.taps("remote").answers("resolve.confirm", parts=None)
    talk.taps("yes").answers("resolve.done")

    assert desk.done == [("resolve", "0007", WorkResult("setting", "改了默认打印机", 15, False))]


def test_step_by_step_with_words(talk, desk):
    """W2: whatever a button does can be said."""
    talk.hears("完工").answers("resolve.ask_cause")
    talk.hears("网络").answers("resolve.ask_action")
    talk.hears("重新压了水晶头").answers("resolve.ask_minutes_and_where")
    talk.hears("45").answers("resolve.ask_where")
    talk.hears("现场").answers("resolve.confirm")
    talk.hears("没问题").answers("resolve.done")

    assert desk.done == [("resolve", "0007", WorkResult("network", "重新压了水晶头", 45, True))]


def test_a_cause_is_named_by_its_place(talk):
    talk.hears("完工")
    talk.hears("3").answers("resolve.ask_action")

    assert talk.standing.draft["cause"] == "setting"


def test_minutes_and_place_are_asked_together_and_answered_together(talk):
    talk.hears("完工 设置不对,改了默认打印机").answers("resolve.ask_minutes_and_where")
    talk.hears("20分钟,远程").answers("resolve.confirm", minutes=20)


def test_a_place_said_where_minutes_are_asked_is_not_lost(talk):
    talk.hears("完工 设置不对,改了默认打印机")
    talk.hears("远程").answers("resolve.ask_minutes")
    talk.hears("半小时").answers("resolve.confirm", minutes=30)


def test_work_told_where_the_cause_is_asked_is_kept(talk):
    talk.hears("完工")
    talk.hears("换了个硒鼓,20分钟").answers("resolve.confirm", action="换了个硒鼓", minutes=20)


@pytest.mark.parametrize(
    ("before", "unread", "asked_again"),
    [
        ((), "？？", "resolve.cause_unclear"),
        ((), "你们食堂在哪", "resolve.cause_unclear"),
        (("设置",), "？？", "resolve.action_unclear"),
        (("设置", "改了默认打印机"), "很快", "resolve.minutes_unclear"),
        (("设置", "改了默认打印机", "20"), "嗯嗯嗯", "resolve.where_unclear"),
        (("设置", "改了默认打印机", "20", "远程"), "你们食堂在哪", "resolve.confirm_unclear"),
        (("设置", "改了默认打印机", "20", "远程", "改一下"), "？？", "resolve.amend_unclear"),
    ],
)
def test_what_cannot_be_read_is_asked_once_more_then_a_person_comes(
    talk, before, unread, asked_again
):
    talk.hears("完工")
    for words in before:
        talk.hears(words)

    talk.hears(unread).answers(asked_again)
    step = talk.waits_at
    talk.hears(unread)

    assert step[0] == "resolve_ticket"
    assert talk.hands_over


@pytest.fixture
def summed_up(talk):
    return talk.hears("完工 0007 " + ALL).answers("resolve.confirm")


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("用时改成40分钟", "minutes", 40),
        ("不对,用了40分钟", "minutes", 40),
        ("改为40分钟", "minutes", 40),
        ("用时 40", "minutes", 40),
        ("好的,用了40分钟", "minutes", 40),
        ("是远程的", "is_on_site", False),
        ("方式改为远程", "is_on_site", False),
        ("原因是设置", "cause", "setting"),
        ("原因不对,应该是操作", "cause", "operation"),
        ("处理改成清理了搓纸轮", "action_taken", "清理了搓纸轮"),
        ("备件 硒鼓、定影膜", "parts", ["硒鼓", "定影膜"]),
        ("备件:没有", "parts", []),
        ("换了硒鼓", "parts", ["硒鼓"]),
    ],
)
def test_the_summary_is_corrected_by_just_saying_so(summed_up, said, field, value):
    """F10: the rest of the summary stays as it was."""
    before = dict(summed_up.standing.draft)
    summed_up.hears(said).answers("resolve.confirm")
    after = summed_up.standing.draft

    assert after[field] == value
    untouched = {"cause", "action_taken", "minutes", "is_on_site"} - {field}
    if field != "parts":
        assert {name: after[name] for name in untouched} == {n: before[n] for n in untouched}


@pytest.mark.parametrize(
    ("field", "asked", "answered"),
    [
        ("cause", "resolve.ask_cause", "耗材"),
        ("action_taken", "resolve.ask_action", "清理了搓纸轮"),
        ("minutes", "resolve.ask_minutes", "50"),
        ("is_on_site", "resolve.ask_where", "远程"),
        ("parts", "resolve.ask_parts", "硒鼓"),
    ],
)
def test_one_part_is_amended_by_taps(summed_up, field, asked, answered):
    before = dict(summed_up.standing.draft)
    summed_up.taps("amend").answers("resolve.ask_amend")
    summed_up.taps(field).answers(asked)
    summed_up.hears(answered).answers("resolve.confirm")

    assert summed_up.standing.draft[field] != before[field]


@pytest.mark.parametrize("words", ["提交", "没问题", "完成"])
def test_asked_what_to_change_the_engineer_submits_it_as_it_is(summed_up, desk, words):
    summed_up.taps("amend").hears(words).answers("resolve.done")

    assert [name for name, *_ in desk.done].count("resolve") == 1


@pytest.mark.parametrize("does", [("taps", "as_it_is"), ("hears", "不改了"), ("hears", "不用改")])
def test_nothing_to_change_leads_back_to_the_summary(summed_up, does):
    how, what = does
    before = dict(summed_up.standing.draft)
    getattr(summed_up.taps("amend"), how)(what).answers("resolve.confirm")

    assert summed_up.standing.draft == before


def test_parts_are_taken_off_by_a_tap(summed_up, desk):
    summed_up.taps("amend").taps("parts").taps("none").answers("resolve.confirm", parts=None)
    summed_up.taps("yes")

    assert desk.done[-1][2].parts == ()


def test_a_part_is_named_and_then_asked(summed_up):
    summed_up.hears("改原因").answers("resolve.ask_cause")


def test_photos_join_the_ticket_and_the_question_is_put_again(talk, desk):
    """F10: a photo is optional, at any time."""
    talk.hears("完工").answers("resolve.ask_cause")
    talk.hears(medium=Medium.IMAGE, media_id="m1").answers(
        "resolve.photo_kept", "resolve.ask_cause"
    )
    talk.hears(ALL).answers("resolve.confirm")
    talk.hears(medium=Medium.IMAGE, media_id="m2").answers("resolve.photo_kept", "resolve.confirm")
    talk.taps("yes").answers("resolve.done")

    assert [act for act in desk.done if act[0] == "attach"] == [
        ("attach", "m1", 7),
        ("attach", "m2", 7),
    ]


def test_what_else_is_in_hand_is_said_at_the_end(talk, desk):
    """W2: talks.md §8."""
    desk.has(make_ticket("0011"), make_ticket("0012", status=Status.ASSIGNED))
    talk.hears("完工 0007 " + ALL)
    talk.taps("yes").answers("resolve.done", count=1, others="0011", waiting=1)

    assert talk.offered == ["my_work", "queue"]


def test_a_ticket_on_hold_is_resumed_before_it_is_resolved(talk, desk):
    desk.has(make_ticket("0007", status=Status.ON_HOLD))
    talk.hears("完工 0007 " + ALL).answers("resolve.confirm")
    talk.taps("yes").answers("resolve.done")

    assert [act[0] for act in desk.done] == ["resume", "resolve"]


def test_another_order_in_the_middle_is_answered_and_the_work_goes_on(talk, desk):
    """W2: 待接单 in the middle of 完工."""
    desk.has(make_ticket("0011", status=Status.ASSIGNED))
    talk.hears("完工").taps("setting").answers("resolve.ask_action")

    talk.hears("待接单").answers("work.waiting", "resolve.ask_action", count=1)
    talk.hears("接单 0011").answers("work.accepted", "resolve.ask_action")
    talk.hears("改了默认打印机,20分钟,远程").answers("resolve.confirm", number="0007")
    talk.taps("yes").answers("resolve.done", others="0011")


def test_a_tap_of_a_question_that_was_put_again_still_counts(talk, desk):
    desk.has(make_ticket("0011", status=Status.ASSIGNED))
    talk.hears("完工").hears("待接单").answers("work.waiting", "resolve.ask_cause")

    talk.taps("setting").answers("resolve.ask_action")


def test_an_old_tap_is_known_as_old_and_changes_nothing(talk):
    talk.hears("完工")
    old = next(act for act in talk.offered if act.endswith("=setting"))
    talk.taps("worn_part").answers("resolve.ask_action")

    talk.hears("设置", tap=old).answers("conversation.tap_is_over", "resolve.ask_action")
    assert talk.standing.draft["cause"] == "worn_part"


def test_an_old_submit_does_not_resolve_twice(summed_up, desk):
    submit = next(act for act in summed_up.offered if act.endswith("=yes"))
    summed_up.taps("yes").answers("resolve.done")

    summed_up.hears("提交", tap=submit).answers("conversation.tap_is_over")
    assert len(desk.done) == 1


def test_ordering_the_same_again_forgets_nothing(talk):
    talk.hears("完工 0007").taps("worn_part").answers("resolve.ask_action")

    talk.hears("完工 0007 用了30分钟").answers("resolve.ask_action")
    talk.hears("换了搓纸轮").answers("resolve.confirm", minutes=30)
    assert talk.standing.draft["cause"] == "worn_part"


def test_another_ticket_begins_with_nothing_known(talk, desk):
    desk.has(make_ticket("0011"))
    talk.hears("完工 0007").taps("worn_part")

    talk.hears("完工 0011").answers("resolve.ask_cause", number="0011")
    assert talk.standing.draft["cause"] is None


def test_saying_done_at_the_summary_submits(summed_up):
    summed_up.hears("完工").answers("resolve.done")


def test_the_summary_can_be_dropped(summed_up, desk):
    summed_up.hears("取消").answers("conversation.stopped")

    assert desk.done == []


def test_with_several_in_hand_the_words_are_kept_while_asking_which(talk, desk):
    """W2: nothing that was said once is asked again."""
    desk.has(make_ticket("0011"))
    talk.hears("完工 " + ALL).answers("work.which", count=2)
    talk.hears("0011").answers("resolve.confirm", number="0011", minutes=30)


@pytest.mark.parametrize("named", ["0011", "第二个", "IT20261124-0011"])
def test_with_several_in_hand_one_is_named_by_its_digits_or_place(talk, desk, named):
    desk.has(make_ticket("0011"))
    talk.hears("完工").answers("work.which", count=2)

    talk.hears(named).answers("resolve.ask_cause", number="0011")


def test_no_part_was_used_is_said_in_the_summary(talk, desk):
    talk.hears("完工 " + ALL).answers("resolve.confirm").hears("没换").answers("resolve.confirm")

    assert talk.standing.draft["parts"] == []
    assert talk.standing.draft["action_taken"] != "没换"


def test_with_none_in_hand_what_waits_is_shown(talk, desk):
    desk.tickets.clear()
    desk.has(make_ticket("0012", status=Status.ASSIGNED))
    talk.hears("完工").answers("work.none_in_hand", waiting=1)

    assert talk.offered == ["queue"]


def test_a_ticket_must_be_accepted_first(talk, desk):
    desk.has(make_ticket("0012", status=Status.ASSIGNED))
    talk.hears("完工 0012 " + ALL).answers("work.accept_first", number="0012")

    assert talk.offered == ["accept:IT20261124-0012"]


def test_a_colleagues_ticket_is_refused_before_anything_is_asked(talk, desk):
    """Y1."""
    desk.has(make_ticket("0013", assignee=WU))
    talk.hears("完工 0013").answers("refusal.not_yours")

    assert talk.waits_at == (None, None)


def test_a_ticket_that_is_done_is_refused_before_anything_is_asked(talk, desk):
    desk.has(make_ticket("0007", status=Status.RESOLVED))
    talk.hears("完工 0007").answers("refusal.action_not_allowed")


def test_the_summary_reads_like_a_clerks(summed_up):
    assert summed_up.read == (
        "0007 记下了，请核对：\n"
        "原因 部件老化；处理 换了新的搓纸轮,测试正常；用时 30 分钟；现场；备件 搓纸轮。\n"
        "可再发照片。"
    )
