"""Photos and files that are put to an order without ending it: a setting, a reading, a quote."""

from flask import Response

from domain.lifecycle import Action
from domain.permissions import Permission
from domain.refusals import NotPermitted
from models import Purpose
from services import orders
from services.desk import Desk
from services.orders import Order
from web import uploads
from web.acts import Led, once
from web.forms import Field, read_form
from web.h5.routes import pages
from web.h5.work import page
from web.h5.work_acts import ORDER, WORK
from web.page import needs, reader, takes_photos

routes = pages("work_files")


@routes.post(f"{ORDER}/files")
@takes_photos
@needs(Permission.TICKET_ATTACH)
def sent(number: str) -> Response:
    """For colleagues, unless it is said that the requester sees them, too."""
    filled = read_form(Field("shown", 1, choices=("1",)), files=(uploads.PHOTOS,))
    files = uploads.taken(filled, with_files=True)
    if not files:
        filled.refuse(uploads.PHOTOS, "sent_file.none")
    if filled.problems:
        return page(number, filled, 400)

    def do(desk: Desk) -> Led:
        order = orders.order(desk, desk.find(number).id)
        if not order.is_inside or Action.ATTACH not in order.actions:
            raise NotPermitted(permission=Permission.TICKET_ATTACH.value)
        purpose = _shown_as(order) if filled["shown"] else Purpose.NOTE
        uploads.keep(desk, files, order.ticket.id, purpose)
        return Led(f"{WORK}/{number}?done=files", order.ticket.id)

    return once("files", do)


def _shown_as(order: Order) -> Purpose:
    """As by chat: who works on it shows what they did, everybody else what is wrong."""
    worker = order.ticket.assignee
    return Purpose.RESULT if worker and worker.id == reader().id else Purpose.REPORT
