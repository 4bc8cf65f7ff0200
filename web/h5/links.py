"""Short addresses that messages link to: a ticket for whoever reads it, and a notice as opened."""

from flask import Response

from domain.permissions import Permission
from domain.refusals import NotFound
from web.acts import looking
from web.h5.routes import pages
from web.h5.signin import START
from web.page import go, needs, reader
from web.site import site
from web.ways import local_path

routes = pages("links")

_MOST = 2**31 - 1  # no id is larger


@routes.get("/t/<ticket:number>")
@needs(Permission.TICKET_READ)
def ticket(number: str) -> Response:
    """To the order for who works on it, to the ticket for everybody else who may see it."""
    with looking() as desk:
        found = desk.find(number)
    works_on_it = found.assignee is not None and found.assignee.id == reader().id
    return go(f"/h5/work/{number}" if works_on_it else f"/h5/tickets/{number}")


@routes.get(f"/n/<int(max={_MOST}):notice_id>")
@needs(Permission.TICKET_READ)
def notice(notice_id: int) -> Response:
    """Its recipient has seen it; where it leads is where they go."""
    with site().database.transaction() as session:
        path = site().opened(session, reader().id, notice_id, site().now())
    if path is None:
        raise NotFound()
    return go(local_path(path, START))
