"""Fetching what people sent: which media next, and what came of it (R-066)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.orm import Session

from domain.sentence import Word
from models import ArticlePicture, Attachment, AttachmentState, Ticket, table_of
from services import notices
from storage import Saved

log = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=2),  # no shorter than a download may take: it is the claim's end as well
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""After each try; the platform keeps media for three days."""

_media = table_of(Attachment)
_WAITING: Any = literal_column("'waiting'")
_DUE = (
    select(_media)
    .where(_media.c.state == _WAITING, _media.c.next_try_at <= bindparam("at"))
    .order_by(_media.c.next_try_at, _media.c.id)
    .limit(1)
)
_NEXT = _DUE.with_for_update(skip_locked=True)
_mine = (
    _media.c.id == bindparam("of_media"),
    _media.c.state == _WAITING,
    _media.c.tries == bindparam("of_try"),  # grows with each claim: who is late may not write
)
_CLAIM = update(_media).where(*_mine).values(tries=_media.c.tries + 1, next_try_at=bindparam("at"))
_SAVE = (
    update(_media)
    .where(*_mine)
    .values(
        state=AttachmentState.SAVED,
        file=bindparam("file"),
        content_type=bindparam("content_type"),
        size=bindparam("size"),
        thumbnail=bindparam("thumbnail"),
        playable=bindparam("playable"),
        next_try_at=None,
    )
)
_FILES = select(_media.c.file, _media.c.thumbnail, _media.c.playable).where(
    _media.c.file.is_not(None)
)
_PICTURES = select(ArticlePicture.file, ArticlePicture.thumbnail)
_FAIL = update(_media).where(*_mine).values(state=AttachmentState.FAILED, next_try_at=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to fetch, in one worker's hands."""

    id: int
    media_id: str
    kind: str
    person_id: int
    tries: int  # with this one

    @property
    def is_last_try(self) -> bool:
        return self.tries >= len(PAUSES)


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether there is something to fetch, asked without a lock."""
    return session.connection().execute(_DUE, {"at": now}).first() is not None


def claim(session: Session, now: datetime) -> Wanted | None:
    """The next thing to fetch; its next try is set before this one begins (R-008)."""
    connection = session.connection()
    row = connection.execute(_NEXT, {"at": now}).first()
    if row is None:
        return None
    wanted = Wanted(row.id, row.media_id, row.kind, row.person_id, row.tries)
    if wanted.is_last_try:  # the last one was begun, and nobody came back from it
        give_up(session, wanted, now, "lost")
        return None
    at = now + PAUSES[row.tries]
    connection.execute(_CLAIM, {**_key(wanted), "at": at})
    return Wanted(row.id, row.media_id, row.kind, row.person_id, row.tries + 1)


def saved(session: Session, wanted: Wanted, kept: Saved, playable: str | None = None) -> bool:
    """The row is written after the files; whether it was still ours to write (R-012, R-017)."""
    row = {
        **_key(wanted),
        "file": kept.name,
        "content_type": kept.content_type,
        "size": kept.size,
        "thumbnail": kept.thumbnail,
        "playable": playable,
    }
    return session.connection().execute(_SAVE, row).rowcount == 1


def without_row(session: Session, names: Iterable[str]) -> list[str]:
    """Those of these files that no attachment and no article has (R-012)."""
    rows = (row for files in (_FILES, _PICTURES) for row in session.execute(files))
    known = {name for row in rows for name in row if name}
    return [name for name in names if name not in known]


def give_up(session: Session, wanted: Wanted, now: datetime, why: str) -> None:
    """It will not come any more, and its sender is told once."""
    if session.connection().execute(_FAIL, _key(wanted)).rowcount == 0:
        return
    log.warning("media_failed attachment=%s tries=%s why=%s", wanted.id, wanted.tries, why)
    ticket_id = session.scalar(select(Attachment.ticket_id).where(Attachment.id == wanted.id))
    notices.tell(
        session,
        wanted.person_id,
        "notice.media_failed",
        now,
        ticket=session.get(Ticket, ticket_id) if ticket_id else None,
        what=Word(f"medium.{wanted.kind}"),
    )


def _key(wanted: Wanted) -> dict[str, Any]:
    return {"of_media": wanted.id, "of_try": wanted.tries}
