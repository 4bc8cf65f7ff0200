"""Each answer of the platform over HTTP, and what a caller needs to know of it (R-050…R-061)."""

import logging
import traceback

import pytest

from bot.client import MemoryTokenStore
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Hindrance, Reaction
from bot.oauth import WebAuthorization
from bot.transport import Transport
from logs import set_up
from tests.bot.api_client import HELLO, SECRET, SEND, TEMPLATE, TOKEN, client_of, failure
from tests.bot.api_server import OK, answers, api_server, cut, raw, refuses, reset
from tests.bot.pushes import APP_ID, OPENID

CODE = "CODE-0a1b2c3d4e5f6a7b8c9d0e1f2a"
RID = "65d46579-2cdf0712-588f4db2"  # what the scripted server writes behind each errmsg


@pytest.fixture
def server():
    with api_server() as running:
        running.on("/cgi-bin/token", answers(access_token="TOKEN-" + "t" * 120, expires_in=7200))
        yield running


@pytest.mark.parametrize(
    ("errcode", "reaction", "hindrance"),
    [
        (-1, Reaction.RETRY, None),
        (45011, Reaction.RETRY, None),
        (43117, Reaction.RETRY, None),
        (45009, Reaction.RETRY_TOMORROW, None),
        (45015, Reaction.UNREACHABLE, Hindrance.WINDOW_SHUT),
        (45047, Reaction.UNREACHABLE, Hindrance.WINDOW_USED_UP),
        (43004, Reaction.UNREACHABLE, Hindrance.NOT_FOLLOWING),
        (40003, Reaction.UNREACHABLE, Hindrance.NOT_FOLLOWING),
        (50005, Reaction.UNREACHABLE, Hindrance.NOT_FOLLOWING),
        (50002, Reaction.UNREACHABLE, Hindrance.BLOCKED),
        (48002, Reaction.UNREACHABLE, Hindrance.BLOCKED),
        (43019, Reaction.UNREACHABLE, Hindrance.BLOCKED),
        (43101, Reaction.UNREACHABLE, Hindrance.DECLINED),
        (48001, Reaction.MISCONFIGURED, None),
        (45087, Reaction.MISCONFIGURED, None),
        (43116, Reaction.MISCONFIGURED, None),
        (40037, Reaction.MISCONFIGURED, None),
        (47003, Reaction.PERMANENT, None),
        (45002, Reaction.PERMANENT, None),
        (87014, Reaction.PERMANENT, None),
        (12345, Reaction.UNKNOWN, None),
    ],
)
def test_a_refusal_tells_code_reaction_hindrance_and_request(server, errcode, reaction, hindrance):
    client = client_of(server.url)
    server.on(TEMPLATE, refuses(errcode, f"hint for {OPENID}"))

    error = failure(client.send_template, OPENID, "T" * 43, None, {}, "n1")

    assert (error.errcode, error.reaction, error.hindrance) == (errcode, reaction, hindrance)
    assert (error.path, error.request_id) == (TEMPLATE, RID)
    assert not isinstance(error, ApiUnclear | ApiUnsent)
    assert len(server.calls) == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_r052_a_storm_of_refused_tokens_costs_one_renewal_and_one_more_call(server, errcode):
    client = client_of(server.url)
    server.on("/cgi-bin/token", *(answers(access_token=f"T{n}", expires_in=7200) for n in range(9)))
    server.on(SEND, refuses(errcode))

    errors = [failure(client.send_custom, OPENID, HELLO) for _ in range(50)]

    assert (errors[0].reaction, errors[0].request_id) == (Reaction.REFRESH_TOKEN, RID)
    assert all(isinstance(error, ApiUnsent) and error.until for error in errors[1:])
    assert len(server.to("/cgi-bin/token")) == 1
    assert len(server.to(SEND)) == 2


PLANTED = f"{SECRET} {TOKEN} {OPENID}"
FAULTS = {
    "html": raw(f"<html>{PLANTED}</html>".encode()),
    "502": raw(PLANTED.encode(), status=502),
    "empty": raw(b""),
    "cut": cut,
    "reset": reset,
    "truncated": raw(b'{"errcode":0,"errm'),
    "list": raw(b"[]"),
    "redirect": raw(b"", status=302, Location=f"https://elsewhere.example/?{PLANTED}"),
    "false gzip": raw(PLANTED.encode(), Content_Encoding="gzip"),
    "too large": raw(b" " * (2 * 1024 * 1024 + 1)),
    **{
        f"code {code}": refuses(code, f"{PLANTED}")
        for code in (
            40001,
            40014,
            42001,
            -1,
            45009,
            45011,
            45015,
            43004,
            48001,
            47003,
            40164,
            99999,
        )
    },
}
CALLS = {
    "message": lambda client: client.send_custom(OPENID, HELLO),
    "template": lambda client: client.send_template(OPENID, "T" * 43, None, {"a": OPENID}, "n1"),
    "query": lambda client: client.user_info(OPENID),
    "picture": lambda client: client.upload_media("image", b"x", f"{OPENID}.jpg"),
    "media": lambda client: client.download_media(f"media-{OPENID}"),
    "session": lambda client: client.kf_session_of(OPENID),
}
PATHS = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/user/info",
    "/cgi-bin/media/upload",
    "/cgi-bin/media/get",
    "/customservice/kfsession/getsession",
    "/cgi-bin/token",
    "/cgi-bin/stable_token",
    "/sns/oauth2/access_token",
)


def shown(error) -> str:
    """Everything that a log or an error page could make of an exception."""
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(inner)
    texts = [f"{each} {each!r} {each.args} {vars(each)}" for each in chain]
    return "".join(traceback.format_exception(error)) + "".join(texts)


@pytest.mark.parametrize("name", FAULTS)
def test_s104_no_failure_shows_token_secret_or_reader_anywhere(server, name, caplog, capfd):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up("DEBUG")
    root.addHandler(caplog.handler)
    try:
        seen = _all_failures(server, FAULTS[name])
    finally:
        root.handlers[:], root.level = handlers, level

    seen += caplog.text + "".join(capfd.readouterr())
    for hidden in (SECRET, TOKEN, "TOKEN-tttt", OPENID, "access_token=", CODE):
        assert hidden not in seen.replace(__file__, "")


def _all_failures(server, fault) -> str:
    for path in PATHS:
        server.on(path, fault)
    seen = ""
    for tokens in (None, MemoryTokenStore(), MemoryTokenStore()):
        client = client_of(server.url, tokens=tokens, stable_token=tokens is None)
        for call in CALLS.values():
            with pytest.raises(ApiError) as caught:
                call(client)
            logging.getLogger("test").error("call_failed", exc_info=caught.value)
            logging.getLogger("test").error("call_failed %s %r", caught.value, caught.value)
            seen += shown(caught.value) + repr(client)
    pages = WebAuthorization(APP_ID, SECRET, "https://o.example", Transport(server.url))
    with pytest.raises(ApiError) as caught:
        pages.visitor_of(CODE)
    return seen + shown(caught.value) + repr(pages)


def test_the_search_above_would_find_what_it_looks_for(server):
    """With a client that quotes what it was told, it fails."""
    error = ApiError("/x", Reaction.UNKNOWN)
    error.args = (f"https://api.example/?access_token={TOKEN}",)

    assert TOKEN in shown(error)


def test_a_message_that_arrives_is_no_failure(server):
    client = client_of(server.url)
    server.on(SEND, OK)

    client.send_custom(OPENID, HELLO)

    assert client.closed_until(SEND) is None
