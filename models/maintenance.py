"""Planned maintenance: windows, the tickets that came in during one, who has seen enough of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from models.base import Base


class MaintenanceWindow(Base):
    """Work that was planned ahead: from when until when, what it touches, when people are told."""

    __tablename__ = "maintenance_windows"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("announce_at <= ends_at", name="told_before_it_ends"),
        Index(None, "ends_at"),  # what is coming or runs; what is over, the newest first
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)  # to readers, as they were typed
    categories: Mapped[frozenset[Category]]  # none: every kind
    areas: Mapped[list[str]]  # none: everywhere
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # whoever ends it early moves it
    ahead_hours: Mapped[int]
    announce_at: Mapped[datetime]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class MaintenanceTicket(Base):
    """A ticket that was opened while a window that fits it ran."""

    __tablename__ = "maintenance_tickets"
    __table_args__ = (Index(None, "window_id"),)  # those of a window

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("maintenance_windows.id"))
    told_at: Mapped[datetime | None]  # that it is over


class MaintenanceDismissal(Base):
    """Somebody has read that it is coming, and wants the line no longer."""

    __tablename__ = "maintenance_dismissals"

    window_id: Mapped[int] = mapped_column(ForeignKey("maintenance_windows.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    dismissed_at: Mapped[datetime]
