"""Calls of the platform's API by day, of all processes together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import ApiUsage, table_of

_usage = table_of(ApiUsage)
_PATH_LIMIT = 80
_READ = select(_usage).where(_usage.c.day == bindparam("of_day")).order_by(_usage.c.path)
_ADD = {
    name: insert.on_conflict_do_update(
        index_elements=[_usage.c.day, _usage.c.path],
        set_={
            "calls": _usage.c.calls + insert.excluded.calls,
            "refused": _usage.c.refused + insert.excluded.refused,
        },
    ).returning(_usage.c.calls)
    for name, insert in (
        ("sqlite", sqlite.insert(_usage)),
        ("postgresql", postgresql.insert(_usage)),
    )
}


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """Calls of one API on one day of the platform."""

    day: date
    path: str
    calls: int
    refused: int = 0


def add(session: Session, counted: Iterable[Counted]) -> list[tuple[Counted, int]]:
    """Adds up what one process has called; each with the day's calls of all, these included."""
    connection = session.connection()
    statement = _ADD[connection.dialect.name]
    totals = []
    for each in sorted(counted):  # in one order, so that two who write do not wait for each other
        row = {
            "day": each.day,
            "path": each.path[:_PATH_LIMIT],
            "calls": each.calls,
            "refused": each.refused,
        }
        totals.append((each, connection.execute(statement, row).scalar_one()))
    return totals


def of_day(session: Session, day: date) -> list[Counted]:
    """What was called on one day, by path."""
    rows = session.connection().execute(_READ, {"of_day": day})
    return [Counted(row.day, row.path, row.calls, row.refused) for row in rows]
