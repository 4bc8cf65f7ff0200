"""What the page of a ticket is made of: notes that stay inside, clocks in words, who is there."""

from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.permissions import Role
from domain.refusals import NotFound
from models import CannedReply, Draft
from services import canned, clock_words, desk_acts, drafts, notes, presence, ticket_page, timeline
from services.canned import NewCanned
from services.clock_words import ClockState
from services.ticket_page import ChangedMeanwhile
from services.undoing import WITHIN
from tests.services.making import all_of, told

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def chen(make_person):
    return make_person("陈静", Role.DESK)


@pytest.fixture
def li(make_person):
    return make_person("李台", Role.DESK)


@pytest.fixture
def do(database, desk_of, now):
    def do(actor, act, *args, at=now, **facts):
        with database.transaction() as session:
            return act(desk_of(session, actor, at), *args, **facts)

    return do


# --- notes (C §11) -------------------------------------------------------------------------------


def test_notes_and_corrections_are_not_for_the_requester(do, by, chen, make_person, make_ticket):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    before = by(wang).last_word(ticket.id)
    do(chen, desk_acts.add_note, ticket.id, "这位很急")
    do(chen, desk_acts.correct, ticket.id, contact_phone="8899")

    def lines(reader):
        entries = do(reader, lambda desk: timeline.timeline(desk.session, reader, ticket.id))
        return [each.say.key for each in entries]

    assert lines(wang) == ["timeline.told.open"]
    assert lines(chen)[-2:] == ["timeline.done.note", "timeline.done.correct"]
    assert by(wang).last_word(ticket.id) == before


def test_a_mention_is_for_those_who_may_read_it(
    database, do, chen, make_person, make_engineer, make_ticket
):
    wu, vendor = make_engineer("吴工", skills=["network"]), make_person("外援", Role.VENDOR)
    ticket = make_ticket()

    do(chen, desk_acts.add_note, ticket.id, "@外援 @吴工 @陈静 看看")

    assert told(database, vendor) == told(database, wu) == []
    assert "desk_told.mentioned" not in told(database, chen)


def test_who_may_not_read_a_ticket_follows_nothing(do, make_person, make_ticket):
    with pytest.raises(NotFound):
        do(make_person("外援", Role.VENDOR), notes.follow, make_ticket().id)


# --- clocks (R4, C §14) --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "state"),
    [
        (timedelta(minutes=7, seconds=29), ClockState.RUNNING),
        (timedelta(minutes=7, seconds=30), ClockState.AMBER),
        (timedelta(minutes=10), ClockState.LATE),
    ],
)
def test_the_answering_clock_turns_amber_at_three_quarters(
    do, chen, make_ticket, now, passed, state
):
    ticket = make_ticket(Status.ASSIGNED)

    page = do(chen, ticket_page.page, ticket.number, at=now + passed)

    assert page.answering.state is state
    (reason,) = page.answering.reasons
    assert reason.key == "clock.answer_due"
    assert reason.facts["minutes"] == 10


def test_time_on_hold_stands_in_the_derivation(do, by, chen, make_ticket, make_engineer, now):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.ON_HOLD, engineer=zhou)
    assert do(chen, ticket_page.page, ticket.number).solving.state is ClockState.STOPPED

    by(zhou, now + 30 * MINUTE).resume(ticket.id)

    reasons = do(chen, ticket_page.page, ticket.number, at=now + 31 * MINUTE).solving.reasons
    (paused,) = (each for each in reasons if each.key == "why.paused")
    assert (paused.facts["since"], paused.facts["until"]) == (now, now + 30 * MINUTE)


@pytest.mark.parametrize(
    ("time", "key"),
    [
        (timedelta(seconds=5), "clock.minutes"),
        (timedelta(hours=2), "clock.hours"),
        (timedelta(days=3, hours=1), "clock.days"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(time, key):
    assert clock_words.lasting(time).key == key


# --- verbs ---------------------------------------------------------------------------------------


def test_a_role_sees_its_own_verbs_and_the_status_says_which_go(
    do, chen, make_engineer, make_ticket
):
    zhou = make_engineer("周工")
    ticket = make_ticket(Status.IN_PROGRESS, engineer=zhou)

    def verbs(reader):
        page = do(reader, ticket_page.page, ticket.number)
        return {each.name: each.is_allowed for each in page.verbs}

    of_desk, of_zhou = verbs(chen), verbs(zhou)

    assert of_desk["reassign"] and not of_desk["confirm"] and "accept" not in of_desk
    assert of_zhou["hold"] and not of_zhou["accept"] and "merge" not in of_zhou


# --- two clerks (C §5) ---------------------------------------------------------------------------


def test_only_what_somebody_else_moved_counts_as_changed(
    do, by, chen, li, make_person, make_ticket
):
    wang = make_person()
    ticket = make_ticket(requester=wang)
    seen = do(chen, ticket_page.page, ticket.number).seen
    by(wang).amend(ticket.id, "快点")
    do(li, desk_acts.add_note, ticket.id, "我看看")
    do(chen, desk_acts.correct, ticket.id, place="四楼")
    do(chen, ticket_page.demand_unchanged, ticket.number, seen)

    do(li, desk_acts.correct, ticket.id, urgency="high")

    with pytest.raises(ChangedMeanwhile):
        do(chen, ticket_page.demand_unchanged, ticket.number, seen)
    changes = do(chen, ticket_page.changes, ticket.number, seen)
    assert "timeline.done.note" in [each.say.key for each in changes]


def test_presence_ends_by_itself(database, now, chen, li, make_ticket):
    ticket = make_ticket()

    def others(at):
        with database.reading() as session:
            return presence.others(session, ticket.id, chen.id, at)

    for at, is_typing in ((now, False), (now + 15 * SECOND, True)):
        with database.transaction() as session:
            presence.note(session, ticket.id, li.id, at, is_typing=is_typing)

    assert [(each.name, each.is_typing) for each in others(now + 54 * SECOND)] == [("李台", True)]
    assert others(now + 55 * SECOND) == ()


def test_a_draft_is_its_writers_and_the_newest_counts(database, now, chen, li):
    with database.transaction() as session:
        drafts.save(session, chen.id, "note:1", "写", now)
        drafts.save(session, chen.id, "note:1", "写到一半", now)
        drafts.save(session, li.id, "note:1", "别人的", now)
        assert drafts.read(session, chen.id, "note:1") == "写到一半"
        drafts.save(session, chen.id, "note:1", "  ", now)

    assert [each.text for each in all_of(database, Draft)] == ["别人的"]


# --- canned words (K1, C §6) ---------------------------------------------------------------------


def test_what_is_not_known_stays_open_and_is_seen():
    filled = canned.filled("{requester}您好，{engineer}{due}到", {"requester": "王芳"})

    assert filled == "王芳您好，{engineer}{due}到"
    assert canned.left_open(filled) == ("engineer", "due")
    assert canned.unknown_in("{requester}{x}") == ("x",)


def test_everybodys_and_ones_own_words_are_offered(database, do, chen, li):
    do(chen, canned.add, NewCanned("马上到", "马上到", is_shared=True))
    do(chen, canned.add, NewCanned("请稍等", "请稍等"))

    assert [each.title for each in do(li, canned.listed)] == ["马上到"]
    assert {each.shortcut for each in do(chen, canned.listed)} == {"msd", "qsd"}
    private = next(each for each in all_of(database, CannedReply) if each.owner_id)
    with pytest.raises(NotFound):
        do(li, canned.change, private.id, NewCanned("x", "x"))


def test_undoing_is_offered_for_its_seconds_only(do, chen, make_ticket, make_engineer, now):
    ticket = make_ticket()
    do(chen, desk_acts.assign_to, ticket.id, make_engineer("周工").id)

    assert do(chen, ticket_page.page, ticket.number).undoable.name == "周工"
    assert do(chen, ticket_page.page, ticket.number, at=now + WITHIN).undoable is None
