"""Asking for the desk, being taken and given back, in whatever order events come (W1, I7)."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from domain.lifecycle import Action, Status
from domain.permissions import Role
from domain.takeover import Pulls, TakeoverRules
from models import Clerk, EndedBy, Holder, Notice, NoticeState, Takeover
from services import clerks, holders, open_talks, takeover
from tests.services.making import acts_of, all_of, at_once, happened, only, said, told

MINUTE = timedelta(minutes=1)
NIGHT = timedelta(hours=11)  # from the desk's morning to its evening
CHEN = "desk1@itdesk"


@pytest.fixture
def talk_of(database):
    """Where a person's talk stands."""

    def talk_of(person):
        with database.transaction() as session:
            return holders.held(session, person.id)

    return talk_of


@pytest.fixture
def clerk(database, now):
    """What the clerk's client makes of a person: events, each in its own transaction."""

    class Clerk_:
        def takes(self, person, at=now, account=CHEN):
            with database.transaction() as session:
                takeover.clerk_takes(session, person.id, account, at)

        def leaves(self, person, at=now, account=CHEN):
            with database.transaction() as session:
                takeover.clerk_leaves(session, person.id, account, at, at)

    return Clerk_()


@pytest.fixture
def wang(make_person):
    return make_person("王芳", openid="oWang")


# --- asking ----------------------------------------------------------------------------------


def test_w1_who_asks_waits_and_the_desk_hears_who_and_why(
    database, by, make_person, wang, talk_of, now
):
    desk = make_person("陈台", Role.DESK)
    by(make_person("李雷")).ask_for_person("急")

    answer = by(wang).ask_for_person("账号被锁了，很急")

    assert (answer.ahead, answer.is_desk_open, answer.is_matter_known) == (1, True, True)
    held = talk_of(wang)
    assert (held.holder, held.since, held.until) == (Holder.WAITING, now, now + 15 * MINUTE)
    say = said(all_of(database, Notice, recipient_id=desk.id)[-1])
    assert say.key == "notice.person_wanted"
    assert (say.facts["contact"], say.facts["phone"]) == ("王芳", "13800001234")
    assert say.facts["words"] == "账号被锁了，很急"


def test_w1_the_place_in_the_queue_counts_those_who_asked_earlier(by, make_person, wang, now):
    by(wang, now + MINUTE).ask_for_person("第二个")

    first = by(make_person("李雷"), now).ask_for_person("第一个")
    third = by(make_person("韩梅"), now + 2 * MINUTE).ask_for_person("第三个")
    again = by(wang, now + 3 * MINUTE).ask_for_person("还是我")

    assert (first.ahead, third.ahead, again.ahead) == (0, 2, 2)


def test_w1_who_only_pressed_stands_in_no_queue_until_something_is_said(
    database, by, make_person, wang, desk_of, now
):
    """§6: an event puts nobody into the platform's queue."""
    desk = make_person("陈台", Role.DESK)
    pressed = by(wang).ask_for_person("")
    assert not pressed.is_matter_known and told(database, desk) == []
    assert by(make_person("李雷"), now + MINUTE).ask_for_person("急").ahead == 0

    with database.transaction() as session:
        said_first = takeover.say_what_about(desk_of(session, wang, now + 2 * MINUTE), "登不上")
        said_later = takeover.say_what_about(desk_of(session, wang, now + 2 * MINUTE), "喂")

    assert said_first is not None and said_first.ahead == 1 and said_later is None
    assert told(database, desk)[-1] == "notice.person_wanted"


def test_f15_off_hours_nobody_waits_and_the_wish_is_kept_for_the_morning(
    database, by, make_person, wang, talk_of, rules, now
):
    desk = make_person("陈台", Role.DESK)

    answer = by(wang, now + NIGHT).ask_for_person("账号被锁了")

    assert not answer.is_desk_open
    assert talk_of(wang).holder is Holder.BOT and told(database, desk) == []
    with database.transaction() as session:
        assert open_talks.tell_at_opening(session, rules, now + NIGHT) == 0
    for _ in range(2):  # a second process looks as well
        with database.transaction() as session:
            open_talks.tell_at_opening(session, rules, answer.opens_at)
    assert told(database, desk) == ["notice.wishes"]
    assert told(database, wang) == ["notice.desk_opened"]
    (wish,) = said(only(database, Notice, recipient_id=desk.id)).facts["people"]
    assert (wish.facts["contact"], wish.facts["words"]) == ("王芳", "账号被锁了")
    assert only(database, Takeover).ended_by is EndedBy.HOURS


def test_f15_who_asked_at_night_and_again_in_the_morning_waits_like_everybody(
    database, by, wang, talk_of, rules, now
):
    opens_at = by(wang, now - NIGHT).ask_for_person("账号被锁了").opens_at

    by(wang, opens_at + MINUTE).ask_for_person("转人工")

    assert talk_of(wang).holder is Holder.WAITING
    with database.transaction() as session:
        assert open_talks.tell_at_opening(session, rules, opens_at + MINUTE) == 0
    night, morning = all_of(database, Takeover)
    assert night.ended_by is EndedBy.HOURS and morning.asked_at == opens_at + MINUTE


def test_w1_a_press_in_the_morning_stands_in_no_queue_for_what_was_said_at_night(by, wang, now):
    opens_at = by(wang, now - NIGHT).ask_for_person("账号被锁了").opens_at

    assert not by(wang, opens_at + MINUTE).ask_for_person("").is_matter_known


@pytest.mark.parametrize(
    "off", [TakeoverRules(is_enabled=False), TakeoverRules(is_missing=lambda: True)]
)
def test_w1_without_customer_service_the_desk_gets_the_number_and_nobody_waits(
    database, make_person, wang, talk_of, rules, now, off
):
    """65400, or switched off: the desk calls back."""
    desk = make_person("陈台", Role.DESK)
    without = replace(rules, takeover=off)

    answer = acts_of(database, without, wang, now).ask_for_person("账号被锁了")

    assert not answer.is_backend_there and talk_of(wang).holder is Holder.BOT
    say = said(only(database, Notice, recipient_id=desk.id))
    assert (say.key, say.facts["phone"]) == ("notice.person_to_call", "13800001234")
    assert only(database, Takeover).ended_by is EndedBy.NOBODY


@pytest.mark.parametrize(
    ("words", "kept"), [("转人工", ""), ("账号被锁了", "账号被锁了"), ("", None)]
)
def test_w1_the_bare_wish_for_a_person_is_no_matter_to_quote(database, by, wang, words, kept):
    by(wang).ask_for_person(words)

    assert only(database, Takeover).words == kept


# --- a clerk --------------------------------------------------------------------------------


def test_w1_a_clerk_holds_the_talk_until_the_bot_has_it_back(
    database, by, make_person, wang, clerk, talk_of, now
):
    """I7: one holder, in the person's own row."""
    by(wang).ask_for_person("账号被锁了")

    clerk.takes(wang, now + MINUTE)
    held = talk_of(wang)
    assert (held.holder, held.kf_account, held.since) == (Holder.CLERK, CHEN, now + MINUTE)
    assert held.until == now + 31 * MINUTE
    assert by(make_person("李雷")).ask_for_person("急").ahead == 0

    clerk.leaves(wang, now + 9 * MINUTE)
    held = talk_of(wang)
    assert (held.holder, held.kf_account, held.since, held.until) == (Holder.BOT, *[None] * 3)
    talk = only(database, Takeover, person_id=wang.id)
    assert (talk.began_at, talk.ended_at) == (now + MINUTE, now + 9 * MINUTE)
    assert talk.ended_by is EndedBy.CLERK
    assert talk.records_due_at == now + 9 * MINUTE + timedelta(seconds=90)


def test_w1_the_clerk_is_named_by_whose_account_it_is(database, make_person, wang, clerk, now):
    """talks.md §11: 刚才由服务台小陈接待."""
    chen = make_person("小陈", Role.DESK)
    with database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(CHEN, "服务台-1", True)], now)
        clerks.map_to(session, CHEN, chen.id, now)

    clerk.takes(wang, now)
    clerk.leaves(wang, now + MINUTE)

    say = said(only(database, Notice, recipient_id=wang.id))
    assert (say.key, say.facts["clerk"]) == ("notice.desk_left", "小陈")
    assert only(database, Takeover).clerk_id == chen.id


def test_w1_a_talk_that_is_passed_on_is_the_other_clerks(database, wang, clerk, talk_of, now):
    clerk.takes(wang, now)

    clerk.takes(wang, now + MINUTE, "desk2@itdesk")
    clerk.takes(wang, now, CHEN)  # comes late, was overtaken

    assert talk_of(wang).kf_account == "desk2@itdesk"
    talk = only(database, Takeover)
    assert (talk.kf_account, talk.began_at) == ("desk2@itdesk", now)


@pytest.mark.parametrize("order", [*permutations(["create", "switch", "close"])])
@pytest.mark.parametrize("has_asked", [True, False])
def test_r063_whatever_overtakes_what_the_talk_is_over_and_the_bot_answers(
    database, by, wang, clerk, talk_of, now, order, has_asked
):
    if has_asked:
        by(wang).ask_for_person("账号被锁了")
    events = {
        "create": lambda: clerk.takes(wang, now + MINUTE),
        "switch": lambda: clerk.takes(wang, now + 2 * MINUTE, "desk2@itdesk"),
        "close": lambda: clerk.leaves(wang, now + 3 * MINUTE, "desk2@itdesk"),
    }

    for name in order:
        events[name]()

    assert talk_of(wang).holder is Holder.BOT
    talk = only(database, Takeover)
    assert (talk.began_at, talk.ended_at) == (now + MINUTE, now + 3 * MINUTE)
    assert talk.ended_by is EndedBy.CLERK


def test_r063_the_late_end_of_an_earlier_talk_ends_no_later_one(
    database, by, wang, clerk, talk_of, now
):
    clerk.takes(wang, now)
    clerk.leaves(wang, now + MINUTE)
    by(wang, now + 2 * MINUTE).ask_for_person("还有一件事")
    clerk.leaves(wang, now + MINUTE)
    assert talk_of(wang).holder is Holder.WAITING

    clerk.takes(wang, now + 3 * MINUTE)
    clerk.leaves(wang, now + MINUTE)

    assert talk_of(wang).holder is Holder.CLERK


def test_w1_a_clerk_who_comes_after_the_wait_was_given_up_has_the_talk(
    database, by, wang, clerk, talk_of, now
):
    """The platform's queue goes on; whoever is in a session is not answered by the bot."""
    by(wang).ask_for_person("账号被锁了")
    with database.transaction() as session:
        assert takeover.nobody_came(session, holders.held(session, wang.id), now + 15 * MINUTE)

    clerk.takes(wang, now + 15 * MINUTE - timedelta(seconds=3))  # its clock is behind ours

    assert talk_of(wang).holder is Holder.CLERK
    assert {each.state for each in all_of(database, Notice, recipient_id=wang.id)} == {
        NoticeState.REPLACED
    }


def test_w1_who_ends_it_themselves_owes_the_platform_a_close(
    database, by, wang, clerk, desk_of, now
):
    clerk.takes(wang, now)
    with database.transaction() as session:
        takeover.person_leaves(desk_of(session, wang, now + MINUTE))

    talk = only(database, Takeover)
    assert (talk.ended_by, talk.records_due_at) == (EndedBy.PERSON, now + MINUTE)
    assert Pulls.of(talk.records_tries).owes_close
    clerk.leaves(wang, now + 2 * MINUTE)  # the platform's event that follows
    assert len(all_of(database, Takeover)) == 1
    assert told(database, wang) == []


def test_w1_nobody_came_is_said_to_both(database, by, make_person, wang, talk_of, now):
    desk = make_person("陈台", Role.DESK)
    by(wang).ask_for_person("账号被锁了")

    with database.transaction() as session:
        takeover.nobody_came(session, holders.held(session, wang.id), now + 15 * MINUTE, "8000")

    assert talk_of(wang).holder is Holder.BOT
    say = said(only(database, Notice, recipient_id=wang.id))
    assert (say.key, say.facts["phone"]) == ("notice.nobody_took", "8000")
    assert told(database, desk) == ["notice.person_wanted", "notice.nobody_took_desk"]
    assert only(database, Takeover).ended_by is EndedBy.NOBODY


def test_w1_who_pressed_and_said_nothing_is_let_go_in_silence(database, by, make_person, wang, now):
    desk = make_person("陈台", Role.DESK)
    by(wang).ask_for_person("")

    with database.transaction() as session:
        takeover.nobody_came(session, holders.held(session, wang.id), now + 15 * MINUTE)

    assert told(database, wang) == told(database, desk) == []


def test_w1_at_closing_time_who_waits_learns_when_the_desk_opens(
    database, by, wang, talk_of, rules, now
):
    by(wang).ask_for_person("账号被锁了")
    opens = rules.hours.next_opening(now)

    with database.transaction() as session:
        takeover.closing_time(session, holders.held(session, wang.id), opens, now)

    assert talk_of(wang).holder is Holder.BOT
    assert told(database, wang) == ["notice.waited_till_close"]
    with database.transaction() as session:
        assert open_talks.tell_at_opening(session, rules, opens) == 1


# --- the ticket ------------------------------------------------------------------------------


def test_w1_the_talk_stands_in_the_history_of_the_ticket_it_is_about(
    database, make_ticket, by, wang, clerk, now
):
    ticket = make_ticket(Status.IN_PROGRESS, requester=wang)
    make_ticket(Status.CANCELLED, requester=wang)
    by(wang, now + MINUTE).ask_for_person("什么时候来")

    clerk.takes(wang, now + 2 * MINUTE)
    clerk.leaves(wang, now + 3 * MINUTE)

    assert happened(database, ticket.id)[-1] is Action.TALK
    assert only(database, Takeover).ticket_id == ticket.id


def test_w1_a_talk_without_a_ticket_is_kept_without_one(database, wang, clerk, now):
    clerk.takes(wang, now)
    clerk.leaves(wang, now + MINUTE)

    assert only(database, Takeover).ticket_id is None


# --- who is named at the transfer ------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "online", "named"),
    [(30, {CHEN: 2}, CHEN), (61, {CHEN: 2}, None), (30, {}, None), (30, {CHEN: 10}, None)],
)
def test_w1_the_clerk_who_knows_the_matter_is_named_if_there_with_room(
    database, wang, clerk, desk_of, now, minutes, online, named
):
    clerk.takes(wang, now)
    clerk.leaves(wang, now + MINUTE)
    at = now + minutes * MINUTE
    with database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(CHEN, "小陈", True)], now)
        clerks.keep_online(session, online, at)

    with database.transaction() as session:
        assert takeover.account_to_name(desk_of(session, wang, at + timedelta(seconds=5))) == named


def test_w1_an_account_that_went_offline_is_shown_so(database, now):
    with database.transaction() as session:
        clerks.keep_accounts(session, [clerks.Account(CHEN, "小陈", True)], now)
        assert clerks.keep_online(session, {CHEN: 1}, now)
        assert not clerks.keep_online(session, {"desk9@itdesk": 1}, now)

    row = only(database, Clerk)
    assert (row.is_online, row.sessions, row.is_bound) == (False, 0, True)


# --- at the same instant ---------------------------------------------------------------------


@pytest.mark.parametrize("round_", range(10))
def test_r090_the_bot_and_a_human_never_both_win(database, by, wang, clerk, talk_of, now, round_):
    """R-090: four processes give the wait up while a clerk takes it."""
    by(wang).ask_for_person("账号被锁了")
    before = talk_of(wang)

    def give_up():
        with database.transaction() as session:
            return takeover.nobody_came(session, before, now + 15 * MINUTE)

    acts = [give_up] * 4
    acts.insert(round_ % 5, lambda: clerk.takes(wang, now + 14 * MINUTE))
    answers = at_once(*acts)

    given_up = sum(answer is True for answer in answers)
    assert given_up <= 1
    assert talk_of(wang).holder is Holder.CLERK
    unsaid = [
        each
        for each in all_of(database, Notice, recipient_id=wang.id)
        if each.state is NoticeState.PENDING
    ]
    assert unsaid == []


def test_r090_of_many_who_end_a_session_one_does(database, wang, clerk, talk_of, now):
    clerk.takes(wang, now)
    before = talk_of(wang)

    def ends():
        with database.transaction() as session:
            at = now + 40 * MINUTE
            return takeover.bot_returns(session, before, EndedBy.IDLE, at, at)

    assert sorted(at_once(*[ends] * 6)) == [False] * 5 + [True]
    assert told(database, wang) == ["notice.desk_left"]


def test_r090_a_lease_is_renewed_only_for_whom_it_was(database, by, wang, clerk, talk_of, now):
    by(wang).ask_for_person("账号被锁了")
    waited = talk_of(wang)
    clerk.takes(wang, now + MINUTE)

    with database.transaction() as session:
        assert not holders.renew(session, waited, now + 60 * MINUTE)
        assert holders.renew(session, holders.held(session, wang.id), now + 40 * MINUTE)
        assert not holders.renew(session, holders.held(session, wang.id), now + 35 * MINUTE)

    assert talk_of(wang).until == now + 40 * MINUTE
