"""Who is signed in with which browser: rows, so that each can be ended at any time (H-31)."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.speaker import Speaker
from models import Person, WebSession, table_of
from services import conversations, people
from services.speakers import SPEAKER_COLUMNS, speaker_of

KEPT_FOR = timedelta(days=30)
IDLE_FOR = timedelta(days=7)
_NOTED_EVERY = timedelta(hours=1)
"""A page that is read writes nothing, but for this: when its reader was last there."""

DESK_KEPT_FOR = timedelta(hours=12)
DESK_IDLE_FOR = timedelta(minutes=30)
"""A browser at a desk: signed in for a shift, and out again when it is left alone (H-31).

A tab that is seen asks for what moves, so it is not alone; a hidden one rests.
"""

DESK_NOTED_EVERY = timedelta(minutes=5)

_TOKEN_BYTES = 32
_people, _sessions = table_of(Person), table_of(WebSession)

_SIGNED_IN = (
    select(*SPEAKER_COLUMNS, _people.c.is_following, _sessions.c.seen_at, _sessions.c.via)
    .join_from(_sessions, _people, _people.c.id == _sessions.c.person_id)
    .where(
        _sessions.c.expires_at > bindparam("now"),
        _sessions.c.seen_at > bindparam("since"),
        _people.c.is_active,
    )
)
_FIND = _SIGNED_IN.where(_sessions.c.token_hash == bindparam("of_token"))
_FIND_MANY = _SIGNED_IN.add_columns(_sessions.c.token_hash).where(
    _sessions.c.token_hash.in_(bindparam("of_tokens", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in, as they stand now."""

    speaker: Speaker
    is_following: bool
    is_to_be_noted: bool  # they were last seen long enough ago


def start(session: Session, openid: str, now: datetime) -> str:
    """A new session of this person's; answers its token, of which only the hash is kept."""
    _sweep(session, now)
    person_id = _known(session, openid, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        WebSession(
            token_hash=_hash(token),
            person_id=person_id,
            via=_proved_by(openid),
            created_at=now,
            seen_at=now,
            expires_at=now + KEPT_FOR,
        )
    )
    session.flush()
    return token


def _known(session: Session, openid: str, now: datetime) -> int:
    """Somebody who never wrote to the account is made known: they may not follow it."""
    found = session.scalar(select(Person.id).where(Person.openid == openid))
    if found is not None:
        return found
    talk = conversations.load(session, openid, now)
    people.followed(session, openid, is_following=False)
    return talk.speaker.id


def reader_of(session: Session, token: str, now: datetime) -> Reader | None:
    """Whose session this is; None if there is none, or none any more."""
    row = _found(session, token, now, IDLE_FOR)
    if row is None or row.openid is None or row.via != _proved_by(row.openid):
        return None
    return _reader(row, now, _NOTED_EVERY)


class Via(StrEnum):
    """How somebody at a computer proved who they are."""

    PASSWORD = auto()
    SCAN = auto()  # of a QR code with their WeChat


_AT_DESK = frozenset(each.value for each in Via)


def start_at_desk(
    session: Session,
    person_id: int,
    via: Via,
    now: datetime,
    *,
    browser: str | None = None,
    address: str | None = None,
    kept_for: timedelta = DESK_KEPT_FOR,
) -> str:
    """A new session of a browser at a computer; answers its token, of which the hash is kept."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        WebSession(
            token_hash=_hash(token),
            person_id=person_id,
            via=via.value,
            browser=browser[:120] if browser else None,
            address=address,
            created_at=now,
            seen_at=now,
            expires_at=now + kept_for,
        )
    )
    session.flush()
    return token


def desk_reader_of(
    session: Session, token: str, now: datetime, idle_for: timedelta = DESK_IDLE_FOR
) -> Reader | None:
    """Whose browser at a computer this is; None if there is none, or none any more."""
    row = _found(session, token, now, idle_for)
    if row is None or row.via not in _AT_DESK:
        return None
    return _reader(row, now, DESK_NOTED_EVERY)


def desk_readers_of(
    session: Session,
    marks: Collection[str],
    now: datetime,
    idle_for: timedelta = DESK_IDLE_FOR,
) -> dict[str, Speaker]:
    """Of these sessions (`mark_of` each) those that last, and whose they are."""
    facts = {"of_tokens": list(marks), "now": now, "since": now - idle_for}
    rows = session.connection().execute(_FIND_MANY, facts)
    return {row.token_hash: speaker_of(row) for row in rows if row.via in _AT_DESK}


def _found(session: Session, token: str, now: datetime, idle_for: timedelta) -> Any:
    facts = {"of_token": _hash(token), "now": now, "since": now - idle_for}
    return session.connection().execute(_FIND, facts).first()


def _reader(row: Any, now: datetime, noted_every: timedelta) -> Reader:
    speaker = speaker_of(row)
    return Reader(speaker, row.is_following, now - row.seen_at >= noted_every)


def seen(session: Session, token: str, now: datetime) -> None:
    session.execute(
        update(_sessions).where(_sessions.c.token_hash == _hash(token)).values(seen_at=now)
    )


def end(session: Session, token: str) -> None:
    """Signed out with this browser."""
    session.execute(delete(_sessions).where(_sessions.c.token_hash == _hash(token)))


def end_all(session: Session, person_id: int) -> int:
    """Signed out everywhere; answers with how many browsers."""
    done = session.connection().execute(delete(_sessions).where(_sessions.c.person_id == person_id))
    return done.rowcount


def mark_of(token: str) -> str:
    """What a session is known by; nobody signs in with it."""
    return _hash(token)


def _sweep(session: Session, now: datetime) -> None:
    over = or_(_sessions.c.expires_at <= now, _sessions.c.seen_at <= now - IDLE_FOR)
    session.execute(delete(_sessions).where(over))


def _proved_by(openid: str) -> str:
    """Who takes a person's place with another WeChat account ends what the former one opened."""
    return f"wechat:{_hash(openid)[:9]}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
