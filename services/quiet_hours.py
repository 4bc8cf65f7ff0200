"""Quiet hours that people set for themselves; what is urgent comes all the same (C §24)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.quiet import LONGEST, Quiet, quiet_now
from domain.refusals import Refusal
from models import QuietHours
from services.shared_answers import keep, shared

_KEY = "quiet hours"
_KNOWN_FOR = 10  # seconds; whoever sets them is not kept waiting longer


class TooLong(Refusal):
    """What was to be said would be over before it is said."""

    text_key = "quiet.too_long"


def of(session: Session, person_id: int) -> Quiet | None:
    """What this person has set."""
    row = session.get(QuietHours, person_id)
    return Quiet(row.quiet_from, row.quiet_until) if row else None


def put(session: Session, person_id: int, quiet: Quiet | None, now: datetime) -> None:
    """From now on; None: at any hour. TooLong."""
    if quiet is not None and not 0 < quiet.length <= LONGEST:
        raise TooLong(most=LONGEST // 60)
    row = session.get(QuietHours, person_id)
    if quiet is None:
        if row is not None:
            session.delete(row)
    else:
        session.merge(
            QuietHours(
                person_id=person_id,
                quiet_from=quiet.since,
                quiet_until=quiet.until,
                changed_at=now,
            )
        )
    session.flush()
    keep(session, _KEY, _all(session))


def everybodys(session: Session) -> Mapping[int, Quiet]:
    """Of the few who have set them; each claim of the outbox asks."""
    return shared(session, _KEY, lambda: _all(session), times=_KNOWN_FOR)


def people_quiet(session: Session, now: datetime) -> frozenset[int]:
    """To whom nothing ordinary is said now."""
    return quiet_now(everybodys(session), now)


def _all(session: Session) -> dict[int, Quiet]:
    rows = session.execute(
        select(QuietHours.person_id, QuietHours.quiet_from, QuietHours.quiet_until)
    )
    return {row.person_id: Quiet(row.quiet_from, row.quiet_until) for row in rows}
