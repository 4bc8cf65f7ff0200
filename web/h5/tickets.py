"""My reports: all of them, and one with its timeline and what may be done with it (F11, F16)."""

from collections.abc import Callable

from flask import Response, request

from domain.permissions import Permission
from services import reported
from services.desk import Desk
from services.views import TicketView
from web import own_ticket, uploads
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.h5.routes import pages
from web.h5.shown import done
from web.page import needs, reader, show, takes_photos

routes = pages("tickets")


@routes.get("/tickets")
@needs(Permission.TICKET_READ)
def all_of_mine() -> Response:
    with looking() as desk:
        tickets = desk.my_tickets()
        ended = reported.ended(desk.session, desk.actor, request.args.get("before", ""))
    is_first = "before" not in request.args
    return show("h5/tickets.html", tickets=tickets[::-1], ended=ended, is_first=is_first)


@routes.get("/tickets/<ticket:number>")
@needs(Permission.TICKET_READ)
def one(number: str) -> Response:
    return _page(number, Filled())


def _page(number: str, filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        shown = own_ticket.shown(desk, desk.find(number))
    just_done = request.args.get("done", "")
    return show(
        "h5/ticket.html",
        status,
        shown=shown,
        ticket=shown.ticket,
        filled=filled,
        just_done=just_done,
        done=done(just_done, shown.ticket),
    )


# --- what may be done with it --------------------------------------------------------------------


@routes.post("/tickets/<ticket:number>/words")
@takes_photos
@needs(Permission.TICKET_READ)
def add(number: str) -> Response:
    """Words, photos or files, or all of them."""
    filled = read_form(Field("words", 500), files=(uploads.PHOTOS,))
    photos = uploads.taken(filled, with_files=True)
    if not filled["words"] and not photos:
        filled.refuse("words", "h5.ticket.nothing_added")
    if filled.problems:
        return _page(number, filled, 400)

    def do(desk: Desk) -> Led:
        ticket = desk.find(number)
        if filled["words"]:
            desk.amend(ticket.id, filled["words"])
        uploads.keep(desk, photos, ticket.id)
        return _led(ticket, "words")

    return once("words", do, filled["words"])


@routes.post("/tickets/<ticket:number>/urge")
@needs(Permission.TICKET_URGE)
def urge(number: str) -> Response:
    def do(desk: Desk) -> Led:
        urged = desk.urge(desk.find(number).id)
        return _led(urged.ticket, "urge_again" if urged.is_again else "urge")

    read_form()
    return once("urge", do)


@routes.post("/tickets/<ticket:number>/cancel")
@needs(Permission.TICKET_CANCEL)
def cancel(number: str) -> Response:
    read_form()
    return _simply(number, "cancel", lambda desk, ticket: desk.cancel(ticket.id))


@routes.post("/tickets/<ticket:number>/confirm")
@needs(Permission.TICKET_CONFIRM)
def confirm(number: str) -> Response:
    """Solved; a rating is asked for at once, and may be left."""

    def do(desk: Desk) -> Led:
        ticket = desk.confirm(desk.find(number).id)
        if ticket.requester_id == reader().id and reported.is_rateable(desk.session, ticket):
            return Led(f"/h5/tickets/{number}/rate?done=confirm", ticket.id)
        return _led(ticket, "confirm")

    read_form()
    return once("confirm", do)


@routes.post("/tickets/<ticket:number>/reopen")
@needs(Permission.TICKET_REOPEN)
def reopen(number: str) -> Response:
    filled = read_form(Field("reason", 500))
    if filled.problems:
        return _page(number, filled, 400)
    reason = filled["reason"]
    return _simply(number, "reopen", lambda desk, ticket: desk.reopen(ticket.id, reason), reason)


def _simply(
    number: str, act: str, do: Callable[[Desk, TicketView], TicketView], text: str = ""
) -> Response:
    return once(act, lambda desk: _led(do(desk, desk.find(number)), act), text)


def _led(ticket: TicketView, done: str) -> Led:
    return Led(f"/h5/tickets/{ticket.number}?done={done}", ticket.id)
