"""Browsers in which somebody has signed in before; of a new one they are told (H-31)."""

import hashlib
import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.sentence import Page
from models import KnownBrowser, Person
from services import notices

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(days=400)  # browsers keep a cookie no longer
_MOST = 30  # of one person; a window that forgets its cookies would add to them for ever


def entered(
    session: Session, person_id: int, cookie: str, browser: str | None, now: datetime
) -> bool:
    """Remembers it; whether it is new to somebody who had another before, who is told then."""
    # Two sign-ins at once wait for each other here, else neither would see the other's browser.
    person = session.get_one(Person, person_id, with_for_update=True)
    mark = _mark(person_id, cookie)
    known = _known(session, person_id, now)
    if mark in known:
        session.get_one(KnownBrowser, (person_id, mark)).seen_at = now
        return False
    session.add(KnownBrowser(person_id=person_id, mark=mark, first_at=now, seen_at=now))
    for old in known[_MOST - 1 :]:
        session.delete(session.get_one(KnownBrowser, (person_id, old)))
    if not known:
        return False
    log.info("signed_in_with_new_browser person=%s", person_id)
    if person.openid is not None:
        _tell(session, person_id, browser, now)
    return True


def _tell(session: Session, person_id: int, browser: str | None, now: datetime) -> None:
    """At once, at whatever hour: if it was not them, each minute counts."""
    notices.tell(
        session,
        person_id,
        "notice.new_browser",
        now,
        is_urgent=True,
        page=Page("/account/", "page.account"),
        at=now,
        browser=browser,
    )


def _known(session: Session, person_id: int, now: datetime) -> list[str]:
    """Their marks, the last seen first; what is past remembering goes."""
    over = KnownBrowser.seen_at <= now - REMEMBERED_FOR
    session.execute(delete(KnownBrowser).where(KnownBrowser.person_id == person_id, over))
    statement = select(KnownBrowser.mark).where(KnownBrowser.person_id == person_id)
    return list(session.scalars(statement.order_by(KnownBrowser.seen_at.desc())))


def _mark(person_id: int, cookie: str) -> str:
    """Of each person another: rows do not say who shares a computer."""
    return hashlib.sha256(f"{person_id}:{cookie}".encode("utf-8", "replace")).hexdigest()
