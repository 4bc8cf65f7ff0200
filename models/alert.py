"""Alarms of monitoring: who may send, what was sent, what is the matter, what became of it (F4)."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.alerts import AlertKind, AlertState, OnRecovery, Severity
from domain.category import Category
from domain.priority import Priority
from models.base import Base, EnumNumber, EnumText

_CURRENT = text("is_current")
_OF_TICKET = text("ticket_id IS NOT NULL")
_SETTLES = text("settles_at IS NOT NULL")


class AlertEventKind(StrEnum):
    """What happened to an alarm; repeats are only counted."""

    FIRED = auto()
    SILENCED = auto()  # by a person, or as it fired within maintenance
    UNSILENCED = auto()
    OPENED = auto()  # a ticket
    JOINED = auto()  # the ticket of its group
    REOPENED = auto()
    FLAPPED = auto()
    RECOVERED = auto()
    SETTLED = auto()  # the ticket was resolved, or told that all have recovered
    LINKED = auto()
    IGNORED = auto()
    STUCK = auto()  # a ticket was to be opened, and could not


class AlertSource(Base):
    """A monitoring system that may send alarms, and what the desk does with them."""

    __tablename__ = "alert_sources"
    __table_args__ = (
        CheckConstraint(
            "window_minutes BETWEEN 1 AND 10080 AND reopen_minutes BETWEEN 0 AND 10080",
            name="within_a_week",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(40), unique=True)  # the end of its address
    kind: Mapped[AlertKind] = mapped_column(EnumText(AlertKind))
    secret_hash: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str | None] = mapped_column(Text)  # the secret, to check signatures with
    ending: Mapped[str] = mapped_column(String(8))  # its last characters, to know it by
    addresses: Mapped[list[str]]  # from where it may send; none: from anywhere
    category: Mapped[Category]
    place: Mapped[str] = mapped_column(String(80))
    priority: Mapped[Priority] = mapped_column(EnumNumber(Priority))  # the highest it may ask for
    responsible_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # for whom tickets are
    told_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # beside the engineer
    fingerprint_fields: Mapped[list[str]]
    group_fields: Mapped[list[str]]
    opens_from: Mapped[Severity | None] = mapped_column(EnumText(Severity))  # None: by hand only
    on_recovery: Mapped[OnRecovery] = mapped_column(EnumText(OnRecovery))
    recovery_words: Mapped[str] = mapped_column(String(200))
    window_minutes: Mapped[int]
    reopen_minutes: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    muted_until: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AlertGroup(Base):
    """Alarms of one source that belong together: one ticket, a counter, few notices (R-080)."""

    __tablename__ = "alert_groups"
    __table_args__ = (
        Index(
            "uq_alert_groups_current",
            "source_id",
            "key",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),  # which one an alarm joins
        Index(
            "ix_alert_groups_ticket_id",
            "ticket_id",
            sqlite_where=_OF_TICKET,
            postgresql_where=_OF_TICKET,
        ),  # the alarms of a ticket
        Index(
            "ix_alert_groups_settles",
            "settles_at",
            sqlite_where=_SETTLES,
            postgresql_where=_SETTLES,
        ),  # whose tickets are to be told that all have recovered
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("alert_sources.id"))
    key: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    count: Mapped[int] = mapped_column(default=0)  # of all that was sent of it, repeats too
    begun_at: Mapped[datetime]
    last_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    is_current: Mapped[bool] = mapped_column(default=True)


class Alert(Base):
    """One alarm from its first word to its recovery; the same again later is another."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_current",
            "source_id",
            "fingerprint",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),  # whether it is known
        Index(None, "group_id", "state"),  # whether all of a group have recovered
        Index(None, "state", "id"),  # the list, newest first
        CheckConstraint("state != 'ignored' OR reason IS NOT NULL", name="ignored_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("alert_sources.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("alert_groups.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500))
    severity: Mapped[Severity] = mapped_column(EnumText(Severity))
    labels: Mapped[dict[str, Any]]
    state: Mapped[AlertState] = mapped_column(EnumText(AlertState))
    started_at: Mapped[datetime]  # as the source says
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    flaps: Mapped[int] = mapped_column(default=0)
    recovered_at: Mapped[datetime | None]
    silenced_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(200))  # of the silence, or why it is nothing
    is_current: Mapped[bool] = mapped_column(default=True)


class AlertEvent(Base):
    """A line of an alarm's history."""

    __tablename__ = "alert_events"
    __table_args__ = (Index(None, "alert_id", "id"),)  # an alarm's history

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    kind: Mapped[AlertEventKind] = mapped_column(EnumText(AlertEventKind))
    happened_at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by itself
    delivery_id: Mapped[int | None]  # no key: deliveries are swept away


class AlertDelivery(Base):
    """One request of a source and its answer; the last ones are kept."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),  # the same delivery twice does nothing twice
        Index(None, "source_id", "id"),  # the last ones
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("alert_sources.id"))
    key: Mapped[str | None] = mapped_column(String(80))  # None: the sender names none
    received_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45))
    request: Mapped[str] = mapped_column(Text)  # masked and cut
    status: Mapped[int]
    answer: Mapped[dict[str, Any] | None]
    times: Mapped[int] = mapped_column(default=1)
