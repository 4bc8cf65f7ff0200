"""Alarms of monitoring as a list, by what is to be done; and the way to it (F4, E class 8)."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from domain.alerts import Severity
from domain.permissions import Permission
from models import DatabaseUnavailable
from services.alerts import listing, sources
from services.alerts.listing import PAGE, Listed, Wanted, Which
from services.desk import Desk
from services.shared_answers import shared
from web import live
from web.acts import looking
from web.console import rail
from web.console.routes import PATH, pages
from web.page import is_known, needs, reader, show
from web.site import site

routes = pages("alerts", "/alerts")
HOME = f"{PATH}/alerts"

_KNOWN_FOR = 3  # seconds that one count does for all readers


@dataclass(frozen=True, slots=True)
class Asked:
    """The address of a part of the list."""

    wanted: Wanted

    def to(self, **changed: Any) -> str:
        """The same list otherwise; from its beginning, unless told."""
        return f"{HOME}?{_query(replace(self.wanted, **{'before': None, **changed}))}"

    @property
    def query(self) -> str:
        return _query(self.wanted)


def _query(wanted: Wanted) -> str:
    facts = {
        "which": wanted.which.value,
        "source": wanted.source_id,
        "severity": wanted.severity.value if wanted.severity else None,
        "before": wanted.before,
    }
    return urlencode({name: value for name, value in facts.items() if value})


def asked() -> Asked:
    which, severity = request.args.get("which", ""), request.args.get("severity", "")
    return Asked(
        Wanted(
            next((each for each in Which if each.value == which), Which.OPEN),
            _id(request.args.get("source", "")),
            next((each for each in Severity if each.value == severity), None),
            _id(request.args.get("before", "")),
        )
    )


def _id(word: str) -> int | None:
    is_id = word.isascii() and word.isdecimal() and len(word) < 10
    return int(word) if is_id else None


@routes.get("")
@needs(Permission.ALERT_READ)
def listed() -> Response:
    with looking() as desk:
        facts = _facts(desk, asked())
    return show("console/alerts/list.html", mark_now=live.mark(_state(facts)), **facts)


@routes.get("/live")
@needs(Permission.ALERT_READ)
def moved() -> Response:
    with looking() as desk:
        facts = _facts(desk, asked())
    return live.part("console/alerts/list_live.html", _state(facts), lambda: facts)


def _facts(desk: Desk, asked_for: Asked) -> dict[str, Any]:
    rows = listing.rows(desk, asked_for.wanted, PAGE + 1)
    counts = listing.counts(desk, asked_for.wanted)
    return {
        "asked": asked_for,
        "rows": rows[:PAGE],
        "after": asked_for.to(before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "tabs": [_tab(which, counts[which], asked_for) for which in Which],
        "count": capped(counts[asked_for.wanted.which]),
        "sources": [(each.id, each.name) for each in sources.listed(desk)],
        "severities": tuple(Severity),
        "now": desk.now,
        "may_handle": desk.actor.could(Permission.ALERT_HANDLE),
        "may_manage": desk.actor.could(Permission.ALERT_MANAGE),
    }


def _tab(which: Which, count: int, asked_for: Asked) -> dict[str, Any]:
    return {
        "key": which.value,
        "path": asked_for.to(which=which),
        "count": capped(count),
        "is_here": which is asked_for.wanted.which,
        "is_pressing": which is Which.OPEN and count > 0,
    }


def capped(count: int) -> str:
    return str(count) if count <= listing.COUNTED else f"{listing.COUNTED}+"


def _state(facts: dict[str, Any]) -> tuple[object, ...]:
    """Of nothing but what this reader sees; times are said in minutes."""
    return repr(facts["rows"]), repr(facts["tabs"]), int(facts["now"].timestamp() // 60)


# --- the way to it, on every page, and above the list of tickets ----------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a word of the desk: how many, and the first of them."""

    count: int
    first: tuple[Listed, ...]


@routes.get("/rail")
@needs(Permission.ALERT_READ)
def way_moved() -> Response:
    return rail.moved(alerts_way())


@routes.get("/waiting")
@needs(Permission.ALERT_READ)
def waiting() -> Response:
    found = alerts_waiting()
    return live.part("console/alerts/strip.html", alerts_state(found), lambda: {"waiting": found})


@routes.app_template_global("alerts_way")
def alerts_way() -> rail.Way | None:
    return _way(alerts_waiting())


def _way(found: Waiting | None) -> rail.Way | None:
    if found is None:
        return None
    return rail.Way(
        HOME,
        "alerts",
        "bolt",
        "a",
        "alert_list.waiting",
        found.count,
        pages=(HOME,),
        asked_at=f"{HOME}/rail",
    )


@routes.app_template_global("alerts_waiting")
def alerts_waiting() -> Waiting | None:
    """None: no source was ever made, or it is nothing for this reader."""
    if not is_known() or not reader().could(Permission.ALERT_READ):
        return None
    try:
        with looking() as desk:
            return _waiting(desk)
    except DatabaseUnavailable:
        return None


def _waiting(desk: Desk) -> Waiting | None:
    def ask() -> Waiting | None:
        return Waiting(*listing.to_confirm(desk)) if sources.listed(desk) else None

    return shared(desk.session, "alerts to confirm", ask, times=_KNOWN_FOR)


def standing(desk: Desk) -> dict[str, object]:
    """How rail and strip stand, by their addresses, for a part that is asked for anyway (T12)."""
    if not desk.actor.could(Permission.ALERT_READ):
        return {}
    found = _waiting(desk)
    if found is None:
        return {}
    return {f"{HOME}/rail": rail.state(_way(found)), f"{HOME}/waiting": alerts_state(found)}


@routes.app_template_global("alerts_state")
def alerts_state(found: Waiting | None) -> tuple[object, ...]:
    minute = int(site().now().timestamp() // 60)
    return (found.count, repr(found.first), minute if found.first else 0) if found else ()


@routes.app_template_global("ticket_alarms")
def ticket_alarms(ticket_id: int) -> tuple[int, tuple[Listed, ...]]:
    """The alarms that a ticket carries, for whoever reads it here."""
    if not reader().could(Permission.ALERT_READ):
        return 0, ()
    with looking() as desk:
        return listing.of_ticket(desk, ticket_id)
