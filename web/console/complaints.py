"""Complaints as a list: what waits for the reader, what is late, what ended; and the way to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from models import DatabaseUnavailable
from services.complaints import listing
from services.complaints.listing import Listed, Waiting
from services.complaints.reading import PAGE, Wanted, Which
from services.desk import Desk
from web import live
from web.acts import looking
from web.console import complaints_words, rail
from web.console.routes import PATH, pages
from web.page import is_known, needs, show
from web.site import site

routes = pages("complaints", "/complaints")
BASE = f"{PATH}/complaints"

_LONGEST = 40  # characters that are looked for
_COUNTED = 999
_FIRST = 5  # of them stand above the list of tickets


@dataclass(frozen=True, slots=True)
class Asked:
    """The address of a part of the list."""

    wanted: Wanted

    def to(self, **changed: Any) -> str:
        """The same list otherwise; from its beginning, unless told."""
        wanted = replace(self.wanted, **{"before": None, **changed})
        return f"{BASE}?{_query(wanted)}"

    @property
    def query(self) -> str:
        return _query(self.wanted)


def _query(wanted: Wanted) -> str:
    facts = {"which": wanted.which.value, "q": wanted.words, "before": wanted.before}
    return urlencode({name: value for name, value in facts.items() if value})


def asked() -> Asked:
    which = request.args.get("which", "")
    known = next((each for each in Which if each.value == which), Which.MINE_TO_DO)
    before = request.args.get("before", "")
    is_id = before.isascii() and before.isdecimal() and len(before) < 10
    words = request.args.get("q", "").strip()[:_LONGEST]
    return Asked(Wanted(known, words, int(before) if is_id else None))


def demand_list(desk: Desk) -> None:
    """Whoever sees to no complaints has no such list, whatever there is."""
    if not listing.sees_to_complaints(desk):
        raise NotFound()


@routes.get("")
@needs(Permission.COMPLAINT_READ)
def listed() -> Response:
    with looking() as desk:
        demand_list(desk)
        facts = _facts(desk, asked())
    return show("console/complaints/list.html", mark_now=live.mark(_state(facts)), **facts)


@routes.get("/live")
@needs(Permission.COMPLAINT_READ)
def moved() -> Response:
    with looking() as desk:
        demand_list(desk)
        facts = _facts(desk, asked())
    return live.part("console/complaints/list_live.html", _state(facts), lambda: facts)


def _facts(desk: Desk, asked_for: Asked) -> dict[str, Any]:
    wanted = asked_for.wanted
    rows = listing.rows(desk, wanted, PAGE + 1)
    counts = listing.counts(desk, wanted.words)
    return {
        "asked": asked_for,
        "rows": rows[:PAGE],
        "all_of_them": asked_for.to(which=Which.ALL),
        "after": asked_for.to(before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "tabs": [_tab(which, counts[which], asked_for) for which in Which],
        "count": _capped(counts[wanted.which]),
        "now": desk.now,
        "may_export": desk.actor.could(Permission.COMPLAINT_EXPORT),
        "may_register": desk.actor.could(Permission.COMPLAINT_OPEN_FOR_OTHER),
    }


def _tab(which: Which, count: int, asked_for: Asked) -> dict[str, Any]:
    return {
        "key": which.value,
        "path": asked_for.to(which=which),
        "count": _capped(count),
        "is_here": which is asked_for.wanted.which,
        "is_pressing": which in (Which.MINE_TO_DO, Which.LATE) and count > 0,
    }


def _capped(count: int) -> str:
    return str(count) if count <= _COUNTED else f"{_COUNTED}+"


def _state(facts: dict[str, Any]) -> tuple[object, ...]:
    """Of nothing but what this reader sees; times are said in minutes."""
    return repr(facts["rows"]), repr(facts["tabs"]), int(facts["now"].timestamp() // 60)


# --- the way to it, on every page ----------------------------------------------------------------


@routes.get("/rail")
@needs(Permission.COMPLAINT_READ)
def way_moved() -> Response:
    return rail.moved(complaints_way())


@routes.app_template_global("complaints_way")
def complaints_way() -> rail.Way | None:
    return _way(_waiting())


def _way(waiting: Waiting | None) -> rail.Way | None:
    if waiting is None:
        return None
    return rail.Way(
        BASE,
        "complaints",
        "mood-sad",
        "l",
        "complaint_list.waiting",
        waiting.count,
        pages=(BASE,),
        asked_at=f"{BASE}/rail",
    )


def _waiting() -> Waiting | None:
    """None: no way to the list; without a database nobody knows what waits."""
    if not is_known():
        return None
    try:
        with looking() as desk:
            return listing.waiting(desk)
    except DatabaseUnavailable:
        return None


def standing(desk: Desk) -> dict[str, object]:
    """How rail and strip stand, by their addresses, for a part that is asked for anyway (T12)."""
    waiting = listing.waiting(desk)
    way: dict[str, object] = {f"{BASE}/rail": rail.state(_way(waiting))}
    return way if waiting and waiting.count else {**way, f"{BASE}/mine": _rows_state(())}


# --- the first of them, above the list of tickets -------------------------------------------------


@routes.get("/mine")
@needs(Permission.COMPLAINT_READ)
def mine() -> Response:
    """What waits for the reader, by when it is due."""
    rows = complaints_to_do()
    return live.part(
        "console/complaints/strip.html", _rows_state(rows), lambda: {"complaints": rows}
    )


@routes.app_template_global("complaints_to_do")
def complaints_to_do() -> tuple[Listed, ...]:
    waiting = _waiting()
    if waiting is None or not waiting.count:
        return ()
    with looking() as desk:
        return listing.rows(desk, Wanted(Which.MINE_TO_DO), _FIRST)


@routes.app_template_global("complaints_mine_state")
def _rows_state(rows: tuple[Listed, ...]) -> tuple[object, ...]:
    return (repr(rows), int(site().now().timestamp() // 60)) if rows else ()


@routes.app_template_global("complaint_level")
def level(due_at: datetime | None) -> str:
    return complaints_words.level(due_at, site().now())


@routes.app_template_global("complaint_left")
def left(due_at: datetime) -> str:
    return complaints_words.left(due_at, site().now())
