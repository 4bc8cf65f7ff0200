"""Articles beside a ticket: found by its words, put into the answer, counted (K1)."""

from typing import Any

from flask import Response

from domain.knowledge import UsePlace
from domain.lifecycle import Status
from domain.permissions import Permission, may
from services.desk import Desk
from services.knowledge import from_ticket, reading, searching, using
from services.views import TicketView
from web.acts import Led, once
from web.console.routes import PATH, pages
from web.forms import Field, read_form
from web.page import needs

routes = pages("knowledge_beside", "/tickets/<ticket:number>/knowledge")

MOST = 3
_SOLVED = (Status.RESOLVED, Status.CLOSED)
_INSERTED = (Field("article", 12, is_required=True),)


def facts(desk: Desk, ticket: TicketView) -> dict[str, Any]:
    """What the box beside the ticket shows."""
    writes = may(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    return {
        "found": searching.search(desk, ticket.symptom, category=ticket.category, limit=MOST),
        "written": from_ticket.articles_of(desk, ticket.id),
        "may_write": writes and ticket.status in _SOLVED,
    }


@routes.post("/used")
@needs(Permission.TICKET_READ)
def used(number: str) -> Response:
    """Its words stand in the answer now."""
    filled = read_form(*_INSERTED)

    def do(desk: Desk) -> Led:
        ticket = desk.find(number)
        article = reading.article(desk, filled["article"])
        using.show(desk, article, UsePlace.CONSOLE, ticket.symptom)
        return Led(f"{PATH}/tickets/{number}", ticket.id)

    return once("article_used", do)
