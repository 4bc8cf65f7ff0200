"""A webhook's secret: made once, shown once, kept so that only the server can sign with it."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken

from domain.webhooks import SECRET_PREFIX

_BYTES = 32
_ENDING = 4  # characters by which people tell secrets apart


def new_secret() -> str:
    """As Standard Webhooks writes it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(secret: str, key: bytes) -> str:
    return _sealer(key).encrypt(secret.encode()).decode()


def opened(kept: str, key: bytes) -> str | None:
    """None if it was sealed with a key that is gone."""
    try:
        return _sealer(key).decrypt(kept.encode()).decode()
    except InvalidToken:
        return None


def ending(secret: str) -> str:
    return secret.rstrip("=")[-_ENDING:]


def _sealer(key: bytes) -> Fernet:
    derived = hmac.new(key, b"webhook", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
