"""Notices that wait for their recipient: told with the answer to what they say next (R-009)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, literal_column, select, update
from sqlalchemy.orm import Session

from counts import REPEATS
from domain.delivery import Channel
from domain.sentence import Say, from_json
from models import Delivery, Notice, NoticeState, Outcome, Person, table_of
from services.notices import IS_OF_FEW

_notices, _tries, _people = table_of(Notice), table_of(Delivery), table_of(Person)
_HELD: Any = literal_column("'held'")
_is_theirs = (_notices.c.recipient_id == bindparam("of_person"), _notices.c.state == _HELD)
_unclear = (
    select(func.count())
    .where(_tries.c.notice_id == _notices.c.id, _tries.c.outcome == Outcome.UNCLEAR)
    .scalar_subquery()
)
_WAITING = (
    select(_notices.c.id, _notices.c.say, _unclear.label("unclear"))
    .where(*_is_theirs, _notices.c.valid_until > bindparam("at"), ~IS_OF_FEW)
    .order_by(_notices.c.id)
    .with_for_update()
)
_SAID = (
    update(_notices)
    .where(_notices.c.id == bindparam("of_notice"), _notices.c.state == _HELD)
    .values(state=NoticeState.DELIVERED, settled_at=bindparam("at"), tries=_notices.c.tries + 1)
)
_TRIED = insert(_tries)
_RELEASE = (
    update(_notices)
    .where(*_is_theirs)
    .values(state=NoticeState.PENDING, next_try_at=bindparam("at"))
)

WAITS_FOR_PERSON: Any = (
    exists()
    .where(_notices.c.recipient_id == _people.c.id, _notices.c.state == _HELD)
    .label("has_held")
)
"""Whether something waits for a person: a column for whoever loads their row."""


@dataclass(frozen=True, slots=True)
class Held:
    """One notice that can be told now."""

    id: int
    say: Say
    is_repeat: bool  # a former try may have arrived


def waiting(session: Session, person_id: int, now: datetime) -> list[Held]:
    """What waits for the person and is still worth saying, in order, locked.

    Nothing of a complaint: the answer that it goes with is read at the desk (P8).
    """
    rows = session.connection().execute(_WAITING, {"of_person": person_id, "at": now})
    return [Held(row.id, from_json(row.say), row.unclear > 0) for row in rows]


def said(session: Session, told: Collection[Held], now: datetime) -> None:
    """These go with the answer that the person gets now."""
    connection = session.connection()
    for each in told:
        connection.execute(_SAID, {"of_notice": each.id, "at": now})
        connection.execute(_TRIED, _try_of(each, now))
        if each.is_repeat:
            REPEATS.labels(Channel.PASSIVE.value).inc()


def release(session: Session, person_id: int, now: datetime) -> int:
    """What still waits is sent as customer messages: the person has just opened a window."""
    row = {"of_person": person_id, "at": now}
    count = session.connection().execute(_RELEASE, row).rowcount
    if count:
        session.info["tells_somebody"] = True
    return count


def _try_of(held: Held, now: datetime) -> dict[str, Any]:
    return {
        "notice_id": held.id,
        "channel": Channel.PASSIVE,
        "outcome": Outcome.ACCEPTED,
        "started_at": now,
        "ended_at": now,
        "errcode": 0,
        "parts": 0,
        "is_repeat": held.is_repeat,
    }
