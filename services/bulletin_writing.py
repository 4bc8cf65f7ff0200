"""Bulletins as the desk makes them: draft, publish, change, withdraw, and their readers (K3)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from domain.permissions import Permission, demand
from domain.refusals import NotFound, Refusal
from models import Bulletin, BulletinReading, Person, table_of
from services import audit
from services.bulletins import BulletinView, Listed, part, view

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

TITLE_LIMIT = 60  # characters; the column's
BODY_LIMIT = 4000
READERS_LISTED = 200

_bulletins, _people = table_of(Bulletin), table_of(Person)
_readings = table_of(BulletinReading)


class EndsTooEarly(Refusal):
    """A bulletin is over before anybody could read it."""

    text_key = "bulletin_page.ends_too_early"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a bulletin says, and until when."""

    title: str
    body: str
    is_urgent: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Who has read it, and when."""

    name: str
    department: str | None
    at: datetime


def written(desk: "Desk", before: int | None = None) -> Listed:
    """Every bulletin with the number of its readers, the newest first."""
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    # Served by the primary key.
    statement = _with_readers().order_by(_bulletins.c.id.desc())
    if before is not None:
        statement = statement.where(_bulletins.c.id < before)
    return part(desk, statement)


def one(desk: "Desk", bulletin_id: int) -> BulletinView:
    """For those who write them, in whatever phase it is."""
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    statement = _with_readers().where(_bulletins.c.id == bulletin_id)
    row = desk.session.execute(statement).first()
    if row is None:
        raise NotFound()
    return view(row, desk.now)


def readings(desk: "Desk", bulletin_id: int) -> tuple[Reading, ...]:
    """Who has read it, the latest first."""
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    statement = (
        select(_people.c.name, _people.c.department, _readings.c.read_at)
        .join_from(_readings, _people, _people.c.id == _readings.c.person_id)
        .where(_readings.c.bulletin_id == bulletin_id)
        .order_by(_readings.c.read_at.desc(), _people.c.id)
        .limit(READERS_LISTED)
    )
    rows = desk.session.execute(statement)
    return tuple(Reading(row.name or "", row.department, row.read_at) for row in rows)


def draft(desk: "Desk", wording: Wording) -> BulletinView:
    """Nobody but the desk sees it yet."""
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    bulletin = Bulletin(author_id=desk.actor.id, changed_at=desk.now, **_facts(wording))
    desk.session.add(bulletin)
    desk.session.flush()
    _record(desk, bulletin, "bulletin.draft", None)
    return one(desk, bulletin.id)


def change(desk: "Desk", bulletin_id: int, wording: Wording) -> BulletinView:
    """Other words; what it said before stays in the record."""
    bulletin = _locked(desk, bulletin_id)
    before = _kept(bulletin)
    if bulletin.published_at is not None:
        _demand_time(bulletin.published_at, wording.expires_at)
    for name, value in _facts(wording).items():
        setattr(bulletin, name, value)
    if _kept(bulletin) != before:
        bulletin.changed_at = desk.now
        _record(desk, bulletin, "bulletin.change", before)
    return one(desk, bulletin_id)


def publish(desk: "Desk", bulletin_id: int, at: datetime | None = None) -> BulletinView:
    """Out from this moment, or from a later one; what is out already stays as it is."""
    bulletin = _locked(desk, bulletin_id)
    if bulletin.published_at is not None and bulletin.published_at <= desk.now:
        return one(desk, bulletin_id)
    before, out_at = _kept(bulletin), max(at or desk.now, desk.now)
    _demand_time(out_at, bulletin.expires_at)
    bulletin.published_at = out_at
    _record(desk, bulletin, "bulletin.publish", before)
    return one(desk, bulletin_id)


def withdraw(desk: "Desk", bulletin_id: int) -> BulletinView:
    """A draft again: nobody sees it, and who has read it stays known."""
    bulletin = _locked(desk, bulletin_id)
    if bulletin.published_at is not None:
        before = _kept(bulletin)
        bulletin.published_at = None
        _record(desk, bulletin, "bulletin.withdraw", before)
    return one(desk, bulletin_id)


def _demand_time(published_at: datetime, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= published_at:
        raise EndsTooEarly()


def _locked(desk: "Desk", bulletin_id: int) -> Bulletin:
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    found = desk.session.get(Bulletin, bulletin_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound()
    return found


def _facts(wording: Wording) -> dict[str, Any]:
    return {
        "title": wording.title[:TITLE_LIMIT],
        "body": wording.body[:BODY_LIMIT],
        "is_urgent": wording.is_urgent,
        "expires_at": wording.expires_at,
    }


def _kept(bulletin: Bulletin) -> dict[str, Any]:
    """What the record of a change keeps."""
    return {
        "title": bulletin.title,
        "body": bulletin.body,
        "is_urgent": bulletin.is_urgent,
        "published_at": _said(bulletin.published_at),
        "expires_at": _said(bulletin.expires_at),
    }


def _said(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _record(desk: "Desk", bulletin: Bulletin, action: str, before: dict[str, Any] | None) -> None:
    desk.session.flush()
    subject = f"bulletin:{bulletin.id}"
    audit.done_by(desk, action, subject, before, _kept(bulletin))
    log.info("bulletin_changed bulletin=%s action=%s actor=%s", bulletin.id, action, desk.actor.id)


def _with_readers() -> Select[Any]:
    count = (
        select(func.count())
        .select_from(_readings)
        .where(_readings.c.bulletin_id == _bulletins.c.id)
        .scalar_subquery()
    )
    return select(_bulletins, _people.c.name.label("author"), count.label("readers")).join_from(
        _bulletins, _people, _people.c.id == _bulletins.c.author_id
    )


def changes(desk: "Desk", bulletin_id: int) -> tuple[audit.Entry, ...]:
    """Who did what with it, the newest first."""
    demand(desk.actor.roles, Permission.BULLETIN_PUBLISH)
    return audit.history(desk.session, f"bulletin:{bulletin_id}")
