"""Takes a delivery of a source: once, in one transaction, with an answer for each alarm (F4)."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.alerts import AlertKind, Heard
from domain.refusals import NotFound
from models import AlertSource, table_of
from services.alerts import deliveries, grouping, keys
from services.alerts.deliveries import Arrival
from services.alerts.hearing import Hearing, locked_source

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

_sources = table_of(AlertSource)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request proves itself with."""

    secret: str = ""  # of Authorization
    timestamp: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """A source that proved who it is."""

    id: int
    kind: AlertKind


def sender(
    session: Session,
    slug: str,
    proof: Proof,
    body: bytes,
    address: str | None,
    key: bytes,
    now: datetime,
) -> Sender | None:
    """None for an unknown source, a wrong secret or signature, or from elsewhere: all the same."""
    row = session.execute(  # uq_alert_sources_slug
        select(
            _sources.c.id,
            _sources.c.kind,
            _sources.c.secret_hash,
            _sources.c.sealed,
            _sources.c.addresses,
        ).where(_sources.c.slug == slug, _sources.c.is_active)
    ).first()
    if row is not None and row.kind is AlertKind.GENERIC:
        is_known = keys.is_signed(key, row.sealed, proof.timestamp, proof.signature, body, now)
    else:
        is_known = keys.is_secret(row.secret_hash if row else None, proof.secret)
    if row is None or not is_known or not keys.may_send_from(row.addresses, address):
        return None
    return Sender(row.id, row.kind)


def receive(
    session: Session,
    sender: Sender,
    heard: tuple[Heard, ...],
    arrival: Arrival,
    rules: "Rules",
    now: datetime,
) -> tuple[dict[str, Any], bool]:
    """What the sender is told, and whether it was told so before."""
    source = _turn(session, sender.id)
    delivery_id = deliveries.take(session, source.id, arrival, now)
    if delivery_id is None:
        before = deliveries.answered(session, source.id, arrival.key)
        deliveries.sweep(session, source.id, now)
        return before, True
    hearing = Hearing(session, source, rules, now, delivery_id)
    became = Counter(grouping.take(hearing, each).value for each in heard)
    said = {"received": len(heard), "became": dict(became)}
    source.last_used_at = now
    deliveries.answer(session, delivery_id, 200, said)
    deliveries.sweep(session, source.id, now)
    log.info("alerts_received source=%s alarms=%s", source.id, len(heard))
    return said, False


def refused(
    session: Session,
    sender: Sender,
    arrival: Arrival,
    status: int,
    said: dict[str, Any],
    now: datetime,
) -> None:
    """A source that is known sent what cannot be read: kept, so that the admin sees why."""
    source = _turn(session, sender.id)
    delivery_id = deliveries.take(session, source.id, arrival, now)
    source.last_used_at = now
    if delivery_id is not None:
        deliveries.answer(session, delivery_id, status, said)
    deliveries.sweep(session, source.id, now)


def _turn(session: Session, source_id: int) -> AlertSource:
    """One delivery of a source at a time."""
    source = locked_source(session, source_id)
    if not source.is_active:
        raise NotFound()
    return source
