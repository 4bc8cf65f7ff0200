"""The form of a complaint, wherever it stands: about what, in which words, by which number (C1)."""

import re
from dataclasses import dataclass, replace

from flask import request

from domain.complaints import About
from models import IntakeChannel
from nlp.contact import Contact
from services import own_tickets
from services.complaints import submitting, whom
from services.complaints.submitting import WORDS_LIMIT, Submission
from services.complaints.views import ComplaintView
from services.desk import Desk
from services.own_tickets import OwnTicket, Part, Wanted
from services.views import PersonView, TicketView
from storage import Saved
from web import reporting
from web.acts import looking
from web.forms import Field, Filled
from web.page import reader, words
from web.uploads import PHOTOS

NUMBER = re.compile(r"[A-Z]{1,6}\d{8}-\d{4,9}", re.ASCII)
OTHER = "other"  # somebody who is not among those who worked for the complainant

FIELDS = (
    Field(
        "about",
        8,
        is_required=True,
        choices=[each.value for each in About],
        missing="own_complaint.form.about_missing",
    ),
    Field("ticket", 24),
    Field("person", 12),
    Field("called", 40),
    Field("words", WORDS_LIMIT, is_required=True, missing="own_complaint.form.words_missing"),
    Field("phone", 24, is_required=True),
    Field("name", 40),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers to choose from: one's own tickets, and who worked on them."""

    tickets: tuple[OwnTicket | TicketView, ...]
    people: tuple[PersonView, ...]


def offered(number: str = "") -> Offered:
    """The newest tickets, and the one that is asked for; NotFound if it is not theirs to see."""
    with looking() as desk:
        found = own_tickets.listed(desk, Wanted(Part.ALL)).tickets
        is_listed = not number or any(each.number == number for each in found)
        asked = () if is_listed else (desk.find(number),)
        return Offered((*asked, *found), whom.helpers(desk))


def number_asked() -> str:
    """The ticket that the address names; nothing for what is no number."""
    number = request.args.get("ticket", "")
    return number if NUMBER.fullmatch(number) else ""


def known(number: str) -> Filled:
    """What the form is filled in with before anybody types."""
    me = reader()
    about = About.TICKET.value if number else ""
    return Filled({"about": about, "ticket": number, "phone": me.reached_by or ""})


def checked(filled: Filled, offered: Offered) -> Contact:
    """Says what is missing of what was chosen; and the number that was typed."""
    about = filled["about"]
    if about == About.TICKET and not NUMBER.fullmatch(filled["ticket"]):
        filled.refuse("ticket", "own_complaint.form.ticket_missing")
    if about == About.PERSON:
        _check_person(filled, offered)
    if reader().name is None and not filled["name"]:
        filled.refuse("name", "h5.form.missing")
    return reporting.contact_of(filled)


def _check_person(filled: Filled, offered: Offered) -> None:
    chosen = filled["person"]
    is_offered = any(str(each.id) == chosen for each in offered.people)
    if not is_offered and not filled["called"]:
        filled.refuse("called", "own_complaint.form.called_missing")


def check_room(filled: Filled, room: int) -> None:
    """Refuses more photos than there is room for, before any of them is kept."""
    files = [each for each in request.files.getlist(PHOTOS) if each.filename]
    if len(files) > room:
        filled.refuse(PHOTOS, "own_complaint.form.too_many_photos")


def submitted(
    desk: Desk, filled: Filled, contact: Contact, photos: tuple[Saved, ...], channel: IntakeChannel
) -> ComplaintView:
    """The complaint with its photos, as the form says it."""
    known = _known_better(desk, filled, contact)
    made = submitting.submit(known, _submission(known, filled, contact), channel)
    for saved in photos:
        made = submitting.keep_upload(known, made.id, "image", saved)
    return made


def _known_better(desk: Desk, filled: Filled, contact: Contact) -> Desk:
    """Who had no name or number has one now; one that is known stays what it is."""
    me = desk.actor
    name = None if me.name else filled["name"]
    is_reached = me.reached_by is not None
    actor = desk.learn_profile(
        name=name,
        phone=None if is_reached else contact.phone,
        extension=None if is_reached else contact.extension,
    )
    return replace(desk, actor=actor)


def _submission(desk: Desk, filled: Filled, contact: Contact) -> Submission:
    about = About(filled["about"])
    people, said = _meant(desk, filled) if about is About.PERSON else ((), filled["words"])
    return Submission(
        said,
        about,
        desk.find(filled["ticket"]).id if about is About.TICKET else None,
        people,
        contact.phone or contact.extension,
    )


def _meant(desk: Desk, filled: Filled) -> tuple[tuple[int, ...], str]:
    """Whom it is about, and the words: with the name, where it is nobody's whom we know."""
    said, called = filled["words"], filled["called"]
    chosen = [each.id for each in whom.helpers(desk) if str(each.id) == filled["person"]]
    if chosen:
        return tuple(chosen), said
    people = whom.meant_by(desk, called)
    return people, said if people else words("own_complaint.of", called=called, words=said)
