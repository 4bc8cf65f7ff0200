"""In the morning: one message for all that has waited in somebody's quiet hours (C §24)."""

from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from domain.quiet import Quiet, began_at, has_just_ended
from models import Notice, NoticeUrgency, Person, table_of
from services import catching_up, notices, quiet_hours
from services.catching_up import FEW

_notices, _people = table_of(Notice), table_of(Person)
_WAITED = (
    select(_notices, _people.c.roles)
    .join_from(_notices, _people, _people.c.id == _notices.c.recipient_id)
    .where(
        # Written out, not bound: only then does a database see that ix_notices_open serves.
        _notices.c.state.in_([literal_column("'pending'"), literal_column("'claimed'")]),
        _notices.c.state == literal_column("'pending'"),
        _notices.c.recipient_id.in_(bindparam("people", expanding=True)),
        _notices.c.urgency == NoticeUrgency.NORMAL,
        _notices.c.text_key != notices.SAID_BY_CLERK,
        _notices.c.tries == 0,
        _notices.c.valid_until > bindparam("at"),
        ~notices.IS_OF_FEW,  # each in its own words
    )
    .order_by(_notices.c.recipient_id, _notices.c.id)
    .with_for_update(of=_notices)
)


def is_due(session: Session, now: datetime) -> bool:
    """Whether somebody's hours have just ended."""
    return bool(_just_ended(session, now))


def gather(session: Session, now: datetime) -> int:
    """One message for each person for whom more than a few wait; how many people those are."""
    ended = _just_ended(session, now)
    rows = session.connection().execute(_WAITED, {"people": list(ended), "at": now}).all()
    summed = 0
    for person_id, group in groupby(rows, lambda row: row.recipient_id):
        since = began_at(ended[person_id], now)
        told: list[Any] = [row for row in group if row.created_at >= since]
        if len(told) > FEW:
            catching_up.say_at_once(session, told, now, "quiet.summary", since)
            summed += 1
    return summed


def _just_ended(session: Session, now: datetime) -> dict[int, Quiet]:
    known = quiet_hours.everybodys(session)
    return {person: quiet for person, quiet in known.items() if has_just_ended(quiet, now)}
