"""Who looks at a ticket now, or types in it (C §5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from models import Person, Presence, table_of
from models.inserting import insert_into

RENEWED_EVERY = timedelta(seconds=15)
COUNTS_FOR = timedelta(seconds=40)
"""A row that was not renewed for so long means nobody: a page was closed, a computer sleeps."""

_SWEPT_AFTER = timedelta(minutes=10)
_presences, _people = table_of(Presence), table_of(Person)
_OTHERS = (
    select(_people.c.id, _people.c.name, _presences.c.is_typing)
    .join_from(_presences, _people, _people.c.id == _presences.c.person_id)
    .where(
        _presences.c.ticket_id == bindparam("of_ticket"),
        _presences.c.person_id != bindparam("of_person"),
        _presences.c.seen_at > bindparam("since"),
    )
    .order_by(_people.c.name, _people.c.id)
)
_MINE = select(_presences.c.seen_at, _presences.c.is_typing).where(
    _presences.c.ticket_id == bindparam("of_ticket"),
    _presences.c.person_id == bindparam("of_person"),
)


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who has this ticket open."""

    person_id: int
    name: str
    is_typing: bool


def others(session: Session, ticket_id: int, person_id: int, now: datetime) -> tuple[Present, ...]:
    """Colleagues who are there now."""
    values = {"of_ticket": ticket_id, "of_person": person_id, "since": now - COUNTS_FOR}
    rows = session.connection().execute(_OTHERS, values).all()
    return tuple(Present(row.id, row.name or "", row.is_typing) for row in rows)


def is_due(
    session: Session, ticket_id: int, person_id: int, now: datetime, *, is_typing: bool
) -> bool:
    """Whether this person's row is to be written anew; asked with a reading session."""
    values = {"of_ticket": ticket_id, "of_person": person_id}
    row = session.connection().execute(_MINE, values).first()
    if row is None or row.is_typing is not is_typing:
        return True
    return bool(row.seen_at <= now - RENEWED_EVERY)


def note(
    session: Session, ticket_id: int, person_id: int, now: datetime, *, is_typing: bool
) -> None:
    """This person is there; old rows go."""
    connection = session.connection()
    values = {"is_typing": is_typing, "seen_at": now}
    statement = insert_into(session, _presences).values(
        ticket_id=ticket_id, person_id=person_id, **values
    )
    keys = [_presences.c.ticket_id, _presences.c.person_id]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    connection.execute(delete(_presences).where(_presences.c.seen_at < now - _SWEPT_AFTER))
