"""One duty: whose, when, which place in the chain; changed or taken off by who plans (D1)."""

from datetime import datetime
from typing import Any

from flask import Response

from domain.calendar import CHINA, Stretch
from domain.category import Category
from domain.cover import day_of
from domain.permissions import Permission
from domain.planning import IsOver, NotWorkingHere, OnLeave, Overlaps, TurnsAround
from domain.roster import Work
from services import roster_duty, roster_plan
from services.desk import Desk
from services.roster_duty import OneDuty
from services.roster_plan import Change
from web.acts import Led, looking, once
from web.console import roster_words as said_of
from web.console.roster_address import HOME, Shown, monday_of
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show

routes = pages("roster_duty", "/roster/duties")

_ONE = "/<int(max=2147483647):duty_id>"
_INSTANT = 16  # characters of 2026-11-24T10:30, as a browser sends them
_FIELDS = (
    Field("person", 10, is_required=True),
    Field("begins", _INSTANT, is_required=True),
    Field("ends", _INSTANT, is_required=True),
    Field("position", 2),
    Field("category", choices=tuple(each.value for each in Category)),
)
_OF_PERSON = (Overlaps, OnLeave, NotWorkingHere)


@routes.get(_ONE)
@needs(Permission.ROSTER_READ)
def one(duty_id: int) -> Response:
    with looking() as desk:
        duty = roster_duty.one(desk, duty_id)
        return _page(desk, duty, Filled(_values(duty)))


@routes.post(_ONE)
@needs(Permission.ROSTER_PLAN)
def changed(duty_id: int) -> Response:
    filled = read_form(*_FIELDS)
    wanted = _wanted(filled)

    def do(desk: Desk) -> Led:
        if wanted is None:
            raise TurnsAround()
        duty = roster_plan.change(desk, duty_id, wanted)
        return Led(_week(duty.begins_at).path(done="changed"))

    try:
        if not filled.problems:
            return once("duty_change", do)
    except _OF_PERSON as no:
        filled.refuse("person", no.text_key)
    except (TurnsAround, IsOver) as no:
        filled.refuse("ends", no.text_key)
    with looking() as desk:
        return _page(desk, roster_duty.one(desk, duty_id), filled, 400)


@routes.post(f"{_ONE}/off")
@needs(Permission.ROSTER_PLAN)
def taken_off(duty_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        duty = roster_duty.one(desk, duty_id)
        roster_plan.take_off(desk, duty_id)
        return Led(_week(duty.begins).path(done="taken_off"))

    return once("duty_off", do)


def _week(at: datetime) -> Shown:
    return Shown(monday_of(day_of(at)))


def _wanted(filled: Filled) -> Change | None:
    """What the form means; None, and the problem beside its field, for what is no duty."""
    begins, ends = _instant(filled, "begins"), _instant(filled, "ends")
    person, position = filled["person"], filled["position"] or "1"
    if not (person.isascii() and person.isdecimal()):
        filled.refuse("person", "h5.form.missing")
    if not (position.isascii() and position.isdecimal() and int(position) > 0):
        filled.refuse("position", "roster_page.bad_position")
    if filled.problems or begins is None or ends is None:
        return None
    category = Category(filled["category"]) if filled["category"] else None
    return Change(int(person), Stretch(begins, ends), int(position), category)


def _instant(filled: Filled, name: str) -> datetime | None:
    """By the desk's own clock; a browser sends no zone."""
    try:
        return datetime.fromisoformat(filled[name]).replace(tzinfo=CHINA)
    except ValueError:
        filled.refuse(name, "roster_page.bad_time")
        return None


def _values(duty: OneDuty) -> dict[str, str]:
    return {
        "person": str(duty.person_id),
        "begins": _typed(duty.begins),
        "ends": _typed(duty.ends),
        "position": str(duty.position),
        "category": duty.category.value if duty.category else "",
    }


def _typed(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def _page(desk: Desk, duty: OneDuty, filled: Filled, status: int = 200) -> Response:
    may_plan = reader().could(Permission.ROSTER_PLAN) and duty.ends > desk.now
    facts: dict[str, Any] = {
        "duty": duty,
        "filled": filled,
        "may_plan": may_plan,
        "staff": roster_duty.staff(desk.session) if may_plan else (),
        "categories": tuple(Category),
        "is_on_call": duty.work is Work.ON_CALL,
        "back": _week(duty.begins).path(),
        "of": said_of,
        "home": f"{HOME}/duties/{duty.id}",
    }
    return show("console/roster/duty.html", status, **facts)
