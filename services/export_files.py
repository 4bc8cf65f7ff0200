"""Lists too long to wait for: a file made beside everything else, for its maker alone (C §18)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from domain.sentence import Page
from domain.speaker import Speaker
from models import ExportFile, ExportState, Person
from services import notices
from services.speakers import speaker_of

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

AT_ONCE = 2_000  # rows of a file that nobody has to wait for
MOST = 100_000  # rows of one that is made beside
KEPT_FOR = timedelta(hours=24)
MADE_WITHIN = timedelta(minutes=15)
"""After it somebody else begins anew: whoever made it has gone."""

TRIES = 3
WAITING_AT_ONCE = 3  # of one person
_LISTED = 20


class TooManyWaiting(Refusal):
    """Several of theirs are being made already."""

    text_key = "export_files.too_many"


@dataclass(frozen=True, slots=True)
class Making:
    """A file that this process makes now."""

    id: int
    query: Mapping[str, Any]
    format: str
    maker: Speaker


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    file: str
    row_count: int
    size: int  # bytes
    is_whole: bool


def ask(desk: "Desk", query: Mapping[str, Any], form: str) -> int:
    """A file that will be made; TooManyWaiting."""
    demand(desk.actor.roles, Permission.TICKET_EXPORT)
    mine = (ExportFile.person_id == desk.actor.id, ExportFile.state == ExportState.WAITING)
    # Two presses at once wait for each other here, else both would be the third.
    desk.session.get(Person, desk.actor.id, with_for_update=True)
    count = desk.session.scalar(select(func.count()).select_from(ExportFile).where(*mine)) or 0
    if count >= WAITING_AT_ONCE:
        raise TooManyWaiting(most=WAITING_AT_ONCE)
    row = ExportFile(
        person_id=desk.actor.id,
        query=dict(query),
        format=form,
        created_at=desk.now,
        next_try_at=desk.now,
        expires_at=desk.now + KEPT_FOR,
    )
    desk.session.add(row)
    desk.session.flush()
    log.info("export_asked person=%s file=%s format=%s", desk.actor.id, row.id, form)
    return row.id


def listed(desk: "Desk") -> Sequence[ExportFile]:
    """The actor's own that can still be fetched or are being made, the newest first."""
    demand(desk.actor.roles, Permission.TICKET_EXPORT)
    statement = (
        select(ExportFile)
        .where(ExportFile.person_id == desk.actor.id, ExportFile.expires_at > desk.now)
        .order_by(ExportFile.created_at.desc(), ExportFile.id.desc())
        .limit(_LISTED)
    )
    return desk.session.scalars(statement).all()


def opened(desk: "Desk", file_id: int) -> ExportFile:
    """One of the actor's own; NotFound for anybody else's, and when its time is over."""
    demand(desk.actor.roles, Permission.TICKET_EXPORT)
    row = desk.session.get(ExportFile, file_id)
    if row is None or row.person_id != desk.actor.id or row.expires_at <= desk.now:
        raise NotFound()
    if row.state is not ExportState.READY:
        raise NotFound()
    log.info("export_fetched person=%s file=%s", desk.actor.id, row.id)
    return row


# --- the maker's ----------------------------------------------------------------------------------


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether there is one to make, by ix_export_files_waiting."""
    statement = select(ExportFile.id).where(*_due(now)).limit(1)
    return session.scalar(statement) is not None


def claim(session: Session, now: datetime) -> Making | None:
    """The next one, with what its maker may see now; one that failed too often is given up."""
    statement = select(ExportFile).where(*_due(now)).order_by(ExportFile.next_try_at).limit(1)
    row = session.scalar(statement.with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.tries >= TRIES:
        _given_up(session, row, now)
        return None
    row.tries, row.next_try_at = row.tries + 1, now + MADE_WITHIN
    maker = session.get_one(Person, row.person_id)
    return Making(row.id, row.query, row.format, speaker_of(maker))


def done(session: Session, making: Making, made: Made, now: datetime) -> bool:
    """It can be fetched, and its maker is told; not if somebody else was quicker."""
    row = session.get(ExportFile, making.id, with_for_update=True)
    if row is None or row.state is not ExportState.WAITING:
        return False
    row.state, row.file, row.size = ExportState.READY, made.file, made.size
    row.row_count, row.is_whole = made.row_count, made.is_whole
    row.ready_at, row.next_try_at, row.expires_at = now, None, now + KEPT_FOR
    page = Page("/console/exports", "page.exports")
    notices.tell(
        session,
        row.person_id,
        "notice.export_ready",
        now,
        count=made.row_count,
        until=row.expires_at,
        page=page,
    )
    log.info("export_made file=%s rows=%s bytes=%s", row.id, made.row_count, made.size)
    return True


def refused(session: Session, making: Making, now: datetime) -> None:
    """Whoever asked for it may not have it any more."""
    row = session.get(ExportFile, making.id, with_for_update=True)
    if row is not None and row.state is ExportState.WAITING:
        _given_up(session, row, now)


def _given_up(session: Session, row: ExportFile, now: datetime) -> None:
    row.state, row.next_try_at = ExportState.FAILED, None
    log.warning("export_given_up file=%s", row.id)


def sweep(session: Session, now: datetime) -> tuple[str, ...]:
    """Those whose time is over are forgotten; answers the files that can go."""
    over = ExportFile.expires_at <= now
    files = session.scalars(select(ExportFile.file).where(over, ExportFile.file.is_not(None)))
    gone = tuple(name for name in files if name)
    session.execute(delete(ExportFile).where(over))
    return gone


def _due(now: datetime) -> tuple[Any, ...]:
    return ExportFile.state == ExportState.WAITING, ExportFile.next_try_at <= now
