"""The account's access token as all processes share it: read, claimed for renewal, stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import AccessToken, table_of

RENEWAL_LEASE = timedelta(seconds=15)
"""Longer than any fetch (2 s to connect, 5 s to read, with room for a slow database)."""

_tokens = table_of(AccessToken)
_READ = select(_tokens).where(_tokens.c.app_id == bindparam("of_app"))
_BEGIN = {
    "sqlite": sqlite.insert(_tokens).values(app_id=bindparam("of_app")).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_tokens)
    .values(app_id=bindparam("of_app"))
    .on_conflict_do_nothing(),
}
_CLAIM = (
    update(_tokens)
    .where(
        _tokens.c.app_id == bindparam("of_app"),
        or_(_tokens.c.claimed_until.is_(None), _tokens.c.claimed_until <= bindparam("at")),
    )
    .values(claim=bindparam("by"), claimed_until=bindparam("until"))
)
_mine = (_tokens.c.app_id == bindparam("of_app"), _tokens.c.claim == bindparam("by"))
_STORE = (
    update(_tokens)
    .where(*_mine)
    .values(
        sealed=bindparam("sealed"),
        expires_at=bindparam("expires_at"),
        rejected_at=bindparam("rejected_at"),
        claim=None,
        claimed_until=None,
    )
)
_LET_GO = update(_tokens).where(*_mine).values(claim=None, claimed_until=None)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the row holds; `sealed` is not readable without the account's secret."""

    sealed: str | None = None
    expires_at: datetime | None = None
    rejected_at: datetime | None = None  # the last renewal that a rejection asked for
    claimed_until: datetime | None = None  # somebody fetches a new one


def read(session: Session, app_id: str) -> Shared:
    """The row as it stands; an empty one if nobody has ever fetched."""
    row = session.connection().execute(_READ, {"of_app": app_id}).first()
    return _shared(row) if row else Shared()


def locked(session: Session, app_id: str) -> Shared:
    """The row under its lock until the transaction ends."""
    connection = session.connection()
    connection.execute(_BEGIN[connection.dialect.name], {"of_app": app_id})
    return _shared(connection.execute(_READ.with_for_update(), {"of_app": app_id}).one())


def claim(session: Session, app_id: str, by: str, now: datetime) -> bool:
    """Whether `by` may fetch a new token now; the claim ends by itself (R-015)."""
    claimed = {"of_app": app_id, "by": by, "at": now, "until": now + RENEWAL_LEASE}
    return session.connection().execute(_CLAIM, claimed).rowcount == 1


def store(session: Session, app_id: str, by: str, fetched: Shared) -> bool:
    """Keep what was fetched, if the claim is still ours (R-017)."""
    row = {
        "of_app": app_id,
        "by": by,
        "sealed": fetched.sealed,
        "expires_at": fetched.expires_at,
        "rejected_at": fetched.rejected_at,
    }
    return session.connection().execute(_STORE, row).rowcount == 1


def let_go(session: Session, app_id: str, by: str) -> None:
    """The fetch failed: the next one may try at once."""
    session.connection().execute(_LET_GO, {"of_app": app_id, "by": by})


def _shared(row: Any) -> Shared:
    return Shared(row.sealed, row.expires_at, row.rejected_at, row.claimed_until)
