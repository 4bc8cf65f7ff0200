"""Complaints, from the first word to the rating of how they were handled (C1–C4)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.complaints import (
    About,
    ComplaintAction,
    ComplaintRing,
    ComplaintStatus,
    Concerned,
    Verdict,
)
from models.base import Base, EnumText
from models.ticket import IntakeChannel

_OPEN = text("status NOT IN ('rated', 'closed', 'withdrawn')")
_RINGS = text("rings_at IS NOT NULL")


class Complaint(Base):
    """One complaint as it stands; what was said and decided on the way is in its events.

    Whom it concerns (`complaint_people`) must not learn of it by any list, count or number (P8).
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("process BETWEEN 1 AND 5 AND outcome BETWEEN 1 AND 5", name="scores"),
        CheckConstraint("status NOT IN ('decided', 'fed_back') OR verdict IS NOT NULL", name="why"),
        Index(None, "requester_id", "submitted_at"),  # my complaints
        Index(None, "submitted_at", "id"),  # all of them, newest first; a month's
        Index(None, "ticket_id"),  # about this ticket
        Index(
            "ix_complaints_open", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),  # what somebody owes an answer
        Index(
            "ix_complaints_rings", "rings_at", "id", sqlite_where=_RINGS, postgresql_where=_RINGS
        ),  # the clock
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # TS20261124-0002
    status: Mapped[ComplaintStatus] = mapped_column(EnumText(ComplaintStatus))
    channel: Mapped[IntakeChannel] = mapped_column(EnumText(IntakeChannel))
    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    contact_name: Mapped[str] = mapped_column(String(40))
    contact_department: Mapped[str] = mapped_column(String(60))
    contact_phone: Mapped[str] = mapped_column(String(24))
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # on the phone
    about: Mapped[About] = mapped_column(EnumText(About))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    words: Mapped[str] = mapped_column(Text)  # the complainant's own, whole
    submitted_at: Mapped[datetime]
    opened_by_inbox_id: Mapped[int | None] = mapped_column(unique=True)  # one tap, one complaint

    due_at: Mapped[datetime | None]  # by when the present step is promised
    ring: Mapped[ComplaintRing | None] = mapped_column(EnumText(ComplaintRing))
    rings_at: Mapped[datetime | None]

    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    findings: Mapped[str | None] = mapped_column(Text)
    verified_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    verdict: Mapped[Verdict | None] = mapped_column(EnumText(Verdict))
    measures: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    fed_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    feedback: Mapped[str | None] = mapped_column(Text)  # in the desk's words
    fed_back_at: Mapped[datetime | None]
    objection: Mapped[str | None] = mapped_column(Text)
    objected_at: Mapped[datetime | None]  # once; the decision after it stands
    process: Mapped[int | None]
    outcome: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(String(500))
    rated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ComplaintPerson(Base):
    """Somebody whom a complaint concerns, and why; they are kept from it for good."""

    __tablename__ = "complaint_people"
    __table_args__ = (Index(None, "person_id"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    why: Mapped[Concerned] = mapped_column(EnumText(Concerned))
    is_found: Mapped[bool] = mapped_column(default=False)  # the desk's findings name them


class ComplaintEvent(Base):
    """A line of a complaint's history: who did what, with the words of that time."""

    __tablename__ = "complaint_events"
    __table_args__ = (Index(None, "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    action: Mapped[ComplaintAction] = mapped_column(EnumText(ComplaintAction))
    status_after: Mapped[ComplaintStatus] = mapped_column(EnumText(ComplaintStatus))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by itself
    happened_at: Mapped[datetime]
    detail: Mapped[dict[str, Any] | None]


class ComplaintCount(Base):
    """The last number of a day."""

    __tablename__ = "complaint_counts"

    day: Mapped[str] = mapped_column(String(8), primary_key=True)  # 20261124
    last: Mapped[int]
