"""Makes deliveries out of the histories: nothing that happened is missed, whoever wrote it down.

A line is committed with what it tells of, so whatever happened is there to be found. Lines may be
committed out of order on PostgreSQL: a mark moves to a line only after it has been known for longer
than any transaction is open, and what lies behind the mark is looked at again and again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.webhooks import Event, SendState
from failpoints import hit
from models import Database, Webhook, WebhookDelivery, WebhookMark, table_of
from models.inserting import insert_into, is_postgresql
from services.webhooks import lines
from services.webhooks.bodies import body_of, message_id
from services.webhooks.lines import Line

SETTLED_AFTER = 60.0  # seconds; a transaction that idles is ended after 15 (models/database.py)
_WINDOW = 300  # lines that one look goes through
_ALONE = 4_713_002  # the advisory lock of whoever follows

_hooks, _deliveries = table_of(Webhook), table_of(WebhookDelivery)
_marks = table_of(WebhookMark)
_LIVE = select(_hooks).where(_hooks.c.removed_at.is_(None)).order_by(_hooks.c.id)

Found = Callable[[Session, int, int, Iterable[int]], list[Line]]


@dataclass(frozen=True, slots=True)
class Source:
    """A history: its newest line, and what others are told of in some of its lines."""

    newest: Callable[[Session], int]
    found: Found


SOURCES: Mapping[str, Source] = {
    "tickets": Source(lines.newest_of_tickets, lines.of_tickets),
    "complaints": Source(lines.newest_of_complaints, lines.of_complaints),
}


@dataclass(frozen=True, slots=True)
class Place:
    """How far a look has come; `seen`: lines behind the mark whose deliveries are there."""

    mark: int
    at: int
    seen: frozenset[int] = field(default=frozenset())
    known: int = 0  # the newest line at `known_since`
    known_since: float = 0.0


Places = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did; `is_caught_up`: there is nothing left to follow now."""

    places: Places
    made: int
    is_caught_up: bool


def begin_now(session: Session) -> None:
    """The first webhook is told of what happens from now on."""
    for name, source in SOURCES.items():
        new = insert_into(session, _marks).values(name=name, line_id=source.newest(session))
        session.execute(
            new.on_conflict_do_update(
                index_elements=[_marks.c.name], set_={"line_id": new.excluded.line_id}
            )
        )


def step(database: Database, places: Places, now: datetime, seconds: float) -> Step:
    """Follow each history a little; without a webhook there is nothing to be followed."""
    with database.reading() as session:
        hooks = session.execute(_LIVE).all()
        if not hooks:
            return Step({}, 0, is_caught_up=True)
        if not _is_alone(session):
            return Step({}, 0, is_caught_up=True)
        looks = {
            name: _look(session, source, places.get(name) or _begun(session, name), seconds)
            for name, source in SOURCES.items()
        }
        rows = [row for look in looks.values() for row in _rows(look.found, hooks, now)]
        moved = {name: look.place.mark for name, look in looks.items() if look.is_mark_moved}
        if rows or moved:
            with database.transaction() as writing:
                _keep(writing, rows, moved)
                hit("event.kept")
    after = {name: look.place for name, look in looks.items()}
    return Step(after, len(rows), all(look.is_through for look in looks.values()))


def _is_alone(session: Session) -> bool:
    """Of several servers one follows at a time; twice would only be work for nothing."""
    if not is_postgresql(session):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_ALONE))))


def _begun(session: Session, name: str) -> Place:
    mark = session.scalar(select(WebhookMark.line_id).where(WebhookMark.name == name)) or 0
    return Place(mark, mark)


@dataclass(frozen=True, slots=True)
class _Look:
    found: Sequence[Line]
    place: Place
    is_mark_moved: bool
    is_through: bool


def _look(session: Session, source: Source, place: Place, seconds: float) -> _Look:
    newest = source.newest(session)
    if newest < place.mark:  # the last lines were taken out, and their numbers come again
        place = Place(newest, newest)
        return _Look((), place, is_mark_moved=True, is_through=True)
    upto = min(place.at + _WINDOW, newest)
    found = source.found(session, place.at, upto, place.seen)
    seen = place.seen | {line.id for line in found}
    if upto < newest:
        return _Look(found, replace(place, at=upto, seen=seen), False, False)
    return _at_the_end(found, replace(place, seen=seen), newest, seconds)


def _at_the_end(found: Sequence[Line], place: Place, newest: int, seconds: float) -> _Look:
    """The next look begins at the mark again, which moves once nothing can appear before it."""
    mark, known, since = place.mark, place.known, place.known_since
    if known <= mark:
        known, since = newest, seconds
    elif seconds - since >= SETTLED_AFTER:
        mark, known, since = known, newest, seconds
    seen = frozenset(each for each in place.seen if each > mark)
    after = Place(mark, mark, seen, known, since)
    return _Look(found, after, mark != place.mark, is_through=True)


# --- from lines to deliveries --------------------------------------------------------------------


def _rows(found: Iterable[Line], hooks: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        row_of(hook.id, line.event, message, line.subject, body, line.at, now)
        for line in found
        for hook in hooks
        if wants(hook, line)
        for message in [message_id(hook.id, line)]
        for body in [body_of(message, line, has_words=hook.has_words)]
    ]


def wants(hook: Any, line: Line) -> bool:
    """Whether this webhook is told of it; category and place hold for tickets alone."""
    if line.event.value not in hook.events or line.at < hook.created_at:
        return False
    if line.ticket is None:
        return True
    is_kind = not hook.categories or line.ticket.category.value in hook.categories
    return is_kind and (not hook.places or _is_there(line.ticket.place, hook.places))


def _is_there(place: str, words: Collection[str]) -> bool:
    return any(each in place for each in words)


def row_of(
    webhook_id: int,
    event: Event,
    message: str,
    subject: str,
    body: str,
    happened_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """A delivery as the row that is inserted."""
    return {
        "webhook_id": webhook_id,
        "message_id": message,
        "event": event,
        "subject": subject,
        "body": body,
        "happened_at": happened_at,
        "created_at": now,
        "state": SendState.PENDING,
        "next_try_at": now,
        "tries": 0,
        "past": [],
    }


def _keep(session: Session, rows: list[dict[str, Any]], moved: Mapping[str, int]) -> None:
    if rows:
        new = insert_into(session, _deliveries).on_conflict_do_nothing(
            index_elements=[_deliveries.c.message_id]
        )
        session.connection().execute(new, rows)
    for name, line_id in moved.items():
        session.execute(update(_marks).where(_marks.c.name == name).values(line_id=line_id))
