"""Acts on a complaint: on what their reader saw, and on nothing newer (C §5)."""

from collections.abc import Callable
from functools import partial

from flask import Response, request
from werkzeug.exceptions import BadRequest

from services.complaints import moved, reading
from services.desk import Desk
from services.ticket_page import ChangedMeanwhile
from web.acts import Led, looking, once
from web.console import complaints_words
from web.console.complaints import BASE
from web.forms import KEY, Field
from web.page import show

SEEN = Field("seen", 12)
"""The newest line of the history that stood on the page with the form."""

Do = Callable[[Desk, int], object]

_NOT_TYPED = ("csrf_token", KEY, "seen")
_MOST_TYPED = 60


def led(number: str, done: str) -> Led:
    """Back to the complaint, which says what was done."""
    return Led(f"{BASE}/{number}?done={done}")


def guarded(number: str, name: str, do: Do) -> Response:
    """Does it once, if nobody else has moved the complaint; else a page that shows both."""
    seen = _seen()
    try:
        return once(f"complaint_{name}", partial(_done, number, name, do, seen))
    except ChangedMeanwhile:
        return _changed(number, seen)


def _done(number: str, name: str, do: Do, seen: int, desk: Desk) -> Led:
    complaint_id = moved.demand_unchanged(desk, number, seen)
    do(desk, complaint_id)
    return led(number, name)


def _seen() -> int:
    typed = request.form.get("seen", "")
    if not (typed.isascii() and typed.isdigit()):
        raise BadRequest()
    return int(typed)


def _changed(number: str, seen: int) -> Response:
    with looking() as desk:
        page = reading.page(desk, number)
        lines, _ = complaints_words.history(moved.changes(desk, number, seen), page.concerned)
        newest = moved.newest_line(desk, page.complaint.id)
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_TYPED]
    return show(
        "console/complaints/changed.html",
        409,
        complaint=page.complaint,
        lines=lines,
        typed=typed[:_MOST_TYPED],
        seen=newest,
        path=request.path,
        way=f"{BASE}/{number}",
    )
