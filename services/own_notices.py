"""What the desk told somebody, and what became of each message: nobody depends on WeChat (P6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from domain.delivery import Channel
from domain.sentence import Say, from_json
from models import Delivery, Notice, NoticeState, Outcome, Ticket, table_of

if TYPE_CHECKING:
    from services.desk import Desk

LISTED = 30

_notices, _tickets, _deliveries = table_of(Notice), table_of(Ticket), table_of(Delivery)
_CHANNEL = (
    select(_deliveries.c.channel)
    .where(_deliveries.c.notice_id == _notices.c.id, _deliveries.c.outcome == Outcome.ACCEPTED)
    .order_by(_deliveries.c.id.desc())
    .limit(1)
    .scalar_subquery()
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


@dataclass(frozen=True, slots=True)
class OwnNotices:
    """A part of the list, newest first; `older` is where the next part begins."""

    notices: tuple[OwnNotice, ...]
    older: int | None


def listed(desk: "Desk", before: int | None = None) -> OwnNotices:
    """The actor's own; what gave way to something newer is left out."""
    statement = (
        select(
            _notices,
            _tickets.c.number,
            _CHANNEL.label("channel"),
        )
        .join_from(_notices, _tickets, _tickets.c.id == _notices.c.ticket_id, isouter=True)
        .where(
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


def number_of(desk: "Desk", notice_id: int) -> str | None:
    """The ticket that the actor's notice is about; None if there is none."""
    return desk.session.scalar(
        select(_tickets.c.number)
        .join_from(_notices, _tickets, _tickets.c.id == _notices.c.ticket_id)
        .where(_notices.c.id == notice_id, _notices.c.recipient_id == desk.actor.id)
    )


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
    )
