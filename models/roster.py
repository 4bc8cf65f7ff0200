"""The roster: shifts, duties, leave, swaps, and what one shift hands to the next (D1)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.category import Category
from domain.roster import Asked, Work
from models.base import Base, EnumText


class Shift(Base):
    """Hours that are worked as one: 白班 8:00–18:00, 夜班 18:00–8:00, 值班."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("needed >= 0", name="needed_is_not_negative"),
        CheckConstraint(
            "begins BETWEEN 0 AND 1439 AND ends BETWEEN 1 AND 2880 AND begins < ends",
            name="begins_before_it_ends",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    work: Mapped[Work] = mapped_column(EnumText(Work))
    begins: Mapped[int]  # minutes from midnight
    ends: Mapped[int]  # above 1440: on the next day
    needed: Mapped[int] = mapped_column(default=1)  # people at least; fewer is a gap
    on_working_days: Mapped[bool] = mapped_column(default=True)
    on_days_off: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)


class RosterPattern(Base):
    """Shifts that come round: the same days again and again, one person after the other."""

    __tablename__ = "roster_patterns"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    days: Mapped[list[Any]] = mapped_column(JSON)  # for each day of the round a shift's id or null
    people: Mapped[list[Any]] = mapped_column(JSON)  # ids in turn; each begins a step later
    step: Mapped[int] = mapped_column(default=1)  # days between two people
    since: Mapped[date]
    is_active: Mapped[bool] = mapped_column(default=True)
    filled_until: Mapped[date | None]  # what people changed until then, the clock leaves alone


class Duty(Base):
    """One person's work from one instant to another."""

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("person_id", "begins_at", "work"),
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        Index(None, "begins_at", "ends_at"),  # a week
        Index(None, "person_id", "ends_at"),  # one person's next ones
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shifts.id"))
    pattern_id: Mapped[int | None] = mapped_column(ForeignKey("roster_patterns.id"))
    work: Mapped[Work] = mapped_column(EnumText(Work))
    position: Mapped[int] = mapped_column(default=1)  # on call: who is called first
    category: Mapped[Category | None]  # on call for this alone
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]  # another person, or other hours
    revision: Mapped[int] = mapped_column(default=0)  # how often: calendars ask for it
    reminded_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    signed_out_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]  # nobody signed in: the desk was told


class Leave(Base):
    """Time in which somebody does not work, once it is granted."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        Index(None, "person_id", "ends_at"),  # is somebody away
        Index(None, "state", "begins_at"),  # what is to be decided
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(100))
    state: Mapped[Asked] = mapped_column(EnumText(Asked), default=Asked.ASKED)
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(String(100))  # of who decided


class Swap(Base):
    """A duty that a colleague takes over, or takes for one of theirs."""

    __tablename__ = "swaps"
    __table_args__ = (
        Index(None, "duty_id"),
        Index(None, "state", "asked_at"),  # what is to be decided
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"))
    from_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    for_duty_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[Asked] = mapped_column(EnumText(Asked), default=Asked.ASKED)
    asked_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]  # by the colleague
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]


class HandOver(Base):
    """What one shift leaves to the next: open matters as they stood, signed by both (规范8)."""

    __tablename__ = "hand_overs"
    __table_args__ = (Index(None, "written_at"),)  # the newest

    id: Mapped[int] = mapped_column(primary_key=True)
    work: Mapped[Work] = mapped_column(EnumText(Work))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id", ondelete="SET NULL"))
    from_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    matters: Mapped[list[Any]] = mapped_column(JSON)  # number, words, why it matters
    notes: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime]
    given_at: Mapped[datetime | None]  # signed by who leaves
    taken_at: Mapped[datetime | None]  # signed by who comes


class CalendarFeed(Base):
    """A secret address under which a calendar program reads somebody's duties (H-48, S-066)."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    is_of_all: Mapped[bool] = mapped_column(default=False)  # the whole roster, not only their own
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
