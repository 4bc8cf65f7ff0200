"""Signing in at a computer by scanning its code with WeChat (F3): shown, asked, used once."""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Person, SignInScan
from services.signing_in import Place

log = logging.getLogger(__name__)

VALID_FOR = timedelta(minutes=2)
USED_WITHIN = timedelta(minutes=1)
"""After the yes: the browser asks every two seconds."""

_BYTES = 24
_MOST_OF_ADDRESS = 100  # codes that are open or just over; a whole office may share an address
_KEPT_FOR = timedelta(minutes=10)


class Standing(StrEnum):
    """How a code stands for the browser that shows it."""

    WAITING = auto()
    APPROVED = auto()
    REFUSED = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the browser keeps: what its code says, and what it alone knows."""

    token: str
    secret: str

    @property
    def number(self) -> str:
        return number_of(self.token)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phone is asked about."""

    number: str  # stands beside the code, so that people see which browser it is (H-34)
    browser: str | None
    address: str | None
    since: datetime


def begin(session: Session, place: Place, now: datetime) -> Shown | None:
    """A new code for this browser; None if too many were asked for from its address."""
    session.execute(delete(SignInScan).where(SignInScan.expires_at <= now - _KEPT_FOR))
    open_ones = select(func.count()).where(SignInScan.address == place.address)
    if (session.scalar(open_ones) or 0) >= _MOST_OF_ADDRESS:
        return None
    shown = Shown(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES))
    session.add(
        SignInScan(
            token_hash=_hash(shown.token),
            browser_hash=_hash(shown.secret),
            browser=place.browser[:120] if place.browser else None,
            address=place.address,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    session.flush()
    return shown


def number_of(token: str) -> str:
    """Four digits, the same on the screen and on the phone."""
    return f"{int(_hash(f'number:{token}')[:12], 16) % 10_000:04d}"


def asked(session: Session, token: str, now: datetime) -> Asked | None:
    """What the phone shows before the yes; None for a code that is over, answered or no code."""
    found = session.get(SignInScan, _hash(token))
    if found is None or not _is_open(found, now):
        return None
    return Asked(number_of(token), found.browser, found.address, found.created_at)


def answer(session: Session, token: str, person_id: int, now: datetime, *, is_yes: bool) -> bool:
    """Whether the answer counted; who said yes is who will be signed in."""
    found = session.get(SignInScan, _hash(token), with_for_update=True)
    if found is None or not _is_open(found, now):
        return False
    if is_yes:
        found.person_id, found.approved_at = person_id, now
        found.expires_at = now + USED_WITHIN
    else:
        found.used_at = now
    log.info("scan_answered person=%s yes=%s", person_id, is_yes)
    return True


def standing(session: Session, shown: Shown, now: datetime) -> Standing:
    """For the browser that shows it; for any other it is over."""
    found = session.get(SignInScan, _hash(shown.token))
    if found is None or not _is_of(found, shown) or found.expires_at <= now:
        return Standing.OVER
    if found.used_at is not None:
        return Standing.OVER if found.approved_at else Standing.REFUSED
    return Standing.APPROVED if found.approved_at else Standing.WAITING


def use(session: Session, shown: Shown, now: datetime) -> int | None:
    """Who is signed in by it: once, in the browser that shows it, after the yes."""
    found = session.get(SignInScan, _hash(shown.token), with_for_update=True)
    if found is None or not _is_of(found, shown):
        return None
    if found.approved_at is None or found.used_at is not None or found.expires_at <= now:
        return None
    found.used_at = now
    person = session.get_one(Person, found.person_id)
    return person.id if person.is_active else None


def _is_open(scan: SignInScan, now: datetime) -> bool:
    return scan.approved_at is None and scan.used_at is None and scan.expires_at > now


def _is_of(scan: SignInScan, shown: Shown) -> bool:
    return hmac.compare_digest(scan.browser_hash, _hash(shown.secret))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
