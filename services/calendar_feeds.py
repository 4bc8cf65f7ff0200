"""Calendar feeds: a secret address for a calendar program, revocable, read-only (H-48, S-066)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand, has_role_for
from domain.refusals import NotFound, Refusal
from domain.roster import Asked
from models import CalendarFeed, Duty, Leave, Person
from services import duty_views
from services.duty_views import DutyView

if TYPE_CHECKING:
    from services.desk import Desk

TOKEN_BYTES = 32
MOST_FEEDS = 5  # of one person
BEFORE, AHEAD = timedelta(days=31), timedelta(days=184)
"""What a calendar shows of the past, and how far a roster is planned."""
EVENTS = 3000
_NOTED_EVERY = timedelta(hours=1)
"""A calendar asks all day long; when it last did needs no more exactness."""


class TooManyFeeds(Refusal):
    """One has to be revoked first."""

    text_key = "roster_mine.too_many_feeds"


@dataclass(frozen=True, slots=True)
class FeedView:
    """An address as its owner sees it; the address itself is shown once."""

    id: int
    is_of_all: bool
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Away:
    """Leave in a calendar: whose, and when; why is nobody's business there."""

    id: int
    name: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar program reads."""

    is_of_all: bool
    name: str
    duties: tuple[DutyView, ...]
    leaves: tuple[Away, ...]


def mine(desk: "Desk") -> tuple[FeedView, ...]:
    """The actor's addresses that are not revoked."""
    demand(desk.actor.roles, Permission.ROSTER_READ)
    statement = (
        # By ix_calendar_feeds_person_id.
        select(CalendarFeed)
        .where(CalendarFeed.person_id == desk.actor.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return tuple(_view(each) for each in desk.session.scalars(statement))


def make(desk: "Desk", *, is_of_all: bool = False) -> str:
    """A new address's secret, which is kept nowhere but in its hash."""
    if len(mine(desk)) >= MOST_FEEDS:
        raise TooManyFeeds(most=MOST_FEEDS)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    desk.session.add(
        CalendarFeed(
            person_id=desk.actor.id,
            token_hash=_hash(token),
            is_of_all=is_of_all,
            made_at=desk.now,
        )
    )
    desk.session.flush()
    return token


def revoke(desk: "Desk", feed_id: int) -> None:
    """From now on the address answers nobody."""
    demand(desk.actor.roles, Permission.ROSTER_READ)
    feed = desk.session.get(CalendarFeed, feed_id)
    if feed is None or feed.person_id != desk.actor.id or feed.revoked_at is not None:
        raise NotFound()
    feed.revoked_at = desk.now


def read(session: Session, token: str, now: datetime) -> Feed | None:
    """What stands behind an address; None if it is none or revoked, or its owner has left."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token)))
    if feed is None or feed.revoked_at is not None:
        return None
    owner = session.get_one(Person, feed.person_id)
    if not owner.is_active or not has_role_for(owner.roles, Permission.ROSTER_READ):
        return None
    whose = None if feed.is_of_all else owner.id
    return Feed(
        is_of_all=feed.is_of_all,
        name=owner.name or "",
        duties=_duties(session, whose, now),
        leaves=_leaves(session, whose, now),
    )


def note_reading(session: Session, token: str, now: datetime) -> None:
    """When it was last asked for, so that its owner sees whether it is in use."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token)))
    if feed is not None and is_stale(feed.read_at, now):
        feed.read_at = now


def read_at(session: Session, token: str) -> datetime | None:
    """When it was last noted that somebody read it."""
    found = select(CalendarFeed.read_at).where(CalendarFeed.token_hash == _hash(token))
    return session.scalar(found)


def is_stale(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at >= _NOTED_EVERY


def _duties(session: Session, person_id: int | None, now: datetime) -> tuple[DutyView, ...]:
    # By ix_duties_begins_at_ends_at, or ix_duties_person_id_ends_at for one person's.
    conditions = [Duty.begins_at < now + AHEAD, Duty.begins_at > now - BEFORE]
    if person_id is not None:
        conditions += [Duty.person_id == person_id, Duty.ends_at > now - BEFORE]
    return duty_views.listed(session, *conditions, most=EVENTS)


def _leaves(session: Session, person_id: int | None, now: datetime) -> tuple[Away, ...]:
    statement = (
        # By ix_leaves_state_begins_at.
        select(Leave, Person.name)
        .join(Person, Person.id == Leave.person_id)
        .where(
            Leave.state == Asked.GRANTED,
            Leave.begins_at > now - BEFORE,
            Leave.begins_at < now + AHEAD,
        )
        .order_by(Leave.begins_at, Leave.id)
        .limit(EVENTS)
    )
    if person_id is not None:
        statement = statement.where(Leave.person_id == person_id)
    rows = session.execute(statement)
    return tuple(Away(row[0].id, row[1] or "", row[0].begins_at, row[0].ends_at) for row in rows)


def _view(feed: CalendarFeed) -> FeedView:
    return FeedView(feed.id, feed.is_of_all, feed.made_at, feed.read_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
