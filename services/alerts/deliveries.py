"""What sources sent: each delivery taken once, the last ones kept for who looks for a fault."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from models import AlertDelivery, table_of
from models.inserting import insert_into
from services.alerts.limiting import WITHIN

KEPT = 50
REMEMBERED_FOR = timedelta(minutes=15)
"""So long a delivery is known again: longer than a signature holds, and than is counted."""

_REQUEST = 4000  # characters of it are kept
_HIDDEN = "\u2022" * 4
_SECRET = re.compile(r"pass|secret|token|authorization|api_?key|cookie", re.IGNORECASE)
_deliveries = table_of(AlertDelivery)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request of a source, as far as it is kept."""

    address: str
    request: str  # masked
    key: str | None = None  # by which the sender knows it again


def masked(sent: Any) -> str:
    """What was sent, without what looks like a secret."""
    return json.dumps(_without_secrets(sent), ensure_ascii=False, indent=1)[:_REQUEST]


def _without_secrets(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _HIDDEN if _SECRET.search(str(key)) else _without_secrets(each)
                for key, each in value.items()
            }
        case list():
            return [_without_secrets(each) for each in value]
        case str():
            return value[:_REQUEST]
    return value


def take(session: Session, source_id: int, arrival: Arrival, now: datetime) -> int | None:
    """The row of a new delivery; None if it was taken before, which is counted."""
    row = {
        "source_id": source_id,
        "key": arrival.key,
        "received_at": now,
        "address": arrival.address[:45],
        "request": arrival.request,
        "status": 200,
        "answer": None,
        "times": 1,
    }
    statement = (
        insert_into(session, _deliveries)
        .values(row)
        .on_conflict_do_nothing(index_elements=[_deliveries.c.source_id, _deliveries.c.key])
        .returning(_deliveries.c.id)
    )
    found: int | None = session.connection().execute(statement).scalar()
    if found is None:
        _count_again(session, source_id, arrival, now)
    return found


def _count_again(session: Session, source_id: int, arrival: Arrival, now: datetime) -> None:
    """On its row; once that is older than what is counted, in a row of this time."""
    is_same = (_deliveries.c.source_id == source_id, _deliveries.c.key == arrival.key)
    again = session.execute(
        update(_deliveries)
        .where(*is_same, _deliveries.c.received_at > now - WITHIN)
        .values(times=_deliveries.c.times + 1)
        .returning(_deliveries.c.id)
    )
    if again.first() is None:
        _write_again(session, is_same, arrival, now)


def _write_again(
    session: Session, is_same: Sequence[ColumnElement[bool]], arrival: Arrival, now: datetime
) -> None:
    columns = _deliveries.c
    own = {
        "source_id": columns.source_id,
        "received_at": literal(now, columns.received_at.type),
        "address": literal(arrival.address[:45]),
        "request": columns.request,
        "status": columns.status,
        "answer": columns.answer,
        "times": literal(1),
    }
    same = select(*own.values()).where(*is_same)
    session.execute(insert(_deliveries).from_select(list(own), same))


def answered(session: Session, source_id: int, key: str | None) -> dict[str, Any]:
    """What the same delivery was answered before."""
    statement = select(_deliveries.c.answer).where(
        _deliveries.c.source_id == source_id, _deliveries.c.key == key
    )
    return session.execute(statement).scalar() or {}


def answer(session: Session, delivery_id: int, status: int, said: dict[str, Any]) -> None:
    session.execute(
        update(_deliveries)
        .where(_deliveries.c.id == delivery_id)
        .values(status=status, answer=said)
    )


def sweep(session: Session, source_id: int, now: datetime) -> None:
    """Keeps the last ones, and those that may still be sent again."""
    newest = (  # ix_alert_deliveries_source_id_id
        select(_deliveries.c.id)
        .where(_deliveries.c.source_id == source_id)
        .order_by(_deliveries.c.id.desc())
        .offset(KEPT - 1)
        .limit(1)
        .scalar_subquery()
    )
    session.execute(
        delete(_deliveries).where(
            _deliveries.c.source_id == source_id,
            _deliveries.c.id < newest,
            _deliveries.c.received_at < now - REMEMBERED_FOR,
        )
    )


def listed(session: Session, source_id: int) -> list[AlertDelivery]:
    """The last ones, newest first."""
    statement = (
        select(AlertDelivery)
        .where(AlertDelivery.source_id == source_id)
        .order_by(AlertDelivery.id.desc())
        .limit(KEPT)
    )
    return list(session.scalars(statement))


def kept_of(session: Session, ids: list[int]) -> dict[int, AlertDelivery]:
    """Those of them that are still kept."""
    if not ids:
        return {}
    rows = session.scalars(select(AlertDelivery).where(AlertDelivery.id.in_(ids)))
    return {row.id: row for row in rows}


def count(session: Session, source_id: int) -> int:
    statement = select(func.count()).where(_deliveries.c.source_id == source_id)
    return session.scalar(statement) or 0
