"""Notices of one sentence about many tickets: few statements, however many there are (T8)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import Notice, NoticeState, table_of
from models.pouring import among, pour
from services import notices

_notices = table_of(Notice)
_SAID = select(  # of any state, else all that waits is walked through: ix_notices_stuck
    _notices.c.recipient_id, _notices.c.ticket_id, _notices.c.state
).where(
    among(_notices.c.ticket_id, "tickets"),  # ix_notices_ticket_id
    _notices.c.text_key.in_(bindparam("keys", expanding=True)),
)
_UNSAID = frozenset({NoticeState.PENDING, NoticeState.HELD})


class Told(NamedTuple):
    """What one person is told of one ticket."""

    recipient_id: int
    ticket_id: int
    say: str  # written as a row keeps it
    late_since: datetime | None


def queue_many(
    session: Session, key: str, told: Collection[Told], now: datetime, *, is_urgent: bool = False
) -> None:
    """Keep them until the outbox sends them; what each takes the place of gives way."""
    if not told:
        return
    session.info["tells_somebody"] = True
    waiting = _waiting_about(session, [each.ticket_id for each in told], key)
    _pour(session, key, [each for each in told if each.late_since], now, is_urgent)
    _pour(session, key, [each for each in told if not each.late_since], now, is_urgent)
    about = {(each.recipient_id, each.ticket_id) for each in told}
    for recipient_id, ticket_id in waiting:
        if (recipient_id, ticket_id) in about:
            notices.replace(session, recipient_id, ticket_id, key, now)


def _pour(session: Session, key: str, told: Sequence[Told], now: datetime, is_urgent: bool) -> None:
    """All late or none."""
    if not told:
        return
    same = notices.common(key, now, is_urgent=is_urgent)
    if told[0].late_since:
        same["next_try_at"] = now + notices.GATHERED_FOR
    pour(session.connection(), _notices, Told._fields, told, same, written=("say",))


def _waiting_about(
    session: Session, ticket_ids: Sequence[int], key: str
) -> Collection[tuple[int, int]]:
    """Whom something is still to be said about these tickets: of most there is nothing."""
    if not (keys := notices.REPLACES.get(key, ())):
        return ()
    said = session.connection().execute(_SAID, {"tickets": ticket_ids, "keys": keys})
    return {(row.recipient_id, row.ticket_id) for row in said if row.state in _UNSAID}
