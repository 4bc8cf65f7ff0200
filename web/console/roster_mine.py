"""My duties: what comes, what I asked for, what waits for my word or the head's (D1)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, request

from domain.calendar import CHINA
from domain.permissions import Permission
from services import calendar_feeds, duty_views, leaves, swaps
from services.desk import Desk
from web.acts import Led, looking, once
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show
from web.site import site

routes = pages("roster_mine", "/roster/mine")

HOME = f"{PATH}/roster/mine"
_SHOWN = 30  # duties
_DAY = 10  # characters of 2026-11-24
_PARTS = ("whole", "morning", "afternoon")
_LEAVE = (
    Field("first", _DAY, is_required=True),
    Field("last", _DAY),
    Field("part", 9, choices=_PARTS),
    Field("reason", leaves.WORDS_LIMIT, is_required=True),
)
_DONE = ("agree", "disagree", "withdraw", "grant", "deny", "leave", "asked", "revoked")
_NOON = timedelta(hours=12)
ID = "<int(max=2147483647):{}>"


@routes.get("")
@needs(Permission.ROSTER_READ)
def mine() -> Response:
    return _page(Filled({"part": "whole"}))


def _page(filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        facts = _facts(desk)
    done = request.args.get("done", "")
    return show(
        "console/mine/mine.html",
        status,
        filled=filled,
        home=HOME,
        done=done if done in _DONE else "",
        now=site().now(),
        today=site().now().astimezone(CHINA).date().isoformat(),
        parts=_PARTS,
        **facts,
    )


def _facts(desk: Desk) -> dict[str, Any]:
    may_ask = reader().could(Permission.ROSTER_ASK)
    may_decide = reader().could(Permission.ROSTER_DECIDE)
    return {
        "may_ask": may_ask,
        "may_decide": may_decide,
        "duties": duty_views.coming(desk.session, desk.actor.id, desk.now, _SHOWN),
        "to_answer": swaps.to_answer(desk) if may_ask else (),
        "my_swaps": swaps.asked_by(desk) if may_ask else (),
        "my_leaves": leaves.mine(desk) if may_ask else (),
        "swaps_to_decide": swaps.to_decide(desk) if may_decide else (),
        "leaves_to_decide": leaves.to_decide(desk) if may_decide else (),
        "feeds": calendar_feeds.mine(desk),
    }


# --- leave ---------------------------------------------------------------------------------------


@routes.post("/leave")
@needs(Permission.ROSTER_ASK)
def asked() -> Response:
    filled = read_form(*_LEAVE)
    first, last = _day(filled, "first"), _day(filled, "last")
    if filled.problems or first is None:
        return _page(filled, 400)
    begins_at, ends_at = _times(first, last or first, filled["part"])
    if ends_at <= max(begins_at, site().now()):
        filled.refuse("last" if last else "first", leaves.LeaveIsPast.text_key)
        return _page(filled, 400)

    def do(desk: Desk) -> Led:
        leaves.ask(desk, begins_at, ends_at, filled["reason"])
        return Led(f"{HOME}?done=leave")

    return once("leave_ask", do, filled["reason"])


def _times(first: date, last: date, part: str) -> tuple[datetime, datetime]:
    """Whole days, or a half of the one day."""
    begins_at = datetime.combine(first, time(), CHINA)
    ends_at = datetime.combine(last, time(), CHINA) + timedelta(days=1)
    if part == "morning":
        return begins_at, ends_at - _NOON
    return (begins_at + _NOON, ends_at) if part == "afternoon" else (begins_at, ends_at)


def _day(filled: Filled, name: str) -> date | None:
    if not filled[name]:
        return None
    try:
        return date.fromisoformat(filled[name])
    except ValueError:
        filled.refuse(name, "roster_mine.bad_day")
        return None


@routes.post(f"/leaves/{ID.format('leave_id')}/withdraw")
@needs(Permission.ROSTER_ASK)
def leave_withdrawn(leave_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        leaves.withdraw(desk, leave_id)
        return Led(f"{HOME}?done=withdraw")

    return once("leave_withdraw", do)


@routes.post(f"/leaves/{ID.format('leave_id')}/<any(grant,deny):verdict>")
@needs(Permission.ROSTER_DECIDE)
def leave_decided(leave_id: int, verdict: str) -> Response:
    filled = read_form(Field("words", leaves.WORDS_LIMIT))

    def do(desk: Desk) -> Led:
        leaves.decide(desk, leave_id, grants=verdict == "grant", words=filled["words"])
        return Led(f"{HOME}?done={verdict}")

    return once("leave_decide", do, filled["words"])
