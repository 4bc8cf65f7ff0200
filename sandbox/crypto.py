"""The envelope of WeChat's callbacks: signatures, and AES-256-CBC with the AppID at the end."""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32  # bytes of padding, although AES itself has blocks of 16
_PREFIX = 16
_LENGTH = 4


class BadEnvelope(Exception):
    """A sealed text that the platform would not accept; the message says which part is wrong."""


def sign(*parts: str) -> str:
    """The signature over these parts, in whatever order they are given."""
    joined = b"".join(sorted(part.encode() for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    return hmac.compare_digest(signature.encode(), sign(*parts).encode())


def seal(message: bytes, key: str, app_id: str, prefix: bytes | None = None) -> str:
    """The message encrypted, as base64."""
    start = os.urandom(_PREFIX) if prefix is None else prefix
    content = start + struct.pack(">I", len(message)) + message + app_id.encode()
    pad = _BLOCK - len(content) % _BLOCK
    encryptor = _cipher(key).encryptor()
    sealed = encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, key: str, app_id: str) -> bytes:
    """The message inside, if every part of the envelope is as it must be."""
    content = _without_padding(_decrypted(sealed, key))
    start = _PREFIX + _LENGTH
    if len(content) < start:
        raise BadEnvelope("too short")
    (length,) = struct.unpack(">I", content[_PREFIX:start])
    message, tail = content[start : start + length], content[start + length :]
    if len(message) != length:
        raise BadEnvelope("length does not fit")
    if tail != app_id.encode():
        raise BadEnvelope("another AppID")
    return message


def _cipher(key: str) -> Cipher[CBC]:
    # Not strict: the 43rd character may carry two bits that mean nothing.
    raw = base64.b64decode(key + "=")
    return Cipher(AES(raw), CBC(raw[:_PREFIX]))


def _decrypted(sealed: str, key: str) -> bytes:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise BadEnvelope("not base64") from None
    if not raw or len(raw) % 16:
        raise BadEnvelope("not whole blocks")
    decryptor = _cipher(key).decryptor()
    return decryptor.update(raw) + decryptor.finalize()


def _without_padding(content: bytes) -> bytes:
    pad = content[-1]
    if not 1 <= pad <= _BLOCK or content[-pad:] != bytes([pad]) * pad:
        raise BadEnvelope("bad padding")
    return content[:-pad]
