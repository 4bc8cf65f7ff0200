"""Tickets: the record of a fault or request from report to closure, with its history."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.category import Category
from domain.lifecycle import Action, Status
from domain.priority import Impact, Priority, Urgency
from models.base import Base, EnumText
from models.person import Person


class TicketKind(StrEnum):
    """Something broke, or something is wanted."""

    INCIDENT = auto()
    SERVICE_REQUEST = auto()


class IntakeChannel(StrEnum):
    """How the report reached the desk (F1–F4)."""

    WECHAT = auto()
    PHONE = auto()
    WEB = auto()
    MONITORING = auto()


_ASSIGNED = text("status = 'assigned'")
_OF_DEVICE = text("device_id IS NOT NULL")
_MERGED = text("merged_into_id IS NOT NULL")
_SUPPORTED = text("supporter_id IS NOT NULL")
_REGISTERED = text("opened_by_id IS NOT NULL")
_CLOSED = text("closed_at IS NOT NULL")
_OPEN = text("status IN ('new', 'assigned', 'in_progress', 'on_hold', 'resolved')")
_AGREED = text(
    "wished_words IS NOT NULL AND status NOT IN ('resolved', 'closed', 'cancelled', 'merged')"
)

IS_UNENDED = text("tickets.status IN ('new', 'assigned', 'in_progress', 'on_hold', 'resolved')")
"""Word for word as in ix_tickets_open_due: SQLite takes a partial index for nothing else."""

IS_AGREED = text(
    "tickets.wished_words IS NOT NULL"
    " AND tickets.status NOT IN ('resolved', 'closed', 'cancelled', 'merged')"
)
"""The same for ix_tickets_agreed; by what it is not, or the index of statuses would be taken."""


class Ticket(Base):
    """One incident or service request; the contact fields are those of form HXXXJL06S (R1)."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('assigned', 'in_progress') OR assignee_id IS NOT NULL",
            name="worked_on_by_somebody",
        ),
        CheckConstraint("status != 'resolved' OR resolved_at IS NOT NULL", name="resolved_at_set"),
        CheckConstraint("status != 'closed' OR closed_at IS NOT NULL", name="closed_at_set"),
        Index(None, "requester_id", "opened_at"),  # my reports
        Index(None, "assignee_id", "status", "opened_at"),  # my work; what I ended, newest first
        Index(None, "status", "priority", "opened_at"),  # the desk's queue, first in, first out
        Index(
            "ix_tickets_device_id",
            "device_id",
            sqlite_where=_OF_DEVICE,
            postgresql_where=_OF_DEVICE,
        ),  # what happened to this device
        Index(None, "opened_at", "id"),  # every ticket, newest first
        Index(
            "ix_tickets_open_due",
            "resolution_due_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),  # what is open, by when it is due
        Index(
            "ix_tickets_merged_into_id",
            "merged_into_id",
            sqlite_where=_MERGED,
            postgresql_where=_MERGED,
        ),  # what became part of this one
        Index(
            "ix_tickets_answer_due",
            "response_due_at",
            "id",
            sqlite_where=_ASSIGNED,
            postgresql_where=_ASSIGNED,
        ),  # who has to answer next
        Index(
            "ix_tickets_supporter_id",
            "supporter_id",
            sqlite_where=_SUPPORTED,
            postgresql_where=_SUPPORTED,
        ),  # where somebody helps
        Index(
            "ix_tickets_opened_by_id",
            "opened_by_id",
            sqlite_where=_REGISTERED,
            postgresql_where=_REGISTERED,
        ),  # what somebody registered for others
        Index(
            "ix_tickets_closed_at",
            "closed_at",
            sqlite_where=_CLOSED,
            postgresql_where=_CLOSED,
        ),  # a month's closings, for ratings
        Index(
            "ix_tickets_agreed",
            "wished_from",
            "id",
            sqlite_where=_AGREED,
            postgresql_where=_AGREED,
        ),  # who is to be met today
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # IT20261124-0007
    kind: Mapped[TicketKind] = mapped_column(EnumText(TicketKind), default=TicketKind.INCIDENT)
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    cycle: Mapped[int] = mapped_column(default=1)  # grows when it is reopened
    channel: Mapped[IntakeChannel] = mapped_column(
        EnumText(IntakeChannel), default=IntakeChannel.WECHAT
    )

    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    contact_name: Mapped[str] = mapped_column(String(40))
    contact_department: Mapped[str] = mapped_column(String(60))
    contact_phone: Mapped[str] = mapped_column(String(24))
    contact_office: Mapped[str] = mapped_column(String(80))

    symptom: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)  # the person's own words, whole
    device: Mapped[str | None] = mapped_column(String(60))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    device_description: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(80))
    error_code: Mapped[str | None] = mapped_column(String(80))
    wished_from: Mapped[datetime | None]  # when the requester can be met; None: at any time
    wished_until: Mapped[datetime | None]
    wished_words: Mapped[str | None] = mapped_column(String(60))  # the wish as it was said
    category: Mapped[Category]
    reading: Mapped[dict[str, Any] | None]  # what the classifier said, and the words that decided
    impact: Mapped[Impact]
    urgency: Mapped[Urgency]
    priority: Mapped[Priority]
    is_complex: Mapped[bool] = mapped_column(default=False)  # not to be solved in one visit (F14)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_versions.id"))

    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    response_due_at: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    resolution_due_at: Mapped[datetime]  # the next that is due: a diagnosis, news, the solution
    diagnosed_at: Mapped[datetime | None]  # the first word of what it is, in this cycle
    on_hold_since: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    opened_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id")
    )  # for the requester (F2)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    opened_by_inbox_id: Mapped[int | None] = mapped_column(
        unique=True
    )  # I2: one report, one ticket

    requester: Mapped[Person] = relationship(foreign_keys=[requester_id], lazy="raise")
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id], lazy="raise")
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="ticket", lazy="raise", order_by="Activity.id"
    )


class Activity(Base):
    """A line of a ticket's timeline: who did what, and where it led."""

    __tablename__ = "activities"
    __table_args__ = (Index(None, "ticket_id", "id"),)  # a ticket's history

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    action: Mapped[Action]
    status_before: Mapped[Status | None]
    status_after: Mapped[Status]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by itself
    happened_at: Mapped[datetime]
    detail: Mapped[dict[str, Any] | None]

    ticket: Mapped[Ticket] = relationship(back_populates="activities", lazy="raise")


class Resolution(Base):
    """What the engineer reports on finishing (F10), once in each cycle."""

    __tablename__ = "resolutions"
    __table_args__ = (
        UniqueConstraint("ticket_id", "cycle"),
        CheckConstraint("minutes >= 0", name="minutes_are_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    cycle: Mapped[int]
    engineer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    cause: Mapped[str] = mapped_column(String(24))
    action_taken: Mapped[str] = mapped_column(String(500))
    minutes: Mapped[int]
    is_on_site: Mapped[bool]
    parts: Mapped[list[str]]
    reported_at: Mapped[datetime]


class Rating(Base):
    """The requester's scores for one cycle (F13); no row is «not rated», never «satisfied»."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("ticket_id", "cycle"),
        Index(None, "rated_at"),  # a month's
        Index(None, "engineer_id", "rated_at"),  # an engineer's
        CheckConstraint(
            "speed BETWEEN 1 AND 5 AND attitude BETWEEN 1 AND 5 AND result BETWEEN 1 AND 5",
            name="scores_are_1_to_5",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    cycle: Mapped[int]
    engineer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    speed: Mapped[int]
    attitude: Mapped[int]
    result: Mapped[int]
    comment: Mapped[str | None] = mapped_column(String(500))
    rated_at: Mapped[datetime]
    channel: Mapped[IntakeChannel | None] = mapped_column(EnumText(IntakeChannel))  # said where
    first: Mapped[dict[str, Any] | None]  # the scores before they were changed, and when that was


TICKET_NUMBERS = Sequence("ticket_numbers")
"""PostgreSQL's numbers: nobody waits for another's commit to get one. SQLite has one writer."""


class TicketCount(Base):
    """A day's numbers: on SQLite the last one given, on PostgreSQL where the sequence stood."""

    __tablename__ = "ticket_counts"

    day: Mapped[str] = mapped_column(String(8), primary_key=True)  # 20261124
    last: Mapped[int]
