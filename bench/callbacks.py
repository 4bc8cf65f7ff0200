"""Callbacks as the platform sends them, ready for the socket, and what an answer to one says.

The sealing is the bench's own: what the product does wrong must not cancel out.
"""

import base64
import binascii
import hashlib
import os
import re
import time
from dataclasses import dataclass
from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bench.account import AES_KEY, APP_ID, LOOPBACK, ORIGINAL_ID, TOKEN, WEBHOOK

_BLOCK = 32  # bytes of padding, although AES itself has blocks of 16
_RANDOM = 16
_HEADER = _RANDOM + 4
_KEY = base64.b64decode(AES_KEY + "=")
_AES = Cipher(AES(_KEY), CBC(_KEY[:16]))
_MESSAGE_IDS = count(24_000_000_000_000_000)

_ENCRYPT = re.compile(rb"<Encrypt><!\[CDATA\[([^\]]+)\]\]></Encrypt>")
_SIGNATURE = re.compile(rb"<MsgSignature><!\[CDATA\[([0-9a-f]{40})\]\]></MsgSignature>")
_STAMP = re.compile(
    rb"<TimeStamp>(?:<!\[CDATA\[)?([0-9]+)(?:\]\]>)?</TimeStamp>"
    rb"<Nonce><!\[CDATA\[([^\]]+)\]\]></Nonce>"
)
_ADDRESSEE = re.compile(r"<ToUserName><!\[CDATA\[([^\]]+)\]\]></ToUserName>")
_CONTENT = re.compile(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", re.DOTALL)


class Unreadable(Exception):
    """An answer that the platform would show as a fault; the message says why."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One person's words on their way to the webhook."""

    openid: str
    text: str
    request: bytes  # the whole HTTP request


def callback(openid: str, text: str) -> Callback:
    """A new message from this person, sent now."""
    now = str(int(time.time()))
    sealed = _seal(_message(openid, text, now).encode())
    nonce = str(int.from_bytes(os.urandom(4), "big"))
    query = {
        "signature": _sign(TOKEN, now, nonce),
        "timestamp": now,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": _sign(TOKEN, now, nonce, sealed),
    }
    body = (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return Callback(openid, text, _request(f"{WEBHOOK}?{_joined(query)}", body.encode()))


def _joined(query: dict[str, str]) -> str:
    """Nothing here needs quoting, and quoting takes longer than the cipher."""
    return "&".join(f"{name}={value}" for name, value in query.items())


def _message(openid: str, text: str, now: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{next(_MESSAGE_IDS)}</MsgId></xml>"
    )


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def reply_text(body: bytes, to: str) -> str:
    """What the answer says to this person, once it is certain that they would see it."""
    sealed, signature, stamp = (pattern.search(body) for pattern in (_ENCRYPT, _SIGNATURE, _STAMP))
    if not sealed or not signature or not stamp:
        raise Unreadable("not an encrypted reply")
    parts = (TOKEN, *(part.decode() for part in (*stamp.groups(), sealed[1])))
    if signature[1].decode() != _sign(*parts):
        raise Unreadable("wrong signature")
    xml = _unseal(sealed[1])
    addressee, content = _ADDRESSEE.search(xml), _CONTENT.search(xml)
    if not content or not content[1]:
        raise Unreadable("a reply without words")
    if not addressee or addressee[1] != to:
        raise Unreadable("a reply to somebody else")
    return content[1]


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _seal(message: bytes) -> str:
    content = os.urandom(_RANDOM) + len(message).to_bytes(4, "big") + message + APP_ID.encode()
    pad = _BLOCK - len(content) % _BLOCK
    encryptor = _AES.encryptor()
    sealed = encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def _unseal(sealed: bytes) -> str:
    try:
        decryptor = _AES.decryptor()
        plain = decryptor.update(binascii.a2b_base64(sealed)) + decryptor.finalize()
        length = int.from_bytes(plain[_RANDOM:_HEADER], "big")
        tail = plain[_HEADER + length : -plain[-1]]
        message = plain[_HEADER : _HEADER + length].decode()
    except (ValueError, IndexError):
        raise Unreadable("a cipher that does not open") from None
    if tail != APP_ID.encode():
        raise Unreadable("wrong AppID")
    return message
