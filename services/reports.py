"""What the platform reports of template messages, each matched with its try (R-060)."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.delivery import REPORTED_WITHIN, Channel
from models import Delivery, Fate, Notice, NoticeState, Person, UnmatchedReport, table_of
from services import reaching

log = logging.getLogger(__name__)

UNMATCHED_FOR = timedelta(hours=1)

_tries, _notices, _people = table_of(Delivery), table_of(Notice), table_of(Person)
_unmatched = table_of(UnmatchedReport)
_awaited = (_tries.c.channel == Channel.TEMPLATE, _tries.c.fate.is_(None))
_FIND = select(_tries.c.id, _tries.c.notice_id).where(
    _tries.c.message_id == bindparam("of_message"), *_awaited
)
# A report may carry the number 0 where a client_msg_id was given: then the newest one is meant.
_FIND_NEWEST = (
    select(_tries.c.id, _tries.c.notice_id)
    .join_from(_tries, _notices, _notices.c.id == _tries.c.notice_id)
    .join(_people, _people.c.id == _notices.c.recipient_id)
    .where(
        _people.c.openid == bindparam("of_openid"),
        _tries.c.message_id.is_not(None),
        _tries.c.started_at > bindparam("since"),
        *_awaited,
    )
    .order_by(_tries.c.id.desc())
    .limit(1)
)
_KEEP = insert(_unmatched)
_WAITING = select(_unmatched).where(_unmatched.c.message_id == bindparam("of_message"))
_TELL = (
    update(_tries)
    .where(_tries.c.id == bindparam("of_try"))
    .values(fate=bindparam("fate"), fate_at=bindparam("at"))
)
# Not delivered after all: the other channels are tried, as long as it is worth saying.
_ANEW = (
    update(_notices)
    .where(_notices.c.id == bindparam("of_notice"), _notices.c.state == NoticeState.DELIVERED)
    .values(state=NoticeState.PENDING, settled_at=None, next_try_at=bindparam("at"))
)
_is_overdue = (
    _tries.c.message_id.is_not(None),
    _tries.c.fate.is_(None),
    _tries.c.started_at <= bindparam("since"),
)
_OVERDUE = select(_tries.c.id).where(*_is_overdue).limit(1)
_SILENT = update(_tries).where(*_is_overdue).values(fate=Fate.SILENT, fate_at=bindparam("at"))


def reported(session: Session, openid: str, message_id: int, fate: Fate, now: datetime) -> None:
    """The platform tells what became of a template message."""
    connection = session.connection()
    if message_id:
        found = connection.execute(_FIND, {"of_message": message_id}).first()
    else:
        since = now - REPORTED_WITHIN
        found = connection.execute(_FIND_NEWEST, {"of_openid": openid, "since": since}).first()
    if found is not None:
        _apply(session, found, fate, now)
    elif message_id:
        row = {"openid": openid, "message_id": message_id, "fate": fate, "received_at": now}
        connection.execute(_KEEP, row)


def match(session: Session, message_id: int, now: datetime) -> None:
    """A try was written down: its report may have been faster."""
    connection = session.connection()
    early = connection.execute(_WAITING, {"of_message": message_id}).first()
    found = connection.execute(_FIND, {"of_message": message_id}).first() if early else None
    if early is not None and found is not None:
        _apply(session, found, early.fate, now)
        connection.execute(delete(_unmatched).where(_unmatched.c.id == early.id))


def _apply(session: Session, found: Any, fate: Fate, now: datetime) -> None:
    connection = session.connection()
    connection.execute(_TELL, {"of_try": found.id, "fate": fate, "at": now})
    log.info("notice_reported notice=%s fate=%s", found.notice_id, fate.value)
    if fate is Fate.ARRIVED:
        reaching.arrived(session, found.notice_id)
    elif connection.execute(_ANEW, {"of_notice": found.notice_id, "at": now}).rowcount:
        session.info["tells_somebody"] = True


def is_over(session: Session, now: datetime) -> bool:
    """Whether a report has not come in its time, asked without a lock."""
    since = {"since": now - REPORTED_WITHIN}
    return session.connection().execute(_OVERDUE, since).first() is not None


def close_awaited(session: Session, now: datetime) -> None:
    """Of what was not reported in its time nothing will be known; old strays are forgotten."""
    connection = session.connection()
    connection.execute(_SILENT, {"since": now - REPORTED_WITHIN, "at": now})
    connection.execute(delete(_unmatched).where(_unmatched.c.received_at < now - UNMATCHED_FOR))


def fate_of(status: str) -> Fate:
    """The platform's word (`success`, `failed:user block`, `failed: system failed`)."""
    if status == "success":
        return Fate.ARRIVED
    return Fate.BLOCKED if "block" in status else Fate.FAILED
