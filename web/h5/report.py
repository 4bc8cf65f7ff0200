"""Report a fault by a form: what, where, who; photos and files with it (F1, F5)."""

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from handlers.report_draft import NAME as REPORT
from models import IntakeChannel
from services.desk import Desk
from services.views import DeviceView, TicketView
from web import knowledge_pages, reporting, uploads
from web.acts import Led, looking, once
from web.forms import Filled, read_form
from web.h5.routes import PATH, pages
from web.page import needs, reader, show, takes_photos

routes = pages("report")


@routes.get("/report")
@needs(Permission.TICKET_OPEN)
def blank() -> Response:
    """Filled in with what is known of the reader, and of the device whose code was scanned."""
    with looking() as desk:
        device, reported = _device(desk, request.args.get("device", ""))
        shown = knowledge_pages.asked_before(desk, request.args.get("use", ""))
    return _page(Filled(reporting.known_of(reader(), device, shown)), device, reported)


@routes.post("/report")
@takes_photos
@needs(Permission.TICKET_OPEN)
def sent() -> Response:
    filled = read_form(*reporting.FIELDS, files=(uploads.PHOTOS,))
    contact = reporting.contact_of(filled)
    report = reporting.report_of(filled)
    photos = uploads.taken(filled, with_files=True)
    if filled.problems or report is None:
        with looking() as desk:
            device, reported = _device(desk, filled["device"])
        return _page(filled, device, reported, status=400)
    asked = report

    def do(desk: Desk) -> Led:
        known = reporting.known_better(desk, filled, contact)
        ticket, done = reporting.opened(known, asked, photos, IntakeChannel.WECHAT)
        knowledge_pages.report_came_of(known, filled["use"], ticket.id)
        return Led(f"{PATH}/tickets/{ticket.number}?done={done}", ticket.id, ends=REPORT)

    return once("report", do, filled["fault"])


def _page(
    filled: Filled, device: DeviceView | None, reported: TicketView | None, status: int = 200
) -> Response:
    kinds = [each.value for each in Category]
    return show(
        "h5/report.html", status, filled=filled, device=device, reported=reported, kinds=kinds
    )


def _device(desk: Desk, code: str) -> tuple[DeviceView | None, TicketView | None]:
    """What the code stands on, and what the reader reported on it already."""
    device = desk.device(code) if code else None
    return device, desk.reported_on(device.id) if device else None
