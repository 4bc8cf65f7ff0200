"""Hand-overs between shifts: written with what is open, signed by both, kept to be read (规范8)."""

import re

from flask import Response, request

from domain.permissions import Permission
from domain.roster import Work
from services import handed_matters, handing_over
from services.desk import Desk
from web.acts import Led, looking, once
from web.console.roster_mine import ID
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("handovers", "/roster/handovers")

HOME = f"{PATH}/roster/handovers"
_ONE = f"/{ID.format('hand_over_id')}"
_NUMBER = 10  # digits
_MOVE = "move-"
_MOVES = re.compile(rf"{_MOVE}IT\d{{8}}-\d{{4,8}}")
"""A tick: this ticket goes to who takes over."""


@routes.get("")
@needs(Permission.HAND_OVER_SIGN)
def listed() -> Response:
    before = _number(request.args.get("before", ""))
    with looking() as desk:
        found = handing_over.recent(desk, before)
        waiting = handing_over.waiting_for(desk) if before is None else ()
    older = found[-1].id if len(found) == handing_over.PAGE else None
    return show("console/mine/handovers.html", found=found, waiting=waiting, older=older, home=HOME)


@routes.get("/new")
@needs(Permission.HAND_OVER_SIGN)
def blank() -> Response:
    return _form(None)


@routes.post("/new")
@needs(Permission.HAND_OVER_SIGN)
def given() -> Response:
    """Signed by who goes."""
    ticked = [Field(name, 1) for name in request.form if _MOVES.fullmatch(name)]
    filled = read_form(Field("to", _NUMBER), Field("notes", handing_over.NOTES_LIMIT), *ticked)
    to, moves = _number(filled["to"]), [each.name.removeprefix(_MOVE) for each in ticked]
    with looking() as desk:
        made = handing_over.draft(desk)
    if to is None and made.work is not Work.DESK:
        filled.refuse("to", handing_over.NobodyToTake.text_key)
    if filled.problems:
        return _form(filled, 400)

    def do(desk: Desk) -> Led:
        return Led(f"{HOME}/{handing_over.give(desk, to, filled['notes'], moves).id}")

    return once("hand_over", do, filled["notes"])


def _form(filled: Filled | None, status: int = 200) -> Response:
    moves = None
    if filled is not None:
        moves = [name.removeprefix(_MOVE) for name in filled.values if name.startswith(_MOVE)]
    with looking() as desk:
        made = handing_over.draft(desk, moves=moves)
    if filled is None:
        filled = Filled({"to": str(made.to[0]) if made.to else ""})
    return show(
        "console/mine/handover_new.html",
        status,
        made=made,
        says=_says(made.matters),
        moves={each["number"]: each["moves"] for each in made.matters if "moves" in each},
        filled=filled,
        is_desk=made.work is Work.DESK,
        home=HOME,
        limit=handing_over.NOTES_LIMIT,
    )


def _says(matters: tuple[handed_matters.Matter, ...]) -> list[tuple[str, str, object]]:
    """Each matter's whole number, the word why, and its sentence."""
    return [
        (str(each.get("number", "")), str(each["why"]), handed_matters.say_of(each))
        for each in matters
    ]


@routes.get(_ONE)
@needs(Permission.HAND_OVER_SIGN)
def one(hand_over_id: int) -> Response:
    with looking() as desk:
        found = handing_over.one(desk, hand_over_id)
        may_take = handing_over.may_take(desk, found)
    return show(
        "console/mine/handover.html",
        found=found,
        says=_says(found.matters),
        moves={each["number"]: True for each in found.matters if each.get("moves")},
        may_take=may_take,
        home=HOME,
    )


@routes.post(f"{_ONE}/take")
@needs(Permission.HAND_OVER_SIGN)
def taken(hand_over_id: int) -> Response:
    """Signed by who comes."""
    read_form()
    return once(
        "take_over",
        lambda desk: Led(f"{HOME}/{handing_over.take(desk, hand_over_id).id}"),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _NUMBER else None
