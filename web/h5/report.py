"""Report a fault by a form: what, where, who; photos with it (F1, F5)."""

from dataclasses import replace

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from domain.priority import Urgency
from domain.speaker import Speaker
from handlers import fault as faults
from handlers.report_draft import NAME as REPORT
from handlers.report_opened import opened_says
from models import Purpose
from nlp.contact import Contact, read_contact
from services import notices
from services.desk import Desk
from services.views import DeviceView, Opened, Report, TicketView
from storage import Saved
from web import uploads
from web.acts import Led, is_within_reach, looking, once
from web.forms import Field, Filled, read_form
from web.h5.routes import pages
from web.page import needs, reader, show, takes_photos

routes = pages("report")

_HASTE = tuple(each.value for each in Urgency)
_FIELDS = (
    Field("fault", 500, is_required=True, missing="h5.report.fault_missing"),
    Field("place", 80, is_required=True, missing="h5.report.place_missing"),
    Field("category", 24, choices=[each.value for each in Category]),
    Field("urgency", 8, choices=_HASTE),
    Field("name", 40, is_required=True),
    Field("department", 60, is_required=True),
    Field("phone", 24, is_required=True),
    Field("device", 40),
)


@routes.get("/report")
@needs(Permission.TICKET_OPEN)
def blank() -> Response:
    """Filled in with what is known of the reader, and of the device whose code was scanned."""
    with looking() as desk:
        device, reported = _device(desk, request.args.get("device", ""))
    return _page(Filled(_known(reader(), device)), device, reported)


@routes.post("/report")
@takes_photos
@needs(Permission.TICKET_OPEN)
def sent() -> Response:
    filled = read_form(*_FIELDS, files=(uploads.PHOTOS,))
    contact = _contact(filled)
    report = _report(filled)
    photos = uploads.taken(filled)
    if filled.problems or report is None:
        with looking() as desk:
            device, reported = _device(desk, filled["device"])
        return _page(filled, device, reported, status=400)
    asked = report

    def do(desk: Desk) -> Led:
        return _opened(_known_better(desk, filled, contact), asked, photos)

    return once("report", do, filled["fault"])


def _page(
    filled: Filled, device: DeviceView | None, reported: TicketView | None, status: int = 200
) -> Response:
    kinds = [each.value for each in Category]
    return show(
        "h5/report.html", status, filled=filled, device=device, reported=reported, kinds=kinds
    )


def _known(me: Speaker, device: DeviceView | None) -> dict[str, str]:
    return {
        "place": device.place if device else me.office or "",
        "category": device.category.value if device else "",
        "urgency": Urgency.NORMAL.value,
        "name": me.name or "",
        "department": me.department or "",
        "phone": me.reached_by or "",
        "device": device.code if device else "",
    }


def _device(desk: Desk, code: str) -> tuple[DeviceView | None, TicketView | None]:
    """What the code stands on, and what the reader reported on it already."""
    device = desk.device(code) if code else None
    return device, desk.reported_on(device.id) if device else None


def _contact(filled: Filled) -> Contact:
    """A mobile number, a land line, or an extension."""
    found = read_contact(filled["phone"], expect_all=True)
    if filled["phone"] and not (found.phone or found.extension):
        filled.refuse("phone", "h5.report.phone_unclear")
    return found


def _report(filled: Filled) -> Report | None:
    """What the form says, with what its words say; None if the kind of thing has to be chosen."""
    fault = faults.told_in(filled["fault"])
    category = filled["category"] or fault.category
    if category is None:
        filled.refuse("category", "h5.report.category_unclear")
        return None
    is_high = Urgency.HIGH in (filled["urgency"], fault.urgency)
    told = replace(
        fault,
        symptom=fault.symptom or filled["fault"],
        place=filled["place"],
        category=category,
        urgency=(Urgency.HIGH if is_high else Urgency.NORMAL).value,
    )
    return replace(told.report(), device_code=filled["device"] or None)


def _known_better(desk: Desk, filled: Filled, contact: Contact) -> Desk:
    """The form's contact is the person's own from now on; the place, if they had none."""
    actor = desk.learn_profile(
        name=filled["name"],
        department=filled["department"],
        phone=contact.phone,
        extension=contact.extension,
        office=None if desk.actor.office else filled["place"],
    )
    return replace(desk, actor=actor)


def _opened(desk: Desk, report: Report, photos: tuple[Saved, ...]) -> Led:
    """As in chat; the number comes there as well, to be found again."""
    uploads.keep(desk, photos, purpose=Purpose.REPORT)
    opened = desk.report(report)
    done = "report_unheard"  # whom no message reaches is asked for a word in chat
    if is_within_reach(desk):
        _tell(desk, opened)
        done = "report"
    path = f"/h5/tickets/{opened.ticket.number}?done={done}"
    return Led(path, opened.ticket.id, ends=REPORT)


def _tell(desk: Desk, opened: Opened) -> None:
    ticket = opened.ticket
    say = replace(opened_says(opened), page=notices.page_of(ticket.number))
    notices.queue(desk.session, [notices.row(desk.actor.id, say, desk.now, ticket_id=ticket.id)])
