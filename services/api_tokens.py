"""Tokens of the API: issued, shown once, kept as a hash, revoked, told apart (H-50, H-51)."""

import hashlib
import hmac
import logging
import secrets
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.permissions import Permission
from domain.refusals import NotFound, Refusal
from domain.scopes import Scope, granted
from domain.speaker import Speaker
from models import ApiToken, Person, table_of
from services import audit
from services.speakers import SPEAKER_COLUMNS, speaker_of

log = logging.getLogger(__name__)

LONGEST = timedelta(days=366)
NOTED_EVERY = timedelta(minutes=1)
"""A token that is used ten times a second writes when it was last used once a minute."""

_PREFIX = "sd_"  # what scanners of leaked secrets look for
_TOKEN_BYTES = 32
_SUM_LENGTH = 8  # hexadecimal digits of the checksum behind it
_ENDING = 4  # characters by which people tell tokens apart
_tokens, _people = table_of(ApiToken), table_of(Person)

# Served by uq_api_tokens_token_hash.
_FIND = (
    select(
        _tokens.c.id.label("token_id"),
        _tokens.c.name.label("token_name"),
        _tokens.c.token_hash,
        _tokens.c.scopes,
        _tokens.c.expires_at,
        _tokens.c.last_used_at,
        *SPEAKER_COLUMNS,
    )
    .join_from(_tokens, _people, _people.c.id == _tokens.c.person_id)
    .where(
        _tokens.c.token_hash == bindparam("of_token"),
        _tokens.c.revoked_at.is_(None),
        _tokens.c.expires_at > bindparam("now"),
        _people.c.is_active,
    )
)


class ScopesMissing(Refusal):
    """A token that may do nothing is of no use."""

    text_key = "api.token.scopes_missing"


class ExpiryRefused(Refusal):
    """In the past, or further away than a year (H-51)."""

    text_key = "api.token.expiry_refused"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls: as which person, and how far the token reaches."""

    token_id: int
    token_name: str
    speaker: Speaker
    scopes: frozenset[Scope]
    expires_at: datetime
    is_to_be_noted: bool  # it was last used long enough ago

    @property
    def permissions(self) -> frozenset[Permission]:
        return granted(self.scopes)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as the page of tokens lists it; what it opens with is not known any more."""

    id: int
    name: str
    ending: str
    person_id: int
    person: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    is_person_active: bool

    def is_live(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        is_over = self.expires_at is None or self.expires_at <= now
        return self.revoked_at is None and not is_over and self.is_person_active


def issue(
    session: Session,
    *,
    name: str,
    person_id: int,
    scopes: Collection[Scope | str],
    created_by_id: int,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """A new token and what it opens with, which is shown once; without end it holds for a year.

    ValueError for a word that is no scope; NotFound if the person has left.
    """
    kept = sorted({Scope(each) for each in scopes})
    ends_at = expires_at or now + LONGEST
    if not kept:
        raise ScopesMissing()
    if not now < ends_at <= now + LONGEST:
        raise ExpiryRefused()
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound()
    secret = new_secret()
    token = ApiToken(
        name=name[:60],
        token_hash=_hash(secret),
        ending=secret[-_ENDING:],
        person_id=person_id,
        scopes=[each.value for each in kept],
        created_by_id=created_by_id,
        created_at=now,
        expires_at=ends_at,
    )
    session.add(token)
    session.flush()
    _audit(session, token, "token.issue", created_by_id, now)
    log.info("api_token_issued token_id=%s person=%s", token.id, person_id)
    return token, secret


def revoke(session: Session, token_id: int, now: datetime, *, by_id: int | None = None) -> ApiToken:
    """It opens nothing from the next call on; once more changes nothing."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = now
        _audit(session, token, "token.revoke", by_id, now)
        log.info("api_token_revoked token_id=%s", token.id)
    return token


def listed(session: Session) -> tuple[TokenView, ...]:
    """Every token there was, the newest first."""
    makers = _people.alias("makers")
    rows = session.execute(
        select(
            _tokens,
            _people.c.name.label("person"),
            _people.c.is_active,
            makers.c.name.label("maker"),
        )
        .join_from(_tokens, _people, _people.c.id == _tokens.c.person_id)
        .join(makers, makers.c.id == _tokens.c.created_by_id)
        .order_by(_tokens.c.id.desc())
    )
    return tuple(map(_view, rows))


def _view(row: Any) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        ending=row.ending,
        person_id=row.person_id,
        person=row.person or "",
        scopes=tuple(row.scopes),
        created_by=row.maker or "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        is_person_active=row.is_active,
    )


def bearer(session: Session, token: str, now: datetime) -> Bearer | None:
    """Whose token this is; None for one that is wrong, over or revoked, or whose person left."""
    if not is_well_formed(token):
        return None
    row = session.connection().execute(_FIND, {"of_token": _hash(token), "now": now}).first()
    if row is None or not hmac.compare_digest(row.token_hash, _hash(token)):
        return None
    speaker = speaker_of(row)
    last = row.last_used_at
    return Bearer(
        token_id=row.token_id,
        token_name=row.token_name,
        speaker=speaker,
        scopes=frozenset(Scope(each) for each in row.scopes if each in set(Scope)),
        expires_at=row.expires_at,
        is_to_be_noted=last is None or now - last >= NOTED_EVERY,
    )


def used(session: Session, token_id: int, now: datetime) -> None:
    """When it was last used, for the page of tokens."""
    session.execute(update(_tokens).where(_tokens.c.id == token_id).values(last_used_at=now))


def new_secret() -> str:
    """`sd_`, 256 random bits, and a checksum by which a typing slip is seen without asking."""
    body = _PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
    return body + _sum(body)


def is_well_formed(token: str) -> bool:
    """Whether it can be a token of ours at all."""
    if not token.isascii() or not token.startswith(_PREFIX):
        return False
    body, ending = token[:-_SUM_LENGTH], token[-_SUM_LENGTH:]
    return hmac.compare_digest(_sum(body), ending)


def _sum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _audit(
    session: Session, token: ApiToken, action: str, actor_id: int | None, now: datetime
) -> None:
    facts = {"name": token.name, "person_id": token.person_id, "scopes": list(token.scopes)}
    is_new = action == "token.issue"
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=f"token:{token.id}",
        before=None if is_new else facts,
        after=facts if is_new else None,
        now=now,
    )
