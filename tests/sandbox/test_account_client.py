"""The product's own client against the sandbox: customer service, quotas, pages (§4, §6, §9)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.client import KfAccount, MemoryTokenStore, WeChatClient
from bot.errors import ApiError, ApiUnsent
from bot.jssdk import JsSdk
from bot.oauth import CodeSpent, WebAuthorization
from bot.transport import Transport
from sandbox.template_library import fixture
from tests.bot.pushes import APP_ID
from tests.sandbox.live import running_sandbox
from tests.sandbox.stage import CLERK, SECRET, WANG, running_product

SEND = "/cgi-bin/message/custom/send"
TEXT = {"msgtype": "text", "text": {"content": "您好"}}
PAGE = "https://desk.example.com/h5/oauth"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    with (
        running_product() as product,
        running_sandbox(
            tmp_path_factory.mktemp("sandbox"), product.url, kf_records_delay=0
        ) as live,
    ):
        yield live


@pytest.fixture
def live(program):
    program.post("/control/reset")
    return program


@pytest.fixture
def client(live):
    return WeChatClient(APP_ID, SECRET, live.url, MemoryTokenStore(), stable_token=True)


def test_accounts_are_added_and_bound(client):
    client.kf_add("desk9@itdesk", "服务台-九")
    assert KfAccount("desk9@itdesk", "服务台-九", False, None) in client.kf_list()

    client.kf_invite("desk9@itdesk", "jiu09")

    assert KfAccount("desk9@itdesk", "服务台-九", True, None) in client.kf_list()
    with pytest.raises(ApiError) as known:
        client.kf_add("desk9@itdesk", "服务台-九")
    assert known.value.errcode == 65406
    assert known.value.request_id is not None
    assert client.request_of(known.value.request_id)["request_url"]


def test_a_talk_is_seen_while_it_is_held_and_read_afterwards(live, client):
    live.post(f"/control/kf/{CLERK}/online")
    client.kf_create_session(WANG, CLERK)
    assert [session.openid for session in client.kf_sessions_of(CLERK)] == [WANG]
    assert client.kf_waiting() == []
    live.post(f"/phone/{WANG}/say", text="打印机又卡了")
    live.post(f"/control/kf/{CLERK}/say", openid=WANG, text="马上来")
    client.kf_close_session(WANG, CLERK)

    now = client.kf_records(*around(live))

    assert [(each.is_clerk, each.text, each.openid) for each in now] == [
        (False, "打印机又卡了", WANG),
        (True, "马上来", WANG),
    ]
    assert client.kf_sessions_of(CLERK) == []


def around(live):
    """A span longer than a day, so that it is asked for in pieces."""
    at = datetime.fromtimestamp(live.get("/control/clock")["now"], UTC)
    return at - timedelta(hours=30), at + timedelta(hours=1)


def test_quotas_templates_and_addresses_are_told(live, client):
    live.do(WANG, "say", text="在吗")
    before = client.quota_of(SEND)
    client.send_custom(WANG, TEXT)
    after = client.quota_of(SEND)

    assert (after.used - before.used, before.left - after.left) == (1, 1)
    assert after.limit == after.used + after.left
    assert {each.id for each in client.templates()} >= {each.id for each in fixture(APP_ID)[:1]}
    assert client.callback_check()["dns"]


def test_r056_a_used_up_quota_waits_until_it_is_cleared(live, client):
    live.do(WANG, "say", text="在吗")
    live.rules(quotas={SEND: 1})
    client.send_custom(WANG, TEXT)
    with pytest.raises(ApiError) as used_up:
        client.send_custom(WANG, TEXT)
    assert used_up.value.errcode == 45009
    with pytest.raises(ApiUnsent) as held:
        client.send_custom(WANG, TEXT)
    assert held.value.until == client.closed_until(SEND)

    client.clear_quota()

    client.send_custom(WANG, TEXT)
    assert live.seen(WANG) == ["在吗", "您好", "您好"]


def test_a_reader_is_known_by_a_code_that_counts_once(live):
    pages = WebAuthorization(APP_ID, SECRET, live.url, Transport(live.url))
    address = pages.address(PAGE, "f00d")
    back = requests.get(
        address, cookies={"sandbox_phone": WANG}, allow_redirects=False, timeout=10
    ).headers["Location"]
    query = parse_qs(urlsplit(back).query)
    assert query["state"] == ["f00d"]

    visitor = pages.visitor_of(query["code"][0])

    assert (visitor.openid, visitor.is_snapshot) == (WANG, False)
    with pytest.raises(CodeSpent) as spent:
        pages.visitor_of(query["code"][0])
    assert spent.value.errcode == 40163


def test_the_ticket_for_pages_is_given(client):
    sdk = JsSdk(client, MemoryTokenStore(), APP_ID, lambda: datetime(2026, 11, 24, tzinfo=UTC))

    config = sdk.signature("https://desk.example.com/h5/report")

    assert len(config.signature) == 40
