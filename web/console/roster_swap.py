"""Swaps at the computer: with whom, for what; answered, taken back, granted (D1)."""

from flask import Response, request

from domain.permissions import Permission
from services import duty_views, swaps
from services.desk import Desk
from services.duty_views import DutyView
from web.acts import Led, looking, once
from web.console.roster_mine import HOME, ID
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("roster_swap", "/roster/mine")

_NUMBER = 10  # digits
_DUTY = f"/swap/{ID.format('duty_id')}"
_SWAP = f"/swaps/{ID.format('swap_id')}"


@routes.get(_DUTY)
@needs(Permission.ROSTER_ASK)
def choose(duty_id: int) -> Response:
    """First with whom; then for which duty of theirs, or for nothing."""
    return _form(duty_id, Filled({"to": request.args.get("to", "")}))


@routes.post(_DUTY)
@needs(Permission.ROSTER_ASK)
def asked(duty_id: int) -> Response:
    filled = read_form(
        Field("to", _NUMBER, is_required=True),
        Field("for", _NUMBER),
        Field("reason", swaps.REASON_LIMIT),
    )
    to, other = _number(filled["to"]), _number(filled["for"])
    if filled.problems or to is None:
        return _form(duty_id, filled, 400)

    def do(desk: Desk) -> Led:
        swaps.ask(desk, duty_id, to, other, filled["reason"])
        return Led(f"{HOME}?done=asked")

    return once("swap_ask", do, filled["reason"])


def _form(duty_id: int, filled: Filled, status: int = 200) -> Response:
    to = _number(filled["to"])
    offered: tuple[DutyView, ...] = ()
    with looking() as desk:
        people = swaps.stand_ins(desk, duty_id)
        chosen = next((each for each in people if each.id == to and each.why_not is None), None)
        if chosen is not None:
            offered = swaps.offered_for(desk, duty_id, chosen.id)
        duty = duty_views.by_id(desk.session, [duty_id])[duty_id]
    return show(
        "console/mine/swap.html",
        status,
        duty=duty,
        able=[each for each in people if each.why_not is None],
        unable=[each for each in people if each.why_not is not None],
        chosen=chosen,
        offered=offered,
        filled=filled,
        home=HOME,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _NUMBER else None


@routes.post(f"{_SWAP}/<any(agree,disagree):verdict>")
@needs(Permission.ROSTER_ASK)
def answered(swap_id: int, verdict: str) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        swaps.answer(desk, swap_id, agrees=verdict == "agree")
        return Led(f"{HOME}?done={verdict}")

    return once("swap_answer", do)


@routes.post(f"{_SWAP}/withdraw")
@needs(Permission.ROSTER_ASK)
def withdrawn(swap_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        swaps.withdraw(desk, swap_id)
        return Led(f"{HOME}?done=withdraw")

    return once("swap_withdraw", do)


@routes.post(f"{_SWAP}/<any(grant,deny):verdict>")
@needs(Permission.ROSTER_DECIDE)
def decided(swap_id: int, verdict: str) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        swaps.decide(desk, swap_id, grants=verdict == "grant")
        return Led(f"{HOME}?done={verdict}")

    return once("swap_decide", do)
