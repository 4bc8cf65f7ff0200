"""Photos and documents that those who work on a ticket put to it (C §12)."""

from flask import Response

from domain.permissions import Permission
from models import Purpose
from services import ticket_page
from services.desk import Desk
from web import uploads
from web.acts import Led, once
from web.console.routes import pages
from web.console.ticket import drawn
from web.console.ticket_guard import led
from web.forms import Field, read_form
from web.page import needs, takes_photos

routes = pages("ticket_files", "/tickets/<ticket:number>")


@routes.post("/files")
@takes_photos
@needs(Permission.TICKET_ATTACH)
def attached(number: str) -> Response:
    """For colleagues, unless it is said that the requester sees them, too."""
    filled = read_form(Field("shown", 1, choices=("1",)), files=(uploads.PHOTOS,))
    sent = uploads.taken(filled, with_files=True)
    if not sent:
        filled.refuse(uploads.PHOTOS, "sent_file.none")
    if filled.problems:
        return drawn(number, filled, 400)
    purpose = Purpose.REPORT if filled["shown"] else Purpose.NOTE

    def do(desk: Desk) -> Led:
        ticket_id = ticket_page.find(desk, number).id
        uploads.keep(desk, sent, ticket_id, purpose)
        return led(number, "files", ticket_id)

    return once("files", do)
