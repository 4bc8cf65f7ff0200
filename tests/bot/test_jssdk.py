"""The JS-SDK's signature and its ticket (wechat-platform §9)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.errors import ApiError, ApiUnsent
from bot.jssdk import RESTS_FOR, JsSdk, signed, ticket_key
from bot.token_store import DatabaseTokenStore
from bot.tokens import MemoryTokenStore
from models import Database
from tests.bot.api_client import SECRET, client_of, failure
from tests.bot.api_server import answers, api_server, raw, refuses
from tests.bot.pushes import APP_ID

GET_TICKET = "/cgi-bin/ticket/getticket"
PAGE = "https://desk.example.com/h5/ticket?id=7"
NOW = datetime.fromtimestamp(1767225600, UTC)


@pytest.fixture
def server():
    with api_server() as running:
        yield running


def sdk_of(server, store=None, **options):
    store = store or MemoryTokenStore()
    return JsSdk(client_of(server.url), store, APP_ID, lambda: NOW, **options)


def granted(ticket="TICKET123"):
    return answers(errcode=0, errmsg="ok", ticket=ticket, expires_in=7200)


def test_the_vector_of_the_reference():
    signature = signed("TICKET123", "Wm3WZYTPz0wzccnW", 1767225600, PAGE)

    assert signature == "b96412c912c3136ea57bbfaa4f3a50b61cb22b09"
    assert signed("TICKET123", "Wm3WZYTPz0wzccnW", 1767225600, PAGE + "#top") == signature


def test_a_page_is_signed_with_a_fresh_nonce_under_one_ticket(server):
    server.on(GET_TICKET, granted())
    sdk = sdk_of(server)

    one, other = sdk.signature(PAGE), sdk.signature(PAGE)

    assert one.signature == signed("TICKET123", one.nonce, 1767225600, PAGE)
    assert (one.app_id, one.timestamp) == (APP_ID, 1767225600)
    assert one.nonce != other.nonce
    assert [call.params["type"] for call in server.to(GET_TICKET)] == ["jsapi"]


def test_the_ticket_is_shared_by_all_processes_and_is_not_the_token(server, database_url):
    server.on(GET_TICKET, granted())
    database = Database(database_url)
    try:
        stores = [
            DatabaseTokenStore(database, ticket_key(APP_ID), SECRET, lambda: NOW) for _ in range(4)
        ]
        with ThreadPoolExecutor(4) as pool:
            configs = list(pool.map(lambda store: sdk_of(server, store).signature(PAGE), stores))
        token = DatabaseTokenStore(database, APP_ID, SECRET, lambda: NOW).current()
    finally:
        database.dispose()

    assert len(server.to(GET_TICKET)) == 1
    assert all(
        config.signature == signed("TICKET123", config.nonce, config.timestamp, PAGE)
        for config in configs
    )
    assert token is None


@pytest.mark.parametrize("reply", [raw(b"<html>"), refuses(48001), answers(errcode=0)])
def test_without_a_ticket_one_page_asks_and_the_next_ones_do_not_wait(server, reply):
    """A page works without the JS-SDK: it must not become slow with it."""
    seconds = [0.0]
    sdk = sdk_of(server, monotonic=lambda: seconds[0])
    server.on(GET_TICKET, reply)

    assert isinstance(failure(sdk.signature, PAGE), ApiError)
    assert isinstance(failure(sdk.signature, PAGE), ApiUnsent)
    assert len(server.to(GET_TICKET)) == 1

    server.on(GET_TICKET, granted())
    seconds[0] += RESTS_FOR
    assert sdk.signature(PAGE).timestamp == 1767225600
