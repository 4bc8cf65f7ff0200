"""What the platform sends, built the way it builds it and without any code of the product."""

import base64
import hashlib
import struct
from datetime import UTC, datetime
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.envelope import Keys

APP_ID = "wx0123456789abcdef"
ACCOUNT = "gh_0a1b2c3d4e5f"
OPENID = "oDesk0aBcDeFgHiJkLmNoPqRsTuV"
TOKEN = "desk_token_2026"
AES_KEY = "k3ySAMPLEdeskbotSANDBOX0123456789abcdefghi0"
FORMER_AES_KEY = "f0rmerKEYdeskbotSANDBOX0123456789abcdefghi0"
SENT_AT = 1767225600
NOW = datetime.fromtimestamp(SENT_AT + 2, UTC)
NONCE = "1320562132"
KEYS = Keys(APP_ID, TOKEN, (AES_KEY,), ACCOUNT)
PLAIN_KEYS = Keys(APP_ID, TOKEN, (), ACCOUNT, mode="plain")

Query = dict[str, list[str]]


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _aes(key: str) -> Cipher[modes.CBC]:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def encrypt_raw(plain: bytes, key: str = AES_KEY) -> str:
    """The cipher alone: `plain` must already be padded."""
    encryptor = _aes(key).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(content: bytes) -> bytes:
    pad = 32 - len(content) % 32
    return content + bytes([pad]) * pad


def seal(
    message: bytes,
    *,
    key: str = AES_KEY,
    app_id: str = APP_ID,
    length: int | None = None,
    prefix: bytes = b"0123456789abcdef",
) -> str:
    size = len(message) if length is None else length
    return encrypt_raw(padded(prefix + struct.pack(">I", size) + message + app_id.encode()), key)


def unseal(sealed: str, key: str = AES_KEY) -> tuple[bytes, str]:
    """Message and AppID."""
    decryptor = _aes(key).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    content = plain[: -plain[-1]]
    size = struct.unpack(">I", content[16:20])[0]
    return content[20 : 20 + size], content[20 + size :].decode()


def callback_xml(inner: str, *, openid: str = OPENID, at: object = SENT_AT) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime>{inner}</xml>"
    ).encode("utf-8", "surrogatepass")


def text_xml(
    text: str = "三楼打印机卡纸", *, msg_id: object = 24567890123456789, **kw: object
) -> bytes:
    openid, at = str(kw.get("openid", OPENID)), kw.get("at", SENT_AT)
    inner = (
        "<MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId>"
    )
    return callback_xml(inner, openid=openid, at=at)


def event_xml(event: str, inner: str = "", **kw: object) -> bytes:
    inner = f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>{inner}"
    return callback_xml(inner, at=kw.get("at", SENT_AT))


def signed_query(timestamp: str = str(SENT_AT), nonce: str = NONCE) -> Query:
    return {
        "signature": [sign(TOKEN, timestamp, nonce)],
        "timestamp": [timestamp],
        "nonce": [nonce],
        "openid": [OPENID],
    }


def sealed_push(sealed: str, *, timestamp: str = str(SENT_AT)) -> tuple[Query, bytes]:
    query = signed_query(timestamp)
    query["encrypt_type"] = ["aes"]
    query["msg_signature"] = [sign(TOKEN, timestamp, NONCE, sealed)]
    body = (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return query, body.encode("utf-8", "surrogatepass")


def push(message: bytes) -> tuple[Query, bytes]:
    """A push in safe mode."""
    return sealed_push(seal(message))


def opened_reply(body: bytes) -> ElementTree.Element:
    """The reply as a phone would get it, every check of the platform made."""
    outer = ElementTree.fromstring(body)
    sealed = outer.findtext("Encrypt") or ""
    stamp, nonce = outer.findtext("TimeStamp") or "", outer.findtext("Nonce") or ""
    assert outer.findtext("MsgSignature") == sign(TOKEN, stamp, nonce, sealed)
    message, app_id = unseal(sealed)
    assert app_id == APP_ID
    return ElementTree.fromstring(message)
