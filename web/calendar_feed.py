"""The roster for calendar programs: a secret address, revocable, in no log of ours (S-066).

Whoever knows the address reads; so it holds names, shifts and times, and nothing else.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from domain.roster import Work
from domain.sentence import Fact, Word
from models import DatabaseUnavailable
from services import calendar_feeds
from services.calendar_feeds import Feed
from services.duty_views import DutyView
from web.ics import Event, calendar
from web.page import words
from web.site import site

PATH = "/calendar"
REMINDS = timedelta(minutes=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,64}")
_AWAY = "Retry-After"


def address_of(token: str) -> str:
    """Under which a calendar program finds it."""
    root = site().public_url or request.url_root.rstrip("/")
    return f"{root}{PATH}/{token}.ics"


def blueprint() -> Blueprint:
    routes = Blueprint("calendar_feed", "web", url_prefix=PATH)

    @routes.get("/<token>.ics")
    def feed(token: str) -> Response:
        """GET changes nothing but when it was last read (H-48)."""
        if not _TOKEN.fullmatch(token):
            return _sent("", 404)
        try:
            found = _read(token)
        except DatabaseUnavailable:
            response = _sent("", 503)
            response.headers[_AWAY] = "60"
            return response
        return _sent("", 404) if found is None else _calendar(found)

    return routes


def _read(token: str) -> Feed | None:
    now = site().now()
    with site().database.reading() as session:
        found = calendar_feeds.read(session, token, now)
        is_stale = found is not None and calendar_feeds.is_stale(
            calendar_feeds.read_at(session, token), now
        )
    if is_stale:
        with site().database.transaction() as session:
            calendar_feeds.note_reading(session, token, now)
    return found


def _calendar(found: Feed) -> Response:
    name = words("calendar_feed.all" if found.is_of_all else "calendar_feed.own", name=found.name)
    text = calendar(name, _events(found))
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    response = _sent(text)
    response.set_etag(etag)
    response.make_conditional(request)
    return response


def _events(found: Feed) -> Iterator[Event]:
    host = urlsplit(site().public_url).hostname or "itdesk"
    for duty in found.duties:
        yield Event(
            uid=f"duty-{duty.id}@{host}",
            begins_at=duty.begins_at,
            ends_at=duty.ends_at,
            summary=_summary(duty, found),
            changed_at=duty.changed_at or duty.made_at or duty.begins_at,
            revision=duty.revision,
            reminds=None if found.is_of_all else REMINDS,
        )
    for away in found.leaves:
        yield Event(
            uid=f"leave-{away.id}@{host}",
            begins_at=away.begins_at,
            ends_at=away.ends_at,
            summary=words("calendar_feed.away", name=away.name if found.is_of_all else None),
            changed_at=away.begins_at,
            is_busy=not found.is_of_all,
        )


def _summary(duty: DutyView, found: Feed) -> str:
    facts: dict[str, Fact] = {
        "shift": duty.shift or Word(f"roster_life.work.{duty.work.value}"),
        "name": duty.name if found.is_of_all else None,
        "category": Word(f"category.{duty.category.value}") if duty.category else None,
        "on_call": Word("roster_life.work.on_call") if _is_named_otherwise(duty) else None,
    }
    return words("calendar_feed.duty", **facts)


def _is_named_otherwise(duty: DutyView) -> bool:
    """A shift of the night that somebody is on call in is to be known as that."""
    return duty.work is Work.ON_CALL and duty.shift not in (None, words("roster_life.work.on_call"))


def _sent(text: str, status: int = 200) -> Response:
    """Kept by nobody on the way; the address goes into no other site's log."""
    kind = "text/calendar" if status == 200 else "text/plain"
    response = Response(text, status, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if status == 200:
        response.headers["Content-Disposition"] = 'inline; filename="roster.ics"'
    return response
