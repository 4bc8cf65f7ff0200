"""A receiver on this machine is told of what happens: over real HTTP, signed, and tried again."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from datetime import time, timedelta

import pytest

from domain.calendar import ServiceHours
from domain.deadlines import Targets
from domain.lifecycle import Status
from domain.webhooks import SendState, Trouble, WebhookRules
from jobs.webhooks import Webhooks
from models import Webhook
from services.desk import Rules
from services.webhooks import managing, sealing
from tests.bot.api_server import api_server, raw
from tests.eventually import eventually
from tests.services.making import only
from tests.services.webhook_kit import *  # noqa: F403
from tests.services.webhook_kit import KEY

MINUTE = timedelta(minutes=1)
NAME = "oa.example.com"


@pytest.fixture
def rules():
    hours = ServiceHours.daily(time(8), time(18))
    webhooks = WebhookRules(inside_hosts=(NAME,), pause_after=3)
    return Rules(Targets(), hours, webhooks=webhooks)


@pytest.fixture
def receiver():
    with api_server() as running:
        running.on("/hook", raw(b"ok"))
        yield running


@pytest.fixture
def url(receiver):
    return receiver.url.replace("127.0.0.1", NAME) + "/hook"


class Clock:
    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def told():
    """Whether an admin was to be told."""
    return []


def job_of(database, rules, clock, key=KEY, nudge=lambda: None, address="127.0.0.1", **options):
    """A server's part in it; each name stands for this machine."""
    return Webhooks(database, rules, clock, key, nudge, lambda *_: [address], **options)


@pytest.fixture
def job(database, rules, clock):
    return job_of(database, rules, clock)


@pytest.fixture
def run(job, clock):
    """Follows and sends until nothing is left to be done now, or `after` so long."""

    def run(after=timedelta(0)):
        clock.at += after
        job.follow()
        while job.send() == 0.0:
            pass

    return run


def test_what_happened_arrives_signed_and_in_order(
    add, url, make_ticket, run, receiver, logged, database
):
    hook = add(url=url)
    secret = sealing.opened(only(database, Webhook).secret_sealed, KEY) or ""
    ticket = make_ticket(Status.IN_PROGRESS)

    run()

    told = [json.loads(call.body) for call in receiver.calls]
    assert [each["type"] for each in told] == [
        "ticket.opened",
        "ticket.dispatched",
        "ticket.accepted",
    ]
    assert {each["data"]["ticket"]["number"] for each in told} == {ticket.number}
    for call, row in zip(receiver.calls, logged(hook), strict=True):
        headers = call.headers
        signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + call.body
        key = b64decode(secret.removeprefix("whsec_"))
        right = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["Webhook-Signature"] == f"v1,{right}"
        assert headers["Webhook-Id"] == row.message_id == json.loads(call.body)["id"]
        assert (row.state, row.status, row.answer) == (SendState.DELIVERED, 200, "ok")


def test_a_receiver_that_fails_gets_the_same_again_later(
    add, url, make_ticket, run, receiver, logged
):
    hook = add(url=url, events=["ticket.opened"])
    receiver.on("/hook", raw(b"busy", status=503), raw(b"ok"))
    make_ticket()
    run()
    assert [(row.state, row.status) for row in logged(hook)] == [(SendState.PENDING, 503)]
    run()
    assert len(receiver.calls) == 1

    run(after=MINUTE)

    first, again = receiver.calls
    assert first.body == again.body and first.headers["Webhook-Id"] == again.headers["Webhook-Id"]
    assert first.headers["Webhook-Timestamp"] != again.headers["Webhook-Timestamp"]
    (row,) = logged(hook)
    assert row.state is SendState.DELIVERED and [each["status"] for each in row.past] == [503, 200]


def test_redirects_are_no_success_and_lead_nowhere(add, url, make_ticket, run, receiver, logged):
    hook = add(url=url, events=["ticket.opened"])
    receiver.on("/hook", raw(b"", status=301, Location=f"{receiver.url}/elsewhere"))
    make_ticket()

    run()

    (row,) = logged(hook)
    assert (row.state, row.status, row.trouble) == (SendState.PENDING, 301, Trouble.ANSWER)
    assert receiver.to("/elsewhere") == []


def test_of_a_long_answer_five_hundred_characters_are_kept(
    add, url, make_ticket, run, receiver, logged
):
    hook = add(url=url, events=["ticket.opened"])
    receiver.on("/hook", raw("好\x00".encode() * 600_000, length=2_400_000))
    make_ticket()

    run()

    (row,) = logged(hook)
    assert row.state is SendState.DELIVERED and len(row.answer) == 500 and "\x00" not in row.answer


def test_a_silent_receiver_is_given_up_in_time_and_at_last_paused(
    add, url, make_ticket, clock, receiver, told, database, rules
):
    add(url=url, events=["ticket.opened"])
    receiver.on("/hook", receiver.hang)
    make_ticket()
    job = job_of(database, rules, clock, nudge=lambda: told.append(1), within=0.1)

    for _ in range(3):
        job.follow()
        job.send()
        clock.at += 10 * MINUTE

    assert only(database, Webhook).paused_at is not None and told == [1]
    assert len(receiver.calls) == 3


@pytest.mark.parametrize("address", ["10.0.0.8", "169.254.169.254"])
def test_a_name_that_turns_inside_after_it_was_added_is_not_reached_h35(
    database, rules, clock, add, make_ticket, logged, address
):
    hook = add(url="https://elsewhere.example.com/hook", events=["ticket.opened"])
    make_ticket()
    job = job_of(database, rules, clock, address=address)

    job.follow()
    job.send()

    (row,) = logged(hook)
    assert (row.status, row.trouble) == (None, Trouble.ADDRESS)


def test_a_secret_sealed_with_another_key_sends_nothing_unsigned(
    database, rules, clock, add, url, make_ticket, logged, receiver
):
    hook = add(url=url, events=["ticket.opened"])
    make_ticket()
    job = job_of(database, rules, clock, key=b"a key that came later")

    job.follow()
    job.send()

    assert logged(hook)[0].trouble is Trouble.SECRET and receiver.calls == []


def test_its_threads_do_so_by_themselves_and_end_when_told(
    add, act, url, make_ticket, job, receiver
):
    hook = add(url=url, events=["ticket.opened"])
    job.start()
    try:
        make_ticket()
        act(managing.test, hook)
        eventually(lambda: len(receiver.calls) == 2)
    finally:
        job.stop()

    assert {call.headers["Webhook-Event"] for call in receiver.calls} == {
        "ticket.opened",
        "webhook.test",
    }


def test_two_servers_send_nothing_twice(database, rules, clock, add, url, make_ticket, receiver):
    add(url=url)
    for _ in range(3):
        make_ticket()
    jobs = [job_of(database, rules, clock) for _ in range(2)]

    for each in jobs:
        each.start()
    try:
        eventually(lambda: len(receiver.calls) >= 3)
    finally:
        for each in jobs:
            each.stop()

    assert len({call.headers["Webhook-Id"] for call in receiver.calls}) == 3
    assert len(receiver.calls) == 3
