"""Hours in which the reader wants no ordinary notice (C §24)."""

from flask import Response

from domain.permissions import Permission
from domain.quiet import Quiet
from domain.sentence import Say
from services import quiet_hours
from services.quiet_hours import TooLong
from web.account.guard import PATH
from web.account.routes import pages
from web.forms import Field, Filled, read_form
from web.page import go, needs, reader, show
from web.site import site

routes = pages("quiet")

_FIELDS = (
    Field("is_on", 3, choices=["yes"]),
    Field("since", 5, missing="quiet.time_missing"),
    Field("until", 5, missing="quiet.time_missing"),
)
FIRST = Quiet(22 * 60, 7 * 60 + 30)
"""What is offered to whoever has set none."""


@routes.get("/quiet")
@needs(Permission.ACCOUNT_MANAGE)
def form() -> Response:
    with site().database.reading() as reading:
        kept = quiet_hours.of(reading, reader().id)
    quiet = kept or FIRST
    values = {"since": clock(quiet.since), "until": clock(quiet.until)}
    return _page(Filled({**values, "is_on": "yes" if kept else ""}))


@routes.post("/quiet")
@needs(Permission.ACCOUNT_MANAGE)
def put() -> Response:
    filled = read_form(*_FIELDS)
    quiet = _read(filled)
    if filled.problems:
        return _page(filled, 400)
    try:
        with site().database.transaction() as writing:
            quiet_hours.put(writing, reader().id, quiet, site().now())
    except TooLong as no:
        filled.problems["until"] = Say(no.text_key, no.facts)
        return _page(filled, 400)
    return go(f"{PATH}/?done={'quiet' if quiet else 'quiet_off'}")


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _page(filled: Filled, status: int = 200) -> Response:
    return show("account/quiet.html", status, filled=filled)


def _read(filled: Filled) -> Quiet | None:
    if not filled["is_on"]:
        return None
    read = [_minutes(filled, name) for name in ("since", "until")]
    return Quiet(*read) if not filled.problems else None


def _minutes(filled: Filled, name: str) -> int:
    hours, _, minutes = filled[name].partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()) or int(hours) > 23 or int(minutes) > 59:
        filled.refuse(name, "quiet.time_missing")
        return 0
    return int(hours) * 60 + int(minutes)
