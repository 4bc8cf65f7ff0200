"""What the desk told somebody, and what became of each message: nobody depends on WeChat (P6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, exists, select

from domain.delivery import Channel
from domain.sentence import Say, from_json
from models import (
    Complaint,
    ComplaintPerson,
    Delivery,
    Notice,
    NoticeState,
    Outcome,
    Ticket,
    table_of,
)

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 30

_notices, _tickets, _deliveries = table_of(Notice), table_of(Ticket), table_of(Delivery)
_complaints, _concerned = table_of(Complaint), table_of(ComplaintPerson)
_IS_KEPT_FROM_THEM = exists().where(
    _concerned.c.complaint_id == _notices.c.complaint_id,
    _concerned.c.person_id == _notices.c.recipient_id,
)
"""Told of a complaint before it was found to concern them (P8)."""
_CHANNEL = (
    select(_deliveries.c.channel)
    .where(_deliveries.c.notice_id == _notices.c.id, _deliveries.c.outcome == Outcome.ACCEPTED)
    .order_by(_deliveries.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_SHOWN = (
    select(
        _notices,
        _tickets.c.number,
        _complaints.c.number.label("complaint"),
        (_complaints.c.requester_id == _notices.c.recipient_id).label("is_to_complainant"),
        _CHANNEL.label("channel"),
    )
    .join_from(_notices, _tickets, _tickets.c.id == _notices.c.ticket_id, isouter=True)
    .join(_complaints, _complaints.c.id == _notices.c.complaint_id, isouter=True)
    .where(~_IS_KEPT_FROM_THEM)
)


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """One message to the reader."""

    id: int
    say: Say
    state: NoticeState
    channel: Channel | None  # that it got through by
    created_at: datetime
    settled_at: datetime | None
    opened_at: datetime | None
    number: str | None  # of its ticket
    complaint: str | None  # the number of that, if it is about one
    is_to_complainant: bool


@dataclass(frozen=True, slots=True)
class OwnNotices:
    """A part of the list, newest first; `older` is where the next part begins."""

    notices: tuple[OwnNotice, ...]
    older: int | None


def listed(desk: "Desk", before: int | None = None) -> OwnNotices:
    """The actor's own; what gave way to something newer is left out."""
    statement = (
        _SHOWN.where(
            _notices.c.recipient_id == desk.actor.id,
            _notices.c.state != NoticeState.REPLACED,
        )
        .order_by(_notices.c.id.desc())
        .limit(LISTED + 1)
    )
    if before is not None:
        statement = statement.where(_notices.c.id < before)
    rows = desk.session.execute(statement).all()
    shown = tuple(map(_view, rows[:LISTED]))
    return OwnNotices(shown, shown[-1].id if len(rows) > LISTED else None)


def one(desk: "Desk", notice_id: int) -> OwnNotice | None:
    """The actor's own; None for one that is not theirs, or is kept from them by now."""
    statement = _SHOWN.where(_notices.c.id == notice_id, _notices.c.recipient_id == desk.actor.id)
    row = desk.session.execute(statement).one_or_none()
    return None if row is None else _view(row)


def _view(row: Row[Any]) -> OwnNotice:
    return OwnNotice(
        id=row.id,
        say=from_json(row.say),
        state=row.state,
        channel=row.channel,
        created_at=row.created_at,
        settled_at=row.settled_at,
        opened_at=row.opened_at,
        number=row.number,
        complaint=row.complaint,
        is_to_complainant=bool(row.is_to_complainant),
    )
