"""Changes of the calendar: read, shown with what they do to open tickets, confirmed, recorded."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort

from domain.calendar import CalendarRunsOut, ServiceHours
from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Fact, Say
from services import moving_due, service_calendar
from services.clock_words import lasting
from services.desk import Desk
from services.moving_due import Move, Moves
from services.service_calendar import CalendarRows
from web.acts import looking
from web.console.admin import hours_words
from web.console.admin.acts import admin_page, recorded
from web.console.admin.hours_calendar import HOME, asked, form
from web.console.admin.hours_forms import KINDS, Asked, Kind, years_of
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import go, needs
from web.site import site

routes = pages("admin_calendar_change", "/admin/calendar")

_NAMES = "any(week, 'week-out', day, 'day-out', year)"
_LISTED = 12  # of the promises that move
_SEEN = Field("seen", 32)
_TELL = Field("is_told", 1, choices=("0", "1"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that can be made, and the calendar that comes of it."""

    rows: CalendarRows
    hours: ServiceHours


@routes.post(f"/<{_NAMES}:name>")
@needs(Permission.SETTING_MANAGE)
def again(name: str) -> Response:
    """Back from the preview, with what was typed."""
    kind = KINDS[name]
    if not kind.has_form:
        return go(HOME)
    return form(name, _read(kind), asked())


@routes.post(f"/<{_NAMES}:name>/preview")
@needs(Permission.SETTING_MANAGE)
def previewed(name: str) -> Response:
    filled, known = _read(KINDS[name]), asked()
    wanted = _wanted(KINDS[name], filled, known)
    if wanted is None:
        return _refused(name, filled, known)
    with looking() as desk:
        moves = moving_due.moves(desk.session, known.hours, wanted.hours, desk.now)
    return _preview(name, filled, known, wanted, moves)


@routes.post(f"/<{_NAMES}:name>/change")
@needs(Permission.SETTING_MANAGE)
def changed(name: str) -> Response:
    filled, known = _read(KINDS[name]), asked()
    wanted = _wanted(KINDS[name], filled, known)
    if wanted is None:
        return _refused(name, filled, known)

    def do(desk: Desk) -> str:
        service_calendar.put(desk, wanted.rows, filled["seen"])
        is_told = filled["is_told"] == "1"
        moving_due.move(desk.session, desk.rules, wanted.hours, desk.now, is_told=is_told)
        return f"{HOME}?done=change"

    try:
        answer = recorded(f"calendar_{name}", do)
    except Refusal as no:
        filled.problems["seen"] = Say(no.text_key, no.facts)
        return _preview(name, filled, known, wanted, Moves(), 409)
    site().office.refresh()
    return answer


def _read(kind: Kind) -> Filled:
    filled = read_form(*kind.fields, _SEEN, _TELL)
    if "year" in filled.values and filled["year"] not in years_of(asked().today):
        abort(400)
    return filled


def _wanted(kind: Kind, filled: Filled, known: Asked) -> Wanted | None:
    """None, and the problems beside the fields, for what cannot be."""
    rows = kind.read(filled, known) if not filled.problems else None
    if rows is None:
        return None
    hours = site().office.hours_with(rows)
    try:
        hours.next_opening(site().now())
    except CalendarRunsOut:
        filled.refuse(kind.fields[0].name, "service_calendar.problem.never_open")
        return None
    return Wanted(rows, hours)


def _refused(name: str, filled: Filled, known: Asked) -> Response:
    return form(name, filled, known, 400) if KINDS[name].has_form else go(HOME)


def _preview(
    name: str, filled: Filled, known: Asked, wanted: Wanted, moves: Moves, status: int = 200
) -> Response:
    kind = KINDS[name]
    values = {each.name: filled[each.name] for each in kind.fields}
    facts: dict[str, Any] = {
        "changes": hours_words.lines(known.hours, known.rows, wanted.rows),
        "effects": _effects(known, wanted, moves),
        "moved": sorted(moves.moved, key=_by, reverse=True)[:_LISTED],
        "is_later": bool(moves.later),
        "values": {**values, "seen": known.rows.mark},
        "problem": filled.problems.get("seen"),
        "since": filled["since"],
    }
    return admin_page("calendar_preview.html", status, name=name, face=hours_words, **facts)


def _by(each: Move) -> float:
    return abs(each.by.total_seconds())


def _effects(known: Asked, wanted: Wanted, moves: Moves) -> list[Say]:
    """How many days are others, how many open tickets move and by how much."""
    count = hours_words.differing_days(known.hours, wanted.hours, site().now())
    found = [Say("service_calendar.effect.days", {"count": count, "drawn": hours_words.DRAWN})]
    if not moves.moved:
        found.append(Say("service_calendar.effect.none", {"running": moves.running}))
    for key, some in (("later", moves.later), ("earlier", moves.earlier)):
        if some:
            most = max(abs(each.by) for each in some)
            tickets = len({each.ticket_id for each in some})
            facts: dict[str, Fact] = {"tickets": tickets, "most": lasting(most)}
            found.append(Say(f"service_calendar.effect.{key}", facts))
    if moves.kept:
        found.append(Say("service_calendar.effect.kept", {"count": moves.kept}))
    return found
