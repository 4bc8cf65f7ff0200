"""What counts in appraisal: ratings and upheld complaints as facts, and calls after low scores."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.appraisal import FactKind, FactState
from models.base import Base, EnumText

_OPEN = text("done_at IS NULL")


class AppraisalFact(Base):
    """One thing that counts for a person in a month; it is changed only by a decision (R3, C4).

    `words` are what the person concerned may read: nobody who complained or rated is named there.
    """

    __tablename__ = "appraisal_facts"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        UniqueConstraint("complaint_id", "person_id"),
        Index(None, "person_id", "month"),  # a person's account
        Index(None, "month", "person_id"),  # everybody's of a month
        Index(None, "state", "answered_at"),  # answers that wait for the head
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[FactKind] = mapped_column(EnumText(FactKind))
    rating_id: Mapped[int | None] = mapped_column(ForeignKey("ratings.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11, by the desk's calendar
    points: Mapped[int]
    points_first: Mapped[int]  # as they were before any decision
    words: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer_until: Mapped[datetime]
    state: Mapped[FactState] = mapped_column(EnumText(FactState), default=FactState.STANDS)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)


class FollowUp(Base):
    """A call back that a low score asks of the desk (F13); one for each rating."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        Index(
            "ix_follow_ups_open", "opened_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),  # who is still to be called
        Index(None, "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("ratings.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    opened_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str | None] = mapped_column(Text)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None]
