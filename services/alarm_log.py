"""The alarms of the last days, with the words in which the operators were told (R-053)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from domain.permissions import Permission, demand
from domain.sentence import Say, from_json
from models import Alarm, Notice, table_of

if TYPE_CHECKING:
    from services.desk import Desk

LISTED_FOR = timedelta(days=3)
_LISTED = 20
_LATEST = 20_000  # notices that are walked by their key for the words of an alarm
_PREFIX = "alarm."

_alarms, _notices = table_of(Alarm), table_of(Notice)


@dataclass(frozen=True, slots=True)
class Raised:
    """One alarm; without words if nobody was there to be told."""

    at: datetime
    is_quiet: bool  # told, and not told again before its time
    say: Say | None


def listed(desk: "Desk") -> tuple[Raised, ...]:
    """For desk and head, the newest first."""
    demand(desk.actor.roles, Permission.NOTICE_READ)
    since = desk.now - LISTED_FOR
    statement = (  # the table has one row for each thing that ever went wrong
        select(_alarms.c.raised_at, _alarms.c.quiet_until)
        .where(_alarms.c.raised_at > since)
        .order_by(_alarms.c.raised_at.desc())
        .limit(_LISTED)
    )
    rows = desk.session.execute(statement).all()
    said = _words(desk, since) if rows else {}
    return tuple(
        Raised(row.raised_at, row.quiet_until > desk.now, said.get(row.raised_at)) for row in rows
    )


def _words(desk: "Desk", since: datetime) -> dict[datetime, Say]:
    """What was said at the instant of each alarm."""
    newest = select(func.max(_notices.c.id)).scalar_subquery()
    statement = select(_notices.c.created_at, _notices.c.say).where(
        _notices.c.id > newest - _LATEST,
        _notices.c.created_at > since,
        _notices.c.text_key.startswith(_PREFIX, autoescape=True),
    )
    return {row.created_at: from_json(row.say) for row in desk.session.execute(statement)}
