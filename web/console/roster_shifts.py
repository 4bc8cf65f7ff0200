"""Shifts for who plans: their hours, their days, how many people they need (D1)."""

import re
from typing import Any

from flask import Response, request

from domain.calendar import MINUTES_A_DAY
from domain.permissions import Permission
from domain.planning import NameUsed
from domain.roster import Work
from domain.sentence import Say
from services import roster_shifts
from services.desk import Desk
from services.roster_shifts import NewShift, ShiftView
from web.acts import Led, looking, once
from web.console import roster_words as said_of
from web.console.roster_address import HOME
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("roster_shifts", "/roster/shifts")

_HOME = f"{HOME}/shifts"
_ONE = "/<int(max=2147483647):shift_id>"
_MOST = 99
_NAME = re.compile(r"[^\s、，,;；×*]+")
"""What a round can name: there the shifts of its days stand one behind the other."""

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_FIELDS = (
    Field("name", 20, is_required=True),
    Field("work", choices=tuple(each.value for each in Work), is_required=True),
    Field("begins", 5, is_required=True),
    Field("ends", 5, is_required=True),
    Field("needed", 2, is_required=True),
    Field("working_days", choices=("yes",)),
    Field("days_off", choices=("yes",)),
    Field("moves", choices=("yes",)),
)
_DONE = ("saved", "put_off", "put_on")


@routes.get("")
@needs(Permission.ROSTER_PLAN)
def listed() -> Response:
    with looking() as desk:
        found = roster_shifts.listed(desk.session, is_active=False)
    done = request.args.get("done", "")
    moved = request.args.get("moved", "")
    return show(
        "console/roster/shifts.html",
        found=found,
        done=done if done in _DONE else "",
        moved=int(moved) if moved.isascii() and moved.isdecimal() and len(moved) < 7 else 0,
        of=said_of,
    )


@routes.get("/new")
@needs(Permission.ROSTER_PLAN)
def blank() -> Response:
    values = {"begins": "08:00", "ends": "18:00", "needed": "1", "working_days": "yes"}
    return _form(Filled(values), None)


@routes.post("/new")
@needs(Permission.ROSTER_PLAN)
def added() -> Response:
    return _saved(None)


@routes.get(_ONE)
@needs(Permission.ROSTER_PLAN)
def one(shift_id: int) -> Response:
    with looking() as desk:
        shift = roster_shifts.one(desk.session, shift_id)
    return _form(Filled(_values(shift)), shift_id)


@routes.post(_ONE)
@needs(Permission.ROSTER_PLAN)
def changed(shift_id: int) -> Response:
    return _saved(shift_id)


@routes.post(f"{_ONE}/<any(put_on,put_off):name>")
@needs(Permission.ROSTER_PLAN)
def in_use(shift_id: int, name: str) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        roster_shifts.put_in_use(desk, shift_id, is_active=name == "put_on")
        return Led(f"{_HOME}?done={name}")

    return once("shift", do)


def _saved(shift_id: int | None) -> Response:
    filled = read_form(*_FIELDS)
    new = _new(filled)

    def do(desk: Desk) -> Led:
        if shift_id is None:
            roster_shifts.add(desk, new)
            return Led(f"{_HOME}?done=saved")
        moves = filled["moves"] == "yes"
        moved = roster_shifts.change(desk, shift_id, new, moves_duties=moves)
        return Led(f"{_HOME}?done=saved&moved={moved}")

    try:
        if not filled.problems:
            return once("shift", do, filled["name"])
    except NameUsed as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
    return _form(filled, shift_id, 400)


def _new(filled: Filled) -> NewShift:
    """What was typed; what is wrong with it stands beside its field."""
    begins, ends = _minute(filled, "begins"), _minute(filled, "ends")
    if filled["name"] and not _NAME.fullmatch(filled["name"]):
        filled.refuse("name", "roster_page.name_without_spaces")
    needed = filled["needed"]
    is_number = needed.isascii() and needed.isdecimal()
    if needed and not is_number:
        filled.refuse("needed", "roster_page.bad_number")
    is_worked, is_on_days_off = filled["working_days"] == "yes", filled["days_off"] == "yes"
    if not (is_worked or is_on_days_off):
        filled.refuse("days", "roster_page.no_days")
    return NewShift(
        filled["name"],
        Work(filled["work"] or Work.DESK),
        begins % MINUTES_A_DAY,
        ends or MINUTES_A_DAY,
        int(needed) if is_number else 0,
        is_worked,
        is_on_days_off,
    )


def _minute(filled: Filled, name: str) -> int:
    found = _TIME.fullmatch(filled[name])
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minute <= MINUTES_A_DAY:
        if filled[name]:
            filled.refuse(name, "roster_page.bad_time")
        return 0
    return minute


def _values(shift: ShiftView) -> dict[str, str]:
    return {
        "name": shift.name,
        "work": shift.work.value,
        "begins": _typed(shift.begins),
        "ends": _typed(shift.ends),
        "needed": str(shift.needed),
        "working_days": "yes" if shift.on_working_days else "",
        "days_off": "yes" if shift.on_days_off else "",
        "moves": "yes",
    }


def _typed(minute: int) -> str:
    """As a browser's field for times has it: 24:00 is the next day's 00:00."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _form(filled: Filled, shift_id: int | None, status: int = 200) -> Response:
    facts: dict[str, Any] = {"works": tuple(Work), "most": _MOST, "of": said_of}
    path = f"{_HOME}/{shift_id}" if shift_id is not None else f"{_HOME}/new"
    return show(
        "console/roster/shift_form.html",
        status,
        filled=filled,
        path=path,
        is_new=shift_id is None,
        **facts,
    )
