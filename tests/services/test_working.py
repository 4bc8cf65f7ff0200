"""What engineers do with a ticket, and that one job never has two of them (F9–F12, P4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.lifecycle import Action, ActionNotAllowed, Status
from domain.permissions import Role
from domain.refusals import AlreadyTaken, NotFound, NotPermitted, NotYours, Refusal
from models import Activity, Deadline, Engineer, Notice, Resolution, Ticket
from services import ringing
from services.views import WorkResult
from tests.services.making import (
    RESULT,
    a_report,
    acts_of,
    all_of,
    at_once,
    check_invariants,
    clocks_of,
    everything,
    happened,
    only,
    said,
    told,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def wang(make_person):
    return make_person("王芳")


@pytest.fixture
def zhou(make_engineer):
    return make_engineer("周工", skills=["printer"])


@pytest.fixture
def ring(database, rules):
    """A clock rings, as the timetable does it; whether it was still there."""

    def ring(ticket, kind, at):
        with database.transaction() as session:
            found = session.scalar(
                select(Deadline.id).where(Deadline.ticket_id == ticket.id, Deadline.kind == kind)
            )
            return found is not None and bool(ringing.ring(session, [found], rules, at))

    return ring


@pytest.fixture
def accepted(by, zhou, ticket):
    return by(zhou).accept(ticket.id)


@pytest.fixture
def ticket(by, wang, zhou):
    return by(wang).report(a_report()).ticket


# --- accepting (F9) ------------------------------------------------------------------------------


def test_accepting_stops_the_clock_and_tells_the_requester_who_comes(
    database, by, wang, zhou, ticket, now
):
    """F9, F11: name, number, and until when."""
    got = by(zhou, now + MINUTE).accept(ticket.id)

    row = only(database, Ticket)
    assert got.status is row.status is Status.IN_PROGRESS
    assert row.responded_at == now + MINUTE
    assert clocks_of(database, ticket.id) == {}
    say = said(only(database, Notice, recipient_id=wang.id))
    assert say.key == "notice.engineer_coming"
    assert (say.facts["engineer"], say.facts["phone"]) == ("周工", "13800002222")
    assert say.facts["due"] == now + 2 * HOUR
    check_invariants(database)


def test_pressing_twice_accepts_once(database, by, wang, zhou, ticket, now):
    """W2, P2: the second press gets the same answer and tells nobody anything."""
    by(zhou).accept(ticket.id)
    before = everything(database)

    again = by(zhou, now + MINUTE).accept(ticket.id)

    assert again.status is Status.IN_PROGRESS
    assert everything(database) == before


def test_who_comes_too_late_reads_who_has_it_and_since_when(
    database, by, wang, zhou, ticket, make_engineer, ring, now
):
    """F9, W2: also when the ticket was taken away without a word from them."""
    li = make_engineer("李工")
    ring(ticket, DeadlineKind.ANSWER_DUE, now + 10 * MINUTE)
    by(li, now + 11 * MINUTE).accept(ticket.id)

    with pytest.raises(AlreadyTaken) as no:
        by(zhou, now + 12 * MINUTE).accept(ticket.id)

    assert no.value.facts == {"by": "李工", "at": now + 11 * MINUTE, "number": ticket.number}
    assert told(database, wang).count("notice.engineer_coming") == 1


def test_who_lost_a_ticket_still_finds_it_by_its_number(by, zhou, ticket, make_engineer, ring, now):
    """W2: the tap of an old notice and the typed four digits lead to the same answer."""
    make_engineer("李工")
    ring(ticket, DeadlineKind.ANSWER_DUE, now + 10 * MINUTE)

    assert by(zhou).find(ticket.number).assignee.name == "李工"
    assert by(zhou).find("0001").assignee.name == "李工"
    with pytest.raises(NotYours):
        by(zhou).accept(ticket.id)


def test_a_ticket_that_was_never_offered_is_not_found(by, ticket, make_engineer):
    """Y1: it sounds like one that does not exist."""
    stranger = make_engineer("李工")

    with pytest.raises(NotFound) as no:
        by(stranger).accept(ticket.id)
    with pytest.raises(NotFound) as of_nothing:
        by(stranger).accept(9999)
    assert no.value.facts == of_nothing.value.facts


def test_a_requester_is_no_engineer(by, wang, ticket):
    with pytest.raises(NotPermitted):
        by(wang).accept(ticket.id)


# --- two at the same instant (P4) ----------------------------------------------------------------


def race(database, rules, requester, engineers, now):
    """One presses on two phones while the clock gives the job to the other, who presses too."""
    hands = replace(rules, max_open_tickets=10**6)
    ticket = acts_of(database, hands, requester, now).report(a_report()).ticket
    first, other = sorted(engineers, key=lambda each: each.id != holder_of(ticket))
    with database.reading() as session:
        due = select(Deadline.id).where(
            Deadline.ticket_id == ticket.id, Deadline.kind == DeadlineKind.ANSWER_DUE
        )
        deadline_id = session.scalar(due)

    def press(who):
        return acts_of(database, hands, who, now).accept(ticket.id)

    def ring_and_press():
        with database.transaction() as session:
            ringing.ring(session, [deadline_id], hands, now + 10 * MINUTE)
        return press(other)

    answers = at_once(lambda: press(first), lambda: press(first), ring_and_press)
    check_race(database, ticket, {first.id: answers[:2], other.id: answers[2:]})


def holder_of(ticket):
    return ticket.assignee.id


def check_race(database, ticket, answers):
    row = only(database, Ticket, id=ticket.id)
    winners = [who for who, got in answers.items() if not isinstance(got[0], Refusal)]
    assert winners == [row.assignee_id] and row.status is Status.IN_PROGRESS
    losers = [got for who, got in answers.items() if who != row.assignee_id]
    name = next(got for who, got in answers.items() if who == row.assignee_id)[0].assignee.name
    for refusal in losers[0]:
        assert isinstance(refusal, AlreadyTaken | NotYours)
        assert refusal.facts.get("by", name) == name
    assert happened(database, ticket.id).count(Action.ACCEPT) == 1
    notices = all_of(database, Notice, ticket_id=ticket.id, text_key="notice.engineer_coming")
    assert len(notices) == 1


def run_races(database, rules, make_person, make_engineer, now, count):
    requester = make_person()
    engineers = [make_engineer(name, areas=("三楼",)) for name in ("甲", "乙")]
    for _ in range(count):
        race(database, rules, requester, engineers, now)
    check_invariants(database)


def test_two_engineers_never_both_have_the_job(database, rules, make_person, make_engineer, now):
    """P4: one gets it, the other is told by whom it was taken, the requester hears one name."""
    run_races(database, rules, make_person, make_engineer, now, 100)


@pytest.mark.crash
@pytest.mark.timeout(900)
def test_in_a_thousand_races_no_two_engineers_have_the_job(
    database, rules, make_person, make_engineer, now
):
    """P4: five hundred on each engine."""
    run_races(database, rules, make_person, make_engineer, now, 500)


# --- on the way (F11) ----------------------------------------------------------------------------


def test_arriving_and_progress_are_told_and_stand_in_the_timeline(
    database, by, wang, zhou, accepted
):
    by(zhou).arrive(accepted.id)
    by(zhou).progress(accepted.id, "搓纸轮磨平了，去库房拿")

    assert told(database, wang)[1:] == ["notice.arrived", "notice.progress"]
    details = [line.detail for line in all_of(database, Activity, action=Action.PROGRESS)]
    assert details == [{"is_on_site": True}, {"words": "搓纸轮磨平了，去库房拿"}]
    assert by(wang).last_word(accepted.id).facts["words"] == "搓纸轮磨平了，去库房拿"


def test_on_hold_the_clock_stands_still_and_a_clock_brings_it_back(
    database, by, wang, zhou, accepted, now
):
    """F11, F14: why it waits is news; an hour of waiting moves the next by an hour."""
    until = now + 24 * HOUR
    by(zhou).hold(accepted.id, "等配件", until)
    assert clocks_of(database, accepted.id) == {DeadlineKind.HOLD_ENDS: until}
    check_invariants(database)

    resumed = by(zhou, now + HOUR).resume(accepted.id)

    assert resumed.resolution_due_at == now + 25 * HOUR
    assert resumed.hold_until is None and clocks_of(database, accepted.id) == {}
    assert told(database, wang)[1:] == ["notice.on_hold", "notice.resumed"]
    check_invariants(database)


@pytest.mark.parametrize("act", ["resume", "hold", "progress", "resolve"])
def test_what_is_not_accepted_yet_is_accepted_first(database, by, zhou, ticket, now, act):
    arguments = {
        "hold": ("等配件", now + HOUR),
        "progress": ("在路上",),
        "resolve": (RESULT,),
    }.get(act, ())
    before = everything(database)

    with pytest.raises(ActionNotAllowed):
        getattr(by(zhou), act)(ticket.id, *arguments)
    assert everything(database) == before


# --- support (F12) -------------------------------------------------------------------------------


def test_a_higher_level_on_duty_joins_and_the_desk_hears(
    database, by, zhou, accepted, make_engineer, make_person
):
    """F12: the least loaded who has the skill; the first engineer stays responsible."""
    clerk = make_person("陈台", Role.DESK)
    make_engineer("同级", skills=["printer"])
    make_engineer("高级网络", level=2, skills=["network"])
    senior = make_engineer("高级打印", level=2, skills=["printer"])

    by(zhou).ask_support(accepted.id, "要会修定影器的")

    row = only(database, Ticket)
    assert (row.assignee_id, row.supporter_id) == (zhou.id, senior.id)
    assert told(database, senior) == ["notice.support_wanted"]
    say = said(only(database, Notice, recipient_id=clerk.id))
    assert (say.key, say.facts["supporter"]) == ("notice.support_asked", "高级打印")
    assert by(senior).ticket(accepted.id).number == accepted.number


def test_with_no_higher_level_there_the_desk_still_hears(
    database, by, zhou, accepted, make_engineer, make_person
):
    clerk = make_person("陈台", Role.DESK)
    make_engineer("高级", level=3, is_on_duty=False)

    by(zhou).ask_support(accepted.id, "要配件")

    say = said(only(database, Notice, recipient_id=clerk.id))
    assert (say.key, say.facts["supporter"]) == ("notice.support_asked", None)
    assert only(database, Ticket).supporter_id is None


def test_a_vendor_who_supports_may_work_on_it(database, by, zhou, accepted, make_person):
    """F12: until it is solved; the engineer's hands are free afterwards."""
    vendor = make_person("厂家", Role.VENDOR)
    with database.transaction() as session:
        session.get_one(Engineer, vendor.id).is_on_duty = True
    by(zhou).ask_support(accepted.id, "请厂家")

    by(vendor).progress(accepted.id, "配件在路上")
    by(vendor).resolve(accepted.id, RESULT)

    assert only(database, Resolution).engineer_id == vendor.id
    check_invariants(database)


# --- the result (F10) ----------------------------------------------------------------------------


def test_the_result_fills_the_form_and_the_requester_is_asked(
    database, by, wang, zhou, accepted, now
):
    """F10, R1, F16: solved or not? Two taps, a reminder, and an end by itself."""
    done = by(zhou, now + HOUR).resolve(accepted.id, RESULT)

    row = only(database, Resolution)
    assert (row.cycle, row.engineer_id, row.cause) == (1, zhou.id, "worn_part")
    assert (row.action_taken, row.minutes, row.is_on_site) == ("换了搓纸轮，测试正常", 30, True)
    assert (row.parts, row.reported_at) == (["搓纸轮"], now + HOUR)
    assert done.status is Status.RESOLVED
    assert clocks_of(database, accepted.id) == {
        DeadlineKind.CONFIRM_REMINDER: now + 5 * HOUR,
        DeadlineKind.AUTO_CLOSE: now + 25 * HOUR,
    }
    say = said(all_of(database, Notice, recipient_id=wang.id)[-1])
    assert say.key == "notice.resolved"
    assert (say.facts["engineer"], say.facts["action"]) == ("周工", "换了搓纸轮，测试正常")
    acts = [button.act for button in say.buttons]
    assert acts == [f"confirm:{done.number}", f"reopen:{done.number}"]
    card = only(database, Engineer)
    assert (card.open_tickets, card.workload) == (0, 0)
    check_invariants(database)


def test_a_result_longer_than_the_form_is_cut_there_and_whole_in_the_timeline(
    database, by, zhou, accepted
):
    """R1, F11."""
    long = "换了搓纸轮，" * 200

    by(zhou).resolve(accepted.id, WorkResult("worn_part", long, 30, True))

    assert only(database, Resolution).action_taken == long[:500]
    assert only(database, Activity, action=Action.RESOLVE).detail == {"words": long}


def test_a_result_is_given_once(database, by, zhou, accepted):
    """P2: a second tap changes nothing."""
    by(zhou).resolve(accepted.id, RESULT)
    before = everything(database)

    with pytest.raises(ActionNotAllowed):
        by(zhou).resolve(accepted.id, RESULT)
    assert everything(database) == before


def test_the_desk_solves_without_dispatch(database, by, wang, make_person):
    """F7: by phone; nobody's count moves."""
    clerk = make_person("陈台", Role.DESK)
    ticket = by(wang).report(a_report()).ticket

    by(clerk).resolve(ticket.id, RESULT)

    assert only(database, Ticket).status is Status.RESOLVED
    assert only(database, Resolution).engineer_id == clerk.id
    check_invariants(database)
