"""Service hours as the admin sets them, promises as versions, and what became of each (R4)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from domain.priority import Priority
from domain.targets import TargetKind, TargetState, WaitsFor
from models.base import Base, EnumText

_RUNNING = text("state = 'running'")
_PAUSED = text("ended_at IS NULL")


class ServiceWeek(Base):
    """The hours of a week, in force from a date; it stands above config.yaml's."""

    __tablename__ = "service_weeks"

    since: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[list[Any]] = mapped_column(JSON)  # seven lists of [begins, ends], in minutes
    made_up: Mapped[list[Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class ServiceDay(Base):
    """A single day as the admin says: a holiday, a made-up day, other hours."""

    __tablename__ = "service_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[list[Any]] = mapped_column(JSON)  # [begins, ends] in minutes; none: closed
    note: Mapped[str] = mapped_column(String(40))  # 国庆节
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class AgreementVersion(Base):
    """The promises from an instant on; a ticket keeps the version it was opened under."""

    __tablename__ = "agreement_versions"
    __table_args__ = (Index(None, "effective_from"),)  # the one in force

    id: Mapped[int] = mapped_column(primary_key=True)
    effective_from: Mapped[datetime]
    terms: Mapped[dict[str, Any]]  # domain.targets.as_values
    ladder: Mapped[list[Any]] = mapped_column(JSON)  # domain.escalation.as_values
    reason: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class TicketTarget(Base):
    """One promise of one ticket: running, or a fact that no later setting changes (R4, R5)."""

    __tablename__ = "ticket_targets"
    __table_args__ = (
        UniqueConstraint("ticket_id", "cycle", "kind", "round"),
        Index("ix_ticket_targets_settled_at", "settled_at", "kind"),  # attainment of a month
        Index(
            "ix_ticket_targets_running",
            "ticket_id",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),  # what a ticket is still due
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    cycle: Mapped[int]
    kind: Mapped[TargetKind] = mapped_column(EnumText(TargetKind))
    round: Mapped[int] = mapped_column(default=1)  # of feedback, which is due again and again
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_versions.id"))
    rule: Mapped[str] = mapped_column(String(40))  # the name of the agreement's rule
    within_minutes: Mapped[int]
    runs: Mapped[str] = mapped_column(String(24))  # domain.calendar.Runs
    began_at: Mapped[datetime]
    due_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]  # when it was said that it may not be kept
    state: Mapped[TargetState] = mapped_column(EnumText(TargetState), default=TargetState.RUNNING)
    done_at: Mapped[datetime | None]  # when it was fulfilled, in time or late
    settled_at: Mapped[datetime | None]  # when it was met or missed: the month it counts in

    # What the figures are asked by, as it was when the promise was settled.
    engineer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    category: Mapped[Category]
    priority: Mapped[Priority]
    department: Mapped[str] = mapped_column(String(60))
    ran_minutes: Mapped[int | None]  # on its own clock, until done
    paused: Mapped[dict[str, Any] | None]  # minutes by whose waiting: {"vendor": 90}
    miss_reason: Mapped[str | None] = mapped_column(String(200))
    miss_reason_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    compensation_id: Mapped[int | None] = mapped_column(ForeignKey("compensations.id"))


class TicketPause(Base):
    """Time in which a ticket's clocks stood still, why, and for whom it waited."""

    __tablename__ = "ticket_pauses"
    __table_args__ = (
        Index(None, "ticket_id", "cycle"),
        Index(
            "ix_ticket_pauses_open",
            "ticket_id",
            unique=True,
            sqlite_where=_PAUSED,
            postgresql_where=_PAUSED,
        ),  # at most one at a time
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    cycle: Mapped[int]
    began_at: Mapped[datetime]
    until: Mapped[datetime | None]  # as promised
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200))
    waits_for: Mapped[WaitsFor] = mapped_column(EnumText(WaitsFor))
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Compensation(Base):
    """What was agreed for a missed promise (R4); never changed, only ended and replaced."""

    __tablename__ = "compensations"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TargetKind] = mapped_column(EnumText(TargetKind))
    rule: Mapped[str | None] = mapped_column(String(40))  # None: tickets under any rule
    late_from_minutes: Mapped[int] = mapped_column(default=0)  # on the promise's own clock
    words: Mapped[str] = mapped_column(String(200))  # 当月服务费减 1%
    points: Mapped[int] = mapped_column(default=0)  # what the appraisal counts
    effective_from: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
