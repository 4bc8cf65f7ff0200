"""How often a source may come: one count for all processes of a desk, on both databases (R-080)."""

import pytest
from sqlalchemy import event

from domain.alerts import AlertKind
from models import AlertDelivery
from services.alerts import limiting
from tests.conftest import database_url  # noqa: F401
from tests.services.making import all_of
from tests.web_pages.api.alert_posts import *  # noqa: F403
from tests.web_pages.api.alert_posts import ALERTMANAGER
from web.api.pages import ApiPages
from web.app import make_app

MOST = 4


@pytest.fixture(autouse=True)
def _limit(monkeypatch):
    monkeypatch.setattr(limiting, "MOST", MOST)


@pytest.fixture
def posts(post_to, site):
    """Two processes of one desk: nothing but the database is common to them."""
    return [post_to(make_app([], ApiPages(site))) for _ in range(2)]


@pytest.fixture
def refusals():
    """What a process says to who comes too often, and that it says so."""

    def refused(answer):
        assert (answer.status_code, answer.json["code"]) == (429, "alerts_too_many")
        seconds = answer.headers["Retry-After"]
        assert f"{seconds} 秒" in answer.json["detail"]
        return int(seconds)

    return refused


def test_two_processes_take_no_more_of_a_source_than_one_would(
    database, source_of, posts, refusals, clock
):
    busy, calm = source_of(AlertKind.ALERTMANAGER), source_of(AlertKind.ALERTMANAGER)
    first, second = posts
    taken = []
    for turn in range(MOST):
        taken.append(posts[turn % 2](busy, ALERTMANAGER).status_code)
        clock.passes(minutes=1)

    waits = [refusals(post(busy, ALERTMANAGER)) for post in posts]

    assert taken == [200] * MOST and waits == [60, 60]
    assert refusals(second(busy, b"{ no JSON")) == 60  # before it is read
    assert second(busy, ALERTMANAGER, secret="sa_no").status_code == 401
    assert len(all_of(database, AlertDelivery)) == MOST
    assert first(calm, ALERTMANAGER).status_code == 200
    clock.passes(seconds=61)
    assert [post(busy, ALERTMANAGER).status_code for post in posts] == [200, 429]


def test_what_is_sent_again_counts_too_however_late(database, source_of, posts, refusals, clock):
    """A key is known for a quarter of an hour, and counted in each five minutes of it (S-105)."""
    source = source_of(AlertKind.GENERIC)
    named = {"Idempotency-Key": "job-17"}
    body = {"name": "备份失败"}
    first = posts[0](source, body, **named)
    clock.passes(minutes=6)

    again = [posts[turn % 2](source, body, **named) for turn in range(MOST)]

    assert [each.json for each in again] == [first.json] * MOST
    assert {each.headers["Idempotency-Replayed"] for each in again} == {"true"}
    assert refusals(posts[0](source, body, **named)) == 300
    assert sum(each.times for each in all_of(database, AlertDelivery)) == 1 + MOST


def test_who_goes_on_all_the_same_is_refused_without_a_count(
    database, source_of, posts, refusals, counted
):
    source = source_of(AlertKind.ALERTMANAGER)
    for _ in range(MOST):
        posts[0](source, ALERTMANAGER)
    refusals(posts[0](source, ALERTMANAGER))

    asked = counted(lambda: refusals(posts[0](source, ALERTMANAGER)))

    assert not [each for each in asked if "alert_deliveries" in each]
    assert {each.split()[0] for each in asked} <= {"BEGIN", "SELECT"}


@pytest.fixture
def counted(database):
    def counted(act):
        seen = []

        def note(*arguments):
            seen.append(arguments[2])

        engines = {database.engine, database._readers}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        act()
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        return seen

    return counted


def test_a_clock_that_was_ahead_shuts_nobody_out(source_of, posts, clock):
    source = source_of(AlertKind.ALERTMANAGER)
    clock.passes(hours=3)
    for _ in range(MOST + 1):
        posts[0](source, ALERTMANAGER)

    clock.passes(hours=-3)

    assert [post(source, ALERTMANAGER).status_code for post in posts] == [200, 200]
