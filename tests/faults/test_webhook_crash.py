"""Killed while others are told: each event arrives as it was, none is held for ever (C §25)."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from domain.lifecycle import Status
from domain.webhooks import OF_ACTION, SendState
from models import Activity
from services.webhooks.sending import LEASE
from tests.bot.api_server import api_server, raw
from tests.eventually import eventually
from tests.faults import webhook_sender
from tests.faults.webhook_sender import OF_EVENTS
from tests.programs import failing_at, program
from tests.services.conftest import *  # noqa: F403
from tests.services.making import all_of
from tests.services.webhook_kit import *  # noqa: F403
from tests.services.webhook_kit import KEY

TICKETS = 2  # of three events each
HEIRS = 2
LIVES = 30  # of `make crash`, on each database
AFTER = LEASE + timedelta(seconds=1)  # then nobody has what a dead one had

HEARD_TWICE = ("event.sent", "event.answered", "event.settled")


@pytest.fixture  # type: ignore[no-redef]
def rules():
    return webhook_sender.rules()


@pytest.fixture
def receiver():
    with api_server() as running:
        running.on("/hook", raw(b"ok"))
        yield running


@pytest.fixture
def hook(add, receiver):
    return add(url=receiver.url.replace("127.0.0.1", webhook_sender.NAME) + "/hook")


@pytest.fixture
def sender(database, tmp_path):
    """Another server of this desk, at this time by its clock."""

    def sender(at, environment=None):
        words = ("tests.faults.webhook_sender", database.url, at.isoformat(), KEY.decode())
        return program(*words, log=tmp_path / "sender.log", environment=environment)

    return sender


@pytest.fixture
def dies(sender):
    def dies(at, place, nth):
        """Whether it came so far."""
        dying = sender(at, failing_at(place, nth))
        is_dead = dying.wait() != 0
        dying.close()
        return is_dead

    return dies


@pytest.fixture
def end_well(sender):
    def end_well(at):
        heirs = [sender(at) for _ in range(HEIRS)]
        assert [each.wait() for each in heirs] == [0] * HEIRS
        for each in heirs:
            each.close()

    return end_well


@pytest.fixture
def heard(database, receiver, hook, logged):
    """Whether everything has been heard, nothing was lost or changed, and each ticket in order."""

    def heard(again):
        lines = [each for each in all_of(database, Activity) if each.action in OF_ACTION]
        rows = logged(hook)
        assert len(rows) == len(lines)
        assert {each.state for each in rows} == {SendState.DELIVERED}
        assert {each.claim for each in rows} == {None}
        eventually(lambda: len(receiver.calls) >= len(rows) + again)
        calls = [(call.headers["Webhook-Id"], call.body.decode()) for call in receiver.calls]
        assert set(calls) == {(each.message_id, each.body) for each in rows}
        firsts = {message: place for place, (message, _) in reversed([*enumerate(calls)])}
        for subject in {each.subject for each in rows}:
            places = [firsts[each.message_id] for each in rows if each.subject == subject]
            assert places == sorted(places)
        return sum(Counter(calls).values()) - len(rows)

    return heard


@pytest.mark.parametrize("place", OF_EVENTS)
def test_killed_at_any_place_each_event_arrives_with_its_id_and_its_words(
    make_ticket, hook, dies, end_well, heard, now, place
):
    """At least once: what the receiver hears twice, it knows by the id."""
    for _ in range(TICKETS):
        make_ticket(Status.IN_PROGRESS)
    assert dies(now, place, OF_EVENTS[place])

    end_well(now + AFTER)

    again = place in HEARD_TWICE
    assert heard(int(again)) == again


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_killed_thirty_times_in_one_desk_each_event_arrives(
    make_ticket, hook, dies, end_well, heard, now
):
    dice, deaths, at = random.Random(25), 0, now
    for _ in range(LIVES):
        make_ticket(Status.IN_PROGRESS, at=at)
        deaths += dies(at, dice.choice([*OF_EVENTS]), dice.randint(1, 3))
        at += AFTER

    end_well(at)

    assert deaths > LIVES / 2
    assert 0 < heard(0) <= deaths
