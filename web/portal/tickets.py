"""My reports at a computer: open, ended, found by words; one with its timeline (F11, F16)."""

import re

from flask import Response, request

from domain.permissions import Permission
from services import own_tickets, reported
from services.desk import Desk
from services.own_tickets import Part, Wanted
from services.views import TicketView
from web import live, own_ticket, uploads
from web.acts import looking
from web.forms import Filled
from web.own_ticket import Shown
from web.page import go, needs, reader, show
from web.portal.routes import pages
from web.portal.shown import done

routes = pages("tickets")

NUMBER = re.compile(r"[A-Z]{1,6}\d{8}-\d{4,9}", re.ASCII)
_MEGABYTE = 1024 * 1024


@routes.get("/tickets")
@needs(Permission.TICKET_READ)
def listed() -> Response:
    wanted = _wanted()
    with looking() as desk:
        found = own_tickets.listed(desk, wanted)
    parts = [each.value for each in Part]
    return show("portal/tickets.html", found=found, wanted=wanted, parts=parts)


def _wanted() -> Wanted:
    """Whatever an address says that means nothing is left out."""
    part, before = request.args.get("part", ""), request.args.get("before", "")
    return Wanted(
        Part(part) if part in set(Part) else Part.OPEN,
        request.args.get("q", "").strip()[: own_tickets.WORDS_LIMIT],
        before if NUMBER.fullmatch(before) else "",
    )


@routes.get("/tickets/<ticket:number>")
@needs(Permission.TICKET_READ)
def one(number: str) -> Response:
    return page(number, Filled())


def page(number: str, filled: Filled, status: int = 200) -> Response:
    """For whoever reported it; those who work on it have a page of their own."""
    with looking() as desk:
        shown = own_ticket.shown(desk, desk.find(number))
    if not shown.is_own and reader().could(Permission.CONSOLE_ENTER):
        return go(f"/console/tickets/{number}")
    just_done = request.args.get("done", "")
    return show(
        "portal/ticket.html",
        status,
        filled=filled,
        just_done=just_done,
        done=done(just_done, shown.ticket),
        largest=uploads.LARGEST // _MEGABYTE,
        **_facts(shown),
    )


@routes.get("/tickets/<ticket:number>/now")
@needs(Permission.TICKET_READ)
def now(number: str) -> Response:
    """What moves by itself on the page: where it stands, and its timeline."""
    with looking() as desk:
        shown = own_ticket.shown(desk, desk.find(number))
    return live.part(
        "portal/ticket_now.html", _state(shown), lambda: {**_facts(shown), "filled": Filled()}
    )


def _facts(shown: Shown) -> dict[str, object]:
    return {"shown": shown, "ticket": shown.ticket, "state": _state(shown)}


def _state(shown: Shown) -> list[object]:
    """Whatever the part shows that may change."""
    ticket = shown.ticket
    media = [each.attachment.state for each in shown.entries if each.attachment]
    return [
        ticket.status,
        ticket.assignee and ticket.assignee.id,
        ticket.resolution_due_at,
        ticket.hold_until,
        len(shown.entries),
        media,
        shown.is_rateable,
        shown.is_rating_changeable,
        shown.called and shown.called.key,
    ]


def is_rateable(desk: Desk, ticket: TicketView) -> bool:
    return ticket.requester_id == desk.actor.id and reported.is_rateable(desk.session, ticket)
