"""Whoever knocks at the open port: refused or answered kindly, no 5xx, and no word in a log."""

import http.client
import time
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.bot.pushes import (
    ACCOUNT,
    AES_KEY,
    TOKEN,
    callback_xml,
    opened_reply,
    seal,
    sealed_push,
    sign,
    signed_query,
    text_xml,
)
from tests.e2e import story
from tests.e2e.processes import APP_SECRET, Server
from tests.faults.people import EVERYBODY, LIN
from tests.services.making import everything

SEND = "/cgi-bin/message/custom/send"
SECRET_WORDS = "口令是蓝色大象四十二"
PHONE = "13977778888"
SECRET_WORDS_ASCII = "blue-elephant-42"
DAY = 86400
UPKEEP = ("access_tokens", "api_usage", "alarms", "clerks", "people.tag", "people.remark")
HUNG_UP = 0  # in the middle of a body that is far too long

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


class Stranger:
    """Somebody with a socket, and what they sent that no log may hold."""

    def __init__(self, port):
        self._port = port
        self.signatures = set()

    def asks(self, method, path, body=b"", **headers):
        """Status and body of one request."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (BrokenPipeError, ConnectionResetError):
            return HUNG_UP, b""
        finally:
            line.close()

    def pushes(self, xml, *, stamp=None, **seals):
        return self.delivers(*sealed_push(seal(xml, **seals), timestamp=stamp or now()))

    def delivers(self, query, body):
        self.signatures |= {*query.get("signature", []), *query.get("msg_signature", [])}
        words = urlencode(query, doseq=True)
        return self.asks("POST", f"/wechat?{words}", body, **{"Content-Type": "text/xml"})


def now(later=0):
    return str(int(time.time()) + later)


def said(text="三楼打印机卡纸", *, at=None, msg_id=1, openid=LIN.openid):
    return text_xml(text, at=at or now(), msg_id=msg_id, openid=openid)


@pytest.fixture
def stranger(sqlite_world):
    return Stranger(sqlite_world.server.port)


def refused_pushes():
    """What is not the platform's, by name: a function that sends it."""
    bare = said(f"{SECRET_WORDS} {PHONE}", msg_id=7)

    def with_query(change):
        def send(stranger):
            query, body = sealed_push(seal(bare), timestamp=now())
            change(query)
            return stranger.delivers(query, body)

        return send

    def of(xml, **seals):
        return lambda stranger: stranger.pushes(xml, **seals)

    rest = bare.decode().removeprefix("<xml>")
    return {
        "H-02 wrong signature": with_query(lambda q: q.update(msg_signature=["0" * 40])),
        "H-02 no signature": with_query(lambda q: q.pop("msg_signature")),
        "H-02 signed twice": with_query(lambda q: q.update(signature=q["signature"] * 2)),
        "H-03 wrong AppID": of(bare, app_id="wxffffffffffffffff"),
        "H-04 sent yesterday": of(said(SECRET_WORDS, at=now(-2 * DAY))),
        "H-04 sent tomorrow": of(said(SECRET_WORDS, at=now(DAY))),
        "H-01 plain": lambda stranger: stranger.delivers(signed_query(now()), bare),
        "H-06 another key": of(bare, key="A" * 43),
        "H-07 XXE": of(f"{XXE}<xml><MsgId>&f;</MsgId>{rest}".encode()),
        "H-07 entity bomb": of(f"{BOMB}<xml><Content>&c;</Content>{rest}".encode()),
        "H-07 XXE around": lambda stranger: stranger.delivers(
            *around(f"{XXE}<xml><ToUserName>&f;</ToUserName><Encrypt>%s</Encrypt></xml>", bare)
        ),
        "H-07 entity bomb around": lambda stranger: stranger.delivers(
            *around(f"{BOMB}<xml><ToUserName>&c;</ToUserName><Encrypt>%s</Encrypt></xml>", bare)
        ),
        "H-08 no XML inside": of(SECRET_WORDS.encode()),
        "H-08 broken XML inside": of(bare[:-9]),
        "H-08 bytes that are no text": of(b"<xml>\xff\xfe\x00</xml>"),
        "H-08 length that lies": of(bare, length=2**31 - 1),
        "H-10 no sender": of(bare.replace(b"FromUserName", b"FromNobody")),
        "H-10 sender that is no openid": of(bare.replace(LIN.openid.encode(), b"' OR 1=1 --")),
        "H-10 another account": of(bare.replace(ACCOUNT.encode(), b"gh_ffffffffffff")),
        "H-10 time that is no number": of(said(at="soon")),
        "S-114 two megabytes": of(said("字" * 700_000)),
        "S-114 two megabytes of nothing": lambda stranger: stranger.delivers(
            signed_query(now()), b"x" * 2_000_000
        ),
    }


def around(outer, xml):
    sealed = seal(xml)
    query = signed_query(now())
    query["encrypt_type"] = ["aes"]
    query["msg_signature"] = [sign(TOKEN, query["timestamp"][0], query["nonce"][0], sealed)]
    return query, (outer % sealed).encode()


PATHS = [
    ("GET", "/wechat"),
    ("GET", "/wechat?signature=a&timestamp=b&nonce=c&echostr=%3Cscript%3E"),
    ("PUT", "/wechat"),
    ("DELETE", "/wechat"),
    ("PATCH", "/wechat"),
    ("TRACE", "/wechat"),
    ("POST", "/"),
    ("GET", "/nothing"),
    ("GET", "/wechat/../config.yaml"),
    ("GET", "/static/app.js"),
    ("GET", "/nothing?__debugger__=yes"),
    ("GET", "/%00"),
    ("GET", "/" + "a" * 4000),
    ("POST", "/wechat"),
    ("POST", "/readyz"),
]


def test_h01_h10_what_is_not_the_platforms_is_refused_and_leaves_nothing(sqlite_world, stranger):
    """H-01…H-10, S-095, S-114: 403 or 413, and no row, no spool line, no file."""
    world, refused = sqlite_world, refused_pushes()
    before = everything(world.database, but=UPKEEP)

    statuses = {name: send(stranger)[0] for name, send in refused.items()}

    allowed = {name: {403, 413, HUNG_UP} if "S-114" in name else {403} for name in statuses}
    assert {name: got for name, got in statuses.items() if got not in allowed[name]} == {}
    assert everything(world.database, but=UPKEEP) == before
    assert not list(world.folder.glob("spool/*/inbound.jsonl"))
    _, counted = stranger.asks("GET", "/metrics")
    assert b'itdesk_callbacks_total{outcome="refused_bad_signature"}' in counted


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_h12_h47_other_methods_and_paths_are_refused_alike(passer_by, method, path):
    """H-12, H-47, H-49: 4xx, short, without a trace of how it is made."""
    status, body = passer_by.asks(method, path)

    assert 400 <= status < 500, (status, body)
    assert len(body) < 200 and b"Traceback" not in body and b"script" not in body


@pytest.fixture(scope="module")
def passer_by(tmp_path_factory, sqlite_databases):
    """Somebody before a server that several tests share, with no platform behind it."""
    folder = tmp_path_factory.mktemp("passer-by")
    with sqlite_databases.migrated() as url:
        server = Server(folder, url, "http://127.0.0.1:9")
        server.start()
        try:
            yield Stranger(server.port)
        finally:
            server.kill()


def test_h06_h24_odd_messages_get_a_kind_answer(passer_by):
    """H-06, H-11, H-20, H-24: control characters, endless words, kinds that nobody knows yet."""
    odd = {
        "controls": said("打印机\x00\x01\x1f卡纸\x7f\u202e", msg_id=11),
        "emoji": said("🖨️👨‍👩‍👧‍👦 打印机卡纸 😡" * 20, msg_id=12),
        "long": said("打印机卡纸" * 130, msg_id=13),
        "an end of CDATA": said("打印机]]]]><![CDATA[>卡纸", msg_id=14),
        "markup": said('<a href="weixin://bizmsgmenu">点我</a> {{7*7}} %s {0}', msg_id=15),
        "an unknown kind": callback_xml(
            "<MsgType>hologram</MsgType><MsgId>16</MsgId>", openid=LIN.openid, at=now()
        ),
        "a file": callback_xml(
            "<MsgType>file</MsgType><Title>a.exe</Title><MsgId>17</MsgId>",
            openid=LIN.openid,
            at=now(),
        ),
        "a tap of nothing": callback_xml(
            "<MsgType>text</MsgType><Content>x</Content><bizmsgmenuid>9=drop table</bizmsgmenuid>"
            "<MsgId>18</MsgId>",
            openid=LIN.openid,
            at=now(),
        ),
    }
    for name, xml in odd.items():
        status, body = passer_by.pushes(xml)

        assert status == 200, name
        assert opened_reply(body).findtext("Content"), name
    unknown_event = callback_xml(
        "<MsgType>event</MsgType><Event>hologram_ended</Event>", openid=LIN.openid, at=now()
    )
    assert passer_by.pushes(unknown_event) == (200, b"success")


def test_s074_s104_no_log_holds_a_secret_a_person_or_their_words(sqlite_world, stranger):
    """S-033, S-074, S-104, H-50: the story, every refusal, a failing API; then the log is read."""
    world = sqlite_world
    world.sandbox.rules(
        api_faults=[{"path": SEND, "kind": "errcode", "errcode": 40001, "times": 1}]
    )
    story.tell(world)
    world.says(LIN, f"{SECRET_WORDS}，回电 {PHONE}")
    for send in refused_pushes().values():
        send(stranger)
    for method, path in PATHS:
        stranger.asks(method, f"{path}{'&' if '?' in path else '?'}code={SECRET_WORDS_ASCII}")
    world.sandbox.rules(api_faults=[{"path": "*", "kind": "html502", "times": 5}])
    world.says(LIN, f"打印机又坏了,{SECRET_WORDS}")
    world.settle()
    tokens = [line["request"] for line in world.journal("api")]
    assert tokens  # the API was asked, so tokens were in use
    world.server.stop()

    log = world.server.log.read_text(encoding="utf-8", errors="replace")

    assert "notice_delivered" in log  # what is read is the log of all of it
    for hidden in (TOKEN, AES_KEY, APP_SECRET, SECRET_WORDS, SECRET_WORDS_ASCII, PHONE):
        assert hidden not in log
    for somebody in EVERYBODY:
        for hidden in (somebody.openid, *somebody.marks):
            assert hidden not in log
    for words in (story.FAULT, story.WORK, "惠普打印机", "Traceback"):
        assert words not in log
    assert not [signature for signature in stranger.signatures if signature in log]
