"""Keeps the search's words behind what happens: a look, then one short transaction (C §13).

A ticket's lines are written under its lock, so their ids come in order: its words are out of date
exactly when it has a line with a greater id than they know. Lines of different tickets may be
committed out of order on PostgreSQL: those of the last minute are looked at again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from models import Activity, Database, Person, SearchDocument, SearchMark, Ticket, table_of
from models.inserting import insert_into, is_postgresql
from nlp.initials import initials
from services.search_documents import Document, documents

AT_ONCE = 25  # tickets of one transaction: SQLite's one writer is free again within 50 ms
SETTLED_AFTER = timedelta(seconds=60)  # no transaction is open for so long
_WINDOW = 2_000  # lines that one look goes through
_KEPT_EVERY = 500  # lines after which the mark is written though nothing else is
_NAMES_AT_ONCE = 200
_MARK = "tickets"
_ALONE = 4_713_001  # the advisory lock of whoever indexes

_activities, _documents = table_of(Activity), table_of(SearchDocument)
_marks, _people = table_of(SearchMark), table_of(Person)

_STALE = (
    select(_activities.c.ticket_id)
    .join_from(
        _activities, _documents, _documents.c.ticket_id == _activities.c.ticket_id, isouter=True
    )
    .where(
        _activities.c.id > bindparam("after"),
        _activities.c.id <= bindparam("upto"),
        or_(
            _documents.c.ticket_id.is_(None),
            _documents.c.activity_id < _activities.c.id,
        ),
    )
    .group_by(_activities.c.ticket_id)
    .order_by(_activities.c.ticket_id)
    .limit(AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the look has come, and up to where nothing can appear any more."""

    at: int
    settled: int
    kept: int  # what the database says is settled


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did; `is_caught_up`: there is nothing left to do now."""

    place: Place
    written: int
    is_caught_up: bool


@dataclass(frozen=True, slots=True)
class _Look:
    found: list[Document]
    place: Place
    is_caught_up: bool


def begin(session: Session) -> Place:
    """Where an indexer goes on after a start."""
    mark = session.scalar(select(SearchMark.activity_id).where(SearchMark.name == _MARK)) or 0
    return Place(mark, mark, mark)


def step(database: Database, place: Place, now: datetime) -> Step:
    """Index what is out of date in the next lines; again and again it reaches the newest."""
    with database.reading() as session:
        if not _is_alone(session):
            return Step(place, 0, is_caught_up=True)
        look = _look(session, place, now)
        if look.found or look.place.settled - place.kept >= _KEPT_EVERY:
            with database.transaction() as writing:
                write(writing, look.found)
                _keep_mark(writing, look.place.settled)
            look = replace(look, place=replace(look.place, kept=look.place.settled))
    return Step(look.place, len(look.found), look.is_caught_up)


def _is_alone(session: Session) -> bool:
    """Of several servers one indexes at a time; the lock ends with the look."""
    if not is_postgresql(session):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_ALONE))))


def _look(session: Session, place: Place, now: datetime) -> _Look:
    newest = session.scalar(select(func.max(Activity.id))) or 0
    upto = min(place.at + _WINDOW, newest)
    window = {"after": place.at, "upto": upto}
    stale = session.scalars(_STALE, window).all()
    if len(stale) == AT_ONCE:  # there may be more of them in this window
        return _Look(documents(session, stale), place, is_caught_up=False)
    place = replace(place, settled=_settled(session, place, upto, now))
    is_through = upto >= newest
    place = replace(place, at=place.settled if is_through else upto)
    return _Look(documents(session, stale) if stale else [], place, is_through)


def _settled(session: Session, place: Place, upto: int, now: datetime) -> int:
    """The last line of the window that is old enough for all before it to be committed."""
    statement = select(func.max(Activity.id)).where(
        Activity.id > place.at, Activity.id <= upto, Activity.happened_at < now - SETTLED_AFTER
    )
    return session.scalar(statement) or place.settled


def write(session: Session, found: Sequence[Document]) -> None:
    """Newer words replace older ones, never the other way round."""
    if not found:
        return
    new = insert_into(session, _documents)
    statement = new.on_conflict_do_update(
        index_elements=[_documents.c.ticket_id],
        set_={"tokens": new.excluded.tokens, "activity_id": new.excluded.activity_id},
        where=new.excluded.activity_id >= _documents.c.activity_id,
    )
    rows = [
        {"ticket_id": each.ticket_id, "tokens": each.tokens, "activity_id": each.activity_id}
        for each in found
    ]
    session.connection().execute(statement, rows)


def _keep_mark(session: Session, activity_id: int) -> None:
    session.execute(
        update(_marks)
        .where(_marks.c.name == _MARK, _marks.c.activity_id < activity_id)
        .values(activity_id=activity_id)
    )


# --- all of it anew ------------------------------------------------------------------------------


def count(session: Session) -> int:
    """All tickets there are."""
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def rebuild_some(database: Database, after: int) -> tuple[int, int] | None:
    """Write the words of the next tickets anew: the last of them and how many; None at the end."""
    statement = select(Ticket.id).where(Ticket.id > after).order_by(Ticket.id).limit(AT_ONCE)
    with database.reading() as session:
        ids = session.scalars(statement).all()
        found = documents(session, ids)
    if not ids:
        return None
    with database.transaction() as session:
        write(session, found)
    return ids[-1], len(ids)


# --- people --------------------------------------------------------------------------------------


def learn_initials(database: Database) -> int:
    """Give initials to people who have a name and none yet; answers to how many."""
    with database.reading() as session:
        rows = session.execute(
            select(_people.c.id, _people.c.name)
            .where(_people.c.initials.is_(None), _people.c.name.is_not(None))
            .limit(_NAMES_AT_ONCE)
        ).all()
    if not rows:
        return 0
    statement = (
        update(_people)
        .where(_people.c.id == bindparam("of_person"))
        .values(initials=bindparam("said"))
    )
    facts = [{"of_person": row.id, "said": initials(row.name)} for row in rows]
    with database.transaction() as session:
        session.connection().execute(statement, facts)
    return len(rows)
