"""Patterns for who plans: rounds written, and looked at for four weeks (D1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from domain.permissions import Permission
from domain.planning import NameUsed
from domain.rounds import LONGEST, Round, Shape, shaped
from domain.sentence import Say
from services import roster_duty, roster_filling, roster_patterns, roster_shifts
from services.desk import Desk
from services.roster_patterns import PatternView
from services.roster_shifts import ShiftView
from web.acts import Led, looking, once
from web.console import roster_words as said_of
from web.console.roster_address import HOME, monday_of
from web.console.roster_rounds import days_of, days_typed, people_of, people_typed
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("roster_patterns", "/roster")

_HOME = f"{HOME}/patterns"
_ONE = "/patterns/<int(max=2147483647):pattern_id>"
_DRAWN = 28  # days that a pattern is shown for
_FIELDS = (
    Field("name", 40, is_required=True),
    Field("days", 2000, is_required=True),
    Field("people", 1200, is_required=True),
    Field("step", 3),
    Field("since", 10, is_required=True),
    Field("act", choices=("look", "keep")),
)
_DONE = ("saved", "put_off", "put_on")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a round may name."""

    shifts: tuple[ShiftView, ...]
    staff: tuple[tuple[int, str, str | None], ...]


@routes.get("/patterns")
@needs(Permission.ROSTER_PLAN)
def listed() -> Response:
    with looking() as desk:
        found = roster_patterns.listed(desk.session)
        shifts = roster_shifts.listed(desk.session, is_active=False)
    done = request.args.get("done", "")
    return show(
        "console/roster/patterns.html",
        found=found,
        days={each.id: days_typed(each.round.days, shifts) for each in found},
        shapes=tuple(Shape),
        has_shifts=bool(shifts),
        done=done if done in _DONE else "",
        of=said_of,
        soon=said_of.today() + timedelta(days=14),
    )


@routes.get("/patterns/new")
@needs(Permission.ROSTER_PLAN)
def blank() -> Response:
    """`?shape=week_by_turn`: with the days of a round of this shape."""
    known = _known()
    shape = next((each for each in Shape if each.value == request.args.get("shape")), None)
    values = {"since": str(monday_of(said_of.today())), "step": "1"}
    if shape is not None and known.shifts:
        first, night = _usual(known.shifts, shape)
        days, step = shaped(shape, first.id, night.id if night else None, 2)
        values |= {"days": days_typed(days, known.shifts), "step": str(step)}
    return _form(Filled(values), known, None, shape=shape)


def _usual(shifts: tuple[ShiftView, ...], shape: Shape) -> tuple[ShiftView, ShiftView | None]:
    """The shift that a round of this shape is mostly of, and a night for it."""
    nights = [each for each in shifts if each.is_night]
    days = [each for each in shifts if not each.is_night] or list(shifts)
    is_by_turn = shape in (Shape.DAY_BY_TURN, Shape.WEEK_BY_TURN)
    first = nights[0] if is_by_turn and nights else days[0]
    return first, nights[0] if nights else None


@routes.post("/patterns/new")
@needs(Permission.ROSTER_PLAN)
def added() -> Response:
    return _saved(None)


@routes.get(_ONE)
@needs(Permission.ROSTER_PLAN)
def one(pattern_id: int) -> Response:
    known = _known()
    with looking() as desk:
        pattern = roster_patterns.one(desk.session, pattern_id)
    return _form(Filled(_values(pattern, known)), known, pattern_id)


@routes.post(_ONE)
@needs(Permission.ROSTER_PLAN)
def changed(pattern_id: int) -> Response:
    return _saved(pattern_id)


@routes.post(f"{_ONE}/<any(put_on,put_off):name>")
@needs(Permission.ROSTER_PLAN)
def in_use(pattern_id: int, name: str) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        roster_patterns.put_in_use(desk, pattern_id, is_active=name == "put_on")
        return Led(f"{_HOME}?done={name}")

    return once("pattern", do)


def _saved(pattern_id: int | None) -> Response:
    filled, known = read_form(*_FIELDS), _known()
    wanted = _wanted(filled, known)

    def do(desk: Desk) -> Led:
        if wanted is not None:
            roster_patterns.save(desk, filled["name"], wanted, pattern_id)
        return Led(f"{_HOME}?done=saved")

    try:
        if wanted is not None and filled["act"] != "look":
            return once("pattern", do, filled["name"])
    except NameUsed as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
    status = 400 if filled.problems else 200
    return _form(filled, known, pattern_id, status)


def _wanted(filled: Filled, known: _Known) -> Round | None:
    days, people = days_of(filled, known.shifts), people_of(filled, known.staff)
    since, step = date_of(filled["since"]), filled["step"] or "0"
    if since is None and filled["since"]:
        filled.refuse("since", "roster_page.bad_date")
    if not (step.isascii() and step.isdecimal() and int(step) <= LONGEST):
        filled.refuse("step", "roster_page.bad_number")
    if filled.problems or since is None:
        return None
    return Round(days, people, int(step), since)


def _values(pattern: PatternView, known: _Known) -> dict[str, str]:
    return {
        "name": pattern.name,
        "days": days_typed(pattern.round.days, known.shifts),
        "people": people_typed(pattern.round.people, known.staff),
        "step": str(pattern.round.step),
        "since": str(pattern.round.since),
    }


def _known() -> _Known:
    with looking() as desk:
        return _Known(roster_shifts.listed(desk.session), roster_duty.staff(desk.session))


def _form(
    filled: Filled,
    known: _Known,
    pattern_id: int | None,
    status: int = 200,
    *,
    shape: Shape | None = None,
) -> Response:
    drawn = _drawn(filled, known) if status == 200 and filled["people"] else None
    path = f"{_HOME}/{pattern_id}" if pattern_id is not None else f"{_HOME}/new"
    facts: dict[str, Any] = {"known": known, "drawn": drawn, "shape": shape, "of": said_of}
    return show("console/roster/pattern_form.html", status, filled=filled, path=path, **facts)


def _drawn(filled: Filled, known: _Known) -> dict[str, Any] | None:
    """Who would have what in four weeks from now, or from the beginning on."""
    wanted = _wanted(filled, known)
    if wanted is None:
        return None
    first = monday_of(max(wanted.since, said_of.today()))
    days = [first + timedelta(days=number) for number in range(_DRAWN)]
    shifts = {each.id: each for each in known.shifts}
    names = {each[0]: each[1] for each in known.staff}
    cells: dict[tuple[int, date], ShiftView] = {
        (turn.person_id, turn.day): turn.shift
        for turn in roster_filling.turns(wanted, shifts, names, days)
    }
    people = [(each, names[each]) for each in wanted.people]
    return {"days": days, "people": people, "cells": cells}


def date_of(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
