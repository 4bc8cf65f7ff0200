"""Alarms of the operators: each told once, then quiet for its time (R-053, R-054, R-056)."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.sentence import Fact
from models import Alarm, table_of
from services import notices

log = logging.getLogger(__name__)

_alarms = table_of(Alarm)
_NEW: dict[str, Any] = {
    "key": bindparam("key"),
    "raised_at": bindparam("at"),
    "quiet_until": bindparam("until"),
}
# One statement, so that of many who see the same trouble one tells of it: the others wait for its
# row and then find it quiet.
_RAISE = {
    name: insert.on_conflict_do_update(
        index_elements=[_alarms.c.key],
        set_={"raised_at": bindparam("at"), "quiet_until": bindparam("until")},
        where=_alarms.c.quiet_until <= bindparam("at"),
    ).returning(_alarms.c.key)
    for name, insert in (
        ("sqlite", sqlite.insert(_alarms).values(_NEW)),
        ("postgresql", postgresql.insert(_alarms).values(_NEW)),
    )
}
_KEY_LIMIT = 120


def raise_alarm(
    session: Session,
    key: str,
    now: datetime,
    *,
    quiet_for: timedelta,
    text_key: str,
    **facts: Fact,
) -> bool:
    """Tells the operators, unless they were told of `key` within `quiet_for`; whether it did."""
    row = {"key": key[:_KEY_LIMIT], "at": now, "until": now + quiet_for}
    connection = session.connection()
    if connection.execute(_RAISE[connection.dialect.name], row).first() is None:
        return False
    log.error("alarm_raised key=%s", row["key"])
    notices.tell_operators(session, text_key, now, **facts)
    return True
