"""The callback under attack: rows H-01 to H-14 and the advisories S-095 to S-105, S-138."""

import builtins
import itertools
import random
import re
import socket
import struct
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring as defused_fromstring

from bot.envelope import Keys, Refused, open_callback, seal_reply, verify_url
from bot.inbound import Inbound, Kind, parse
from bot.render import text_reply
from bot.xml import MAX_BYTES, _parse, parse_flat
from tests.bot.pushes import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    FORMER_AES_KEY,
    KEYS,
    NONCE,
    NOW,
    OPENID,
    PLAIN_KEYS,
    SENT_AT,
    TOKEN,
    callback_xml,
    encrypt_raw,
    event_xml,
    padded,
    push,
    seal,
    sealed_push,
    sign,
    signed_query,
    text_xml,
)

PRODUCT = Path(__file__).parents[2]


def refusal(query, body, keys=KEYS, now=NOW) -> str:
    with pytest.raises(Refused) as caught:
        open_callback(query, body, keys, now)
    return caught.value.reason


# --- H-01: nothing in plain ------------------------------------------------------------------


@pytest.mark.parametrize("encrypt_type", [None, "raw", "", "AES", "aes ", "none"])
def test_h01_a_plain_body_with_a_good_signature_is_refused(encrypt_type):
    query = signed_query()
    if encrypt_type is not None:
        query["encrypt_type"] = [encrypt_type]

    assert refusal(query, text_xml()) == "not_encrypted"


def test_h01_a_plain_body_called_encrypted_is_refused():
    query = signed_query() | {"encrypt_type": ["aes"], "msg_signature": sign(TOKEN)}

    assert refusal(query, text_xml()) == "no_encrypt"


# --- H-02, S-097: signatures -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["signature", "msg_signature"])
@pytest.mark.parametrize(
    "forge",
    [
        lambda good: [],
        lambda good: [""],
        lambda good: [good.upper()],
        lambda good: [good[:-1]],
        lambda good: [good + "0"],
        lambda good: ["é" * 40],
        lambda good: ["\udcff" * 40],
        lambda good: ["\x00" + good],
        lambda good: [good + "\n"],
    ],
    ids=["missing", "empty", "upper", "39", "41", "non-ascii", "surrogate", "nul", "newline"],
)
def test_h02_a_signature_that_is_not_exactly_right_is_refused(name, forge):
    query, body = push(text_xml())
    query[name] = forge(query[name][0])

    assert refusal(query, body) == "bad_signature"


@pytest.mark.parametrize(
    "name", ["signature", "msg_signature", "timestamp", "nonce", "encrypt_type"]
)
def test_h02_a_parameter_given_twice_is_refused(name):
    query, body = push(text_xml())
    query[name] = query[name] * 2

    assert refusal(query, body) == "repeated_parameter"


def test_s097_every_changed_bit_of_what_is_signed_is_refused():
    query, body = push(text_xml())
    start = body.index(b"<Encrypt>")

    for name in ("signature", "msg_signature", "timestamp", "nonce"):
        value = query[name][0]
        for at, bit in itertools.product(range(len(value)), range(7)):
            changed = value[:at] + chr(ord(value[at]) ^ 1 << bit) + value[at + 1 :]
            refusal(query | {name: [changed]}, body)
    for at in range(start, len(body)):
        refusal(query, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])


def test_s138_the_signature_is_compared_in_constant_time():
    source = (PRODUCT / "bot/envelope.py").read_text()

    assert "hmac.compare_digest" in source
    assert not re.search(r"signature\s*[!=]=|[!=]=\s*\w*(signature|expected)", source)


# --- H-03: the join without separators -------------------------------------------------------


def test_h03_no_digit_moves_between_timestamp_nonce_and_token():
    query, body = push(text_xml())
    joined = query["timestamp"][0] + query["nonce"][0]
    accepted = []

    for cut in range(len(joined) + 1):
        for timestamp, nonce in (
            (joined[:cut], joined[cut:]),
            (joined[cut:], joined[:cut]),
        ):
            moved = query | {"timestamp": [timestamp], "nonce": [nonce]}
            try:
                open_callback(moved, body, KEYS, NOW)
                accepted.append((timestamp, nonce))
            except Refused:
                pass

    # Same signed string, same shapes: the swap cannot be told from the original, and need not
    # be, because age and identity are read from inside the cipher.
    assert set(accepted) <= {(str(SENT_AT), NONCE), (NONCE, str(SENT_AT))}


def test_h03_freshness_ignores_the_query():
    stale = text_xml(at=SENT_AT - 90_000)
    query, body = sealed_push(seal(stale), timestamp=str(SENT_AT))

    assert refusal(query, body) == "stale"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timestamp", "176722560"),
        ("timestamp", "17672256000"),
        ("timestamp", "１７６７２２５６００"),
        ("timestamp", "+176722560"),
        ("timestamp", "1767225600\n"),
        ("timestamp", ""),
        ("nonce", ""),
        ("nonce", "a" * 65),
        ("nonce", "a-b"),
        ("nonce", "a]]>"),
        ("nonce", "é"),
        ("nonce", "abc\n"),
    ],
)
def test_h03_timestamp_and_nonce_have_one_shape(name, value):
    query, body = push(text_xml())
    timestamp = value if name == "timestamp" else str(SENT_AT)
    nonce = value if name == "nonce" else NONCE
    sealed = body.decode().split("<Encrypt><![CDATA[")[1].split("]]")[0]
    query |= {
        name: [value],
        "signature": [sign(TOKEN, timestamp, nonce)],
        "msg_signature": [sign(TOKEN, timestamp, nonce, sealed)],
    }

    assert refusal(query, body) == f"bad_{name}"


# --- H-04, S-105: replay ---------------------------------------------------------------------


def test_h04_s105_a_replay_is_the_same_message_until_it_is_too_old():
    query, body = push(text_xml())
    first = open_callback(query, body, KEYS, NOW).message

    for hours in (0, 0.2, 23):
        again = open_callback(query, body, KEYS, at_hours(hours)).message
        assert (again.openid, again.key) == (first.openid, first.key)
    assert refusal(query, body, now=at_hours(24.1)) == "stale"
    assert refusal(query, body, now=at_hours(-0.2)) == "stale"


def at_hours(hours):
    return datetime.fromtimestamp(SENT_AT + hours * 3600, UTC)


# --- H-05: the cipher ------------------------------------------------------------------------


def over_padded(message: bytes) -> bytes:
    """Everything right but for a padding longer than PKCS#7 with blocks of 32 allows."""
    content = b"0123456789abcdef" + struct.pack(">I", len(message)) + message + APP_ID.encode()
    pad = 48 - len(content) % 16
    return content + bytes([pad]) * pad


_INNER = b"0123456789abcdef" + struct.pack(">I", 6) + b"<xml/>"

BAD_CIPHERS = {
    "another app's id": seal(text_xml(), app_id="wxfedcba9876543210"),
    "our app's id and more": seal(text_xml(), app_id=APP_ID + "0"),
    "our app's id cut": seal(text_xml(), app_id=APP_ID[:-1]),
    "no app id": seal(text_xml(), app_id=""),
    "another key": seal(text_xml(), key=FORMER_AES_KEY),
    "not base64": "!" * 64,
    "base64 with a newline": seal(text_xml())[:32] + "\n" + seal(text_xml())[32:],
    "base64 cut": seal(text_xml())[:-3],
    "one byte": "QQ==",
    "nothing": "",
    "only padding characters": "====",
    "15 bytes": "QUFBQUFBQUFBQUFBQUFB",
    "one AES block": encrypt_raw(b"\x10" * 16),
    "pad of 0": encrypt_raw((_INNER + APP_ID.encode()).ljust(64, b"\x00")),
    "pad of 33": encrypt_raw(_INNER.ljust(63, b"\x21") + b"\x21"),
    "pad of 255": encrypt_raw(_INNER.ljust(64, b"\xff")),
    "pad of 33 to 48, well formed": encrypt_raw(over_padded(text_xml())),
    "pad bytes that differ": encrypt_raw(padded(_INNER + APP_ID.encode())[:-2] + b"\x00\x14"),
    "length 0": seal(text_xml(), length=0),
    "length 2**32-1": seal(text_xml(), length=2**32 - 1),
    "length one too long": seal(text_xml(), length=len(text_xml()) + 1),
    "length one too short": seal(text_xml(), length=len(text_xml()) - 1),
    "length of all": seal(text_xml(), length=len(text_xml()) + len(APP_ID)),
    "only random and length": encrypt_raw(padded(b"0123456789abcdef\0\0\0\0")),
    "only random": encrypt_raw(padded(b"0123456789abcdef")),
    "non-UTF-8 inside": seal(text_xml().replace("三".encode(), b"\xff\xfe\xfd")),
    "GBK inside": seal(text_xml().decode().encode("gbk")),
    "an empty message": seal(b""),
}


@pytest.mark.parametrize("name", BAD_CIPHERS)
def test_h05_a_bad_cipher_is_one_refusal(name):
    assert refusal(*sealed_push(BAD_CIPHERS[name])) in {
        "bad_cipher",
        "wrong_app",
        "bad_xml",
        "no_encrypt",
    }


def test_h05_no_padding_can_be_probed_without_the_token():
    query, body = sealed_push(BAD_CIPHERS["pad of 255"])
    query["msg_signature"] = ["0" * 40]

    assert refusal(query, body) == "bad_signature"


# --- H-06 to H-09: XML and types -------------------------------------------------------------


_TEXT = "<MsgType>text</MsgType>"
_ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in itertools.pairwise("abcdefghi")
)

HOSTILE: dict[str, bytes] = {
    # H-06: characters and encodings
    "empty": b"",
    "blank": b" \n ",
    "nul": b"\x00",
    "not xml": b"success",
    "json": b'{"ToUserName":"gh_0a1b2c3d4e5f","MsgType":"text"}',
    "form": b"a=b&c=d",
    "bad utf-8": text_xml().replace("三".encode(), b"\xc3\x28"),
    "overlong utf-8": text_xml().replace("三".encode(), b"\xc0\x80"),
    "encoded surrogate": text_xml("\ud83d"),
    "surrogate pair in utf-8": text_xml("\ud83d\ude00"),
    "surrogate reference": callback_xml(_TEXT + "<Content>&#xD800;</Content>"),
    "control reference": callback_xml(_TEXT + "<Content>&#8;</Content>"),
    "nul reference": callback_xml(_TEXT + "<Content>&#0;</Content>"),
    "controls in a text": text_xml("打印\x00机\x01\x08\x0b\x0c\x1f坏\x7f\x85了\ufffe\uffff"),
    "escape sequence": text_xml("\x1b[2J"),
    "bom": b"\xef\xbb\xbf" + text_xml(),
    "utf-16": text_xml().decode().encode("utf-16"),
    "utf-16 declared": b'<?xml version="1.0" encoding="utf-16"?>' + text_xml(),
    "gbk declared": b'<?xml version="1.0" encoding="gbk"?>' + text_xml(),
    "gbk for real": b'<?xml version="1.0" encoding="gbk"?>' + text_xml().decode().encode("gbk"),
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?>+ADwAeA-',
    "unknown encoding": b'<?xml version="1.0" encoding="x-martian"?>' + text_xml(),
    "xml 1.1": b'<?xml version="1.1"?>' + text_xml(),
    # H-07: entities
    "doctype": b"<!DOCTYPE xml>" + text_xml(),
    "doctype after a comment": b"<!-- --><!DOCTYPE xml>" + text_xml(),
    "doctype in lower case": b"<!doctype xml>" + text_xml(),
    "doctype with a dtd": b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">' + text_xml(),
    "xxe": b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + text_xml().replace(b"<![CDATA[text]]>", b"&x;"),
    "parameter entity": b'<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>'
    + text_xml(),
    "billion laughs": f"<!DOCTYPE xml [{_ENTITIES}]>".encode()
    + callback_xml(_TEXT + "<Content>&i;</Content>"),
    "quadratic blow-up": b'<!DOCTYPE xml [<!ENTITY a "'
    + b"a" * 20_000
    + b'">]>'
    + callback_xml(_TEXT + "<Content>" + "&a;" * 2000 + "</Content>"),
    "undeclared entity": callback_xml(_TEXT + "<Content>&x;</Content>"),
    "doctype inside": callback_xml("<!DOCTYPE a>" + _TEXT),
    "processing instruction": callback_xml("<?php phpinfo() ?>" + _TEXT),
    "stylesheet": b'<?xml-stylesheet href="http://127.0.0.1:9/"?>' + text_xml(),
    "xinclude": callback_xml('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x"/>'),
    # H-08: size and shape
    "deep": b"<xml>" * 13_000,
    "deep and closed": callback_xml(_TEXT + "<a>" * 5000 + "</a>" * 5000),
    "five deep": callback_xml(_TEXT + "<a><b><c><d><e>1</e></d></c></b></a>"),
    "many siblings": callback_xml(_TEXT + "<a/>" * 12_000),
    "many attributes": b"<xml " + b" ".join(b'a%d="1"' % n for n in range(6000)) + b"/>",
    "an attribute": callback_xml('<MsgType type="1">text</MsgType>'),
    "a namespace": callback_xml('<MsgType xmlns="urn:x">text</MsgType>'),
    "a long name": callback_xml("<" + "a" * 60_000 + "/>"),
    "64 KiB and one": text_xml("x" * (MAX_BYTES - len(text_xml("")) + 1)),
    "64 KiB of blanks": b" " * MAX_BYTES,
    "blanks in the opening": b"<xml" + b" " * 65_000,
    "an endless declaration": b"<?xml " + b"?" * 65_000,
    "unclosed": text_xml()[:-6],
    "two roots": text_xml() * 2,
    "words after the end": text_xml() + b"x",
    "unclosed cdata": text_xml()[:-60],
    "cdata end in a text": text_xml("]]><MsgType>event</MsgType><![CDATA["),
    # H-09: types
    "other root": b"<foo/>",
    "a message under another root": text_xml().replace(b"xml>", b"foo>"),
    "upper-case root": b"<XML></XML>",
    "empty root": b"<xml/>",
    "words for fields": b"<xml>hello</xml>",
    "no MsgType": callback_xml(""),
    "empty MsgType": callback_xml("<MsgType/>"),
    "repeated MsgType": callback_xml(_TEXT * 2),
    "nested MsgType": callback_xml("<MsgType><a>text</a></MsgType>"),
    "unknown MsgType": callback_xml("<MsgType>hologram</MsgType><MsgId>1</MsgId>"),
    "a file": callback_xml("<MsgType>file</MsgType><FileKey>k</FileKey><MsgId>1</MsgId>"),
    "MsgType with markup": callback_xml("<MsgType>&lt;script></MsgType>"),
    "long MsgType": callback_xml(f"<MsgType>{'a' * 65}</MsgType>"),
    "MsgId of letters": text_xml(msg_id="abc"),
    "negative MsgId": text_xml(msg_id=-1),
    "MsgId 0": text_xml(msg_id=0),
    "MsgId of 5000 digits": text_xml(msg_id="9" * 5000),
    "wide MsgId": text_xml(msg_id="１２３"),
    "repeated MsgId": text_xml(msg_id="1</MsgId><MsgId>2"),
    "no MsgId": text_xml().replace(b"MsgId", b"MsgNo"),
    "CreateTime of letters": text_xml(at="zz"),
    "negative CreateTime": text_xml(at=-1),
    "CreateTime in ms": text_xml(at=SENT_AT * 1000),
    "CreateTime of 5000 digits": text_xml(at="9" * 5000),
    "CreateTime with a point": text_xml(at="1767225600.5"),
    "CreateTime NaN": text_xml(at="NaN"),
    "empty CreateTime": text_xml(at=""),
    "repeated Content": text_xml("a]]></Content><Content><![CDATA[b"),
    "nested Content": callback_xml(_TEXT + "<Content><a>b</a></Content>"),
    "no Content": callback_xml(_TEXT + "<MsgId>1</MsgId>"),
    "Location NaN": callback_xml(
        "<MsgType>location</MsgType><Location_X>NaN</Location_X><Location_Y>inf</Location_Y>"
    ),
    "Location off the globe": callback_xml(
        "<MsgType>location</MsgType><Location_X>91</Location_X><Location_Y>181</Location_Y>"
    ),
    "Location of letters": callback_xml(
        "<MsgType>location</MsgType><Location_X>x</Location_X><Location_Y>1e9</Location_Y>"
    ),
    "no Event": callback_xml("<MsgType>event</MsgType>"),
    "empty Event": event_xml(""),
    "repeated Event": event_xml("CLICK", "<Event>SCAN</Event>"),
    "unknown Event": event_xml("moon_landing"),
    "Event with markup": event_xml("<b>"),
    "EventKey repeated": event_xml("CLICK", "<EventKey>a</EventKey><EventKey>b</EventKey>"),
    "EventKey long": event_xml("CLICK", f"<EventKey>{'键' * 9000}</EventKey>"),
    "SendLocationInfo as text": event_xml(
        "location_select", "<SendLocationInfo>1</SendLocationInfo>"
    ),
    "menu id long": callback_xml(f"{_TEXT}<bizmsgmenuid>{'m' * 9000}</bizmsgmenuid>"),
    "media id with a path": callback_xml("<MsgType>image</MsgType><MediaId>../../a b</MediaId>"),
    "link with a script": callback_xml("<MsgType>link</MsgType><Url>javascript:alert(1)</Url>"),
    # H-10: who
    "short openid": text_xml(openid="o123"),
    "long openid": text_xml(openid="o" * 41),
    "openid with markup": text_xml(openid="<b>oDesk0aBcDeFgHiJkLmNo</b>"),
    "openid with a quote": text_xml(openid="oDesk0aBcDeFgHiJkLm' OR 1=1"),
    "openid with a newline": text_xml(openid="oDesk0aBcDeFg\nHiJkLmNoPqRs"),
    "no openid": text_xml().replace(b"FromUserName", b"From"),
    "another account": text_xml().replace(ACCOUNT.encode(), b"gh_ffffffffffff"),
    "no account": text_xml().replace(b"ToUserName", b"To"),
}

BELIEVED = {
    "controls in a text",
    "escape sequence",
    "bom",
    "utf-16 declared",
    "gbk declared",
    "unknown encoding",
    "xml 1.1",
    "MsgId of letters",
    "negative MsgId",
    "MsgId 0",
    "MsgId of 5000 digits",
    "wide MsgId",
    "no MsgId",
    "unknown MsgType",
    "a file",
    "no Content",
    "Location NaN",
    "Location off the globe",
    "Location of letters",
    "unknown Event",
    "EventKey long",
    "SendLocationInfo as text",
    "menu id long",
    "media id with a path",
    "link with a script",
}


def test_the_corpus_is_not_small():
    assert len(HOSTILE) + len(BAD_CIPHERS) >= 60
    assert HOSTILE.keys() >= BELIEVED


@pytest.mark.parametrize("name", HOSTILE)
def test_h06_h07_h08_h09_h10_a_hostile_body_is_refused_or_understood(name):
    query, body = push(HOSTILE[name])
    if name in BELIEVED:
        assert isinstance(open_callback(query, body, KEYS, NOW).message, Inbound)
    else:
        refusal(query, body)


@pytest.mark.parametrize("name", HOSTILE)
def test_h06_h08_a_hostile_envelope_is_refused(name):
    query, _ = push(text_xml())

    refusal(query, HOSTILE[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_h06_plain_mode_meets_the_same_parser(name):
    try:
        found = open_callback(signed_query(), HOSTILE[name], PLAIN_KEYS, NOW)
    except Refused:
        assert name not in BELIEVED
    else:
        assert found.message.kind in Kind


@pytest.mark.parametrize("name", HOSTILE)
def test_s095_s102_whatever_defusedxml_refuses_is_refused(name):
    try:
        defused_fromstring(HOSTILE[name], forbid_dtd=True)
    except Exception:
        if name not in BELIEVED:  # where cleaning made it sound
            with pytest.raises(Refused):
                parse(HOSTILE[name])


@pytest.mark.parametrize("name", [name for name, xml in HOSTILE.items() if b"<!DOCTYPE" in xml])
def test_h07_the_parser_refuses_a_doctype_without_the_look_before_it(name):
    with pytest.raises(Refused):
        _parse(HOSTILE[name].decode())


def test_h06_control_characters_cost_the_person_only_themselves():
    message = parse(HOSTILE["controls in a text"])

    assert message.text == "打印机坏了"


def test_h07_s095_no_file_is_read_and_nobody_is_called(monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("the parser reached out")

    monkeypatch.setattr(builtins, "open", forbidden)
    monkeypatch.setattr(socket.socket, "connect", forbidden)
    for name in ("xxe", "parameter entity", "doctype with a dtd", "xinclude", "stylesheet"):
        with pytest.raises(Refused):
            parse(HOSTILE[name])


@pytest.mark.parametrize(
    ("xml", "is_taken"),
    [
        (text_xml("x" * (MAX_BYTES - len(text_xml("")))), True),
        (text_xml("x" * (MAX_BYTES - len(text_xml("")) + 1)), False),
        (callback_xml(_TEXT + "<a/>" * 60), True),
        (callback_xml(_TEXT + "<a/>" * 61), False),
        (callback_xml(_TEXT + "<a><b><c><d>1</d></c></b></a>"), True),
        (callback_xml(_TEXT + "<a><b><c><d><e>1</e></d></c></b></a>"), False),
    ],
    ids=["64 KiB", "64 KiB + 1", "64 elements", "65 elements", "4 deep", "5 deep"],
)
def test_h08_each_limit_holds_at_n_and_n_plus_one(xml, is_taken):
    if is_taken:
        assert parse(xml).kind is Kind.TEXT
    else:
        with pytest.raises(Refused):
            parse(xml)


SLOW = (
    "deep",
    "deep and closed",
    "many siblings",
    "many attributes",
    "billion laughs",
    "64 KiB of blanks",
    "blanks in the opening",
    "an endless declaration",
)


def test_h08_shapes_meant_to_be_slow_are_not():
    tracemalloc.start()
    began = time.perf_counter()
    for name in SLOW:
        with pytest.raises(Refused):
            parse_flat(HOSTILE[name])
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert took < 1
    assert peak < 20 * 1024 * 1024


def test_h10_somebody_elses_account_is_refused():
    assert refusal(*push(HOSTILE["another account"])) == "wrong_account"
    assert refusal(*push(HOSTILE["openid with a quote"])) == "bad_openid"


def test_h10_the_unsigned_openid_of_the_query_is_never_believed():
    query, body = push(text_xml())
    query["openid"] = ["oSomebodyElse000000000000000"]

    assert open_callback(query, body, KEYS, NOW).message.openid == OPENID


# --- H-11, S-138: our own reply --------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA[",
        "]]>",
        "]]]]>>",
        "a]]",
        "<![CDATA[x]]>",
        "\x00\x08\x0b\ud800]]\x00>",
    ],
)
def test_h11_s138_a_persons_words_inject_no_element(words):
    fields = parse_flat(text_reply(words, [], to=OPENID, account=ACCOUNT, at=NOW).encode())

    assert list(fields) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert fields["MsgType"] == "text"


# --- H-12, S-101: verification ---------------------------------------------------------------


@pytest.mark.parametrize("echo", ["<script>alert(1)</script>", "", "a b", "a\r\nX: y", "x" * 129])
def test_h12_s101_an_echo_that_could_be_markup_is_not_reflected(echo):
    with pytest.raises(Refused, match="bad_echo"):
        verify_url(signed_query() | {"echostr": [echo]}, KEYS)


def test_h12_nothing_is_echoed_before_the_signature():
    query = signed_query() | {"echostr": ["5837397576500011341"], "signature": ["0" * 40]}

    with pytest.raises(Refused, match="bad_signature"):
        verify_url(query, KEYS)


# --- H-14, S-100: addresses in the body ------------------------------------------------------


def test_h14_s100_the_address_of_a_picture_is_not_even_kept():
    xml = callback_xml(
        "<MsgType>image</MsgType><PicUrl>http://127.0.0.1:9/x</PicUrl>"
        "<MediaId>m-1</MediaId><MsgId>1</MsgId>"
    )

    message = parse(xml)

    assert message.media_id == "m-1"
    assert "127.0.0.1" not in repr(message)


# --- S-095, S-096, S-097 ---------------------------------------------------------------------


def test_s095_xml_is_read_in_one_file_only():
    """All XML of callbacks goes through `bot/xml.py`; a workbook's parts are read by defusedxml."""
    readers = re.compile(
        r"^\s*(?:from|import)\s+(?:xml\b|lxml|defusedxml|xmltodict|wechatpy\.(?:parser|crypto))",
        re.M,
    )
    folders = ("bot", "web", "jobs", "handlers", "services", "models", "nlp", "domain")
    found = [
        file.relative_to(PRODUCT).as_posix()
        for folder in folders
        for file in (PRODUCT / folder).rglob("*.py")
        if readers.search(file.read_text())
    ]

    assert found == ["bot/xml.py", "services/roster_file.py"]
    assert "defusedxml" in (PRODUCT / "services" / "roster_file.py").read_text()


@pytest.mark.parametrize(
    ("token", "aes_keys", "app_id"),
    [
        ("", (AES_KEY,), APP_ID),
        ("ab", (AES_KEY,), APP_ID),
        ("a" * 33, (AES_KEY,), APP_ID),
        ("a b c", (AES_KEY,), APP_ID),
        (TOKEN, (), APP_ID),
        (TOKEN, ("",), APP_ID),
        (TOKEN, (AES_KEY[:-1],), APP_ID),
        (TOKEN, (AES_KEY + "a",), APP_ID),
        (TOKEN, (AES_KEY[:-1] + "=",), APP_ID),
        (TOKEN, (AES_KEY, "x"), APP_ID),
        (TOKEN, (AES_KEY,), ""),
    ],
)
def test_s096_keys_that_protect_nothing_do_not_exist(token, aes_keys, app_id):
    with pytest.raises(ValueError):
        Keys(app_id, token, aes_keys)


def test_s097_a_reply_holds_no_secret():
    found = open_callback(*push(text_xml()), KEYS, NOW)
    xml = text_reply("好", [], to=OPENID, account=ACCOUNT, at=NOW)

    reply = seal_reply(xml, KEYS, opened=found, now=NOW)

    assert TOKEN.encode() not in reply
    assert AES_KEY.encode() not in reply


_GRAMMAR = [
    *(b"<xml>", b"</xml>", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"&a;"),
    *(b"&#0;", b"<?x ?>", b"<!--", b"-->", b"<a b='c'>", b"\x00", b"\xff", b"\xed\xa0\xbd"),
    *(b"<MsgType>event</MsgType>", b"<Event>CLICK</Event>", b"<MsgId>x</MsgId>", b"9" * 400),
    *("键".encode(), b"<Content>", b"</Content>", b"1e999", b"NaN", b"-1", b""),
]


def mutated(seed: random.Random, xml: bytes) -> bytes:
    for _ in range(seed.randint(1, 4)):
        start = seed.randrange(len(xml) + 1)
        end = min(len(xml), start + seed.choice([0, 0, 1, 4, 40]))
        piece = seed.choice(_GRAMMAR) if seed.random() < 0.7 else seed.randbytes(3)
        xml = xml[:start] + piece + xml[end:]
    return xml


def test_p9_no_mutation_is_anything_but_refused_or_understood():
    seed = random.Random(20261124)
    sound = [
        text_xml(),
        event_xml("CLICK", "<EventKey>REPORT</EventKey>"),
        event_xml("subscribe", "<EventKey>qrscene_bind:1</EventKey><Ticket>t</Ticket>"),
        callback_xml("<MsgType>location</MsgType><Location_X>1</Location_X><MsgId>5</MsgId>"),
    ]
    outcomes: Counter[str] = Counter()
    for _ in range(4000):
        inner = mutated(seed, seed.choice(sound))
        query, body = push(inner)
        outer = mutated(seed, body)
        for attempt in (body, outer):
            try:
                outcomes[open_callback(query, attempt, KEYS, NOW).message.kind] += 1
            except Refused as refused:
                outcomes[refused.reason] += 1

    # The mutations reach every layer: none of these may stay out.
    assert outcomes.keys() >= {Kind.TEXT, Kind.EVENT, "bad_xml", "bad_field", "bad_signature"}


def test_p9_a_refusal_carries_nothing_of_the_input():
    query, body = push(text_xml("秘密", openid="bad openid"))

    with pytest.raises(Refused) as caught:
        open_callback(query, body, KEYS, NOW)

    assert str(caught.value) == "bad_openid"
    assert caught.value.__cause__ is None
