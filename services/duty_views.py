"""Duties as people read them: whose, when, what for; in one line of words (D1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.calendar import CHINA
from domain.category import Category
from domain.duty_rules import Stint
from domain.permissions import Role
from domain.roster import Work
from domain.sentence import Fact, Say, Word
from models import Duty, Person, Shift
from services.speakers import holds

MOST = 60  # duties of one list
MINUTE = timedelta(minutes=1)


_WORKERS = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD)


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty of somebody."""

    id: int
    person_id: int
    name: str
    phone: str | None
    shift: str | None
    work: Work
    begins_at: datetime
    ends_at: datetime
    category: Category | None = None
    signed_in_at: datetime | None = None
    signed_out_at: datetime | None = None
    made_at: datetime | None = None
    missed_at: datetime | None = None
    changed_at: datetime | None = None
    revision: int = 0

    @property
    def stint(self) -> Stint:
        return Stint(self.work, self.begins_at, self.ends_at)

    @property
    def say(self) -> Say:
        """The duty in one line."""
        return line_of(self.begins_at, self.ends_at, self.shift, self.work)

    def is_under_way(self, now: datetime) -> bool:
        return self.begins_at <= now < self.ends_at


def line_of(begins_at: datetime, ends_at: datetime, shift: str | None, work: Work) -> Say:
    """明天 18:00–次日 8:00 夜班: its end is said by the clock alone."""
    begins, ends = begins_at.astimezone(CHINA), ends_at.astimezone(CHINA)
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (ends - midnight) // timedelta(days=1)
    key = ("same_day", "next_day", "over_days")[min(days, 2)]
    if days and ends == midnight + timedelta(days=1):
        key = "to_midnight"
    facts: dict[str, Fact] = {
        "begins": begins_at,
        "ends": ends_at if key == "over_days" else f"{ends.hour}:{ends.minute:02d}",
        "shift": shift or Word(f"roster_life.work.{work.value}"),
        "day": Word(f"roster_life.weekday.{begins.weekday()}"),
    }
    return Say(f"roster_life.duty.{key}", facts)


def listed(
    session: Session, *conditions: ColumnElement[bool], most: int = MOST
) -> tuple[DutyView, ...]:
    """The duties that meet the conditions, in the order in which they begin."""
    statement = (
        select(Duty, Person, Shift.name)
        .join(Person, Person.id == Duty.person_id)
        .outerjoin(Shift, Shift.id == Duty.shift_id)
        .where(*conditions)
        .order_by(Duty.begins_at, Duty.position, Duty.id)
        .limit(most)
    )
    return tuple(_view(*row) for row in session.execute(statement))


def coming(
    session: Session, person_id: int, now: datetime, most: int = MOST
) -> tuple[DutyView, ...]:
    """Somebody's duty that is under way, and their next ones; by ix_duties_person_id_ends_at."""
    return listed(session, Duty.person_id == person_id, Duty.ends_at > now, most=most)


def by_id(session: Session, ids: Iterable[int]) -> dict[int, DutyView]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {each.id: each for each in listed(session, Duty.id.in_(wanted), most=len(wanted))}


def works_here() -> ColumnElement[bool]:
    """Somebody who may be on a roster at all."""
    return holds(*_WORKERS)


def _view(duty: Duty, person: Person, shift: str | None) -> DutyView:
    return DutyView(
        duty.id,
        duty.person_id,
        person.name or "",
        person.reached_by,
        shift,
        duty.work,
        duty.begins_at,
        duty.ends_at,
        duty.category,
        duty.signed_in_at,
        duty.signed_out_at,
        duty.made_at,
        duty.missed_at,
        duty.changed_at,
        duty.revision,
    )
