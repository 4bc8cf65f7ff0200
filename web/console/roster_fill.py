"""Filling the roster from patterns: first what would come of it, then the duties (D1)."""

from collections import defaultdict
from datetime import date, timedelta

from flask import Response, request

from domain.permissions import Permission
from services import roster_filling, roster_patterns
from services.desk import Desk
from services.roster_filling import Filling, Turn
from services.roster_patterns import PatternView
from services.roster_shifts import ShiftView
from web.acts import Led, looking, once
from web.console import roster_words as said_of
from web.console.roster_address import Shown, monday_of
from web.console.roster_patterns import date_of
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs, show

routes = pages("roster_fill", "/roster")

_MOST_DAYS = 92  # that are filled at once
_SPAN = (Field("since", 10), Field("until", 10), Field("pattern", 10))


@routes.get("/fill")
@needs(Permission.ROSTER_PLAN)
def looked_at() -> Response:
    """What filling would do; nothing is made yet."""
    since, until = _span(request.args.get("since", ""), request.args.get("until", ""))
    with looking() as desk:
        patterns = [each for each in roster_patterns.listed(desk.session) if each.is_active]
        chosen = _chosen(request.args.get("pattern", ""), patterns)
        found = roster_filling.preview(desk, chosen, since, until)
    return show(
        "console/roster/fill.html",
        patterns=patterns,
        chosen=request.args.get("pattern", ""),
        since=since,
        until=until,
        found=found,
        by_shift=_by_shift(found),
        of=said_of,
        most=_MOST_DAYS,
    )


@routes.post("/fill")
@needs(Permission.ROSTER_PLAN)
def done() -> Response:
    filled = read_form(*_SPAN)
    since, until = _span(filled["since"], filled["until"])

    def do(desk: Desk) -> Led:
        patterns = roster_patterns.listed(desk.session)
        chosen = _chosen(filled["pattern"], list(patterns))
        found = roster_filling.fill(desk, chosen, since, until)
        shown = Shown(monday_of(since))
        if (until - since).days >= 7:
            shown = shown.at(since, is_month=True)
        return Led(shown.path(done="filled", n=str(len(found.made)), left=str(len(found.left))))

    return once("roster_fill", do)


def _chosen(typed: str, patterns: list[PatternView]) -> list[int]:
    """One pattern, or all of them."""
    return [each.id for each in patterns if typed in ("", str(each.id))]


def _span(since: str, until: str) -> tuple[date, date]:
    """From today on at the earliest; four weeks, unless somebody says otherwise."""
    today = said_of.today()
    far = today + timedelta(days=366)
    begin = min(max(date_of(since) or today, today), far)
    end = max(date_of(until) or begin + timedelta(days=27), begin)
    return begin, min(end, begin + timedelta(days=_MOST_DAYS - 1))


def _by_shift(found: Filling) -> list[tuple[ShiftView, int, list[str]]]:
    """How many duties of each shift, and whose."""
    turns: dict[int, list[Turn]] = defaultdict(list)
    for turn in found.made:
        turns[turn.shift.id].append(turn)
    return [
        (own[0].shift, len(own), list(dict.fromkeys(turn.name for turn in own)))
        for own in turns.values()
    ]
