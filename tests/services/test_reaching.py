"""Who is not reached is seen within a minute, and is told at last (F9, W1, R-009, R-057, R-060)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.delivery import Cause, Channel, ReachRules, Verdict
from domain.lifecycle import Status
from domain.permissions import Role
from models import Delivery, Fate, Notice, NoticeState, Outcome, Person
from services import conversations, deliveries, held, reaching, reports
from services.deliveries import Answer

MINUTE = timedelta(minutes=1)
RULES = ReachRules()
MESSAGE_ID = 2001638361234567890


@pytest.fixture
def watch(database):
    def watch(at):
        with database.transaction() as session:
            found = reaching.watch(session, RULES, at)
            reports.close_awaited(session, at)
            return found

    return watch


@pytest.fixture
def told(database):
    """What the desk reads: recipient, key and facts."""

    def told(key="notice.undelivered"):
        statement = select(Notice).where(Notice.text_key == key).order_by(Notice.id)
        with database.reading() as session:
            return [(each.recipient_id, each.say["facts"]) for each in session.scalars(statement)]

    return told


@pytest.fixture
def wallet(database, now):
    def wallet(person):
        with database.transaction() as session:
            return conversations.load(session, person.openid, now).wallet

    return wallet


@pytest.fixture
def opens(database, now):
    """The person does something that opens a window."""

    def opens(person, cause=Cause.MESSAGE, at=now):
        with database.transaction() as session:
            talk = conversations.load(session, person.openid, at)
            after = talk.wallet.opened(cause, at)
            conversations.save(session, person.id, talk.standing, after)

    return opens


@pytest.fixture
def send_template(database, now):
    """A template message that the platform accepts under a number."""

    def send(claimed, at=now):
        with database.transaction() as session:
            begun = deliveries.start_try(session, claimed, Channel.TEMPLATE, at)
            assert begun is not None
            answer = Answer(Verdict.ACCEPTED, 0, message_id=MESSAGE_ID)
            deliveries.settle_accepted(session, claimed, begun, answer, at)

    return send


@pytest.fixture
def report(database, now):
    def report(person, fate, message_id=MESSAGE_ID, at=now):
        with database.transaction() as session:
            reports.reported(session, person.openid, message_id, fate, at)

    return report


# --- within a minute -----------------------------------------------------------------------------


def test_an_assignment_that_nobody_sent_within_a_minute_is_an_alarm(
    database, make_person, make_ticket, watch, told, now
):
    """F9: whatever the reason, here the platform is away; once, to the desk."""
    clerk = make_person("陈台", Role.DESK)
    ticket = make_ticket(Status.ASSIGNED)

    assert watch(now + timedelta(seconds=59)) == 0
    assert watch(now + MINUTE) == 1
    assert watch(now + 2 * MINUTE) == 1  # the alarm itself did not get out, either
    facts = told()[0][1]
    assert [recipient for recipient, _ in told()] == [clerk.id]
    assert (facts["number"], facts["name"], facts["phone"]) == (
        ticket.number,
        "周工",
        "13800002222",
    )
    assert facts["tried"]["says"][0]["key"] == "notice.not_tried"


def test_the_alarm_says_what_was_tried_and_why_it_failed(
    database, make_person, make_ticket, claim, send, told, now
):
    make_person("陈台", Role.DESK)
    make_ticket(Status.ASSIGNED)
    claimed = claim()[0]

    send(claimed, Verdict.WINDOW_SHUT, errcode=45015, is_last_channel=False)
    send(claimed, Verdict.UNREACHABLE, channel=Channel.TEMPLATE, errcode=43101)

    lines = [each["facts"] for each in told()[0][1]["tried"]["says"]]
    assert [(each["channel"]["word"], each["why"]["word"]) for each in lines] == [
        ("form.channels.custom", "undelivered.window_shut"),
        ("form.channels.template", "undelivered.blocked"),
    ]


def test_who_is_not_reached_counts_as_unreachable_until_they_act(
    database, make_person, make_engineer, make_ticket, claim, send, now
):
    make_person("陈台", Role.DESK)
    make_ticket(Status.ASSIGNED)
    claimed = claim()[0]

    send(claimed, Verdict.WINDOW_SHUT, errcode=45015)

    with database.transaction() as session:
        assert session.get_one(Person, claimed.recipient_id).unreached_since == now
        reaching.seen(session, claimed.recipient_id)
    with database.reading() as session:
        assert session.get_one(Person, claimed.recipient_id).unreached_since is None


def test_an_alarm_that_does_not_reach_the_desk_goes_to_the_head(
    database, make_person, make_ticket, watch, told, now
):
    """The next person in the chain."""
    clerk = make_person("陈台", Role.DESK)
    head = make_person("何总", Role.HEAD)
    make_ticket(Status.ASSIGNED)

    watch(now + MINUTE)
    watch(now + 2 * MINUTE)

    assert [recipient for recipient, _ in told()] == [clerk.id, head.id]
    watch(now + 3 * MINUTE)
    watch(now + 4 * MINUTE)
    assert len(told()) == 2  # nobody is left, and nobody is told twice


def test_ordinary_notices_that_wait_too_long_are_told_of_together(
    database, make_person, queue, watch, told, now
):
    make_person("陈台", Role.DESK)
    wang, li = make_person("王芳"), make_person("李雷")
    for person in (wang, wang, li):
        queue(person)

    assert watch(now + RULES.alarm_after - MINUTE) == 0
    assert watch(now + RULES.alarm_after) == 3
    facts = told("notice.waiting_long")[0][1]
    assert (facts["count"], facts["people"]) == (3, 2)
    assert watch(now + RULES.alarm_after + MINUTE) == 1  # the alarm, and nothing else


# --- the wallet ----------------------------------------------------------------------------------


def test_each_message_is_taken_out_of_the_window(
    database, make_person, queue, claim, send, opens, wallet, now
):
    """R-057: five after own words."""
    person = make_person()
    opens(person)
    for _ in range(3):
        queue(person)
        send(claim()[0], Verdict.ACCEPTED)

    assert wallet(person).left(now) == 2


def test_the_minute_of_a_tap_pays_before_the_two_days(
    make_person, queue, claim, send, opens, wallet, now
):
    person = make_person()
    opens(person)
    opens(person, Cause.CLICK)
    queue(person)
    send(claim()[0], Verdict.ACCEPTED)

    assert (wallet(person).tapped_left, wallet(person).heard_left) == (2, 5)


def test_what_the_platform_says_corrects_the_wallet(
    make_person, queue, claim, send, opens, wallet, now
):
    """R-057: 45047 is the truth."""
    person = make_person()
    opens(person)
    queue(person)
    send(claim()[0], Verdict.WINDOW_USED_UP, errcode=45047)

    assert wallet(person).left(now) == 0


def test_words_said_while_the_message_was_out_are_not_corrected_away(
    database, make_person, queue, claim, opens, wallet, now
):
    person = make_person()
    queue(person)
    claimed = claim()[0]
    with database.transaction() as session:
        begun = deliveries.start_try(session, claimed, Channel.CUSTOM, now)
        assert begun is not None
    opens(person, at=now + timedelta(seconds=1))
    at = now + timedelta(seconds=2)
    with database.transaction() as session:
        shut = Answer(Verdict.WINDOW_SHUT, 45015)
        deliveries.settle_try(session, claimed, begun, shut, at)

    assert wallet(person).left(at) == 5


# --- told at last --------------------------------------------------------------------------------


def test_what_found_no_window_waits_for_the_person(
    database, make_person, queue, claim, send, notice, now
):
    """R-009, R-057: held, not lost; it stands in nobody's way."""
    person = make_person()
    first = queue(person)
    send(claim()[0], Verdict.WINDOW_SHUT, errcode=45015)
    second = queue(person, is_urgent=True)

    assert notice(first).state is NoticeState.HELD
    assert [each.id for each in claim()] == [second]


def test_what_waits_is_told_in_order_and_stands_as_delivered_with_the_answer(
    database, make_person, queue, claim, send, notice, tries, now
):
    person = make_person()
    ids = []
    for _ in range(2):
        ids.append(queue(person))
        send(claim()[0], Verdict.WINDOW_SHUT, errcode=45015)

    with database.transaction() as session:
        assert conversations.load(session, person.openid, now).has_held
        waiting = held.waiting(session, person.id, now)
        held.said(session, waiting[:1], now)
        assert held.release(session, person.id, now) == 1

    assert [each.id for each in waiting] == ids
    assert notice(ids[0]).state is NoticeState.DELIVERED
    assert tries(ids[0])[-1] == (Channel.PASSIVE, Outcome.ACCEPTED)
    assert notice(ids[1]).state is NoticeState.PENDING


def test_what_waits_is_not_told_after_its_time(
    database, make_person, queue, claim, send, sweep, notice, now
):
    person = make_person()
    only = queue(person)
    send(claim()[0], Verdict.WINDOW_SHUT, errcode=45015)
    late = now + timedelta(hours=24)

    with database.transaction() as session:
        assert held.waiting(session, person.id, late) == []
    sweep(late)
    assert notice(only).state is NoticeState.EXPIRED


def test_what_waits_for_a_new_day_is_tried_again_then(
    make_person, queue, claim, send, sweep, notice, now
):
    """R-056."""
    only = queue(make_person())
    send(claim()[0], Verdict.QUOTA, errcode=45009)
    midnight = notice(only).next_try_at

    sweep(midnight - MINUTE)
    assert notice(only).state is NoticeState.HELD
    sweep(midnight)
    assert [each.id for each in claim(midnight)] == [only]


# --- what is no longer so ------------------------------------------------------------------------


def test_the_result_takes_the_place_of_what_was_not_said_on_the_way(
    database, make_ticket, by, claim, send, make_person, now
):
    """R-091: who comes back reads that it is solved, not that somebody is on the way."""
    ticket = make_ticket(Status.RESOLVED)

    with database.reading() as session:
        rows = session.execute(
            select(Notice.text_key, Notice.state, Notice.replaced_by_id)
            .where(Notice.recipient_id == ticket.requester_id)
            .order_by(Notice.id)
        ).all()
    states = {row.text_key: (row.state, row.replaced_by_id is not None) for row in rows}
    assert states["notice.engineer_coming"] == (NoticeState.REPLACED, True)
    assert states["notice.resolved"] == (NoticeState.PENDING, False)


def test_who_has_said_that_it_is_solved_is_not_asked_any_more(database, make_ticket):
    make_ticket(Status.CLOSED)

    with database.reading() as session:
        open_ = select(func.count()).where(
            Notice.text_key == "notice.resolved", Notice.state == NoticeState.PENDING
        )
        assert session.scalar(open_) == 0


# --- reports of template messages ----------------------------------------------------------------


def test_a_template_message_that_is_not_reported_within_a_minute_is_an_alarm(
    database, make_person, make_ticket, claim, send_template, watch, told, now
):
    """R-060: accepted is not arrived."""
    make_person("陈台", Role.DESK)
    make_ticket(Status.ASSIGNED)
    send_template(claim()[0])

    watch(now + MINUTE)

    why = told()[0][1]["tried"]["says"][0]["facts"]["why"]
    assert why == {"word": "undelivered.silent"}


@pytest.mark.parametrize("sign", ["report", "opened"])
def test_a_template_message_that_arrived_is_no_alarm(
    database, make_person, make_ticket, claim, send_template, watch, told, report, now, sign
):
    clerk = make_person("陈台", Role.DESK)
    make_ticket(Status.ASSIGNED)
    claimed = claim()[0]
    send_template(claimed)
    with database.transaction() as session:
        person = session.get_one(Person, claimed.recipient_id)
    if sign == "report":
        report(person, Fate.ARRIVED)
    else:
        with database.transaction() as session:
            assert reaching.opened(session, clerk.id, claimed.id, now) is None
            path = reaching.opened(session, person.id, claimed.id, now)
            assert path is not None and path.startswith("/h5/t/IT")

    watch(now + MINUTE)

    assert told() == []


def test_a_report_may_come_before_the_try_is_written_down(
    database, make_person, queue, claim, send_template, report, now
):
    """The platform reports after 0.2 s, and a batch is settled later than that."""
    person = make_person()
    queue(person)
    report(person, Fate.ARRIVED)
    send_template(claim()[0])

    with database.reading() as session:
        assert session.scalar(select(Delivery.fate)) is Fate.ARRIVED


def test_a_report_without_a_number_means_the_newest_try(
    database, make_person, queue, claim, send_template, report
):
    """R-060: seen where a client_msg_id was given."""
    person, other = make_person(), make_person("李雷")
    queue(person)
    send_template(claim()[0])
    report(other, Fate.ARRIVED, message_id=0)
    report(person, Fate.BLOCKED, message_id=0)

    with database.reading() as session:
        assert session.scalar(select(Delivery.fate)) is Fate.BLOCKED


def test_a_template_message_that_bounced_leaves_by_another_channel(
    database, make_person, queue, claim, send_template, report, notice, now
):
    """R-060: delivered is taken back, and the template is not tried again."""
    person = make_person()
    only = queue(person)
    send_template(claim()[0])
    assert notice(only).state is NoticeState.DELIVERED
    report(person, Fate.BLOCKED)

    assert notice(only).state is NoticeState.PENDING
    assert [each.id for each in claim()] == [only]
    with database.reading() as session:
        assert deliveries.has_bounced(session, only)


def test_a_report_that_never_comes_ends_the_wait_for_it(
    database, make_person, queue, claim, send_template, watch, notice, now
):
    only = queue(make_person())
    send_template(claim()[0])

    watch(now + 10 * MINUTE)

    with database.reading() as session:
        assert session.scalar(select(Delivery.fate)) is Fate.SILENT
    assert notice(only).state is NoticeState.DELIVERED
