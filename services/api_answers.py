"""Answers of the API under their idempotency keys: what is sent twice is done once (H-52)."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.refusals import Refusal
from models import ApiAnswer, table_of

KEPT_FOR = timedelta(hours=24)

_UNDER_WAY = 0  # the status of a row whose transaction has not come to its end
_answers = table_of(ApiAnswer)
_VALUES: dict[str, Any] = {
    "token_id": bindparam("token_id"),
    "key": bindparam("key"),
    "digest": bindparam("digest"),
    "status": _UNDER_WAY,
    "body": None,
    "created_at": bindparam("created_at"),
}
# Served by uq_api_answers_token_id_key.
_TAKE = {
    "sqlite": sqlite.insert(_answers)
    .values(_VALUES)
    .on_conflict_do_nothing()
    .returning(_answers.c.id),
    "postgresql": postgresql.insert(_answers)
    .values(_VALUES)
    .on_conflict_do_nothing()
    .returning(_answers.c.id),
}
_OF_KEY = (_answers.c.token_id == bindparam("of_token"), _answers.c.key == bindparam("of_key"))
_FIND = select(_answers.c.digest, _answers.c.status, _answers.c.body).where(*_OF_KEY)
_KEEP = update(_answers).where(*_OF_KEY).values(status=bindparam("kept"), body=bindparam("said"))
# Served by ix_api_answers_created_at.
_SWEEP = delete(_answers).where(_answers.c.created_at <= bindparam("until"))
_ALONE = select(func.pg_try_advisory_xact_lock(bindparam("of_token"), bindparam("of_key_number")))


class KeyUsed(Refusal):
    """The key was used for something else: nobody's second wish is taken for the first."""

    text_key = "api.key.used"


class StillUnderWay(Refusal):
    """The same call is being answered at this moment."""

    text_key = "api.key.under_way"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered with."""

    status: int
    body: dict[str, Any]


def take(session: Session, token_id: int, key: str, digest: str, now: datetime) -> Answer | None:
    """None: the key is new, and what is done in this transaction is its answer.

    An answer: it was given before. KeyUsed or StillUnderWay otherwise. On SQLite there is one
    writer, so whoever comes while the first is answered waits for that and gets the same.
    """
    connection = session.connection()
    _alone(session, token_id, key)
    connection.execute(_SWEEP, {"until": now - KEPT_FOR})
    values = {"token_id": token_id, "key": key, "digest": digest, "created_at": now}
    if connection.execute(_TAKE[connection.dialect.name], values).scalar() is not None:
        return None
    row = connection.execute(_FIND, {"of_token": token_id, "of_key": key}).one()
    if row.digest != digest:
        raise KeyUsed()
    return Answer(row.status, row.body or {})


def keep(session: Session, token_id: int, key: str, answer: Answer) -> None:
    """What the same call gets from now on."""
    facts = {"of_token": token_id, "of_key": key, "kept": answer.status, "said": answer.body}
    session.connection().execute(_KEEP, facts)


def _alone(session: Session, token_id: int, key: str) -> None:
    """PostgreSQL: nobody waits for another's transaction to come to its end."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    number = zlib.crc32(key.encode()) - 2**31  # as a signed number of 32 bits
    if not connection.execute(_ALONE, {"of_token": token_id, "of_key_number": number}).scalar():
        raise StillUnderWay()
