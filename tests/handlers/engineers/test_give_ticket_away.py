"""Declining before accepting, passing on afterwards (F8, F9, W2)."""

import pytest

from domain.lifecycle import Status
from domain.sentence import Word
from services.views import PersonView
from tests.handlers.engineers.conftest import WU, make_ticket

WAITING = Status.ASSIGNED


@pytest.fixture
def waiting(desk):
    return desk.has(make_ticket("0007", status=WAITING))


@pytest.fixture
def in_hand(desk):
    return desk.has(make_ticket("0007"))


def test_a_declined_ticket_goes_to_the_next(talk, waiting):
    """F9, F8."""
    talk.hears(tap="decline:IT20261124-0007").answers("give.ask_reason", number="0007")
    talk.taps("busy").answers("give.gone", number="0007", name="吴工", phone="13800003333")

    assert waiting.done == [("decline", "0007", "手上忙")]
    assert talk.waits_at == (None, None)


def test_with_nobody_left_it_goes_to_the_desk(talk, waiting):
    """F9."""
    waiting.next_engineer = None
    talk.hears("退单 0007 不会修").answers("give.gone_to_desk", number="0007")

    assert waiting.done == [("decline", "0007", "不会修")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [("不在班", "不在班"), ("2", "不会修"), ("今天请假了", "今天请假了"), ("第三个", "离得远")],
)
def test_the_reason_is_said_or_named_by_its_place(talk, waiting, said, reason):
    talk.hears("退单").hears(said).answers("give.gone")

    assert waiting.done == [("decline", "0007", reason)]


def test_another_reason_is_asked_for_in_words(talk, waiting):
    talk.hears("退单").taps("other").answers("give.ask_reason_in_words")
    talk.hears("其他").answers("give.ask_reason_in_words")
    talk.hears("要去送修").answers("give.gone")

    assert waiting.done == [("decline", "0007", "要去送修")]


def test_a_reason_that_says_nothing_is_asked_once_more_then_a_person_comes(talk, waiting):
    talk.hears("退单").hears("？？").answers("give.reason_unclear")

    assert talk.hears("99").hands_over


def test_the_word_for_passing_on_declines_what_is_not_accepted(talk, waiting):
    """W2: the notice's line says 转派."""
    talk.hears("转派 0007 手上忙").answers("give.gone")

    assert waiting.done == [("decline", "0007", "手上忙")]


def test_an_accepted_ticket_goes_to_the_colleague_who_is_tapped(talk, in_hand):
    """F8, F12."""
    talk.hears("转派").answers("give.ask_reason")
    talk.taps("no_skill").answers("give.ask_colleague", number="0007")
    assert [act.partition("=")[2] for act in talk.offered] == ["8", "9", "dispatch", ""]

    talk.taps("8").answers("give.gone", name="吴工", phone=None)
    assert in_hand.done == [("transfer", "0007", "不会修", 8)]


def test_who_is_away_is_named_with_the_reason(talk, in_hand):
    """F8."""
    talk.hears("转派 0007 手上忙").answers("give.ask_colleague")
    (away,) = talk.says[0].facts["away"]

    assert away.facts == {"name": "孙工", "why": Word("left_out.off_duty")}


def test_dispatch_may_choose(talk, in_hand):
    talk.hears("转派 0007 手上忙").taps("dispatch").answers("give.gone", name="吴工")

    assert in_hand.done == [("transfer", "0007", "手上忙", None)]


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("吴工", 8),
        ("给吴工吧", 8),
        ("郑强", 9),
        ("郑师傅", 9),
        ("小郑", 9),
        ("1", 8),
        ("第二个", 9),
        ("让系统派", None),
        ("随便", None),
    ],
)
def test_the_colleague_is_said(talk, in_hand, said, to):
    """W2."""
    talk.hears("转派 0007 手上忙").hears(said).answers("give.gone")

    assert in_hand.done == [("transfer", "0007", "手上忙", to)]


@pytest.mark.parametrize("said", ["转派 0007 手上忙,给吴工", "转派 0007 给吴工,手上忙"])
def test_one_message_holds_reason_and_colleague(talk, in_hand, said):
    talk.hears(said).answers("give.gone", name="吴工")

    assert in_hand.done == [("transfer", "0007", "手上忙", 8)]


def test_a_colleague_named_first_is_not_asked_for_again(talk, in_hand):
    talk.hears("转派 0007 给吴工").answers("give.ask_reason")
    talk.hears("不会修").answers("give.gone", name="吴工")

    assert in_hand.done == [("transfer", "0007", "不会修", 8)]


def test_a_reason_that_only_sounds_like_a_name_stays_a_reason(talk, in_hand):
    talk.hears("转派 0007 手上工作多").answers("give.ask_colleague")

    assert talk.standing.draft["reason"] == "手上工作多"


def test_a_colleague_who_is_away_cannot_take_it(talk, in_hand):
    """F8."""
    talk.hears("转派 0007 手上忙")
    talk.hears("孙工").answers("give.cannot_take", name="孙工", why=Word("left_out.off_duty"))
    talk.hears("吴工").answers("give.gone")


def test_an_unknown_name_is_asked_once_more_then_a_person_comes(talk, in_hand):
    talk.hears("转派 0007 手上忙").hears("李大嘴").answers("give.colleague_unclear")

    assert talk.hears("李大嘴").hands_over


def test_with_no_colleague_there_dispatch_is_offered(talk, in_hand):
    in_hand.staff = in_hand.staff[2:]
    talk.hears("转派 0007 手上忙").answers("give.nobody_free")

    assert [act.partition("=")[2] for act in talk.offered] == ["dispatch", ""]


def test_declining_what_is_accepted_passes_it_on(talk, in_hand):
    talk.hears("退单 0007 手上忙").answers("give.ask_colleague")


def test_a_colleagues_ticket_cannot_be_given_away(talk, desk):
    """Y1."""
    desk.has(make_ticket("0007", assignee=WU))
    talk.hears("转派 0007 手上忙").answers("refusal.not_yours")


def test_a_finished_ticket_cannot_be_given_away(talk, desk):
    desk.has(make_ticket("0007", status=Status.RESOLVED))
    talk.hears("转派 0007").answers("refusal.action_not_allowed")


def test_with_several_the_reason_waits_for_the_number(talk, desk):
    desk.has(make_ticket("0007", status=WAITING), make_ticket("0011", status=WAITING))
    talk.hears("退单 不会修").answers("work.which", count=2, order=Word("button.decline"))
    talk.hears("0011").answers("give.gone", number="0011")

    assert desk.done == [("decline", "0011", "不会修")]
    assert talk.waits_at == (None, None)


def test_with_several_and_no_reason_one_is_named(talk, desk):
    desk.has(make_ticket("0007"), make_ticket("0011", status=WAITING))
    talk.hears("转派").answers("work.which", count=2)

    talk.hears("0011").answers("give.ask_reason", number="0011")


def test_with_none_that_is_said(talk):
    talk.hears("转派").answers("work.none_in_hand")
    talk.hears("退单").answers("work.none_waiting")


def test_the_question_is_put_again_after_an_interruption(talk, in_hand):
    talk.hears("转派 0007 手上忙")
    talk.hears("待接单").answers("work.none_waiting", "give.ask_colleague")
    talk.taps("8").answers("give.gone")


def test_an_old_tap_gives_nothing_away(talk, in_hand):
    talk.hears("转派 0007 手上忙")
    old = talk.offered[0]
    talk.hears("取消").answers("conversation.stopped")

    talk.hears(tap=old).answers("conversation.tap_is_over")
    assert in_hand.done == []


def test_where_it_went_reads_like_a_clerks(talk, waiting):
    waiting.next_engineer = PersonView(8, "吴工", None)

    assert talk.hears("退单 0007 手上忙").read == "0007 已转给吴工，您不用管了。"
