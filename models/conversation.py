"""Where the talk with one person stands, and who of the desk holds it."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.delivery import Cause
from models.base import Base, EnumText


class Holder(StrEnum):
    """Who answers: the bot, nobody yet (the person waits for the desk), or a clerk."""

    BOT = auto()
    WAITING = auto()
    CLERK = auto()


class Conversation(Base):
    """One row for each person; it is locked while a message of theirs is handled."""

    __tablename__ = "conversations"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(40))  # of the conversation under way
    step: Mapped[str | None] = mapped_column(String(40))
    draft: Mapped[dict[str, Any]]
    serial: Mapped[int] = mapped_column(default=0)  # grows with each step: old taps are known by it
    misses: Mapped[int] = mapped_column(default=0)  # answers in a row that could not be read
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # last spoken of
    stepped_at: Mapped[datetime | None]  # a conversation left alone expires by this
    heard_at: Mapped[datetime | None]  # their last own message: it opened 48 hours
    heard_left: Mapped[int] = mapped_column(default=0)  # customer messages that it still lets by
    tapped_at: Mapped[datetime | None]  # their last tap, menu press, follow or scan: one minute
    tapped_left: Mapped[int] = mapped_column(default=0)
    tapped_by: Mapped[Cause | None] = mapped_column(EnumText(Cause))  # which of these it was
    holder: Mapped[Holder] = mapped_column(EnumText(Holder), default=Holder.BOT)
    held_since: Mapped[datetime | None]
    held_until: Mapped[datetime | None]  # the lease: after it the bot answers again (W1)
    kf_account: Mapped[str | None] = mapped_column(String(64))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who holds it by console
