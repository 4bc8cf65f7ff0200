"""What a source proves itself with: a secret shown once, or a signature made with it (H-53)."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

from domain.alerts import TAKEN_WITHIN

PREFIX = "sa_"  # what scanners of leaked secrets look for
ENDING = 4  # characters by which people tell secrets apart
_BYTES = 32
_NOBODYS = "0" * 64
_SIGNED = "sha256="


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_secret(kept: str | None, said: str) -> bool:
    """Whether it is the secret; as slow where there is no such source."""
    is_right = hmac.compare_digest((kept or _NOBODYS).encode(), hash_of(said).encode())
    return is_right and kept is not None


def seal(key: bytes, secret: str) -> str:
    return _sealer(key).encrypt(secret.encode()).decode()


def is_signed(
    key: bytes, sealed: str | None, timestamp: str, signature: str, body: bytes, now: datetime
) -> bool:
    """Whether the sender made this of the raw body, with the secret, within five minutes."""
    secret = _opened(key, sealed)
    wanted = _SIGNED + _signature(secret or _NOBODYS, timestamp, body)
    is_right = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
    return is_right and secret is not None and _is_fresh(timestamp, now)


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """As a sender makes it."""
    return _SIGNED + _signature(secret, timestamp, body)


def may_send_from(addresses: Sequence[str], address: str | None) -> bool:
    """Whether the list lets this address in; an empty list lets in all."""
    if not addresses:
        return True
    try:
        sender = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(sender in ipaddress.ip_network(each, strict=False) for each in addresses)


def is_network(word: str) -> bool:
    try:
        ipaddress.ip_network(word, strict=False)
    except ValueError:
        return False
    return True


def _signature(secret: str, timestamp: str, body: bytes) -> str:
    signed = timestamp.encode("utf-8", "replace") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 10):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TAKEN_WITHIN.total_seconds()


def _opened(key: bytes, sealed: str | None) -> str | None:
    """None: there is none, or it was sealed with another key of the site."""
    if sealed is None:
        return None
    try:
        return _sealer(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _sealer(key: bytes) -> Fernet:
    derived = hmac.new(key, b"alert source", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
