"""Opens and seals what passes between WeChat's servers and us; every refusal is one exception."""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha1
from typing import Literal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.errors import Refused
from bot.inbound import Inbound, parse
from bot.xml import MAX_BYTES, parse_flat

__all__ = ["Keys", "Opened", "Refused", "open_callback", "seal_reply", "verify_url"]

Mode = Literal["safe", "compat", "plain"]

# Judged on CreateTime, which the cipher protects; a host clock off by minutes must lose nobody.
OLDEST = timedelta(hours=24)
NEWEST = timedelta(minutes=10)

SUCCESS = b"success"  # "nothing to say"; encrypted it would show the person a fault notice

_TOKEN = re.compile(r"[A-Za-z0-9_-]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_APP_ID = re.compile(r"wx[A-Za-z0-9]{4,62}")
# The signed string joins its parts without separators. Exact shapes leave it one reading only
# together with judging age and repetition by what is inside the ciphertext.
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z]{1,64}")
_ECHO = re.compile(r"[0-9A-Za-z_=+/-]{1,128}")
_ORIGINAL_ID = re.compile(r"gh_[0-9A-Za-z]{4,40}")

_BLOCK = 32  # PKCS#7 pads to 32 here, not to AES's 16
_RANDOM = 16
_HEADER = _RANDOM + 4


@dataclass(frozen=True)
class Keys:
    """The account's secrets; refuses to exist with one that could not protect anything."""

    app_id: str
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)  # current first
    original_id: str | None = None  # None: any gh_…
    mode: Mode = "safe"

    def __post_init__(self) -> None:
        if not _APP_ID.fullmatch(self.app_id):
            raise ValueError("app_id must look like wx0123456789abcdef")
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("token must be 3 to 32 letters or digits")
        if not all(_AES_KEY.fullmatch(key) for key in self.aes_keys):
            raise ValueError("an EncodingAESKey is exactly 43 letters or digits")
        if self.mode != "plain" and not self.aes_keys:
            raise ValueError("safe and compat mode need an EncodingAESKey")


@dataclass(frozen=True, slots=True)
class Opened:
    message: Inbound
    sealed_with: str | None = field(repr=False)  # the key to answer with; None: answer in plain
    nonce: str
    xml: bytes = field(repr=False, default=b"")  # what the message was read from


def verify_url(query: Mapping[str, object], keys: Keys) -> str:
    """The echo to answer when the address is saved in the platform's console."""
    timestamp, nonce = _stamp(query)
    _check(_one(query, "signature"), keys.token, timestamp, nonce)
    return _shaped(_one(query, "echostr"), _ECHO, "bad_echo")


def open_callback(query: Mapping[str, object], body: bytes, keys: Keys, now: datetime) -> Opened:
    """What was pushed, once it is certain who pushed it, to whom, and when."""
    if len(body) > MAX_BYTES:
        raise Refused("too_large")
    timestamp, nonce = _stamp(query)
    _check(_one(query, "signature"), keys.token, timestamp, nonce)
    sealed_with: str | None = None
    if _is_encrypted(query, keys):
        sealed = _sealed_part(body)
        _check(_one(query, "msg_signature"), keys.token, timestamp, nonce, sealed)
        body, sealed_with = _unseal(sealed, keys)
    message = parse(body)
    _check_account(message, keys)
    _check_age(message, now)
    return Opened(message, sealed_with, nonce, body)


def seal_reply(xml: str, keys: Keys, *, opened: Opened, now: datetime) -> bytes:
    """The HTTP body that answers `opened`: sealed as it was sealed, `success` when empty."""
    if not xml:
        return SUCCESS
    if opened.sealed_with is None:
        return xml.encode()
    sealed = _seal(xml.encode(), opened.sealed_with, keys.app_id)
    timestamp = str(int(now.timestamp()))
    signature = _sign(keys.token, timestamp, opened.nonce, sealed)
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{opened.nonce}]]></Nonce></xml>"
    ).encode()


def _stamp(query: Mapping[str, object]) -> tuple[str, str]:
    return (
        _shaped(_one(query, "timestamp"), _TIMESTAMP, "bad_timestamp"),
        _shaped(_one(query, "nonce"), _NONCE, "bad_nonce"),
    )


def _one(query: Mapping[str, object], name: str) -> str:
    """The parameter's only value, empty when absent; one given twice could be read two ways."""
    getlist = getattr(query, "getlist", None)
    values = getlist(name) if getlist is not None else query.get(name, [])
    if isinstance(values, str):
        return values
    if not isinstance(values, list | tuple) or len(values) > 1:
        raise Refused("repeated_parameter")
    return str(values[0]) if values else ""


def _shaped(value: str, pattern: re.Pattern[str], reason: str) -> str:
    if not pattern.fullmatch(value):
        raise Refused(reason)
    return value


def _sign(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _check(given: str, *parts: str) -> None:
    # Bytes, because compare_digest raises TypeError on text that is not ASCII.
    expected = _sign(*parts).encode()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected):
        raise Refused("bad_signature")


def _is_encrypted(query: Mapping[str, object], keys: Keys) -> bool:
    match _one(query, "encrypt_type"):
        case "aes" if keys.aes_keys:
            return True
        case "" | "raw" if keys.mode == "plain":
            return False
        case _:
            raise Refused("not_encrypted")  # its signature would not cover the body


def _sealed_part(body: bytes) -> str:
    # In compat mode plain fields stand next to this one. Nothing signs them: they are not read.
    sealed = parse_flat(body).get("Encrypt")
    if not isinstance(sealed, str) or not sealed.isascii():
        raise Refused("no_encrypt")
    return sealed


def _unseal(sealed: str, keys: Keys) -> tuple[bytes, str]:
    try:
        ciphertext = binascii.a2b_base64(sealed, strict_mode=True)
    except ValueError:
        raise Refused("bad_cipher") from None
    if not ciphertext or len(ciphertext) % 16:
        raise Refused("bad_cipher")
    reason = "bad_cipher"
    for key in keys.aes_keys:
        inner, app_id = _open_one(ciphertext, key)
        if hmac.compare_digest(app_id, keys.app_id.encode()):
            return inner, key
        reason = "wrong_app" if app_id else reason
    raise Refused(reason)


def _open_one(ciphertext: bytes, key: str) -> tuple[bytes, bytes]:
    """The message and the AppID after it; both empty when the key did not fit."""
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(ciphertext) + decryptor.finalize()
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        return b"", b""
    content = plain[_HEADER:-pad]
    length = int.from_bytes(plain[_RANDOM:_HEADER], "big")
    if len(plain) - pad < _HEADER or length > len(content):
        return b"", b""
    return content[:length], content[length:]


def _seal(message: bytes, key: str, app_id: str) -> str:
    content = b"".join(
        (os.urandom(_RANDOM), len(message).to_bytes(4, "big"), message, app_id.encode())
    )
    pad = _BLOCK - len(content) % _BLOCK
    encryptor = _cipher(key).encryptor()
    sealed = encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()
    return binascii.b2a_base64(sealed, newline=False).decode()


@lru_cache(maxsize=8)
def _cipher(key: str) -> Cipher[CBC]:
    # 43 characters leave two spare bits, which the platform does not always zero: decode leniently.
    raw = base64.b64decode(key + "=")
    return Cipher(AES(raw), CBC(raw[:16]))


def _check_account(message: Inbound, keys: Keys) -> None:
    if keys.original_id is None:
        if not _ORIGINAL_ID.fullmatch(message.account):
            raise Refused("wrong_account")
    elif message.account != keys.original_id:
        raise Refused("wrong_account")


def _check_age(message: Inbound, now: datetime) -> None:
    if not now - OLDEST <= message.created_at <= now + NEWEST:
        raise Refused("stale")
