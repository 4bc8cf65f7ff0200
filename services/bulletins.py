"""Bulletins as everybody reads them: what is out, what is unread, what is urgent (K3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import NotFound
from models import Bulletin, BulletinReading, Person, table_of
from models.inserting import insert_into

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 20
COUNTED = 99  # unread ones; more are "99+"

_bulletins, _people = table_of(Bulletin), table_of(Person)
_readings = table_of(BulletinReading)


class Phase(StrEnum):
    """Where a bulletin stands at a moment."""

    DRAFT = auto()
    SCHEDULED = auto()
    CURRENT = auto()
    PAST = auto()


@dataclass(frozen=True, slots=True)
class BulletinView:
    """A bulletin as its reader sees it; `readers` for those who write them."""

    id: int
    title: str
    body: str
    is_urgent: bool
    phase: Phase
    author: str
    published_at: datetime | None
    expires_at: datetime | None
    changed_at: datetime
    read_at: datetime | None = None
    readers: int = 0

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Plain text: an empty line parts paragraphs."""
        return paragraphs_of(self.body)


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list, the newest first; `older` is where the next part begins."""

    bulletins: tuple[BulletinView, ...]
    older: int | None


def paragraphs_of(body: str) -> tuple[str, ...]:
    return tuple(_paragraphs(body.splitlines()))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    held: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            held.append(line.rstrip())
        elif held:
            yield "\n".join(held)
            held = []


# --- read by everybody ---------------------------------------------------------------------------


def _is_out(now: datetime) -> Any:
    return _bulletins.c.published_at <= now  # NULL is a draft, and never so


def _is_current(now: datetime) -> Any:
    return and_(_is_out(now), or_(_bulletins.c.expires_at.is_(None), _bulletins.c.expires_at > now))


def _read_by(person_id: int) -> Select[Any]:
    """Each bulletin with its author, and when this person read it."""
    is_theirs = and_(_readings.c.bulletin_id == _bulletins.c.id, _readings.c.person_id == person_id)
    return (
        select(_bulletins, _people.c.name.label("author"), _readings.c.read_at)
        .join_from(_bulletins, _people, _people.c.id == _bulletins.c.author_id)
        .join(_readings, is_theirs, isouter=True)
    )


def published(desk: "Desk", before: int | None = None) -> Listed:
    """What is out, the newest first; what is over stays readable."""
    demand(desk.actor.roles, Permission.BULLETIN_READ)
    # Served by ix_bulletins_published_at.
    statement = (
        _read_by(desk.actor.id)
        .where(_is_out(desk.now))
        .order_by(_bulletins.c.published_at.desc(), _bulletins.c.id.desc())
    )
    last = desk.session.get(Bulletin, before) if before is not None else None
    if last is not None and last.published_at is not None:
        is_older = or_(
            _bulletins.c.published_at < last.published_at,
            and_(_bulletins.c.published_at == last.published_at, _bulletins.c.id < last.id),
        )
        statement = statement.where(is_older)
    return part(desk, statement)


def unread(desk: "Desk", most: int = 3) -> tuple[BulletinView, ...]:
    """The newest that are in force and that the reader has not opened."""
    statement = (
        _read_by(desk.actor.id)
        .where(_is_current(desk.now), _readings.c.read_at.is_(None))
        .order_by(_bulletins.c.published_at.desc(), _bulletins.c.id.desc())
        .limit(most)
    )
    return tuple(view(row, desk.now) for row in desk.session.execute(statement))


def count_unread(session: Session, person_id: int, now: datetime) -> int:
    """At most one more than COUNTED."""
    few = (
        _read_by(person_id)
        .where(_is_current(now), _readings.c.read_at.is_(None))
        .limit(COUNTED + 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(few)) or 0


def urgent(session: Session, person_id: int, now: datetime) -> BulletinView | None:
    """The newest urgent one in force: a bar on every page, read or not."""
    statement = (
        _read_by(person_id)
        .where(_is_current(now), _bulletins.c.is_urgent)
        .order_by(_bulletins.c.published_at.desc(), _bulletins.c.id.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return view(row, now) if row else None


def read(desk: "Desk", bulletin_id: int) -> BulletinView:
    """One that is out; NotFound for any other."""
    demand(desk.actor.roles, Permission.BULLETIN_READ)
    statement = _read_by(desk.actor.id).where(_bulletins.c.id == bulletin_id, _is_out(desk.now))
    row = desk.session.execute(statement).first()
    if row is None:
        raise NotFound()
    return view(row, desk.now)


def note_reading(session: Session, bulletin_id: int, person_id: int, now: datetime) -> None:
    """They have opened it; the first time counts, however many tabs there are."""
    connection = session.connection()
    row = {"bulletin_id": bulletin_id, "person_id": person_id, "read_at": now}
    connection.execute(insert_into(session, _readings).on_conflict_do_nothing(), row)


# --- rows ----------------------------------------------------------------------------------------


def part(desk: "Desk", statement: Select[Any]) -> Listed:
    rows = desk.session.execute(statement.limit(LISTED + 1)).all()
    shown = tuple(view(row, desk.now) for row in rows[:LISTED])
    return Listed(shown, shown[-1].id if len(rows) > LISTED else None)


def view(row: Row[Any], now: datetime) -> BulletinView:
    facts = row._mapping
    return BulletinView(
        id=row.id,
        title=row.title,
        body=row.body,
        is_urgent=row.is_urgent,
        phase=phase_of(row.published_at, row.expires_at, now),
        author=row.author or "",
        published_at=row.published_at,
        expires_at=row.expires_at,
        changed_at=row.changed_at,
        read_at=facts.get("read_at"),
        readers=facts.get("readers", 0),
    )


def phase_of(published_at: datetime | None, expires_at: datetime | None, now: datetime) -> Phase:
    if published_at is None:
        return Phase.DRAFT
    if published_at > now:
        return Phase.SCHEDULED
    return Phase.PAST if expires_at is not None and expires_at <= now else Phase.CURRENT
