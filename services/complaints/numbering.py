"""Numbers of complaints, counted from one each day; there are few, so a row is counted up."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.numbers import complaint_number, desk_day
from models import ComplaintCount, table_of
from models.inserting import insert_into

_counts = table_of(ComplaintCount)


def next_number(session: Session, now: datetime) -> str:
    """The next number of the desk's day."""
    connection, day = session.connection(), desk_day(now)
    counted = (
        insert_into(session, _counts)
        .values(day=f"{day:%Y%m%d}", last=1)
        .on_conflict_do_update(index_elements=[_counts.c.day], set_={"last": _counts.c.last + 1})
        .returning(_counts.c.last)
    )
    return complaint_number(day, int(connection.execute(counted).scalar_one()))
