"""A webhook of an admin, what follows from it, and tries whose answers are given.

admin       who may
add         `add(events=[…], categories=[…])`: a webhook; answers with its id
follow      every history to its end; answers how many deliveries were made
logged      the deliveries of a webhook, the oldest first
claimed     what a sender gets next
settled     one try: `settled(claimed, 500)`, `settled(claimed, trouble=Trouble.TIMEOUT)`
"""

import json
from types import SimpleNamespace

import pytest

from domain.permissions import Role
from domain.webhooks import CHOICES, Trouble
from models import Webhook, WebhookDelivery
from services.webhooks import following, managing, sending
from services.webhooks.managing import Wish
from services.webhooks.sending import Tried
from tests.services.making import all_of, only

KEY = b"of the tests alone, and long enough"
URL = "https://oa.example.com/hooks/itdesk"
ALL = [each.value for each in CHOICES]


@pytest.fixture
def admin(make_person):
    return make_person("罗敏", Role.ADMIN)


@pytest.fixture
def add(database, desk_of, admin, now):
    def add(events=ALL, at=now, **facts):
        wish = Wish(**{"name": "OA", "url": URL, "events": events, **facts})
        with database.transaction() as session:
            return managing.add(desk_of(session, admin, at), wish, KEY)[0].id

    return add


@pytest.fixture
def act(database, desk_of, admin, now):
    """`act(managing.pause, hook)`: in a transaction of its own, by the admin."""

    def act(do, *arguments, at=now, **options):
        with database.transaction() as session:
            return do(desk_of(session, admin, at), *arguments, **options)

    return act


@pytest.fixture
def follower(database, now):
    state = SimpleNamespace(places={})

    def follow(at=now, seconds=0.0):
        made = 0
        while True:
            done = following.step(database, state.places, at, seconds)
            state.places, made = done.places, made + done.made
            if done.is_caught_up:
                return made

    def begin_anew():
        """As another process does, or the same after a crash."""
        state.places = {}

    return SimpleNamespace(to_the_end=follow, begin_anew=begin_anew)


@pytest.fixture
def follow(follower):
    return follower.to_the_end


@pytest.fixture
def logged(database):
    return lambda hook: all_of(database, WebhookDelivery, webhook_id=hook)


@pytest.fixture
def hook_row(database):
    return lambda hook: only(database, Webhook, id=hook)


@pytest.fixture
def claimed(database, now):
    def claimed(at=now):
        with database.transaction() as session:
            return sending.claim(session, at)

    return claimed


@pytest.fixture
def settled(database, rules, now):
    def settled(mine, status=None, trouble=None, at=now):
        if status is not None and not 200 <= status < 300:
            trouble = Trouble.ANSWER
        with database.transaction() as session:
            tried = Tried(status, trouble, 12, "ok")
            return sending.settle(session, mine, tried, rules.webhooks, at)

    return settled


def data_of(row):
    return json.loads(row.body)["data"]
