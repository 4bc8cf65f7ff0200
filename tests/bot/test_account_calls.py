"""Questions about the account: quotas, templates, addresses, past requests (Y3, §4)."""

import pytest

from bot.client import AccountTemplate, Quota
from bot.errors import ApiUnclear, Reaction
from tests.bot.api_client import SEND, client_of, failure
from tests.bot.api_server import OK, answers, api_server, refuses
from tests.bot.pushes import APP_ID

TEMPLATES = "/cgi-bin/template/get_all_private_template"
QUOTA = "/cgi-bin/openapi/quota/get"
CHECK = "/cgi-bin/callback/check"
RID = "65d46579-2cdf0712-588f4db2"


@pytest.fixture
def server():
    with api_server() as running:
        yield running


@pytest.fixture
def client(server):
    return client_of(server.url)


def test_what_is_left_of_a_quota_is_told(server, client):
    quota = {"daily_limit": 500000, "used": 12, "remain": 499988}
    server.on(QUOTA, answers(errcode=0, errmsg="ok", quota=quota), refuses(76021))

    assert client.quota_of(SEND) == Quota(limit=500000, used=12, left=499988)
    assert server.calls[-1].json == {"cgi_path": SEND}
    assert failure(client.quota_of, "/cgi-bin/nothing").errcode == 76021


def test_quotas_are_cleared_for_this_account(server, client):
    server.on("/cgi-bin/clear_quota", OK, refuses(48006))

    client.clear_quota()

    assert server.calls[-1].json == {"appid": APP_ID}
    assert failure(client.clear_quota).reaction is Reaction.MISCONFIGURED


def test_the_templates_of_the_account_are_told(server, client):
    row = {
        "template_id": "K" * 43,
        "title": "工单处理通知",
        "primary_industry": "",
        "deputy_industry": "",
        "content": "工单编号:{{character_string1.DATA}}",
        "example": "",
    }
    server.on(TEMPLATES, answers(template_list=[row]))

    assert client.templates() == [
        AccountTemplate("K" * 43, "工单处理通知", "工单编号:{{character_string1.DATA}}")
    ]


def test_how_the_platform_reaches_us_is_told(server, client):
    dns = [{"ip": "203.0.113.9", "real_operator": "UNICOM"}]
    server.on(CHECK, answers(dns=dns, ping=[]), refuses(40201))

    assert client.callback_check()["dns"] == dns
    assert server.calls[-1].json == {"action": "all", "check_operator": "DEFAULT"}
    assert failure(client.callback_check).reaction is Reaction.MISCONFIGURED


def test_a_refused_request_is_looked_up_by_its_id(server, client):
    server.on("/cgi-bin/openapi/rid/get", answers(errcode=0, request={"cost_in_ms": 30}))

    assert client.request_of(RID) == {"cost_in_ms": 30}
    assert server.calls[-1].json == {"rid": RID}


def test_the_picture_of_a_code_is_seen_without_a_token(server):
    client = client_of(server.url, mp_base_url="https://mp.example/")

    address = client.qr_address("gQH47joA+/==")

    assert address == "https://mp.example/cgi-bin/showqrcode?ticket=gQH47joA%2B%2F%3D%3D"


@pytest.mark.parametrize(
    ("name", "path", "arguments", "answer"),
    [
        ("quota_of", QUOTA, (SEND,), {"quota": {}}),
        ("quota_of", QUOTA, (SEND,), {"quota": {"daily_limit": "x", "used": 1, "remain": 1}}),
        ("templates", TEMPLATES, (), {"template_list": [{"title": "x"}]}),
        ("callback_check", CHECK, (), {"errcode": 0}),
    ],
)
def test_r050_an_answer_of_another_shape_is_unclear(server, client, name, path, arguments, answer):
    server.on(path, answers(**answer))

    assert type(failure(getattr(client, name), *arguments)) is ApiUnclear
