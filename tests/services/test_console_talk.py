"""Takeover by the console: one holder, the bot silent, words once, undo before they leave (W1)."""

from datetime import timedelta

import pytest

from domain.delivery import Channel, Verdict
from domain.lifecycle import Action
from domain.permissions import Role
from domain.refusals import NotFound, NotPermitted
from domain.takeover import Pulls
from models import Conversation, EndedBy, Holder, Notice, NoticeState, Takeover, TalkLine
from services import console_talk, deliveries, holders, outbox, takeover, talk_page, talks, timeline
from services.console_talk import NotYourTalk, NoWayToChat, SaidAlready, TalkHeld
from services.desk import Desk
from tests.services.making import all_of, at_once, happened, only, said, told

MINUTE = timedelta(minutes=1)
KF = "desk1@itdesk"


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def li(make_person):
    return make_person("李娜", Role.DESK)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def act(database, rules, now):
    """`act(li, console_talk.take, wang.id)`: one act of one clerk in its own transaction."""

    def act(clerk, do, *arguments, at=now):
        with database.transaction() as session:
            return do(Desk(session, at, rules, clerk), *arguments)

    return act


@pytest.fixture
def held(database):
    def held(person):
        with database.transaction() as session:
            return holders.held(session, person.id)

    return held


def test_r090_of_two_clerks_and_a_session_of_the_platform_one_gets_the_talk(
    database, act, held, by, wang, li, chen, now
):
    by(wang, now - MINUTE).ask_for_person("账号被锁了")

    def kf_takes():
        with database.transaction() as session:
            takeover.clerk_takes(session, wang.id, KF, now)

    answers = at_once(
        lambda: act(li, console_talk.take, wang.id),
        lambda: act(chen, console_talk.take, wang.id),
        kf_takes,
    )

    after = held(wang)
    refused = [each for each in answers if isinstance(each, TalkHeld)]
    assert after.holder is Holder.CLERK
    assert (after.clerk_id is None) is (after.kf_account is not None)
    assert len(refused) == (1 if after.is_by_console else 2)
    assert len(all_of(database, Takeover, person_id=wang.id, ended_at=None)) == 1


def test_r090_a_session_that_comes_later_gives_way_and_is_closed(
    database, act, held, wang, li, chen, now
):
    act(li, console_talk.take, wang.id)

    with database.transaction() as session:
        takeover.clerk_takes(session, wang.id, KF, now + MINUTE)
    with database.transaction() as session:
        takeover.clerk_leaves(session, wang.id, KF, now + 2 * MINUTE, now + 2 * MINUTE)

    after = held(wang)
    assert after.is_by_console and after.clerk_id == li.id and after.kf_account is None
    own, beaten = all_of(database, Takeover, person_id=wang.id)
    assert own.ended_at is None
    assert beaten.ended_by is EndedBy.LOST
    assert Pulls.of(beaten.records_tries).owes_close and beaten.records_due_at is not None


def test_w1_taken_once_although_pressed_twice(database, act, wang, li, now):
    act(li, console_talk.take, wang.id)
    act(li, console_talk.take, wang.id, at=now + MINUTE)

    assert only(database, Takeover).began_at == now


def test_w1_the_bot_says_nothing_between_and_the_clerk_is_not_held_back(
    database, act, queue, claim, notice, wang, li, now
):
    queue(wang, "notice.progress")
    act(li, console_talk.take, wang.id)
    words = act(li, console_talk.say, wang.id, "您好")
    late = queue(wang, "notice.progress")

    assert claim(now) == []
    (sent,) = claim(now + console_talk.UNDO_FOR)
    assert sent.id == words and sent.is_said_by_clerk
    with database.transaction() as session:
        assert deliveries.start_try(session, sent, Channel.CUSTOM, now) is not None
    assert notice(late).state is NoticeState.PENDING


def test_w1_a_notice_claimed_before_the_takeover_is_not_begun_after_it(
    database, act, queue, claim, wang, li, now
):
    queue(wang, "notice.progress")
    (claimed,) = claim(now)

    act(li, console_talk.take, wang.id)

    with database.transaction() as session:
        assert deliveries.start_try(session, claimed, Channel.CUSTOM, now) is None


def test_w1_words_leave_in_the_order_in_which_they_were_typed(act, claim, send, wang, li, now):
    act(li, console_talk.take, wang.id)
    first = act(li, console_talk.say, wang.id, "一")
    second = act(li, console_talk.say, wang.id, "二", at=now + timedelta(seconds=2))

    later = now + timedelta(seconds=30)
    (sent,) = claim(later)
    assert sent.id == first
    send(sent, Verdict.ACCEPTED, later)
    assert [each.id for each in claim(later)] == [second]


def test_c7_what_is_taken_back_never_leaves_and_is_not_in_the_talk(
    database, act, claim, wang, li, now
):
    act(li, console_talk.take, wang.id)
    words = act(li, console_talk.say, wang.id, "发错了")

    assert act(li, console_talk.take_back, wang.id, words) == "发错了"

    assert claim(now + MINUTE) == [] and all_of(database, TalkLine) == []


def test_c7_what_a_sender_has_taken_up_cannot_be_taken_back(act, claim, wang, li, now):
    act(li, console_talk.take, wang.id)
    words = act(li, console_talk.say, wang.id, "已经走了")
    claim(now + console_talk.UNDO_FOR)

    with pytest.raises(SaidAlready):
        act(li, console_talk.take_back, wang.id, words)


def test_c7_of_taking_back_and_sending_at_once_one_happens(database, act, wang, li, now):
    act(li, console_talk.take, wang.id)
    words = act(li, console_talk.say, wang.id, "走还是不走")

    def claimed():
        with database.transaction() as session:
            return outbox.claim(session, now + MINUTE, 5)

    back, sent = at_once(lambda: act(li, console_talk.take_back, wang.id, words), claimed)

    assert isinstance(back, SaidAlready) is bool(sent)


def test_h20_nobody_takes_back_what_a_colleague_said(act, wang, li, chen):
    act(li, console_talk.take, wang.id)
    words = act(li, console_talk.say, wang.id, "您好")

    with pytest.raises(NotFound):
        act(chen, console_talk.take_back, wang.id, words)


def test_w1_who_holds_it_no_more_says_nothing(database, act, wang, li, chen):
    act(li, console_talk.take, wang.id)
    act(li, console_talk.give_to, wang.id, chen.id)

    with pytest.raises(NotYourTalk):
        act(li, console_talk.say, wang.id, "还有一句")
    assert all_of(database, Notice, text_key="talk.said") == []
    assert told(database, chen) == ["talk.given"]


def test_w1_given_back_one_line_says_so_after_the_last_words(
    database, act, held, claim, send, wang, li, now
):
    act(li, console_talk.take, wang.id)
    act(li, console_talk.say, wang.id, "好了再找我们")

    act(li, console_talk.give_back, wang.id, at=now + timedelta(seconds=1))

    assert held(wang).holder is Holder.BOT and held(wang).clerk_id is None
    assert told(database, wang) == ["talk.said", "notice.desk_left"]
    (first,) = claim(now + timedelta(seconds=1))
    assert first.is_said_by_clerk
    send(first, Verdict.ACCEPTED, now + timedelta(seconds=1))
    (last,) = claim(now + timedelta(seconds=1))
    assert last.say.facts["clerk"] == "李娜"
    assert only(database, Takeover).ended_by is EndedBy.CLERK


def test_w1_the_talk_stands_in_the_tickets_timeline_with_who_said_what(
    database, act, make_ticket, wang, li, chen, now
):
    ticket = make_ticket(requester=wang)
    act(li, console_talk.take, wang.id)
    act(li, console_talk.say, wang.id, "我是李娜")
    act(li, console_talk.give_to, wang.id, chen.id)
    act(chen, console_talk.say, wang.id, "我是陈静", at=now + MINUTE)
    act(chen, console_talk.give_back, wang.id, at=now + 2 * MINUTE)

    assert happened(database, ticket.id)[-1] is Action.TALK
    with database.reading() as session:
        entries = timeline.timeline(session, li, ticket.id)
        lines = [each.say.facts for each in entries if each.say.key == "timeline.talk.clerk"]
    assert [(each["who"], each["words"]) for each in lines] == [
        ("李娜", "我是李娜"),
        ("陈静", "我是陈静"),
    ]


def test_w1_words_are_worth_the_last_message_of_the_window(database, act, wang, li, now, rules):
    act(li, console_talk.take, wang.id)
    with database.transaction() as session:
        talk = session.get_one(Conversation, wang.id)
        talk.heard_at, talk.heard_left = now - timedelta(hours=17), 2
    act(li, console_talk.say, wang.id, "一")

    wallet = act(li, talk_page.page, wang.id).wallet

    assert (wallet.left, wallet.hours, wallet.is_open) == (1, 31, True)


def test_w1_a_shut_window_is_said_and_the_errcode_shown(act, claim, send, wang, li, now):
    act(li, console_talk.take, wang.id)
    act(li, console_talk.say, wang.id, "您好")
    later = now + console_talk.UNDO_FOR
    (sent,) = claim(later)
    send(sent, Verdict.WINDOW_SHUT, later, errcode=45015)

    page = act(li, talk_page.page, wang.id, at=later)

    assert not page.wallet.is_open and page.wallet.is_shut
    (line,) = page.spoken
    assert (line.fate, line.errcode) == ("held", 45015)


def test_y1_only_the_desk_takes_talks_and_only_of_who_can_be_reached(
    act, make_person, make_engineer, wang, li
):
    with pytest.raises(NotPermitted):
        act(make_engineer(), console_talk.take, wang.id)
    with pytest.raises(NoWayToChat):
        act(li, console_talk.take, make_person("电话来的", openid=None).id)
    with pytest.raises(NotFound):
        act(li, console_talk.take, 99_999)


def test_w1_the_clerk_of_the_platforms_session_hears_why_it_was_closed(
    database, act, wang, li, chen, now
):
    from services import clerks

    with database.transaction() as session:
        clerks.map_to(session, KF, chen.id, now)
    act(li, console_talk.take, wang.id)

    with database.transaction() as session:
        takeover.clerk_takes(session, wang.id, KF, now + MINUTE)

    (notice,) = all_of(database, Notice, recipient_id=chen.id)
    assert said(notice).facts["clerk"] == "李娜"


def test_w1_lines_of_two_talks_right_behind_each_other_are_not_mixed(database, act, wang, li, now):
    for place in range(2):
        at = now + place * timedelta(seconds=4)
        act(li, console_talk.take, wang.id, at=at)
        act(li, console_talk.say, wang.id, f"第{place}次", at=at)
        act(li, console_talk.give_back, wang.id, at=at + timedelta(seconds=2))

    with database.reading() as session:
        found = [talks.lines_of(session, each) for each in all_of(database, Takeover)]
    assert [[line.text for line in lines] for lines in found] == [["第0次"], ["第1次"]]
