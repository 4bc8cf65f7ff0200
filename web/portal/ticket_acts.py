"""What a requester does with a report: add, urge, cancel, confirm, reopen (F11, F16)."""

from collections.abc import Callable

from flask import Response

from domain.permissions import Permission
from services.desk import Desk
from services.views import TicketView
from web import uploads
from web.acts import Led, once
from web.forms import Field, read_form
from web.page import needs, takes_photos
from web.portal.routes import PATH, pages
from web.portal.tickets import is_rateable, page

routes = pages("ticket_acts", "/tickets/<ticket:number>")


@routes.post("/words")
@takes_photos
@needs(Permission.TICKET_READ)
def add(number: str) -> Response:
    """Words, photos, or both."""
    filled = read_form(Field("words", 500), files=(uploads.PHOTOS,))
    photos = uploads.taken(filled, with_files=True)
    if not filled["words"] and not photos:
        filled.refuse("words", "h5.ticket.nothing_added")
    if filled.problems:
        return page(number, filled, 400)

    def do(desk: Desk) -> Led:
        ticket = desk.find(number)
        if filled["words"]:
            desk.amend(ticket.id, filled["words"])
        uploads.keep(desk, photos, ticket.id)
        return _led(ticket, "words")

    return once("words", do, filled["words"])


@routes.post("/urge")
@needs(Permission.TICKET_URGE)
def urge(number: str) -> Response:
    def do(desk: Desk) -> Led:
        urged = desk.urge(desk.find(number).id)
        return _led(urged.ticket, "urge_again" if urged.is_again else "urge")

    read_form()
    return once("urge", do)


@routes.post("/cancel")
@needs(Permission.TICKET_CANCEL)
def cancel(number: str) -> Response:
    read_form()
    return _simply(number, "cancel", lambda desk, ticket: desk.cancel(ticket.id))


@routes.post("/confirm")
@needs(Permission.TICKET_CONFIRM)
def confirm(number: str) -> Response:
    """Solved; a rating is asked for at once, and may be left."""

    def do(desk: Desk) -> Led:
        ticket = desk.confirm(desk.find(number).id)
        if is_rateable(desk, ticket):
            return Led(f"{PATH}/tickets/{number}/rate?done=confirm", ticket.id)
        return _led(ticket, "confirm")

    read_form()
    return once("confirm", do)


@routes.post("/reopen")
@needs(Permission.TICKET_REOPEN)
def reopen(number: str) -> Response:
    """A reason in words: whoever comes back should know what to bring."""
    filled = read_form(Field("reason", 500, is_required=True, missing="portal.ticket.no_reason"))
    if filled.problems:
        return page(number, filled, 400)
    reason = filled["reason"]
    return _simply(number, "reopen", lambda desk, ticket: desk.reopen(ticket.id, reason), reason)


def _simply(
    number: str, act: str, do: Callable[[Desk, TicketView], TicketView], text: str = ""
) -> Response:
    return once(act, lambda desk: _led(do(desk, desk.find(number)), act), text)


def _led(ticket: TicketView, done: str) -> Led:
    return Led(f"{PATH}/tickets/{ticket.number}?done={done}", ticket.id)
