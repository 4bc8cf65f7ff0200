"""The roster as others ask it: who is there at an instant, who comes next, who is away (D1)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from domain.roster import Asked, Work
from models import Duty, Leave, Person

LASTS_AT_MOST = timedelta(days=2)
"""No shift is longer: what began before that is over."""


def on_duty_at(session: Session, at: datetime, work: Work) -> list[Duty]:
    """Who is there for this work, the first to be called first; nobody who is away or has left."""
    statement = (
        select(Duty)
        .join(Person, Person.id == Duty.person_id)
        .where(
            # By ix_duties_begins_at_ends_at: the duties of two days.
            Duty.begins_at <= at,
            Duty.begins_at > at - LASTS_AT_MOST,
            Duty.ends_at > at,
            Duty.work == work,
            Person.is_active,
            ~is_granted_at(Duty.person_id, at),
        )
        .order_by(Duty.position, Duty.begins_at, Duty.id)
    )
    return list(session.scalars(statement))


def is_away(session: Session, person_id: int, at: datetime) -> bool:
    """Whether somebody has leave that was granted."""
    statement = select(Leave.id).where(Leave.person_id == person_id, *_granted(at)).limit(1)
    return session.scalar(statement) is not None


def is_granted_at(person_id: Any, at: Any) -> ColumnElement[bool]:
    """Leave of the person of a row, within a statement; by ix_leaves_person_id_ends_at."""
    return select(Leave.id).where(Leave.person_id == person_id, *_granted(at)).exists()


def _granted(at: Any) -> tuple[ColumnElement[bool], ...]:
    return (Leave.ends_at > at, Leave.begins_at <= at, Leave.state == Asked.GRANTED)


def duties_between(
    session: Session, begin: datetime, end: datetime, people: Collection[int] | None = None
) -> Sequence[Duty]:
    """All that touch the time, in order."""
    touching = and_(
        # By ix_duties_begins_at_ends_at.
        Duty.begins_at > begin - LASTS_AT_MOST,
        Duty.begins_at < end,
        Duty.ends_at > begin,
    )
    statement = select(Duty).where(touching).order_by(Duty.begins_at, Duty.position, Duty.id)
    if people is not None:
        statement = statement.where(Duty.person_id.in_(people))
    return session.scalars(statement).all()


def leaves_between(
    session: Session, begin: datetime, end: datetime, people: Collection[int] | None = None
) -> Sequence[Leave]:
    """Leave that was asked for or granted and touches the time."""
    statement = (
        select(Leave)
        .where(
            # By ix_leaves_state_begins_at, of these people by ix_leaves_person_id_ends_at.
            Leave.state.in_([Asked.ASKED, Asked.GRANTED]),
            Leave.begins_at < end,
            Leave.ends_at > begin,
        )
        .order_by(Leave.begins_at, Leave.id)
    )
    if people is not None:
        statement = statement.where(Leave.person_id.in_(people))
    return session.scalars(statement).all()


def note_change(duty: Duty, now: datetime) -> None:
    """Another person has it, or it has other hours: calendars take the newer one."""
    duty.changed_at, duty.revision = now, (duty.revision or 0) + 1
