"""Reads what the doctor asks of the database: who is out of reach, what lies about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.permissions import Role
from models import Clerk, Complaint, Deadline, InboxMessage, Notice, NoticeState, Person, SampleKind
from services.samples.marks import is_real
from services.speakers import holds

UNSENT_AFTER = timedelta(minutes=10)
"""So long no notice waits whose time has come while somebody sends."""

RUNG_WITHIN = timedelta(minutes=5)
"""A clock that runs rings within a second; a crowd at eight o'clock within a minute."""

_PAGES = ("console", "portal", "h5", "account")
_STAFF = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Apart:
    """Names of staff to whom WeChat has no way."""

    not_bound: Sequence[str]
    not_following: Sequence[str]


def last_heard(session: Session) -> datetime | None:
    """When the newest callback came in; forms of pages stand in the same box, and are none."""
    of_account = select(InboxMessage.received_at).where(InboxMessage.kind.not_in(_PAGES))
    return session.scalar(of_account.order_by(InboxMessage.id.desc()).limit(1))


def staff_count(session: Session) -> int:
    of_staff = (holds(*_STAFF), is_real(Person.id, SampleKind.PERSON))
    return session.scalar(select(func.count()).select_from(Person).where(*of_staff)) or 0


def staff_apart(session: Session) -> Apart:
    """Who has not joined by their code, and who has left the account again."""
    rows = session.execute(
        select(Person.id, Person.name, Person.openid, Person.is_following)
        .where(
            holds(*_STAFF),
            or_(Person.openid.is_(None), ~Person.is_following),
            is_real(Person.id, SampleKind.PERSON),
        )
        .order_by(Person.id)
    ).all()
    return Apart(
        [row.name or f"#{row.id}" for row in rows if row.openid is None],
        [row.name or f"#{row.id}" for row in rows if row.openid is not None],
    )


def owners_of(session: Session, accounts: Collection[str]) -> Mapping[str, str | None]:
    """By customer-service account the name of the person whose it is."""
    rows = session.execute(
        select(Clerk.account, Person.name)
        .join(Person, Person.id == Clerk.person_id)
        .where(Clerk.account.in_(accounts))
    )
    return {row.account: row.name for row in rows}


def unsent(session: Session, now: datetime) -> int:
    """Notices whose time came long ago though nothing holds them back: nobody sends."""
    statement = select(func.count()).where(
        Notice.state.in_((NoticeState.PENDING, NoticeState.CLAIMED)),
        Notice.next_try_at < now - UNSENT_AFTER,
    )
    return session.scalar(statement) or 0


@dataclass(frozen=True, slots=True)
class Overdue:
    """Clocks that ought to have rung long ago, and since when the first of them."""

    count: int
    since: datetime | None


def overdue_deadlines(session: Session, now: datetime) -> Overdue:
    """By ix_deadlines_due_at."""
    return _overdue(session, Deadline.due_at, now)


def overdue_complaints(session: Session, now: datetime) -> Overdue:
    """By ix_complaints_rings."""
    return _overdue(session, Complaint.rings_at, now)


def _overdue(session: Session, due_at: InstrumentedAttribute[Any], now: datetime) -> Overdue:
    statement = select(func.count(), func.min(due_at)).where(due_at < now - RUNG_WITHIN)
    count, since = session.execute(statement).one()
    return Overdue(count, since)
