"""Whom the desk would call at an instant, for each kind of trouble: tried before it rings (F15)."""

from datetime import datetime

from flask import Response, request

from domain.calendar import CHINA
from domain.permissions import Permission
from services import roster_chain
from web.acts import looking
from web.console import roster_words as said_of
from web.console.routes import pages
from web.page import needs, reader, show
from web.site import site

routes = pages("roster_chain", "/roster/chain")


@routes.get("")
@needs(Permission.ROSTER_PLAN)
def called() -> Response:
    at = _instant(request.args.get("at", ""))
    with looking() as desk:
        found = roster_chain.at(desk, at)
        minutes = int(desk.rules.targets.on_call_answer_within.total_seconds() // 60)
    return show(
        "console/roster/chain.html",
        found=found,
        at=at,
        typed=at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M"),
        minutes=minutes,
        sees_phones=reader().could(Permission.PERSON_READ_PHONE),
        of=said_of,
    )


def _instant(typed: str) -> datetime:
    """By the desk's clock; when the desk closes next, if nothing is asked."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=CHINA)
    except ValueError:
        now, hours = site().now(), site().rules.hours
        return hours.closes_at(now) or now
