"""Gives tickets their numbers: unique however many ask at once, counted from one each day (I4)."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from domain.numbers import desk_day, ticket_number
from models import TICKET_NUMBERS, TicketCount, table_of

_counts = table_of(TicketCount)
_of_day = _counts.c.day == bindparam("of_day")

_NEXT = update(_counts).where(_of_day).values(last=_counts.c.last + 1).returning(_counts.c.last)
_BEGIN = sqlite.insert(_counts).values(day=bindparam("of_day"), last=1).returning(_counts.c.last)

_DRAW = select(TICKET_NUMBERS.next_value(), select(_counts.c.last).where(_of_day).scalar_subquery())
_began = postgresql.insert(_counts).values(day=bindparam("of_day"), last=bindparam("before"))
_BEGIN_DRAWING = _began.on_conflict_do_update(
    index_elements=[_counts.c.day], set_={"last": _counts.c.last}
).returning(_counts.c.last)


def next_number(session: Session, now: datetime) -> str:
    """The next number of the desk's day; a transaction that fails may leave a gap."""
    connection, day = session.connection(), desk_day(now)
    draw = _drawn if connection.dialect.name == "postgresql" else _counted
    return ticket_number(day, draw(connection, f"{day:%Y%m%d}"))


def _counted(connection: Connection, day: str) -> int:
    """SQLite has one writer: the count is a row."""
    of_day = {"of_day": day}
    count: int | None = connection.execute(_NEXT, of_day).scalar()
    return count if count is not None else int(connection.execute(_BEGIN, of_day).scalar_one())


def _drawn(connection: Connection, day: str) -> int:
    """From a sequence: a row would be locked until the commit, and all would wait for it.

    The first ticket of a day keeps where the sequence stood; whoever drew before that draws again.
    """
    while True:
        number, before = connection.execute(_DRAW, {"of_day": day}).one()
        if before is None:
            begin = {"of_day": day, "before": number - 1}
            before = connection.execute(_BEGIN_DRAWING, begin).scalar_one()
        if number > before:
            return int(number - before)
