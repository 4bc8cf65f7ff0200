"""Clocks that run for tickets: written and removed with what causes them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.deadlines import DeadlineKind
from models.base import Base


class Deadline(Base):
    """One clock of a ticket; it is gone once it was acted on or is no longer needed."""

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("ticket_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[DeadlineKind]
    step: Mapped[int] = mapped_column(default=0)  # of a ladder: which rung is next
    due_at: Mapped[datetime] = mapped_column(index=True)  # the sweep
