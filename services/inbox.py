"""The inbox: each message is taken once, and a retry gets the first answer again (P2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import InboxMessage, table_of

_inbox = table_of(InboxMessage)
_VALUES: dict[str, Any] = {
    name: bindparam(name)
    for name in ("openid", "key", "kind", "text", "event", "tapped", "sent_at", "received_at")
}
_TAKE = {
    "sqlite": sqlite.insert(_inbox).values(_VALUES).on_conflict_do_nothing().returning(_inbox.c.id),
    "postgresql": postgresql.insert(_inbox)
    .values(_VALUES)
    .on_conflict_do_nothing()
    .returning(_inbox.c.id),
}
_FIND = select(_inbox.c.id, _inbox.c.reply).where(
    _inbox.c.openid == bindparam("of_openid"), _inbox.c.key == bindparam("of_key")
)
_ANSWER = (
    update(_inbox)
    .where(_inbox.c.id == bindparam("of_id"))
    .values(reply=bindparam("reply"), ticket_id=bindparam("ticket_id"))
)

_HIDE = update(_inbox).where(_inbox.c.id == bindparam("of_id")).values(is_confidential=True)

TEXT_KEPT = 4000
"""Characters of one message that are kept (H-24); the platform sends at most 2,048 bytes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message or event, as it is kept."""

    openid: str
    key: str
    kind: str
    text: str
    event: str | None
    tapped: str | None
    sent_at: datetime
    received_at: datetime


def take(session: Session, arrival: Arrival) -> int | None:
    """The new row's id; None if the message was taken before, or is being taken until now."""
    connection = session.connection()
    row = {
        "openid": arrival.openid,
        "key": arrival.key,
        "kind": arrival.kind,
        "text": arrival.text[:TEXT_KEPT],
        "event": arrival.event,
        "tapped": arrival.tapped,
        "sent_at": arrival.sent_at,
        "received_at": arrival.received_at,
    }
    taken: int | None = connection.execute(_TAKE[connection.dialect.name], row).scalar()
    return taken


def answered(session: Session, openid: str, key: str) -> dict[str, Any] | None:
    """The reply that the message got."""
    row = session.connection().execute(_FIND, {"of_openid": openid, "of_key": key}).one()
    reply: dict[str, Any] | None = row.reply
    return reply


def keep_answer(
    session: Session, inbox_id: int, reply: dict[str, Any] | None, ticket_id: int | None
) -> None:
    """The reply, and the ticket that the words belong to."""
    values = {"of_id": inbox_id, "reply": reply, "ticket_id": ticket_id}
    session.connection().execute(_ANSWER, values)


def hide(session: Session, inbox_id: int) -> None:
    """Message and answer are of a complaint: they are read with it, and nowhere else (P8)."""
    session.connection().execute(_HIDE, {"of_id": inbox_id})
