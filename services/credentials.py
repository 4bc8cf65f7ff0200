"""What people at a computer prove themselves with: a password, and a second factor (H-41)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from domain.passwords import Weakness, normal, weakness
from models import Credential, Person

# OWASP's second choice for argon2id: 19 MiB and two passes, 40 ms of one core (measured).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

PROVISIONAL_FOR = timedelta(days=3)
"""A password from the admin is handed over like a joining code; three days bridge a weekend."""

RECOVERY_CODES = 8
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what is misread on paper
_RECOVERY_LENGTH = 10
_PROVISIONAL_LENGTH = 12
_DIGITS = 6
_STEP = 30  # seconds that a code of the second factor holds
_DRIFT = 1  # steps that a phone's clock may be off


# --- passwords -----------------------------------------------------------------------------------


def hash_of(password: str) -> str:
    return _hasher.hash(normal(password))


@cache
def _nobodys() -> str:
    """A hash that no password has: an unknown number is answered as slowly as a known one."""
    return hash_of(secrets.token_urlsafe(32))


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; as slow where there is none (H-42)."""
    try:
        is_right = _hasher.verify(kept or _nobodys(), normal(password))
    except (Argon2Error, InvalidHashError):
        return False
    return is_right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def set_password(
    session: Session, person_id: int, kept: str, now: datetime, *, is_provisional: bool = False
) -> Credential:
    """`kept`: what `hash_of` made of it, before the transaction."""
    found = session.get(Credential, person_id, with_for_update=True)
    if found is None:
        found = Credential(person_id=person_id, password_hash=kept, changed_at=now)
        session.add(found)
    found.password_hash, found.changed_at = kept, now
    found.is_provisional = is_provisional
    session.flush()
    return found


def weakness_of(session: Session, person_id: int, password: str) -> Weakness | None:
    """Why this person does not get this password, or None."""
    owner = session.get_one(Person, person_id)
    own = (owner.staff_number, owner.name, owner.initials, owner.phone, owner.department)
    return weakness(password, own)


def hash_kept(session: Session, person_id: int) -> str | None:
    kept = session.get(Credential, person_id)
    return kept.password_hash if kept else None


def new_provisional() -> str:
    """A password that the admin hands over, and that is changed at the first sign-in."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_PROVISIONAL_LENGTH)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, len(letters), 4))


def is_expired(credential: Credential, now: datetime) -> bool:
    """A provisional password that nobody used in time."""
    return credential.is_provisional and credential.changed_at + PROVISIONAL_FOR <= now


# --- the second factor ---------------------------------------------------------------------------


def begin_second_factor(session: Session, credential: Credential, key: bytes) -> str:
    """A new secret for the person's app; nothing asks for its codes before one was right."""
    secret = pyotp.random_base32()
    credential.totp_sealed = _sealer(key).encrypt(secret.encode()).decode()
    credential.totp_since = credential.totp_step = credential.recovery_hashes = None
    session.flush()
    return secret


def secret_of(credential: Credential, key: bytes) -> str | None:
    """None if there is none, or if it was sealed with a key that is gone."""
    if credential.totp_sealed is None:
        return None
    try:
        return _sealer(key).decrypt(credential.totp_sealed.encode()).decode()
    except InvalidToken:
        return None


def address_for_app(secret: str, account: str, issuer: str) -> str:
    """What the QR code says that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def takes_second_factor(credential: Credential, typed: str, key: bytes, now: datetime) -> bool:
    """Whether it is a code of the app or of the list on paper, typed as people type."""
    plain = "".join(char for char in normal(typed).lower() if char.isalnum())
    if plain.isdigit() and len(plain) == _DIGITS:
        return takes_code(credential, plain, key, now)
    return takes_recovery_code(credential, plain)


def takes_code(credential: Credential, code: str, key: bytes, now: datetime) -> bool:
    """Whether the app shows this code now; each counts once, and none after a later one."""
    secret = secret_of(credential, key)
    if secret is None:
        return False
    totp, today = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    used = credential.totp_step if credential.totp_step is not None else -1
    right = [
        step
        for step in range(today - _DRIFT, today + _DRIFT + 1)
        if step > used and hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    if right:
        credential.totp_step = right[0]
    return bool(right)


def takes_recovery_code(credential: Credential, code: str) -> bool:
    """Whether this is a code from the list on paper; each counts once."""
    typed = _hash(code)
    left = [kept for kept in credential.recovery_hashes or () if kept != typed]
    is_right = len(left) < len(credential.recovery_hashes or ())
    if is_right:
        credential.recovery_hashes = left
    return is_right


def new_recovery_codes(credential: Credential) -> Sequence[str]:
    """To be shown once; older ones are void."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    credential.recovery_hashes = [_hash(code) for code in codes]
    return codes


def end_second_factor(credential: Credential) -> None:
    credential.totp_sealed = credential.totp_since = None
    credential.totp_step = credential.recovery_hashes = None


def _recovery_code() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    half = _RECOVERY_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def _hash(code: str) -> str:
    """Ten of 31 letters are 49 bits at random: a slow hash would add nothing."""
    plain = "".join(char for char in code.lower() if char.isalnum())
    return hashlib.sha256(f"recovery:{plain}".encode()).hexdigest()


def _sealer(key: bytes) -> Fernet:
    derived = hmac.new(key, b"second factor", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
