"""Report a fault at a computer: one sentence, read while it is written, and files (F1, F3, F5)."""

from dataclasses import dataclass, replace

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from handlers import fault as faults
from handlers.fault import Fault
from handlers.report_draft import NAME as REPORT
from models import IntakeChannel
from services import own_tickets
from services.attachments import MOST_UPLOADS
from services.desk import Desk
from services.maintenance import Window
from services.views import DeviceView, Report, TicketView
from web import knowledge_pages, reporting, uploads
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show, takes_photos
from web.portal.routes import PATH, pages

routes = pages("report")

_SAID = Field("fault", 500)
_BESIDE = (Field("place", 80), Field("category", 24, choices=[each.value for each in Category]))
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Hint:
    """What was understood of the words so far, and why."""

    fault: Fault
    decided_by: tuple[str, ...]
    like_these: tuple[TicketView, ...]  # open ones that it may be
    maintained: Window | None  # what runs, and may be why


@dataclass(frozen=True, slots=True)
class _About:
    """The device that the form speaks of, and what else is known around it."""

    devices: tuple[DeviceView, ...]
    device: DeviceView | None
    reported: TicketView | None


@routes.get("/report")
@needs(Permission.TICKET_OPEN)
def blank() -> Response:
    """Filled in with what is known of the reader, and of the device that the address names."""
    about = _about(request.args.get("device", ""))
    with looking() as desk:
        shown = knowledge_pages.asked_before(desk, request.args.get("use", ""))
    return _page(Filled(reporting.known_of(reader(), about.device, shown)), about)


@routes.post("/report/begin")
@needs(Permission.TICKET_OPEN)
def begin() -> Response:
    """From the one field of the start page; by POST, for addresses get into logs."""
    filled = read_form(_SAID)
    fault = faults.told_in(filled["fault"])
    known = reporting.known_of(reader(), None)
    place = fault.place or known["place"]
    values = {**known, "fault": filled["fault"], "place": place, "urgency": fault.urgency}
    return _page(Filled(values), _about(""))


@routes.post("/report/hint")
@needs(Permission.TICKET_OPEN)
def hint() -> Response:
    """What the words say by now: nothing is kept."""
    filled = read_form(_SAID, *_BESIDE)
    return show("portal/report_hint.html", hint=_hint(faults.told_in(filled["fault"]), filled))


@routes.post("/report")
@takes_photos
@needs(Permission.TICKET_OPEN)
def sent() -> Response:
    filled = read_form(*reporting.FIELDS, files=(uploads.PHOTOS,))
    contact = reporting.contact_of(filled)
    report = reporting.report_of(filled)
    photos = uploads.taken(filled, with_files=True)
    if filled.problems or report is None:
        return _page(filled, _about(filled["device"]), 400)
    asked = report

    def do(desk: Desk) -> Led:
        known = reporting.known_better(desk, filled, contact)
        named = _with_device(known, asked, filled["device"])
        ticket, done = reporting.opened(known, named, photos, IntakeChannel.WEB)
        knowledge_pages.report_came_of(known, filled["use"], ticket.id)
        return Led(f"{PATH}/tickets/{ticket.number}?done={done}", ticket.id, ends=REPORT)

    return once("report", do, filled["fault"])


def _with_device(desk: Desk, report: Report, typed: str) -> Report:
    """A code on a case, or simply what somebody calls the thing."""
    if not typed or desk.device(typed) is not None:
        return report
    return replace(report, device=typed, device_code=None)


def _hint(fault: Fault, filled: Filled) -> _Hint:
    with looking() as desk:
        like_these = own_tickets.like_these(desk, fault.category)
        maintained = desk.maintenance_for(
            filled["category"] or fault.category, fault.place or filled["place"]
        )
    return _Hint(fault, reporting.words_for(fault), like_these, maintained)


def _about(code: str) -> _About:
    with looking() as desk:
        devices = own_tickets.devices_of(desk.session, desk.actor.id)
        device = desk.device(code) if code else None
        return _About(devices, device, desk.reported_on(device.id) if device else None)


def _page(filled: Filled, about: _About, status: int = 200) -> Response:
    fault = faults.told_in(filled["fault"])
    return show(
        "portal/report.html",
        status,
        filled=filled,
        about=about,
        hint=_hint(fault, filled) if filled["fault"] else None,
        kinds=[each.value for each in Category],
        urgencies=reporting.URGENCIES,
        most_files=MOST_UPLOADS,
        largest=uploads.LARGEST // _MEGABYTE,
    )
