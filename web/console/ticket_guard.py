"""Acts of the page of a ticket: on what its reader saw, and on nothing newer (C §5)."""

from collections.abc import Callable
from functools import partial

from flask import Response, request
from werkzeug.exceptions import BadRequest

from services import ticket_page
from services.desk import Desk
from services.ticket_page import ChangedMeanwhile
from web.acts import Led, looking, once
from web.console.routes import PATH
from web.forms import KEY, Field
from web.page import show

SEEN = Field("seen", 12)
"""The newest line of the history that stood on the page with the form."""

Do = Callable[[Desk, int], object]

_NOT_TYPED = ("csrf_token", KEY, "seen")
_MOST_TYPED = 40


def led(number: str, done: str, ticket_id: int | None = None) -> Led:
    """Back to the ticket, which says what was done."""
    return Led(f"{PATH}/tickets/{number}?done={done}", ticket_id)


def guarded(number: str, name: str, do: Do, text: str = "", *, on: str | None = None) -> Response:
    """Does it once, if nobody else has moved the ticket; else a page that shows both.

    `on`: the number of the ticket to go on with, if it is not this one.
    """
    seen = _seen()
    try:
        return once(name, partial(_done, number, name, do, seen, on or number), text)
    except ChangedMeanwhile:
        return _changed(number, seen)


def _done(number: str, name: str, do: Do, seen: int, on: str, desk: Desk) -> Led:
    ticket_id = ticket_page.demand_unchanged(desk, number, seen)
    do(desk, ticket_id)
    return led(on, name, ticket_id)


def _seen() -> int:
    typed = request.form.get("seen", "")
    if not (typed.isascii() and typed.isdigit()):
        raise BadRequest()
    return int(typed)


def _changed(number: str, seen: int) -> Response:
    with looking() as desk:
        entries = ticket_page.changes(desk, number, seen)
        ticket = desk.find(number)
        newest = ticket_page.newest_line(desk.session, ticket.id)
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_TYPED]
    return show(
        "console/ticket/changed.html",
        409,
        ticket=ticket,
        entries=entries,
        typed=typed[:_MOST_TYPED],
        seen=newest,
        path=request.path,
        way=f"{PATH}/tickets/{number}",
    )
