"""How often a source may come: counted from what it sent, so that all processes know it (R-080)."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from models import AlertDelivery, table_of

MOST, WITHIN = 300, timedelta(minutes=5)
"""Deliveries of one source, by all processes of the desk together; as OnCall bounds them."""

_deliveries = table_of(AlertDelivery)
_newest = (  # ix_alert_deliveries_source_id_id
    select(_deliveries.c.received_at, _deliveries.c.times)
    .where(_deliveries.c.source_id == bindparam("of_source"))
    .order_by(_deliveries.c.id.desc())
    .limit(bindparam("most", type_=Integer))
    .subquery()
)
_COUNTED = select(func.sum(_newest.c.times), func.min(_newest.c.received_at)).where(
    _newest.c.received_at >= bindparam("since"),
    # A clock that was ahead and has been put right shuts nobody out for long.
    _newest.c.received_at <= bindparam("until"),
)


def full_until(session: Session, source_id: int, now: datetime) -> datetime | None:
    """When the next one is taken; None: now. What is under way is not counted yet."""
    bound = {"of_source": source_id, "most": MOST, "since": now - WITHIN, "until": now + WITHIN}
    times, first_at = session.connection().execute(_COUNTED, bound).one()
    return first_at + WITHIN if (times or 0) >= MOST else None
