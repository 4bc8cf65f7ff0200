"""What arrived: one row for each message or event, however often it was delivered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class InboxMessage(Base):
    """A handled message with the reply that its sender got; a retry gets the same again (P2)."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("openid", "key"),
        Index(None, "ticket_id"),  # the words that belong to a ticket
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(191))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    event: Mapped[str | None] = mapped_column(String(64))
    tapped: Mapped[str | None] = mapped_column(String(128))  # the line or menu key that was pressed
    sent_at: Mapped[datetime]  # by the platform's clock, whole seconds
    received_at: Mapped[datetime]
    reply: Mapped[dict[str, Any] | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    is_confidential: Mapped[bool] = mapped_column(default=False)  # of a complaint: seen there only
