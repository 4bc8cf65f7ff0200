"""The roster by week and month: who has which duty, planned by pressing, what it lacks (D1)."""

from datetime import date
from typing import Any

from flask import Response, request

from domain.category import Category
from domain.cover import midnight
from domain.permissions import Permission
from domain.roster import Work
from services import roster_plan, roster_shifts, roster_table, roster_usual, roster_week
from services.desk import Desk
from services.roster_plan import Painted
from services.roster_shifts import ShiftView
from services.roster_views import Table
from web.acts import Led, looking, once
from web.console import roster_words as said_of
from web.console.roster_address import FIELDS, HOME, OFF, Shown, read
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs, show, words
from web.site import site

routes = pages("roster", "/roster")

_CELLS = 62  # two months of one row, in one press
_CELL = Field("cell", _CELLS * 22, is_required=True)
_DONE = ("told", "copied", "begun", "filled", "taken_off", "changed")


@routes.get("")
@needs(Permission.ROSTER_READ)
def planned() -> Response:
    shown = read(request.args)
    with looking() as desk:
        table = roster_table.table(desk, shown.days, shown.team_id)
        has_shifts = bool(table.shifts) or bool(roster_shifts.listed(desk.session, is_active=False))
    if not table.may_plan:
        shown = shown.with_brush("")
    facts = _facts(shown, table)
    return show("console/roster/table.html", has_shifts=has_shifts, **facts)


@routes.post("/paint")
@needs(Permission.ROSTER_PLAN)
def painted() -> Response:
    """The brush on some cells: the shift put there, or taken off where it is on all of them."""
    filled = read_form(*FIELDS, _CELL)
    shown, cells = read(filled.values), _cells(filled["cell"])

    def do(desk: Desk) -> Led:
        refused = [
            done.refused for done in (_paint(desk, shown, *row) for row in cells.items()) if done
        ]
        no = next((each for each in refused if each), None)
        more = {"no": no.rpartition(".")[2]} if no else {}
        return Led(shown.path(**more))

    return once("roster_paint", do)


def _paint(desk: Desk, shown: Shown, person_id: int, days: list[date]) -> Painted | None:
    if shown.brush == OFF:
        return roster_plan.clear(desk, person_id, days)
    if shown.shift_id is None:
        return None
    return roster_plan.toggle(desk, person_id, shown.shift_id, days, shown.category)


def _cells(typed: str) -> dict[int, list[date]]:
    """`7:2026-11-24 7:2026-11-25`, by person; what is no cell is left out."""
    found: dict[int, list[date]] = {}
    for each in typed.split()[:_CELLS]:
        person, _, day = each.partition(":")
        try:
            if len(person) < 10:
                found.setdefault(int(person), []).append(date.fromisoformat(day))
        except ValueError:
            continue
    return found


@routes.post("/copy")
@needs(Permission.ROSTER_PLAN)
def copied() -> Response:
    shown = read(read_form(*FIELDS).values)

    def do(desk: Desk) -> Led:
        found = roster_week.copy_week(desk, shown.first)
        return Led(shown.path(done="copied", n=str(found.made), left=str(found.left_out)))

    return once("roster_copy", do)


@routes.post("/tell")
@needs(Permission.ROSTER_PLAN)
def told() -> Response:
    shown = read(read_form(*FIELDS).values)

    def do(desk: Desk) -> Led:
        days = shown.days
        count = roster_week.tell(desk, midnight(days[0]), midnight(shown.after().first))
        return Led(shown.path(done="told", n=str(count)))

    return once("roster_tell", do)


@routes.post("/begin")
@needs(Permission.ROSTER_PLAN)
def begun() -> Response:
    """The shifts that most desks have, once."""
    read_form()
    names = {name: words(f"roster_page.usual.{name}") for name in _USUAL}

    def do(desk: Desk) -> Led:
        count = roster_usual.begin_with(desk, names)
        return Led(f"{HOME}?done=begun&n={count}")

    return once("roster_begin", do)


_USUAL = ("desk", "field", "night", "day_off")


# --- what the page is made of --------------------------------------------------------------------


def _facts(shown: Shown, table: Table) -> dict[str, Any]:
    done, no = request.args.get("done", ""), request.args.get("no", "")
    brush = next((each for each in table.shifts if each.id == shown.shift_id), None)
    if brush is None and shown.brush != OFF:
        shown = shown.with_brush("")
    return {
        "shown": shown,
        "table": table,
        "brush": brush,
        "brushes": _brushes(table.shifts, shown),
        "is_on_call": brush is not None and brush.work is Work.ON_CALL,
        "off": OFF,
        "categories": tuple(Category),
        "today": shown.at(said_of.today(), is_month=shown.is_month),
        "done": done if done in _DONE else "",
        "numbers": {name: _number(request.args.get(name, "")) for name in ("n", "left")},
        "no": no if site().texts.has(f"roster_refusal.{no}") else "",
        "of": said_of,
        "notes": _notes(table),
    }


def _brushes(shifts: tuple[ShiftView, ...], shown: Shown) -> list[tuple[ShiftView, str]]:
    return [(each, shown.with_brush(str(each.id)).path()) for each in shifts]


def _notes(table: Table) -> int:
    """How many things a planner should look at."""
    found = (table.gaps, table.uncovered, table.unreachable, table.tired)
    return sum(len(each) for each in found)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
