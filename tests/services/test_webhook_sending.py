"""Sent in each ticket's order, by one at a time, again and again, and at last not any more."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.lifecycle import Status
from domain.webhooks import WAITS, PausedWhy, SendState, Trouble, WebhookRules
from models import Webhook
from services.webhooks import managing, sending
from services.webhooks.sending import LEASE
from tests.services.conftest import NOW
from tests.services.making import at_once, only, told
from tests.services.webhook_kit import *  # noqa: F403

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def test_a_tickets_events_go_in_order_and_one_that_waits_holds_only_its_own_ticket(
    add, follow, make_ticket, claimed, settled, now
):
    add(events=["ticket.opened", "ticket.dispatched"])
    make_ticket()
    first = make_ticket(Status.ASSIGNED)
    follow()
    settled(claimed(), 200)  # of the other ticket
    opened = claimed()
    assert first.number in opened.body and opened.event.value == "ticket.opened"

    assert settled(opened, 500)
    assert claimed(now + WAITS[0] - SECOND) is None

    at = now + WAITS[0]
    order = []
    while (mine := claimed(at)) is not None:
        order.append(mine.event.value)
        settled(mine, 200, at=at)
    assert order == ["ticket.opened", "ticket.dispatched"]


def test_while_one_ticket_waits_for_its_next_try_the_others_go_on(
    database, add, follow, make_ticket, claimed, settled, now
):
    hook = add(events=["ticket.opened"])
    make_ticket()
    other = make_ticket()
    follow()
    settled(claimed(), 500)
    with database.transaction() as session:
        session.get_one(Webhook, hook).rests_until = None

    assert other.number in claimed().body
    assert claimed() is None


def test_two_senders_never_have_the_same_delivery(database, add, follow, make_ticket, claimed):
    add(events=["ticket.opened"])
    make_ticket()
    make_ticket()
    follow()

    found = [each for each in at_once(claimed, claimed, claimed) if each is not None]
    found += [each for each in (claimed(), claimed()) if each is not None]

    assert len({each.id for each in found}) == len(found) == 2


def test_a_sender_that_died_is_followed_by_another_under_the_same_id(
    add, follow, make_ticket, claimed, settled, now
):
    """At-least-once: the receiver tells by the id that it has it already."""
    add(events=["ticket.opened"])
    make_ticket()
    follow()
    dead = claimed()
    assert claimed(now + LEASE - SECOND) is None

    heir = claimed(now + LEASE)

    assert (heir.message_id, heir.body, heir.tries) == (dead.message_id, dead.body, 2)
    assert not settled(dead, 200, at=now + LEASE)
    assert settled(heir, 200, at=now + LEASE)


def test_each_try_is_in_the_log_until_it_is_given_up(
    add, follow, make_ticket, claimed, settled, logged, now
):
    hook, at = add(events=["ticket.opened"]), now
    make_ticket()
    follow()

    for wait in (*WAITS, DAY):
        settled(claimed(at), None, Trouble.TIMEOUT, at=at)
        at += wait

    (row,) = logged(hook)
    assert row.state is SendState.FAILED and row.tries == len(WAITS) + 1 == len(row.past)
    assert (row.status, row.trouble, row.took_ms) == (None, Trouble.TIMEOUT, 12)
    assert claimed(at + DAY) is None


def test_many_failures_in_a_row_pause_it_and_the_admin_is_told_once(
    database, add, admin, follow, make_ticket, claimed, settled, hook_row, rules, now
):
    hook, at = add(events=["ticket.opened"]), now
    for _ in range(rules.webhooks.pause_after):
        make_ticket()
    follow()
    with database.transaction() as session:
        session.get_one(Webhook, hook).failures = rules.webhooks.pause_after - 1

    settled(claimed(at), None, Trouble.UNREACHABLE, at=at)

    assert hook_row(hook).paused_why is PausedWhy.FAILURES
    assert told(database, admin) == ["notice.webhook_paused"]
    assert claimed(at + DAY) is None


def test_one_success_forgets_the_failures(
    add, follow, make_ticket, claimed, settled, hook_row, now
):
    hook = add(events=["ticket.opened"])
    make_ticket()
    follow()
    settled(claimed(), 503)
    assert (hook_row(hook).failures, hook_row(hook).rests_until) == (1, now + WAITS[0])

    settled(claimed(now + WAITS[0]), 204, at=now + WAITS[0])

    row = hook_row(hook)
    assert (row.failures, row.rests_until, row.delivered_at) == (0, None, now + WAITS[0])


def test_a_receiver_that_says_gone_is_left_alone_at_once(
    add, follow, make_ticket, claimed, settled, hook_row
):
    hook = add(events=["ticket.opened"])
    make_ticket()
    follow()

    settled(claimed(), 410)

    assert hook_row(hook).paused_why is PausedWhy.GONE


def test_paused_events_are_written_down_and_go_out_on_resuming_in_order(
    add, act, follow, make_ticket, claimed, settled, logged
):
    hook = add(events=["ticket.opened", "ticket.dispatched"])
    act(managing.pause, hook)
    make_ticket(Status.ASSIGNED)
    follow()
    assert claimed() is None

    act(managing.test, hook)
    test = claimed()
    assert test.event.value == "webhook.test" and settled(test, 500)
    assert claimed() is None  # a test is not repeated, and lets nothing else through

    act(managing.resume, hook)
    opened = claimed()
    settled(opened, 200)
    assert (opened.event.value, claimed().event.value) == ("ticket.opened", "ticket.dispatched")


def test_what_waited_can_be_left_out_on_resuming(add, act, follow, make_ticket, claimed, logged):
    hook = add(events=["ticket.opened"])
    act(managing.pause, hook)
    make_ticket()
    follow()

    act(managing.resume, hook, is_skipping=True)

    assert claimed() is None
    assert [row.state for row in logged(hook)] == [SendState.SKIPPED]


def test_what_was_given_up_is_sent_again_all_of_it_or_one(
    database, add, act, follow, make_ticket, claimed, settled, logged, now
):
    hook = add(events=["ticket.opened"])
    for _ in range(3):
        make_ticket()
    follow()
    with database.transaction() as session:
        for row in logged(hook):
            found = session.get_one(type(row), row.id)
            found.state, found.tries = SendState.FAILED, 8
    rows = logged(hook)

    act(managing.resend, hook, rows[1].id)
    mine = claimed()
    assert (mine.id, mine.tries, mine.message_id) == (rows[1].id, 1, rows[1].message_id)
    settled(mine, 200)
    assert act(managing.resend_failed, hook) == 2
    assert {claimed().id, claimed().id} == {rows[0].id, rows[2].id}


def test_a_delivery_is_kept_its_days_whatever_became_of_it(
    database, add, follow, make_ticket, logged, now
):
    hook, rules = add(events=["ticket.opened"]), WebhookRules(kept_for=30 * DAY)
    make_ticket()
    follow()

    with database.transaction() as session:
        assert not managing.has_old(session, rules, now + 30 * DAY)
        assert managing.sweep(session, rules, now + 30 * DAY) == 0
        assert managing.has_old(session, rules, now + 30 * DAY + SECOND)
        assert managing.sweep(session, rules, now + 30 * DAY + SECOND) == 1
    assert logged(hook) == []


def test_a_removed_webhook_is_told_nothing_and_its_secret_is_gone(
    database, add, act, follow, make_ticket, claimed
):
    hook = add(events=["ticket.opened"])
    make_ticket()
    follow()

    act(managing.remove, hook)

    make_ticket()
    assert claimed() is None and follow() == 0
    assert only(database, Webhook).secret_sealed == ""


def test_what_is_sent_next_is_found_by_the_indexes_of_what_is_open(database):
    """However long the log and the queue of a receiver that is away."""
    if not database.is_sqlite:
        pytest.skip("plans of small tables say nothing on PostgreSQL")
    bound = sending._DUE.params(of_hook=1, at=NOW)
    whole = bound.compile(database.engine, compile_kwargs={"literal_binds": True})

    with database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {whole}")).all()

    said = [row.detail for row in plan]
    assert any("ix_webhook_deliveries_next" in each for each in said), said
    assert any("earlier" in each and "ix_webhook_deliveries_open" in each for each in said), said
    assert not any("SCAN" in each or "B-TREE" in each for each in said), said
