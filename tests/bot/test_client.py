"""The API client against answers of every kind."""

import itertools
import json
import logging
import socket
import threading
import traceback

import pytest
from wechatpy import WeChatClient as SdkClient

from bot.client import Clerk, Fetched, MemoryTokenStore, WeChatClient
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from bot.tokens import REFRESH_EVERY, TOKEN_MARGIN
from tests.bot.api_server import OK, answers, api_server, cut, raw, refuses, reset
from tests.bot.pushes import APP_ID, OPENID

pytestmark = pytest.mark.timeout(10)  # what waits for ever has failed

SECRET = "5ecre7" * 5
SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/token"
STABLE = "/cgi-bin/stable_token"
MEDIA = "/cgi-bin/media/get"
HELLO = {"msgtype": "text", "text": {"content": "三楼"}}


def token(n: int) -> str:
    return f"{n}_TOKEN-" + "t" * 120


def grants(n: int, expires_in: int = 7200):
    return answers(access_token=token(n), expires_in=expires_in)


@pytest.fixture
def server():
    with api_server() as running:
        running.on(TOKEN, *(grants(n) for n in range(1, 50)))
        running.on(STABLE, *(grants(n) for n in range(1, 50)))
        yield running


def client_of(url, *, tokens=None, **options):
    options = {"stable_token": False, "connect_timeout": 1, "read_timeout": 2} | options
    return WeChatClient(APP_ID, SECRET, url, tokens or MemoryTokenStore(), **options)


def held() -> MemoryTokenStore:
    """A store that has its token, so that the message itself is the first to go out."""
    store = MemoryTokenStore()
    store.refresh(None, lambda: Fetched(token(1), 7200))
    return store


@pytest.fixture
def client(server):
    return client_of(server.url)


def failure(call, *args, **options) -> ApiError:
    with pytest.raises(ApiError) as caught:
        call(*args, **options)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    for secret in (SECRET, "TOKEN-tttt", OPENID, "access_token="):
        assert secret not in shown.replace(__file__, "")
    return caught.value


# --- the calls -------------------------------------------------------------------------------


def test_a_message_goes_out_in_plain_utf8(server, client):
    server.on(SEND, OK)

    client.send_custom(OPENID, HELLO)

    (call,) = server.to(SEND)
    assert call.params == {"access_token": token(1)}
    assert call.json == {"touser": OPENID, **HELLO}
    assert "三楼".encode() in call.body
    assert b"\\u" not in call.body


def test_typing_is_shown_and_taken_back(server, client):
    server.on("/cgi-bin/message/custom/typing", OK)

    client.typing(OPENID)
    client.typing(OPENID, is_typing=False)

    assert [c.json["command"] for c in server.calls[1:]] == ["Typing", "CancelTyping"]


def test_a_template_message_returns_its_64_bit_id(server, client):
    server.on("/cgi-bin/message/template/send", answers(errcode=0, msgid=2001638361234567890))

    msgid = client.send_template(OPENID, "T" * 43, "https://d.example/1", {"thing2": "卡纸"}, "n-1")

    assert msgid == 2001638361234567890
    assert server.calls[-1].json == {
        "touser": OPENID,
        "template_id": "T" * 43,
        "url": "https://d.example/1",
        "client_msg_id": "n-1",
        "data": {"thing2": {"value": "卡纸"}},
    }


def test_menus_are_made_matched_read_and_deleted(server, client):
    menu = {"button": [{"type": "click", "name": "报修", "key": "REPORT"}]}
    server.on("/cgi-bin/menu/create", OK)
    server.on("/cgi-bin/menu/addconditional", answers(menuid="208379533"))
    server.on("/cgi-bin/menu/trymatch", answers(**menu))
    server.on("/cgi-bin/menu/get", answers(menu=menu), refuses(46003))
    server.on("/cgi-bin/menu/delete", OK)

    client.create_menu(menu)
    assert client.add_conditional_menu({**menu, "matchrule": {"tag_id": "100"}}) == "208379533"
    assert client.try_match(OPENID) == menu["button"]
    assert client.get_menus() == {"menu": menu}
    assert client.get_menus() is None
    client.delete_menus()

    assert server.to("/cgi-bin/menu/create")[0].json == menu
    assert server.to("/cgi-bin/menu/trymatch")[0].json == {"user_id": OPENID}


def test_tags_are_made_listed_put_on_and_taken_off(server, client):
    server.on("/cgi-bin/tags/create", answers(tag={"id": 100, "name": "工程师"}))
    server.on("/cgi-bin/tags/get", answers(tags=[{"id": 100, "name": "工程师", "count": 1}]))
    server.on("/cgi-bin/tags/members/batchtagging", OK)
    server.on("/cgi-bin/tags/members/batchuntagging", OK)
    server.on("/cgi-bin/tags/getidlist", answers(tagid_list=[100, 2]))
    people = [f"oDesk{n:023d}" for n in range(120)]

    assert client.create_tag("工程师") == 100
    assert client.list_tags() == {"工程师": 100}
    client.tag_people(100, people)
    client.untag_people(100, people[:1])
    assert client.tags_of(OPENID) == [100, 2]

    groups = [c.json["openid_list"] for c in server.to("/cgi-bin/tags/members/batchtagging")]
    assert [len(group) for group in groups] == [50, 50, 20]
    assert list(itertools.chain(*groups)) == people
    assert server.calls[-1].json == {"openid": OPENID}


def test_the_desk_is_asked_and_sessions_are_opened_and_closed(server, client):
    server.on(
        "/cgi-bin/customservice/getonlinekflist",
        answers(kf_online_list=[{"kf_account": "desk1@itdesk", "status": 1, "accepted_case": 2}]),
    )
    server.on("/customservice/kfsession/create", OK)
    server.on("/customservice/kfsession/close", refuses(65413))
    server.on(
        "/customservice/kfsession/getsession",
        answers(createtime=1, kf_account="desk1@itdesk"),
        answers(createtime=0, kf_account=""),
    )

    assert client.kf_online() == [Clerk("desk1@itdesk", 1, 2)]
    client.kf_create_session(OPENID, "desk1@itdesk")
    assert client.kf_session_of(OPENID) == "desk1@itdesk"
    assert client.kf_session_of(OPENID) is None
    assert failure(client.kf_close_session, OPENID, "desk1@itdesk").errcode == 65413
    assert server.to("/customservice/kfsession/create")[0].json == {
        "openid": OPENID,
        "kf_account": "desk1@itdesk",
    }


def test_people_codes_and_networks(server, client):
    server.on("/cgi-bin/user/info", answers(subscribe=0, openid=OPENID))
    server.on("/cgi-bin/user/info/updateremark", OK)
    server.on("/cgi-bin/getcallbackip", answers(ip_list=["127.0.0.1", "101.226.103.0/25"]))
    server.on("/cgi-bin/qrcode/create", answers(ticket="gQH4==", url="http://weixin.qq.com/q/1"))

    assert client.user_info(OPENID)["subscribe"] == 0
    client.update_remark(OPENID, "王芳")
    assert client.callback_ips() == ["127.0.0.1", "101.226.103.0/25"]
    assert client.create_qr("bind:7f3a", 600).ticket == "gQH4=="
    assert client.create_qr("door:1", None).url == "http://weixin.qq.com/q/1"
    assert [c.json["action_name"] for c in server.to("/cgi-bin/qrcode/create")] == [
        "QR_STR_SCENE",
        "QR_LIMIT_STR_SCENE",
    ]


def test_s138_an_upload_sent_again_is_not_empty(server, client):
    server.on(
        "/cgi-bin/media/upload", refuses(42001), answers(type="image", media_id="m-1", created_at=1)
    )

    assert client.upload_media("image", b"\xff\xd8\xff picture", "a.jpg") == "m-1"

    for call in server.to("/cgi-bin/media/upload"):
        assert b"\xff\xd8\xff picture" in call.body
        assert call.params["type"] == "image"


# --- R-050: what is not an answer ------------------------------------------------------------

NOT_ANSWERS = {
    "html": raw(b"<html>502 Bad Gateway</html>"),
    "html with 502": raw(b"<html>502 Bad Gateway</html>", status=502),
    "empty": raw(b""),
    "empty with 500": raw(b"", status=500),
    "truncated json": raw(b'{"errcode":0,"errm'),
    "cut body": cut,
    "reset": reset,
    "a list": raw(b"[]"),
    "a word": raw(b'"ok"'),
    "null": raw(b"null"),
    "no errcode": raw(b"{}"),
    "errcode null": raw(b'{"errcode":null}'),
    "errcode false": raw(b'{"errcode":false}'),
    "ok with 500": raw(b'{"errcode":0,"errmsg":"ok"}', status=500),
    "nested too deep": raw(b'{"a":' + b"[" * 100_000),
    "not utf-8": raw(b"\xff\xfe\x00"),
    "false gzip": raw(b"not gzip", Content_Encoding="gzip"),
    "too large": raw(b" " * (2 * 1024 * 1024 + 1)),
    "redirect": raw(b"", status=302, Location="/cgi-bin/elsewhere"),
    "redirect with ok": raw(b'{"errcode":0}', status=307, Location="/cgi-bin/elsewhere"),
}


@pytest.mark.parametrize("name", NOT_ANSWERS)
def test_r050_what_is_not_an_answer_is_unclear_and_sent_once(server, client, name):
    server.on(SEND, NOT_ANSWERS[name])
    server.on("/cgi-bin/elsewhere", OK)

    assert type(failure(client.send_custom, OPENID, HELLO)) is ApiUnclear
    assert len(server.to(SEND)) == 1
    assert not server.to("/cgi-bin/elsewhere")


QUERIES = {
    "callback_ips": ("/cgi-bin/getcallbackip", ()),
    "list_tags": ("/cgi-bin/tags/get", ()),
    "create_tag": ("/cgi-bin/tags/create", ("工程师",)),
    "tags_of": ("/cgi-bin/tags/getidlist", (OPENID,)),
    "try_match": ("/cgi-bin/menu/trymatch", (OPENID,)),
    "add_conditional_menu": ("/cgi-bin/menu/addconditional", ({"button": []},)),
    "get_menus": ("/cgi-bin/menu/get", ()),
    "user_info": ("/cgi-bin/user/info", (OPENID,)),
    "create_qr": ("/cgi-bin/qrcode/create", ("bind:1", 60)),
    "kf_online": ("/cgi-bin/customservice/getonlinekflist", ()),
    "kf_session_of": ("/customservice/kfsession/getsession", (OPENID,)),
    "upload_media": ("/cgi-bin/media/upload", ("image", b"x", "a.jpg")),
    "download_media": (MEDIA, ("m-1",)),
    "send_template": ("/cgi-bin/message/template/send", (OPENID, "T", None, {}, "n")),
    "create_menu": ("/cgi-bin/menu/create", ({"button": []},)),
    "delete_menus": ("/cgi-bin/menu/delete", ()),
    "typing": ("/cgi-bin/message/custom/typing", (OPENID,)),
    "update_remark": ("/cgi-bin/user/info/updateremark", (OPENID, "x")),
    "kf_create_session": ("/customservice/kfsession/create", (OPENID, "a@b")),
    "kf_close_session": ("/customservice/kfsession/close", (OPENID, "a@b")),
    "tag_people": ("/cgi-bin/tags/members/batchtagging", (100, [OPENID])),
    "untag_people": ("/cgi-bin/tags/members/batchuntagging", (100, [OPENID])),
}
_ONLY_ERRCODE = {
    "send_template",
    "create_menu",
    "delete_menus",
    "typing",
    "update_remark",
    "kf_create_session",
    "kf_close_session",
    "tag_people",
    "untag_people",
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("fault", ["html", "empty", "truncated json", "cut body", "no errcode"])
def test_r050_every_call_knows_an_answer_from_a_page(server, client, name, fault):
    path, arguments = QUERIES[name]
    server.on(path, NOT_ANSWERS[fault])

    assert isinstance(failure(getattr(client, name), *arguments), ApiUnclear)


@pytest.mark.parametrize("name", QUERIES.keys() - _ONLY_ERRCODE)
def test_r050_ok_without_the_wanted_field_is_no_success(server, client, name):
    path, arguments = QUERIES[name]
    server.on(path, OK)

    assert isinstance(failure(getattr(client, name), *arguments), ApiUnclear)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("list_tags", {"tags": [{"name": "x"}]}),
        ("list_tags", {"tags": [1]}),
        ("list_tags", {"tags": [{"name": "x", "id": "y"}]}),
        ("create_tag", {"tag": {}}),
        ("tags_of", {"tagid_list": ["x"]}),
        ("try_match", {"button": [1]}),
        ("callback_ips", {"ip_list": {}}),
        ("user_info", {"openid": 1}),
    ],
)
def test_r050_an_answer_of_another_shape_is_unclear(server, client, name, answer):
    path, arguments = QUERIES[name]
    server.on(path, answers(**answer))

    assert type(failure(getattr(client, name), *arguments)) is ApiUnclear


def test_answers_are_utf8_whatever_the_header_says(server, client):
    body = '{"subscribe":1,"openid":"o","remark":"王\x01芳"}'.encode()
    server.on("/cgi-bin/user/info", raw(body, Content_Type="application/json; charset=latin-1"))

    assert client.user_info(OPENID)["remark"] == "王\x01芳"


# --- R-051: time -----------------------------------------------------------------------------


def test_r051_no_answer_in_time_is_unclear(server):
    client = client_of(server.url, read_timeout=0.2)
    server.on(SEND, server.hang)

    assert type(failure(client.send_custom, OPENID, HELLO)) is ApiUnclear


def test_r051_an_answer_that_drips_is_unclear(server):
    client = client_of(server.url, connect_timeout=0.1, read_timeout=0.2)
    server.on(SEND, server.drip)

    assert type(failure(client.send_custom, OPENID, HELLO)) is ApiUnclear


def test_r051_nobody_at_home_is_unsent():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = client_of(f"http://127.0.0.1:{unused.getsockname()[1]}", tokens=held())

        error = failure(client.send_custom, OPENID, HELLO)

    assert (type(error), error.path) == (ApiUnsent, SEND)


def test_r051_a_door_that_never_opens_is_unsent():
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = client_of(
            f"http://127.0.0.1:{full.getsockname()[1]}",
            tokens=held(),
            connect_timeout=0.2,
            read_timeout=0.2,
        )

        error = failure(client.send_custom, OPENID, HELLO)

    assert (type(error), error.path) == (ApiUnsent, SEND)


def test_r051_a_name_that_does_not_resolve_is_unsent(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = failure(client_of("https://api.example", tokens=held()).send_custom, OPENID, HELLO)

    assert (type(error), error.path) == (ApiUnsent, SEND)


@pytest.mark.parametrize("fault", ["html", "empty", "cut body", "reset", "hang"])
def test_r051_without_a_token_the_call_was_surely_not_made(server, fault):
    client = client_of(server.url, read_timeout=0.2)
    server.on(TOKEN, server.hang if fault == "hang" else NOT_ANSWERS[fault])

    assert type(failure(client.send_custom, OPENID, HELLO)) is ApiUnsent
    assert not server.to(SEND)


# --- R-052, R-053, R-054: tokens -------------------------------------------------------------


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
@pytest.mark.parametrize("is_stable", [False, True])
def test_r052_a_refused_token_is_renewed_once(server, errcode, is_stable):
    client = client_of(server.url, stable_token=is_stable, tokens=EagerStore())
    server.on(SEND, refuses(errcode), OK)

    client.send_custom(OPENID, HELLO)

    assert [c.params["access_token"] for c in server.to(SEND)] == [token(1), token(2)]


class EagerStore(MemoryTokenStore):
    """Without the pause between refreshes: what the client itself may cost."""

    def __init__(self):
        self._now = 0.0
        super().__init__(lambda: self._now)

    def refresh(self, rejected, fetch):
        self._now += REFRESH_EVERY
        return super().refresh(rejected, fetch)


@pytest.mark.parametrize("is_stable", [False, True])
def test_r053_a_token_refused_for_ever_costs_one_call_two_fetches_at_most(server, is_stable):
    client = client_of(server.url, stable_token=is_stable, tokens=EagerStore())
    server.on(SEND, refuses(40001))

    error = failure(client.send_custom, OPENID, HELLO)

    assert (error.errcode, error.reaction) == (40001, Reaction.REFRESH_TOKEN)
    assert len(server.to(SEND)) == 2
    assert len(server.to(TOKEN) + server.to(STABLE)) == 2


def test_r053_a_hundred_refusals_in_a_minute_renew_the_token_once(server):
    now = [0.0]
    client = client_of(server.url, tokens=MemoryTokenStore(lambda: now[0]))
    server.on(SEND, refuses(40001))

    for n in range(100):
        now[0] = n * (REFRESH_EVERY - 1) / 100
        failure(client.send_custom, OPENID, HELLO)

    assert len(server.to(TOKEN)) == 2  # the first one, and one renewal


def test_r053_ten_minutes_of_refusals_fetch_at_most_twelve_tokens(server):
    now = [0.0]
    client = client_of(server.url, tokens=MemoryTokenStore(lambda: now[0]))
    server.on(SEND, refuses(40001))

    for second in range(0, 600, 5):
        now[0] = float(second)
        failure(client.send_custom, OPENID, HELLO)

    assert 2 <= len(server.to(TOKEN)) <= 12


def test_a_stable_token_that_the_platform_still_believes_in_is_forced_out(server):
    """Once it was handed out again, and rejected again a minute later."""
    server.on(STABLE, grants(1), grants(1), grants(2))
    server.on(SEND, refuses(40001), refuses(40001), refuses(40001), OK)
    store = EagerStore()

    failure(client_of(server.url, stable_token=True, tokens=store).send_custom, OPENID, HELLO)
    client_of(server.url, stable_token=True, tokens=store).send_custom(OPENID, HELLO)

    assert [c.json["force_refresh"] for c in server.to(STABLE)] == [False, False, True]


def test_r052_a_stable_token_that_was_refused_by_a_slip_is_tried_once_more(server):
    """The platform hands out the same token again: then the refusal was not about it."""
    server.on(STABLE, grants(1))
    server.on(SEND, refuses(40001), OK)

    client_of(server.url, stable_token=True).send_custom(OPENID, HELLO)

    assert len(server.to(SEND)) == 2
    assert [c.json["force_refresh"] for c in server.to(STABLE)] == [False, False]


@pytest.mark.parametrize("errcode", [40001, 40013, 40125, 40164, 40243, 45009])
@pytest.mark.parametrize("is_stable", [False, True])
def test_r054_a_refused_secret_or_address_is_not_tried_again(server, errcode, is_stable):
    client = client_of(server.url, stable_token=is_stable)
    server.on(TOKEN, refuses(errcode, "invalid ip 203.0.113.9"))
    server.on(STABLE, refuses(errcode, "invalid ip 203.0.113.9"))

    error = failure(client.send_custom, OPENID, HELLO)

    assert (type(error), error.errcode) == (ApiUnsent, errcode)  # nothing is wrong with the message
    assert "203.0.113.9" in str(error)
    assert error.until is not None
    assert failure(client.send_custom, OPENID, HELLO).until is not None
    assert len(server.calls) == 1


def test_the_plain_and_the_stable_token_are_asked_for_as_documented(server):
    server.on(SEND, OK)
    client_of(server.url).send_custom(OPENID, HELLO)
    client_of(server.url, stable_token=True).send_custom(OPENID, HELLO)

    (plain,), (stable,) = server.to(TOKEN), server.to(STABLE)
    asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
    assert (plain.method, plain.params) == ("GET", asked)
    assert (stable.method, stable.json) == ("POST", asked | {"force_refresh": False})
    assert stable.params == {}


def test_s138_many_threads_fetch_one_token(server):
    client = client_of(server.url)
    server.on(SEND, OK)
    barrier = threading.Barrier(16)

    def send():
        barrier.wait()
        client.send_custom(OPENID, HELLO)

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.to(SEND)) == 16
    assert len(server.to(TOKEN)) == 1


def test_a_token_is_not_used_in_its_last_minute():
    now = [0.0]
    store = MemoryTokenStore(lambda: now[0])
    store.refresh(None, lambda: Fetched("a", 7200))

    now[0] = 7200 - TOKEN_MARGIN - 1
    assert store.current() == "a"
    now[0] = 7200 - TOKEN_MARGIN
    assert store.current() is None
    assert store.refresh("a", lambda: Fetched("b", 7200)) == "b"


def test_one_report_of_an_old_token_does_not_replace_a_new_one():
    store = MemoryTokenStore()
    store.refresh(None, lambda: Fetched("new", 7200))

    assert store.refresh("old", lambda: Fetched("never", 7200)) == "new"


# --- other refusals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errcode", "reaction"),
    [
        (-1, Reaction.RETRY),
        (45009, Reaction.RETRY_TOMORROW),
        (45015, Reaction.UNREACHABLE),
        (47003, Reaction.PERMANENT),
        (48001, Reaction.MISCONFIGURED),
        (12345, Reaction.UNKNOWN),
    ],
)
def test_r055_to_r061_a_refusal_keeps_its_code_and_is_sent_once(server, client, errcode, reaction):
    server.on(SEND, refuses(errcode, f"hint for {OPENID}"))

    error = failure(client.send_custom, OPENID, HELLO)

    assert (error.errcode, error.reaction, error.path) == (errcode, reaction, SEND)
    assert not isinstance(error, ApiUnclear | ApiUnsent)
    assert len(server.to(SEND)) == 1


def test_a_code_sent_as_text_counts(server, client):
    server.on(SEND, answers(errcode="45015", errmsg="x"), answers(errcode="0"))

    assert failure(client.send_custom, OPENID, HELLO).errcode == 45015
    client.send_custom(OPENID, HELLO)


# --- R-066: media ----------------------------------------------------------------------------

JPEG = b"\xff\xd8\xff\xe0 photo"


def test_r066_media_are_typed_by_content(server, client):
    server.on(
        MEDIA,
        raw(JPEG, Content_Type="text/html", Content_Disposition='attachment; filename="a.jpg"'),
    )

    got = client.download_media("m-1")

    assert (got.content, got.content_type, got.filename) == (JPEG, "image/jpeg", "a.jpg")
    assert server.to(MEDIA)[0].params["media_id"] == "m-1"


@pytest.mark.parametrize(
    "header", ['filename="../../x.jpg"', "filename=", "filename=é", "x", 'filename="a\\"b"']
)
def test_a_file_name_from_outside_is_never_a_path(server, client, header):
    server.on(MEDIA, raw(JPEG, Content_Disposition=header.encode().decode("latin-1")))

    assert "/" not in client.download_media("m-1").filename


@pytest.mark.parametrize(
    ("reply", "kind", "reaction"),
    [
        (refuses(40007), ApiError, Reaction.PERMANENT),
        (raw(b"<html>busy</html>"), ApiUnclear, Reaction.UNKNOWN),
        (raw(b""), ApiUnclear, Reaction.UNKNOWN),
        (raw(JPEG, status=500), ApiUnclear, Reaction.UNKNOWN),
        (raw(JPEG, length=500), ApiUnclear, Reaction.UNKNOWN),
        (raw(bytes(20 * 1024 * 1024 + 1)), ApiError, Reaction.PERMANENT),
    ],
    ids=["expired", "html", "empty", "500", "cut", "20 MB and one"],
)
def test_r066_what_is_no_medium_is_an_error(server, client, reply, kind, reaction):
    server.on(MEDIA, reply)

    error = failure(client.download_media, "m-1")

    assert type(error) is kind
    assert error.reaction is reaction


def test_r066_a_refused_token_is_renewed_for_media_too(server):
    client = client_of(server.url, tokens=EagerStore())
    server.on(MEDIA, refuses(40001), raw(JPEG))

    assert client.download_media("m-1").content == JPEG


def test_a_film_is_fetched_from_its_own_address_without_the_token(server, client):
    film = b"\x00\x00\x00\x18ftypmp42"
    server.on(MEDIA, answers(video_url=f"{server.url}/film?x=1"))
    server.on("/film", raw(film))

    assert client.download_media("m-1").content_type == "video/mp4"
    assert "access_token" not in server.to("/film")[0].params


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/film",
        "http://127.0.0.2:{port}/film",
        "http://[::1]:{port}/film",
        "http://qq.com.evil.example/film",
        "http://evilqq.com/film",
        "file:///etc/passwd",
        "http://[::1",
        "http://127.0.0.1:{port}@evil.example/film",
    ],
)
def test_h14_a_film_on_a_foreign_host_is_not_fetched(server, client, url):
    server.on(MEDIA, answers(video_url=url.format(port=server.url.rsplit(":")[-1])))
    server.on("/film", raw(b"\x00\x00\x00\x18ftypmp42"))

    failure(client.download_media, "m-1")

    assert not server.to("/film")


# --- secrets, connections --------------------------------------------------------------------


def test_s104_nothing_secret_is_logged_even_at_debug(server, client, caplog):
    caplog.set_level(logging.DEBUG)
    server.on(SEND, OK, refuses(40001, SECRET), cut, reset, raw(b"<html>"))
    server.on(MEDIA, raw(JPEG))

    client.send_custom(OPENID, HELLO)
    client.download_media("m-1")
    for _ in range(4):
        failure(client.send_custom, OPENID, HELLO)

    for secret in (SECRET, "TOKEN-tttt", OPENID):
        assert secret not in caplog.text
    assert SECRET not in repr(client) + repr(Fetched(SECRET, 1))


def test_connections_are_kept_and_used_again(server, client):
    server.on(SEND, OK)

    for _ in range(20):
        client.send_custom(OPENID, HELLO)

    assert len({call.port for call in server.calls}) == 1


def test_cookies_and_proxies_of_the_surroundings_are_ignored(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client = client_of(server.url)
    server.on(SEND, raw(b'{"errcode":0}', Set_Cookie="a=b"))

    client.send_custom(OPENID, HELLO)
    client.send_custom(OPENID, HELLO)

    assert all("Cookie" not in call.headers for call in server.calls)


def test_h04_our_clock_is_compared_with_theirs(server, client):
    server.on(SEND, OK)
    assert client.clock_skew is None

    client.send_custom(OPENID, HELLO)

    assert client.clock_skew is not None
    assert abs(client.clock_skew.total_seconds()) < 60


@pytest.mark.parametrize("url", ["", "api.weixin.qq.com", "ftp://x", "http://", "file:///x"])
def test_an_address_that_is_none_stops_the_start(url):
    with pytest.raises(ValueError):
        client_of(url)


def test_s138_wechatpys_own_requests_are_never_made(server, client):
    """Its session, token and retry code stay unused: the guards cannot be walked round."""
    server.on(SEND, OK)
    sdk = client._sdk

    assert sdk.auto_retry is False
    assert sdk.access_token == ""
    assert type(sdk)._request is not SdkClient._request
    with pytest.raises(ValueError, match="not a call"):
        sdk.get("https://elsewhere.example/x")
    assert json.dumps(server.calls) == "[]"
