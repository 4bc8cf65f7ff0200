"""A complaint that was written on a page: the desk gets its words, and calls back (C1 for now).

It goes to the desk alone, and stands in no ticket: whom it is about may read those (Y1).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, select, type_coerce

from domain.permissions import Role
from domain.sentence import Fact, Say
from models import Person
from services import notices

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

WORDS_LIMIT = 400  # characters: one message has to carry them whole

_TO_BE_SEEN_WITHIN = timedelta(hours=24)  # once the desk is there


@dataclass(frozen=True, slots=True)
class Complained:
    """What may be promised to whoever complained."""

    is_desk_open: bool
    opens_at: datetime
    desk_phone: str


def complain(desk: "Desk", words: str, reference: str = "") -> Complained:
    """Told to everybody at the desk; NotFound for a ticket that is not the actor's to see."""
    number = desk.find(reference).number if reference else None
    hours = desk.rules.hours
    opens_at = hours.next_opening(desk.now)
    facts: dict[str, Fact] = {
        "contact": desk.actor.name,
        "department": desk.actor.department,
        "phone": desk.actor.reached_by,
        "number": number,
        "words": words[:WORDS_LIMIT],
    }
    say = Say("notice.complaint", facts)
    # By night it has to last until somebody is there to read it.
    valid_until = opens_at + _TO_BE_SEEN_WITHIN
    rows = [
        {**notices.row(person_id, say, desk.now, is_urgent=True), "valid_until": valid_until}
        for person_id in _hearers(desk)
    ]
    notices.queue(desk.session, rows)
    log.info("complaint_written person=%s hearers=%s", desk.actor.id, len(rows))
    return Complained(hours.is_open(desk.now), opens_at, desk.rules.desk_phone)


def _hearers(desk: "Desk") -> list[int]:
    """The desk; where no message reaches it, it has them on its page of notices (P6)."""
    return notices.desk_people(desk.session) or _on_pages(desk, Role.DESK, Role.HEAD)


def _on_pages(desk: "Desk", *roles: Role) -> list[int]:
    for role in roles:
        is_one = type_coerce(Person.roles, String).like(f"%,{role.value},%")
        found = list(desk.session.scalars(select(Person.id).where(is_one, Person.is_active)))
        if found:
            return found
    return []
