"""A complaint in one's own words: it goes to the desk alone, which calls back (C1 for now)."""

from flask import Response, request

from domain.permissions import Permission
from services import complaining
from services.complaining import WORDS_LIMIT
from services.desk import Desk
from services.views import TicketView
from web import reporting
from web.acts import Led, looking, once
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show
from web.portal.routes import PATH, pages
from web.portal.tickets import NUMBER
from web.site import site

routes = pages("complaint", "/complaint")

_FIELDS = (
    Field("words", WORDS_LIMIT, is_required=True, missing="portal.complaint.missing"),
    Field("phone", 24, is_required=True),
    Field("ticket", 24),
)


@routes.get("")
@needs(Permission.TICKET_OPEN)
def blank() -> Response:
    number = request.args.get("ticket", "")
    known = {"phone": reader().reached_by or "", "ticket": number}
    return _page(Filled(known if NUMBER.fullmatch(number) else {**known, "ticket": ""}))


@routes.post("")
@needs(Permission.TICKET_OPEN)
def sent() -> Response:
    filled = read_form(*_FIELDS)
    contact = reporting.contact_of(filled)
    if filled.problems:
        return _page(filled, 400)

    def do(desk: Desk) -> Led:
        known = reporting.reached_by(desk, contact)
        done = complaining.complain(known, filled["words"], filled["ticket"])
        return Led(f"{PATH}/complaint/told?by={'day' if done.is_desk_open else 'night'}")

    return once("complain", do, filled["words"])


@routes.get("/told")
@needs(Permission.TICKET_OPEN)
def told() -> Response:
    """What happens now; by night, when the desk is there again."""
    rules, is_night = site().rules, request.args.get("by") == "night"
    opens = rules.hours.next_opening(site().now()) if is_night else None
    return show(
        "portal/complaint_told.html",
        opens=opens,
        phone=reader().reached_by,
        desk_phone=rules.desk_phone or None,
    )


def _page(filled: Filled, status: int = 200) -> Response:
    about: TicketView | None = None
    if filled["ticket"]:
        with looking() as desk:
            about = desk.find(filled["ticket"])
    return show("portal/complaint.html", status, filled=filled, about=about, most=WORDS_LIMIT)
