"""What was said in a talk: fetched late and often, kept once, shown in order (W1)."""

from datetime import timedelta

import pytest

from domain.deadlines import DeadlineKind
from domain.takeover import KEPT_FOR, Pulls
from domain.targets import TargetKind, TargetState
from models import Activity, Database, InboxMessage, Takeover, TalkLine, Ticket, TicketTarget
from services import dispatching, inbox, takeover, talks, target_rings
from services.clocks import Due
from services.inbox import Arrival
from services.talks import Line
from tests.services.making import all_of, at_once, only

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)
CHEN = "desk1@itdesk"


@pytest.fixture
def wang(make_person):
    return make_person("王芳", openid="oWang")


@pytest.fixture
def talk(database, wang, make_ticket, by, now) -> Takeover:
    """About a ticket, from asking to the end; 转人工 and a photo were sent to the queue."""
    make_ticket(requester=wang, at=now - MINUTE)
    for number, (kind, text) in enumerate((("text", "转人工"), ("image", ""))):
        with database.transaction() as session:
            at = now + number * MINUTE
            taken = inbox.take(
                session, Arrival("oWang", f"m:{number}", kind, text, None, None, at, at)
            )
            assert taken is not None
            inbox.keep_answer(session, taken, {"transfer": ""}, None)
        if number == 0:
            by(wang, now, taken).ask_for_person("转人工")
    with database.transaction() as session:
        takeover.clerk_takes(session, wang.id, CHEN, now + 2 * MINUTE)
        takeover.clerk_leaves(session, wang.id, CHEN, now + 9 * MINUTE, now + 9 * MINUTE)
    return only(database, Takeover)


@pytest.fixture
def fetch(database, talk, now):
    """One fetch that brings these lines."""

    def fetch(*lines, at=now + 11 * MINUTE):
        with database.transaction() as session:
            return talks.keep(session, talk.id, lines, at)

    return fetch


def clerk_said(text, at):
    return Line(CHEN, True, text, at)


def person_said(text, at):
    return Line(CHEN, False, text, at)


def test_w1_what_was_said_in_the_queue_is_not_doubled(database, fetch, now):
    """R-063's sibling: the inbox has those messages already, each once."""
    found = fetch(
        person_said("转人工", now + 2 * SECOND),
        person_said("[image]", now + MINUTE),
        clerk_said("您好", now + 3 * MINUTE),
        person_said("转人工", now + 4 * MINUTE),
    )

    assert found == 2
    assert [line.text for line in all_of(database, TalkLine)] == ["您好", "转人工"]


def test_w1_each_line_is_kept_once_however_often_it_is_fetched(database, fetch, now):
    lines = [clerk_said("您好", now + 3 * MINUTE), person_said("好", now + 4 * MINUTE)]

    assert fetch(*lines) == 2
    assert fetch(*lines) == 0
    assert fetch(*lines, person_said("好", now + 4 * MINUTE)) == 1  # the same word again

    assert [line.text for line in all_of(database, TalkLine)] == ["您好", "好", "好"]


def test_w1_the_talk_is_shown_whole_and_in_order(database, fetch, talk, now):
    fetch(clerk_said("您好", now + 3 * MINUTE), person_said("修好了吗", now + 4 * MINUTE))

    with database.reading() as session:
        (shown,) = talks.of_ticket(session, talk.ticket_id)

    assert [(line.is_clerk, line.text) for line in shown.lines] == [
        (False, "转人工"),
        (False, "[image]"),
        (True, "您好"),
        (False, "修好了吗"),
    ]
    assert (shown.began_at, shown.ended_at) == (now + 2 * MINUTE, now + 9 * MINUTE)


def test_w1_the_timeline_has_one_line_for_the_talk_which_learns_its_length(
    database, fetch, talk, now
):
    fetch(clerk_said("您好", now + 3 * MINUTE))
    fetch(clerk_said("再见", now + 8 * MINUTE))

    (line,) = all_of(database, Activity, ticket_id=talk.ticket_id, action="talk")
    assert line.detail["lines"] == 4
    assert line.detail["began"] == (now + 2 * MINUTE).isoformat()


def test_w1_fetching_ends_when_two_in_a_row_bring_nothing(database, fetch, talk, now):
    at, pauses = now + 11 * MINUTE, []
    for lines in [(clerk_said("您好", now + 3 * MINUTE),), (), ()]:
        fetch(*lines, at=at)
        due_at = only(database, Takeover).records_due_at
        pauses.append(due_at and due_at - at)
        at = due_at or at

    assert pauses == [3 * MINUTE, 10 * MINUTE, None]


def test_w1_what_the_platform_has_thrown_away_is_asked_for_no_more(database, fetch, now):
    fetch(clerk_said("您好", now + 3 * MINUTE), at=now + KEPT_FOR + timedelta(days=1))

    assert only(database, Takeover).records_due_at is None


def test_w1_what_is_due_is_fetched_by_one_of_many(database, database_url, talk, now):
    at = now + 11 * MINUTE
    with database.reading() as session:
        (due,) = talks.due(session, at)
    assert (due.openid, due.account) == ("oWang", CHEN)
    assert due.start < now and now + 9 * MINUTE < due.end <= at

    def claim():
        with database.transaction() as session:
            return talks.claim(session, due, at)

    assert sorted(at_once(*[claim] * 5)) == [False] * 4 + [True]
    with database.reading() as session:
        assert talks.due(session, at) == []
        assert len(talks.due(session, at + talks.CLAIMED_FOR)) == 1  # whoever claimed it has died


def test_w1_a_refusal_counts_as_a_try_and_silence_does_not(database, talk, now):
    with database.transaction() as session:
        talks.put_off(session, talk.id, now + 20 * MINUTE)
    assert Pulls.of(only(database, Takeover).records_tries) == Pulls()

    with database.transaction() as session:
        talks.refused(session, talk.id, now + 20 * MINUTE)
    assert Pulls.of(only(database, Takeover).records_tries) == Pulls(1, 1)


def test_w1_the_inbox_keeps_the_words_of_the_queue_once(database: Database, talk):
    assert [row.text for row in all_of(database, InboxMessage)] == ["转人工", ""]


def test_w1_what_was_said_to_the_bot_just_before_is_no_part_of_the_talk(database, fetch, talk, now):
    """CreateTime has whole seconds: only what was transferred was said to the desk."""
    with database.transaction() as session:
        said = Arrival("oWang", "m:9", "text", "确认报修", None, None, now, now)
        taken = inbox.take(session, said)
        assert taken is not None
        inbox.keep_answer(session, taken, {"text": "已受理"}, None)

    with database.reading() as session:
        (shown,) = talks.of_ticket(session, talk.ticket_id)

    assert [line.text for line in shown.lines] == ["转人工", "[image]"]


def test_r4_a_talk_answers_and_how_long_that_took_is_known_when_somebody_acts(
    database, talk, by, make_engineer, rules, now
):
    """The promise of an answer is reckoned as everybody else's is."""

    def answer():
        wanted = {"ticket_id": talk.ticket_id, "kind": TargetKind.RESPONSE}
        return only(database, TicketTarget, **wanted)

    assert (answer().state, answer().done_at) == (TargetState.MET, now + 2 * MINUTE)
    zhou = make_engineer()
    with database.transaction() as session:
        dispatching.redispatch_waiting(session, rules, now + 10 * MINUTE)

    by(zhou, now + 11 * MINUTE).accept(talk.ticket_id)

    assert (answer().ran_minutes, answer().paused) == (3, None)
    assert answer().done_at == now + 2 * MINUTE


def test_r4_so_it_is_when_the_next_promise_is_broken_first(database, talk, rules, now):
    with database.transaction() as session:
        ticket = session.get_one(Ticket, talk.ticket_id)
        due = Due(DeadlineKind.TARGET_DUE, 0, now)
        target_rings.broken(session, ticket, rules, now + 3 * HOUR, due)

    wanted = {"ticket_id": talk.ticket_id, "kind": TargetKind.RESPONSE}
    assert only(database, TicketTarget, **wanted).ran_minutes == 3
