"""Signing in at a computer: each try counts as wrong until it is right (H-31, H-41, H-42)."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from ipaddress import ip_address

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.permissions import Role
from domain.sign_in import (
    OF_ACCOUNT,
    OF_ADDRESS,
    OF_MANY,
    REMEMBERED_FOR,
    Rung,
    TriesUsedUp,
    next_try_at,
)
from models import Credential, Person, SignInGuess
from services import credentials, web_sessions
from services.web_sessions import Via

log = logging.getLogger(__name__)

Limits = Mapping[str, Sequence[Rung]]


class Next(StrEnum):
    """What somebody with the right password has to do."""

    CODE = auto()
    NEW_PASSWORD = auto()
    IN = auto()


@dataclass(frozen=True, slots=True)
class Try:
    """A password that is about to be looked at, outside any transaction."""

    person_id: int | None
    password_hash: str | None
    guesses: tuple[int, ...]  # what it counts as until it is right


@dataclass(frozen=True, slots=True)
class Place:
    """The browser that somebody sits at, and where."""

    browser: str | None
    address: str | None


def begin(session: Session, number: str, address: str | None, now: datetime) -> Try:
    """TriesUsedUp if it is not time yet; a number that nobody has is counted alike."""
    person_id = _of_number(session, number)
    # Many guesses at once wait for each other here, else all of them would be the first.
    kept = session.get(Credential, person_id, with_for_update=True) if person_id else None
    account = f"person:{person_id}" if person_id else f"number:{number.upper()}"
    guesses = _count(session, {account: OF_ACCOUNT, **_of_address(address)}, now)
    usable = kept is not None and not credentials.is_expired(kept, now)
    return Try(person_id, kept.password_hash if kept and usable else None, guesses)


def begin_again(session: Session, person_id: int, now: datetime) -> Try:
    """Somebody who is signed in is asked for the password once more."""
    kept = session.get(Credential, person_id, with_for_update=True)
    guesses = _count(session, {f"person:{person_id}": OF_ACCOUNT}, now)
    return Try(person_id, kept.password_hash if kept else None, guesses)


def begin_code(session: Session, person_id: int, now: datetime) -> Try:
    """The second factor has a count of its own: who gets there knows the password."""
    session.get(Credential, person_id, with_for_update=True)
    return Try(person_id, None, _count(session, {f"code:{person_id}": OF_ACCOUNT}, now))


def was_right(session: Session, tried: Try) -> None:
    """It was no wrong guess."""
    session.execute(delete(SignInGuess).where(SignInGuess.id.in_(tried.guesses)))


def next_of(session: Session, tried: Try, renewed: str | None) -> Next:
    """What follows a right password; `renewed`: its hash with today's parameters."""
    was_right(session, tried)
    kept = session.get_one(Credential, tried.person_id, with_for_update=True)
    if renewed is not None and kept.password_hash == tried.password_hash:
        kept.password_hash = renewed
    if kept.totp_since is not None:
        return Next.CODE
    return Next.NEW_PASSWORD if kept.is_provisional else Next.IN


def after_code(session: Session, tried: Try, typed: str, key: bytes, now: datetime) -> Next | None:
    """What follows a right code of the app or of the list on paper; None for a wrong one."""
    kept = session.get_one(Credential, tried.person_id, with_for_update=True)
    if not credentials.takes_second_factor(kept, typed, key, now):
        return None
    was_right(session, tried)
    return Next.NEW_PASSWORD if kept.is_provisional else Next.IN


def enter(
    session: Session,
    person_id: int,
    via: Via,
    place: Place,
    former: str,
    now: datetime,
    kept_for: timedelta = web_sessions.DESK_KEPT_FOR,
) -> str:
    """A new session, with a token of its own; the one that this browser had is over."""
    if former:
        web_sessions.end(session, former)
    keys = [_key(f"person:{person_id}"), _key(f"code:{person_id}")]
    session.execute(delete(SignInGuess).where(SignInGuess.key.in_(keys)))
    log.info("signed_in person=%s via=%s", person_id, via.value)
    return web_sessions.start_at_desk(
        session,
        person_id,
        via,
        now,
        browser=place.browser,
        address=place.address,
        kept_for=kept_for,
    )


def is_active(session: Session, person_id: int) -> bool:
    return bool(session.scalar(select(Person.is_active).where(Person.id == person_id)))


def roles_of(session: Session, person_id: int) -> frozenset[Role]:
    return session.get_one(Person, person_id).roles


def stamp_of(session: Session, person_id: int) -> str:
    """Another one with each password; empty without one."""
    kept = session.get(Credential, person_id)
    return kept.changed_at.isoformat() if kept else ""


def _of_number(session: Session, number: str) -> int | None:
    """Whose staff number it is, by ix_people_staff_number; letters count alike in both sizes."""
    statement = select(Person.id).where(
        Person.staff_number.in_({number, number.upper()}), Person.is_active
    )
    return session.scalars(statement.order_by(Person.id)).first()


# --- the count -----------------------------------------------------------------------------------


def _of_address(address: str | None) -> Limits:
    if not address:
        return {}
    return {f"address:{address}": OF_MANY if _is_shared(address) else OF_ADDRESS}


def _is_shared(address: str) -> bool:
    """Behind a proxy on this machine that says nothing of who asks, everybody has its address."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return True


def _count(session: Session, limits: Limits, now: datetime) -> tuple[int, ...]:
    """The guesses as rows; TriesUsedUp, and none of them, if one of the limits is reached."""
    session.execute(delete(SignInGuess).where(SignInGuess.guessed_at <= now - REMEMBERED_FOR))
    waits = [next_try_at(_guesses(session, key), rungs, now) for key, rungs in limits.items()]
    until = max((at for at in waits if at is not None), default=None)
    if until is not None:
        log.warning("sign_in_held_back keys=%s", ",".join(key.partition(":")[0] for key in limits))
        raise TriesUsedUp(until=until)
    rows = [SignInGuess(key=_key(key), guessed_at=now) for key in limits]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def _guesses(session: Session, key: str) -> Sequence[datetime]:
    """By ix_sign_in_guesses_key_guessed_at."""
    statement = (
        select(SignInGuess.guessed_at)
        .where(SignInGuess.key == _key(key))
        .order_by(SignInGuess.guessed_at.desc())
        .limit(OF_MANY[0].tries)
    )
    return session.scalars(statement).all()


def _key(plain: str) -> str:
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
