"""One alarm: what it says, what became of it, and what the desk does with it (F4)."""

from collections.abc import Callable

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services.alerts import handling, listing, sources
from services.alerts.handling import REASON_LIMIT, SILENCES
from services.desk import Desk
from web import live
from web.acts import Led, looking, once
from web.console.alerts import HOME
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, show
from web.site import site

routes = pages("alerts_one", "/alerts/<int:alert_id>")

_HOURS = tuple(map(str, SILENCES))
_MUTES = ("0", "1", "4", "24")  # hours; 0: heard again
_DONE = ("silence", "unsilence", "ignore", "link", "mute")


@routes.get("")
@needs(Permission.ALERT_READ)
def one(alert_id: int) -> Response:
    return _page(alert_id)


@routes.get("/live")
@needs(Permission.ALERT_READ)
def moved(alert_id: int) -> Response:
    with looking() as desk:
        found = listing.one(desk, alert_id)
        state = (repr(found), int(desk.now.timestamp() // 60))
    return live.part("console/alerts/one_live.html", state, lambda: {"alert": found})


@routes.post("/silence")
@needs(Permission.ALERT_HANDLE)
def silenced(alert_id: int) -> Response:
    filled = read_form(
        Field("hours", 3, is_required=True, choices=_HOURS), Field("reason", REASON_LIMIT)
    )

    def do(desk: Desk) -> None:
        handling.silence(desk, alert_id, int(filled["hours"]), filled["reason"])

    return _done(alert_id, "silence", filled, do)


@routes.post("/unsilence")
@needs(Permission.ALERT_HANDLE)
def unsilenced(alert_id: int) -> Response:
    return _done(
        alert_id, "unsilence", read_form(), lambda desk: handling.unsilence(desk, alert_id)
    )


@routes.post("/ignore")
@needs(Permission.ALERT_HANDLE)
def ignored(alert_id: int) -> Response:
    filled = read_form(Field("why", REASON_LIMIT, is_required=True))
    return _done(
        alert_id, "ignore", filled, lambda desk: handling.ignore(desk, alert_id, filled["why"])
    )


@routes.post("/open")
@needs(Permission.ALERT_HANDLE)
def opened(alert_id: int) -> Response:
    return _done(alert_id, "open", read_form(), lambda desk: handling.open_ticket(desk, alert_id))


@routes.post("/link")
@needs(Permission.ALERT_HANDLE)
def linked(alert_id: int) -> Response:
    filled = read_form(Field("number", 20, is_required=True))
    return _done(
        alert_id, "link", filled, lambda desk: handling.link(desk, alert_id, filled["number"])
    )


@routes.post("/mute")
@needs(Permission.ALERT_HANDLE)
def muted(alert_id: int) -> Response:
    """The whole source, which must not keep anybody awake; recorded (H-56)."""
    filled = read_form(Field("mute", 2, is_required=True, choices=_MUTES))
    hours = int(filled["mute"] or "0")
    return _done(
        alert_id,
        "mute",
        filled,
        lambda desk: sources.mute(desk, listing.one(desk, alert_id).source_id, hours),
    )


def _done(alert_id: int, name: str, filled: Filled, act: Callable[[Desk], str | None]) -> Response:
    """To the ticket, where one was opened; what was typed stays if it was refused."""
    if filled.problems:
        return _page(alert_id, filled, 400)

    def do(desk: Desk) -> Led:
        number = act(desk)
        way = f"{PATH}/tickets/{number}" if name == "open" else f"{HOME}/{alert_id}?done={name}"
        return Led(way)

    try:
        return once(f"alert_{name}", do)
    except Refusal as no:
        if name == "link":
            filled.problems["number"] = Say(no.text_key, no.facts)
        else:
            filled.problems["alert"] = Say(no.text_key, no.facts)
        return _page(alert_id, filled, 409)


def _page(alert_id: int, filled: Filled | None = None, status: int = 200) -> Response:
    with looking() as desk:
        found = listing.one(desk, alert_id)
        mark_now = live.mark((repr(found), int(desk.now.timestamp() // 60)))
        may_handle = desk.actor.could(Permission.ALERT_HANDLE)
    done = request.args.get("done", "")
    return show(
        "console/alerts/one.html",
        status,
        alert=found,
        mark_now=mark_now,
        filled=filled or Filled(),
        may_handle=may_handle,
        hours=_HOURS,
        mutes=_MUTES[1:],
        now=site().now(),
        limit=REASON_LIMIT,
        home=HOME,
        done=done if done in _DONE else "",
    )
