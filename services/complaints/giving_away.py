"""Whether words for somebody whom a complaint concerns give away what they must not learn (P8)."""

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from models import Complaint, Person, Ticket

if TYPE_CHECKING:
    from services.desk import Desk

_SHORTEST = 2  # characters of a name that is looked for


def given_away(desk: "Desk", complaint_id: int, words: str) -> str | None:
    """What in these words tells who complained, or of what; None: they may be read."""
    return next((each for each in marks(desk, complaint_id) if _stands_in(each, words)), None)


def marks(desk: "Desk", complaint_id: int) -> tuple[str, ...]:
    """The complainant's names and numbers, and those of complaint and ticket."""
    session = desk.session
    complaint = session.get_one(Complaint, complaint_id)
    known = select(Person.name, Person.phone, Person.extension).where(
        Person.id == complaint.requester_id
    )
    numbers = [complaint.number]
    if complaint.ticket_id is not None:
        numbers.append(session.get_one(Ticket, complaint.ticket_id).number)
    told = (complaint.contact_name, complaint.contact_phone, *session.execute(known).one())
    shorts = (each.rpartition("-")[2] for each in numbers)
    found = dict.fromkeys((*told, *numbers, *shorts))
    return tuple(each for each in found if each and len(each) >= _SHORTEST)


def _stands_in(mark: str, words: str) -> bool:
    """A number only where it stands for itself: 10007 is not 0007."""
    if mark.isascii() and mark.isdecimal():
        return re.search(rf"(?<!\d){mark}(?!\d)", words) is not None
    return mark in words
