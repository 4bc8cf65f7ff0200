"""Webhooks: other systems that are told of events, what is sent to each, and its fate (C §25)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.webhooks import Event, PausedWhy, SendState, Trouble
from models.base import Base, EnumText

_OPEN = text("state IN ('pending', 'claimed')")
_FAILED = text("state = 'failed'")


class Webhook(Base):
    """An address that is told of events; removed ones are kept for the record of changes."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("(paused_at IS NULL) = (paused_why IS NULL)", name="paused_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]]
    categories: Mapped[list[str]]  # none: all of them
    places: Mapped[list[str]]  # words of which the ticket's place has one; none: everywhere
    has_words: Mapped[bool] = mapped_column(default=False)  # what people wrote is sent, too
    secret_sealed: Mapped[str] = mapped_column(String(200))  # encrypted with the server's key
    ending: Mapped[str] = mapped_column(String(8))  # the secret's last characters
    former_sealed: Mapped[str | None] = mapped_column(String(200))  # signs beside it for a day
    former_until: Mapped[datetime | None]
    created_at: Mapped[datetime]  # of what happened earlier nothing is sent
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[PausedWhy | None] = mapped_column(EnumText(PausedWhy))
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    rests_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]  # the last time that something arrived
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One event for one webhook: the body, which never changes, and how the tries went."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_open",
            "webhook_id",
            "subject",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),  # whether something of the same ticket comes first; tests of what is paused
        Index(
            "ix_webhook_deliveries_next",
            "webhook_id",
            "next_try_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),  # what is sent next
        Index(
            "ix_webhook_deliveries_failed",
            "webhook_id",
            "id",
            sqlite_where=_FAILED,
            postgresql_where=_FAILED,
        ),  # what can be sent again
        Index(None, "webhook_id", "id"),  # the log, newest first
        Index(None, "created_at"),  # the sweep
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)  # once for each happening
    event: Mapped[Event] = mapped_column(EnumText(Event))
    subject: Mapped[str] = mapped_column(String(40))  # the number of the ticket or complaint
    body: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]
    state: Mapped[SendState] = mapped_column(EnumText(SendState), default=SendState.PENDING)
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))  # who may write the outcome
    claimed_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of the last answer
    trouble: Mapped[Trouble | None] = mapped_column(EnumText(Trouble))
    took_ms: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    past: Mapped[list[Any]] = mapped_column(JSON)  # each try: when, what came of it, how long


class WebhookMark(Base):
    """Up to which line of a history every event is among the deliveries."""

    __tablename__ = "webhook_marks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)  # tickets, complaints
    line_id: Mapped[int]
