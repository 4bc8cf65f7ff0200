"""Web authorization: the address, the visitor, and codes that count no more (§9, S-099)."""

import logging
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from bot.oauth import CodeSpent, Visitor, WebAuthorization
from bot.transport import Transport
from tests.bot.api_client import SECRET, failure
from tests.bot.api_server import answers, api_server, raw, refuses
from tests.bot.pushes import APP_ID, OPENID

EXCHANGE = "/sns/oauth2/access_token"
CODE = "0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p"
BACK = "https://desk.example.com/h5/oauth"


@pytest.fixture
def server():
    with api_server() as running:
        yield running


@pytest.fixture
def authorization(server):
    transport = Transport(server.url, timeout=(1, 1), pool=2)
    return WebAuthorization(APP_ID, SECRET, "https://open.weixin.qq.com/", transport)


def comes_back(**fields):
    return answers(
        access_token="A" * 40, expires_in=7200, refresh_token="R" * 40, openid=OPENID, **fields
    )


def test_the_address_has_its_parts_in_the_order_that_phones_want(authorization):
    address = authorization.address(BACK, "f00d")

    assert address == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef"
        "&redirect_uri=https%3A%2F%2Fdesk.example.com%2Fh5%2Foauth"
        "&response_type=code&scope=snsapi_base&state=f00d#wechat_redirect"
    )
    assert [name for name, _ in parse_qsl(urlsplit(address).query)] == [
        "appid",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ]


@pytest.mark.parametrize(
    "state", ["", "a-b", "a b", "好", "x" * 129, "a\n", "a&scope=snsapi_userinfo"]
)
def test_a_state_that_the_platform_would_not_hand_back_is_none(authorization, state):
    with pytest.raises(ValueError, match="letters and digits"):
        authorization.address(BACK, state)


def test_the_visitor_is_asked_for_with_the_code(server, authorization):
    server.on(EXCHANGE, comes_back(scope="snsapi_base"))

    assert authorization.visitor_of(CODE) == Visitor(OPENID, is_snapshot=False)
    (call,) = server.calls
    assert (call.method, call.params) == (
        "GET",
        {"appid": APP_ID, "secret": SECRET, "code": CODE, "grant_type": "authorization_code"},
    )


def test_a_snapshot_is_a_visitor_who_may_not_be_remembered(server, authorization):
    server.on(EXCHANGE, comes_back(is_snapshotuser=1))

    assert authorization.visitor_of(CODE).is_snapshot


@pytest.mark.parametrize("errcode", [40029, 40163, 42003, 41008])
def test_a_code_that_counts_no_more_is_told_apart(server, authorization, errcode):
    server.on(EXCHANGE, refuses(errcode, f"invalid code {CODE}"))

    error = failure(authorization.visitor_of, CODE)

    assert (type(error), error.errcode, error.reaction) == (
        CodeSpent,
        errcode,
        Reaction.PERMANENT,
    )
    assert error.request_id is not None
    assert CODE not in str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refuses(40125), ApiError),
        (refuses(-1), ApiError),
        (raw(b"<html>"), ApiUnclear),
        (raw(b""), ApiUnclear),
        (answers(errcode=0, errmsg="ok"), ApiUnclear),
        (answers(openid=""), ApiUnclear),
        (answers(openid=None), ApiUnclear),
        (raw(b'{"openid": "o'), ApiUnclear),
    ],
)
def test_anything_else_is_an_error_and_never_a_visitor(server, authorization, reply, kind):
    server.on(EXCHANGE, reply)

    assert type(failure(authorization.visitor_of, CODE)) is kind


def test_a_platform_that_hangs_keeps_no_reader_waiting_for_long(server, authorization):
    server.on(EXCHANGE, server.hang)

    assert isinstance(failure(authorization.visitor_of, CODE), ApiUnclear)


def test_a_platform_that_is_away_is_left_alone_after_a_while(server, authorization):
    server.on(EXCHANGE, raw(b""))

    errors = [failure(authorization.visitor_of, CODE) for _ in range(8)]

    assert isinstance(errors[-1], ApiUnsent)
    assert len(server.calls) == 5


def test_s104_neither_secret_nor_code_nor_reader_is_shown(server, authorization, caplog):
    caplog.set_level(logging.DEBUG)
    server.on(EXCHANGE, comes_back(), refuses(40163, SECRET))

    visitor = authorization.visitor_of(CODE)
    failure(authorization.visitor_of, CODE)

    for hidden in (SECRET, CODE, OPENID, "A" * 40):
        assert hidden not in caplog.text + repr(visitor) + repr(authorization)
