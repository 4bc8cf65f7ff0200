"""A complaint that comes by phone: who, about what, their words; a number to read out (C1, F2)."""

from typing import Any

from flask import Response, request

from domain.complaints import About
from domain.permissions import Permission
from domain.refusals import ProfileMissing
from domain.sentence import Say
from nlp.contact import read_contact
from services import phone_callers, phone_intake
from services.complaints import at_hand, listing, submitting
from services.complaints.submitting import WORDS_LIMIT, Submission
from services.desk import Desk
from services.phone_callers import CallerCard
from services.phone_intake import Contact
from services.views import TicketView
from web.acts import Led, looking, once
from web.console.complaints import BASE
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, show

routes = pages("complaints_new", "/complaints/new")

_TICKET = "ticket:"
_ABOUT = (About.PERSON.value, About.SERVICE.value)
_FIELDS = (
    Field("who", 60),
    Field("person", 12),
    Field("name", 40, is_required=True, missing="complaint_new.name_missing"),
    Field("department", 60, is_required=True, missing="complaint_new.department_missing"),
    Field("phone", 24, is_required=True, missing="complaint_new.phone_missing"),
    Field("about", 24, is_required=True, missing="complaint_new.about_missing"),
    Field("named", 12),
    Field("words", WORDS_LIMIT, is_required=True, missing="complaint_new.words_missing"),
)


@routes.get("")
@needs(Permission.COMPLAINT_OPEN_FOR_OTHER)
def blank() -> Response:
    """Empty; or for `person`, about `ticket`."""
    with looking() as desk:
        person_id = request.args.get("person", type=int)
        card = phone_callers.card(desk, person_id) if person_id else None
        return _page(desk, Filled(_known(card)), card)


@routes.get("/card/<int(max=2147483647):person_id>")
@needs(Permission.COMPLAINT_OPEN_FOR_OTHER)
def card(person_id: int) -> Response:
    """What it may be about, once the caller is chosen."""
    with looking() as desk:
        found = phone_callers.card(desk, person_id)
        return show("console/complaints/about.html", filled=Filled(), **_choices(desk, found))


@routes.post("")
@needs(Permission.COMPLAINT_OPEN_FOR_OTHER)
def register() -> Response:
    filled = read_form(*_FIELDS)
    numbers = read_contact(filled["phone"], expect_all=True)
    if filled["phone"] and not (numbers.phone or numbers.extension):
        filled.refuse("phone", "complaint_new.phone_unclear")
    _check_subject(filled)
    if filled.problems:
        return _once_more(filled)
    contact = Contact(filled["name"], filled["department"], numbers.phone, numbers.extension, None)

    def do(desk: Desk) -> Led:
        caller = phone_intake.caller(desk, contact, _id(filled["person"]))
        made = submitting.submit_for(desk, caller.id, _submission(filled))
        return Led(f"{BASE}/new/done/{made.number}")

    try:
        return once("complaint_new", do)
    except ProfileMissing as no:
        filled.problems["phone"] = Say(no.text_key, no.facts)
        return _once_more(filled)


def _check_subject(filled: Filled) -> None:
    about = filled["about"]
    if about and about not in _ABOUT and not _id(about.removeprefix(_TICKET)):
        filled.refuse("about", "complaint_new.about_missing")
    if about == About.PERSON and not _id(filled["named"]):
        filled.refuse("named", "complaint_new.named_missing")


def _submission(filled: Filled) -> Submission:
    about = filled["about"]
    if about.startswith(_TICKET):
        ticket_id = _id(about.removeprefix(_TICKET))
        return Submission(filled["words"], About.TICKET, ticket_id, phone=filled["phone"])
    named = _id(filled["named"]) if about == About.PERSON else None
    return Submission(
        filled["words"], About(about), people=(named,) if named else (), phone=filled["phone"]
    )


@routes.get("/done/<ticket:number>")
@needs(Permission.COMPLAINT_OPEN_FOR_OTHER)
def done(number: str) -> Response:
    """The number, to be read out, and by when it is verified."""
    with looking() as desk:
        return show("console/complaints/done.html", made=listing.registered(desk, number))


# --- the form -------------------------------------------------------------------------------------


def _once_more(filled: Filled) -> Response:
    with looking() as desk:
        person_id = _id(filled["person"])
        found = phone_callers.card(desk, person_id) if person_id else None
        return _page(desk, filled, found, 400)


def _page(desk: Desk, filled: Filled, found: CallerCard | None, status: int = 200) -> Response:
    return show(
        "console/complaints/new.html",
        status,
        filled=filled,
        card=found,
        **_choices(desk, found),
    )


def _choices(desk: Desk, found: CallerCard | None) -> dict[str, Any]:
    tickets: tuple[TicketView, ...] = (*found.open, *found.ended) if found else ()
    caller = found.caller.id if found else None
    return {
        "tickets": tickets,
        "staff": [each for each in at_hand.staff(desk) if each.id != caller],
    }


def _known(found: CallerCard | None) -> dict[str, str]:
    if found is None:
        return {}
    caller, ticket = found.caller, request.args.get("ticket", "")
    offered = {each.number: each.id for each in (*found.open, *found.ended)}
    return {
        "who": caller.name or "",
        "person": str(caller.id),
        "name": caller.name or "",
        "department": caller.department or "",
        "phone": caller.reached_by,
        "about": f"{_TICKET}{offered[ticket]}" if ticket in offered else "",
    }


def _id(value: str) -> int | None:
    is_number = value.isascii() and value.isdecimal() and len(value) < 10
    return int(value) or None if is_number else None
