"""The promises as versions: what holds from when, and who said so and why (F14, R4)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain import escalation, targets
from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.targets import Agreement
from models import AgreementVersion, Person, Ticket
from services import audit

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

_UNENDED = (*OPEN_STATUSES, Status.RESOLVED)


class TooEarly(Refusal):
    """A version cannot hold for what was promised already."""

    text_key = "promised.too_early"


class HoldsAlready(Refusal):
    """What was in force stays on record; only a later version can take its place."""

    text_key = "promised.holds_already"


@dataclass(frozen=True, slots=True)
class Version:
    """One version, with the promises and the ladder, and its story."""

    id: int
    effective_from: datetime
    agreement: Agreement
    reason: str
    made_at: datetime
    made_by: str


def versions(session: Session) -> tuple[Version, ...]:
    """All of them, the first in force first: a handful of rows, read whole."""
    rows = session.execute(
        select(AgreementVersion, Person.name)
        .join(Person, Person.id == AgreementVersion.made_by_id)
        .order_by(AgreementVersion.effective_from, AgreementVersion.id)
    )
    return tuple(_version(row.AgreementVersion, row.name) for row in rows)


def _version(row: AgreementVersion, made_by: str | None) -> Version:
    return Version(
        row.id,
        row.effective_from,
        replace(targets.from_values(row.terms, row.id), ladder=escalation.from_values(row.ladder)),
        row.reason,
        row.made_at,
        made_by or "",
    )


def in_force(known: Sequence[Version], at: datetime) -> Version | None:
    """The newest that holds at an instant; None: what config.yaml says."""
    return next((each for each in reversed(known) if each.effective_from <= at), None)


def get(session: Session, version_id: int) -> Version:
    """NotFound for a number that is no version's."""
    found = next((each for each in versions(session) if each.id == version_id), None)
    if found is None:
        raise NotFound()
    return found


def open_under(session: Session) -> dict[int | None, int]:
    """How many tickets still run under each version; None: under config.yaml."""
    # ix_tickets_status_priority_opened_at
    rows = session.execute(
        select(Ticket.agreement_id, func.count())
        .where(Ticket.status.in_(_UNENDED))
        .group_by(Ticket.agreement_id)
    )
    return {row[0]: row[1] for row in rows}


def make(desk: "Desk", agreement: Agreement, effective_from: datetime, reason: str) -> int:
    """A version that holds from then on; TooEarly for a time that has passed."""
    demand(desk.actor.roles, Permission.TARGET_MANAGE)
    if effective_from < desk.now:
        raise TooEarly(now=desk.now)
    row = AgreementVersion(
        effective_from=effective_from,
        terms=targets.as_values(agreement),
        ladder=escalation.as_values(agreement.ladder),
        reason=reason,
        made_at=desk.now,
        made_by_id=desk.actor.id,
    )
    desk.session.add(row)
    desk.session.flush()
    audit.done_by(desk, "agreement.make", _subject(row), None, _facts(row))
    log.info("agreement_made version=%d person=%d", row.id, desk.actor.id)
    return row.id


def withdraw(desk: "Desk", version_id: int) -> None:
    """It will never hold; HoldsAlready for one that does or did."""
    demand(desk.actor.roles, Permission.TARGET_MANAGE)
    row = desk.session.get(AgreementVersion, version_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.effective_from <= desk.now:
        raise HoldsAlready()
    audit.done_by(desk, "agreement.withdraw", _subject(row), _facts(row), None)
    desk.session.delete(row)
    desk.session.flush()
    log.info("agreement_withdrawn version=%d person=%d", version_id, desk.actor.id)


def _subject(row: AgreementVersion) -> str:
    return f"agreement:{row.id}"


def _facts(row: AgreementVersion) -> dict[str, object]:
    return {"effective_from": audit.told(row.effective_from), "reason": row.reason}
