"""The outbox: order, claims, leases, and the fate of each notice (P6, I6, I9)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain.delivery import Channel, Move, Verdict, next_midnight
from domain.lifecycle import Status
from domain.permissions import Role
from models import Conversation, Delivery, Holder, Notice, NoticeState, Outcome
from services import deliveries, notices, outbox
from services.deliveries import Answer

MINUTE = timedelta(minutes=1)


def ids(claimed):
    return [each.id for each in claimed]


# --- whose turn it is ----------------------------------------------------------------------------


def test_an_accepted_notice_is_delivered_with_its_try_on_record(
    make_person, queue, claim, send, notice, tries, now
):
    only = queue(make_person())

    assert send(claim()[0], Verdict.ACCEPTED, errcode=0) is Move.DONE
    assert notice(only).state is NoticeState.DELIVERED
    assert notice(only).settled_at == now
    assert tries(only) == [(Channel.CUSTOM, Outcome.ACCEPTED)]


def test_a_persons_notices_leave_one_after_another(make_person, queue, claim, send):
    """I6: no later one while an earlier one is open, even if the later one is urgent."""
    person = make_person()
    first, second = queue(person), queue(person, is_urgent=True)

    claimed = claim()
    assert ids(claimed) == [first]
    assert claim() == []
    send(claimed[0], Verdict.ACCEPTED)
    assert ids(claim()) == [second]


def test_a_notice_that_waits_for_its_next_try_keeps_its_place(make_person, queue, claim, send, now):
    """I6 with R-055: the one behind does not overtake."""
    person = make_person()
    first = queue(person)
    queue(person)
    send(claim()[0], Verdict.BUSY, errcode=-1, dice=lambda: 1.0)

    assert claim() == []
    assert ids(claim(now + MINUTE)) == [first]


def test_urgent_notices_of_others_go_first(make_person, queue, claim):
    calm = queue(make_person("王芳"))
    urgent = queue(make_person("李雷"), is_urgent=True)

    assert ids(claim(most=1)) == [urgent]
    assert ids(claim(most=1)) == [calm]


def test_workers_at_once_never_hold_the_same_notice(make_person, queue, claim):
    """R-008: eight at the same moment; each notice is in one pair of hands."""
    queued = [queue(make_person(f"王{n}")) for n in range(12)]

    with ThreadPoolExecutor(8) as pool:
        claimed = [each for batch in pool.map(lambda _: claim(most=3), range(8)) for each in batch]

    assert sorted(ids(claimed)) == queued


def test_the_bot_is_silent_while_a_clerk_talks_unless_it_is_urgent(
    database, make_person, queue, claim
):
    """I7: the urgent one passes the one that has to wait; on return the other follows."""
    person = make_person()
    calm, urgent = queue(person), queue(person, is_urgent=True)
    held_by(database, person, Holder.CLERK)

    assert ids(claim()) == [urgent]
    held_by(database, person, Holder.BOT)
    assert ids(claim()) == [calm]


def held_by(database, person, holder):
    statement = update(Conversation).where(Conversation.person_id == person.id)
    with database.transaction() as session:
        session.execute(statement.values(holder=holder))


def test_who_holds_the_talk_is_asked_again_when_the_message_leaves(
    database, make_person, queue, claim, notice, tries, now
):
    """I7, R-090: a clerk took over between the claim and the try; the claim is handed back."""
    person = make_person()
    only = queue(person)
    claimed = claim()[0]
    held_by(database, person, Holder.CLERK)

    with database.transaction() as session:
        assert deliveries.start_try(session, claimed, Channel.CUSTOM, now) is None
    assert (notice(only).state, notice(only).tries) == (NoticeState.PENDING, 0)
    assert tries(only) == []


def test_a_person_who_waits_for_the_desk_still_gets_their_notices(
    database, make_person, queue, claim, desk_of
):
    person = make_person()
    with database.transaction() as session:
        desk_of(session, person).ask_for_person("转人工")
    only = queue(person)

    assert ids(claim()) == [only]


def test_what_is_past_its_validity_is_never_said(make_person, queue, claim, sweep, notice, now):
    """P6: its fate is `expired`, and the one behind it goes."""
    person = make_person()
    old = queue(person, is_urgent=True)
    later = queue(person)
    at = now + notices.URGENT_FOR

    assert claim(at) == []
    sweep(at)
    assert notice(old).state is NoticeState.EXPIRED
    assert notice(old).settled_at == at
    assert ids(claim(at)) == [later]


def test_what_a_stopping_worker_did_not_send_is_free_at_once(
    database, make_person, queue, claim, notice
):
    """R-016: claims are handed back, and do not count as tries."""
    only = queue(make_person())
    claimed = claim()
    with database.transaction() as session:
        outbox.hand_back(session, claimed)

    assert notice(only).tries == 0
    assert ids(claim()) == [only]


def test_there_is_work_only_when_there_is(database, make_person, queue, claim, now):
    def has_work(at):
        with database.reading() as session:
            return outbox.is_waiting(session, at), outbox.is_stale(session, at)

    assert has_work(now) == (False, False)
    queue(make_person())
    assert has_work(now) == (True, False)
    claim()
    assert has_work(now) == (False, False)
    assert has_work(now + outbox.LEASE) == (False, True)


# --- workers that die or sleep -------------------------------------------------------------------


def test_a_claim_of_a_dead_worker_ends(make_person, queue, claim, sweep, notice, tries, now):
    """R-008: killed after the claim; it is sent by another, as a second try."""
    only = queue(make_person())
    claim()

    sweep(now + outbox.LEASE - timedelta(seconds=1))
    assert claim() == []
    at = now + outbox.LEASE
    assert sweep(at) == 1
    assert ids(claim(at)) == [only]
    assert notice(only).tries == 2
    assert tries(only) == []


@pytest.mark.parametrize("is_urgent", [True, False])
def test_a_worker_killed_mid_send_leaves_a_try_of_unknown_effect(
    database, make_person, queue, claim, sweep, notice, tries, now, is_urgent
):
    """R-009, R-010: it is said once more, and the repeat is on record."""
    only = queue(make_person(), is_urgent=is_urgent)
    claimed = claim()[0]
    with database.transaction() as session:
        deliveries.start_try(session, claimed, Channel.CUSTOM, now)

    sweep(now + outbox.LEASE)

    assert notice(only).state is NoticeState.PENDING
    assert tries(only) == [(Channel.CUSTOM, Outcome.UNCLEAR)]
    at = now + 3 * MINUTE
    again = claim(at)[0]
    with database.transaction() as session:
        begun = deliveries.start_try(session, again, Channel.CUSTOM, at)
        assert begun is not None
        assert session.get_one(Delivery, begun.id).is_repeat


def test_a_notice_is_repeated_once_and_no_more(make_person, queue, claim, send, notice, now):
    """R-009: twice does no harm, three times would."""
    only = queue(make_person())

    assert send(claim()[0], Verdict.UNCLEAR) is Move.AGAIN
    at = now + MINUTE
    assert send(claim(at)[0], Verdict.UNCLEAR, at) is Move.HOLD
    assert notice(only).state is NoticeState.HELD


def test_a_template_is_repeated_while_its_id_makes_it_one(
    make_person, queue, claim, send, notice, now
):
    """R-009: the platform sends one client_msg_id once within ten minutes."""
    only = queue(make_person())

    assert send(claim()[0], Verdict.UNCLEAR, channel=Channel.TEMPLATE) is Move.AGAIN
    at = now + 9 * MINUTE
    assert send(claim(at)[0], Verdict.UNCLEAR, at, Channel.TEMPLATE) is Move.AGAIN
    at = now + 11 * MINUTE
    assert send(claim(at)[0], Verdict.UNCLEAR, at, Channel.TEMPLATE) is Move.HOLD
    assert notice(only).state is NoticeState.HELD


def test_an_awakened_worker_may_not_send_what_is_no_longer_its_own(
    database, make_person, queue, claim, sweep, tries, now
):
    """R-017: stopped after the claim for 70 s, then continued."""
    only = queue(make_person())
    sleeper = claim()[0]
    at = now + timedelta(seconds=70)
    sweep(at)
    awake = claim(at)[0]

    with database.transaction() as session:
        assert deliveries.start_try(session, sleeper, Channel.CUSTOM, at) is None
    with database.transaction() as session:
        assert deliveries.start_try(session, awake, Channel.CUSTOM, at) is not None
    assert tries(only) == [(Channel.CUSTOM, Outcome.STARTED)]


def test_an_awakened_worker_may_not_write_the_answer(
    database, make_person, queue, claim, sweep, notice, tries, now
):
    """R-017: stopped while its request was out; the fate stays what was written meanwhile."""
    only = queue(make_person())
    sleeper = claim()[0]
    with database.transaction() as session:
        begun = deliveries.start_try(session, sleeper, Channel.CUSTOM, now)
    assert begun is not None
    at = now + timedelta(seconds=70)
    sweep(at)

    with database.transaction() as session:
        accepted = Answer(Verdict.ACCEPTED, 0)
        move = deliveries.settle_try(session, sleeper, begun, accepted, at)

    assert move is None
    assert notice(only).state is NoticeState.PENDING
    assert tries(only) == [(Channel.CUSTOM, Outcome.UNCLEAR)]


# --- what the platform says ----------------------------------------------------------------------


def test_a_busy_platform_is_asked_again_after_a_pause_that_grows(
    make_person, queue, claim, send, notice, now
):
    """R-055: 1 to 60 s with full jitter, as long as the notice is valid."""
    only = queue(make_person())
    at, pauses = now, []
    for _ in range(8):
        assert send(claim(at)[0], Verdict.BUSY, at, errcode=-1, dice=lambda: 1.0) is Move.AGAIN
        pauses.append((notice(only).next_try_at - at).total_seconds())
        at = notice(only).next_try_at

    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_used_up_quota_waits_for_the_platforms_midnight(
    make_person, queue, claim, send, notice, now
):
    """R-056: days end at midnight UTC+8."""
    only = queue(make_person())

    assert send(claim()[0], Verdict.QUOTA, errcode=45009) is Move.TOMORROW
    assert notice(only).next_try_at == datetime.fromisoformat("2026-11-24T16:00:00+00:00")
    assert notice(only).next_try_at == next_midnight(now)


def test_an_unknown_code_is_tried_three_times(make_person, queue, claim, send, notice, now):
    """R-061."""
    only = queue(make_person())
    at, moves = now, []
    for _ in range(3):
        moves.append(send(claim(at)[0], Verdict.UNKNOWN, at, errcode=99999))
        at += MINUTE

    assert moves == [Move.AGAIN, Move.AGAIN, Move.GIVE_UP]
    assert notice(only).state is NoticeState.FAILED


@pytest.mark.parametrize("verdict", [Verdict.UNREACHABLE, Verdict.MISCONFIGURED, Verdict.REFUSED])
def test_a_channel_that_is_closed_leads_to_the_next_at_once(
    make_person, queue, claim, send, notice, tries, now, verdict
):
    """R-057, R-058: the claim stays, the next channel is tried, the last one decides."""
    only = queue(make_person())
    claimed = claim()[0]

    assert send(claimed, verdict, errcode=45015, is_last_channel=False) is Move.OTHER_CHANNEL
    assert notice(only).state is NoticeState.CLAIMED
    assert send(claimed, verdict, at=now, channel=Channel.TEMPLATE, errcode=43004) is Move.GIVE_UP
    assert notice(only).state is NoticeState.FAILED
    assert tries(only) == [
        (Channel.CUSTOM, Outcome.REFUSED),
        (Channel.TEMPLATE, Outcome.REFUSED),
    ]


def test_a_request_that_never_left_is_on_record_as_unsent(make_person, queue, claim, send, tries):
    only = queue(make_person())

    assert send(claim()[0], Verdict.BUSY) is Move.AGAIN
    assert tries(only) == [(Channel.CUSTOM, Outcome.UNSENT)]


# --- the desk hears of it ------------------------------------------------------------------------


def alarms(database):
    statement = select(Notice).where(Notice.text_key == "notice.undelivered").order_by(Notice.id)
    with database.reading() as session:
        return [(each.recipient_id, each.say["facts"]) for each in session.scalars(statement)]


def test_the_desk_hears_of_an_assignment_that_did_not_arrive(
    database, make_person, make_ticket, claim, send
):
    """R-058, promise 3: number, name and why; once, to everybody at the desk."""
    clerks = [make_person("陈台", Role.DESK), make_person("钱台", Role.DESK)]
    ticket = make_ticket(Status.ASSIGNED)

    send(claim()[0], Verdict.UNREACHABLE, errcode=45015)

    assert [recipient for recipient, _ in alarms(database)] == [each.id for each in clerks]
    facts = alarms(database)[0][1]
    assert (facts["number"], facts["name"]) == (ticket.number, "周工")
    why = facts["tried"]["says"][0]["facts"]["why"]
    assert why == {"word": "undelivered.window_shut"}


def test_an_alarm_that_does_not_arrive_raises_no_alarm(
    database, make_person, make_ticket, claim, send, now
):
    make_person("陈台", Role.DESK)
    make_ticket(Status.ASSIGNED)
    send(claim()[0], Verdict.UNREACHABLE)

    send(claim()[0], Verdict.UNREACHABLE)

    assert claim(now + MINUTE) == []
    assert len(alarms(database)) == 1


def test_of_ordinary_notices_the_desk_hears_once_for_each_person(
    database, make_person, queue, claim, send
):
    make_person("陈台", Role.DESK)
    requester = make_person()
    queue(requester)
    queue(requester)

    send(claim()[0], Verdict.REFUSED)
    send(next(each for each in claim() if each.recipient_id == requester.id), Verdict.REFUSED)

    assert len(alarms(database)) == 1


def test_somebody_without_wechat_is_known_to_be_out_of_reach(
    database, make_person, queue, claim, notice, now
):
    """R-058: that is the notice's fate, without a try."""
    only = queue(make_person(openid=None))
    claimed = claim()[0]

    assert claimed.openid is None
    with database.transaction() as session:
        deliveries.give_up(session, claimed, now)
    assert notice(only).state is NoticeState.FAILED
