"""Search by anything: number, words, person, initials, phone, device, department, place (C §13).

For the console: only tickets that the actor may list, people and devices for those who may read
them. What was opened a moment ago is found by number, person and phone at once, by its words
within seconds (services/search_index.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from domain.lifecycle import OPEN_STATUSES
from domain.permissions import Permission, may
from domain.refusals import NotFound
from models import Device, Person, Ticket, table_of
from nlp.normalize import folded
from nlp.search_words import LONGEST_QUERY
from nlp.ticket_ref import read_ticket_ref
from services import search_tickets as tickets
from services.knowledge import searching as knowledge
from services.knowledge.searching import FoundArticle
from services.search_others import (
    FoundDevice,
    FoundPerson,
    device_view,
    devices_named,
    named,
    person_view,
    reads_devices,
)
from services.search_rows import FoundTicket, shown
from services.search_tickets import Sought, permitted

if TYPE_CHECKING:
    from services.desk import Desk

PAGE = 20
_COUNTED = 1_000

_tickets = table_of(Ticket)


@dataclass(frozen=True, slots=True)
class Found:
    """What a line of words leads to."""

    text: str
    tickets: tuple[FoundTicket, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    devices: tuple[FoundDevice, ...] = ()
    articles: tuple[FoundArticle, ...] = ()
    before: int | None = None  # the way to older tickets, if there are more

    @property
    def is_single(self) -> bool:
        """Enter opens it."""
        return self.before is None and self.count == 1

    @property
    def count(self) -> int:
        return sum(map(len, (self.tickets, self.people, self.devices, self.articles)))


def search(
    desk: "Desk", text: str, *, limit: int = PAGE, before: int | None = None, is_hint: bool = False
) -> Found:
    """Tickets newest first, people and devices with the first of them; a whole number finds one."""
    text = text.strip()[:LONGEST_QUERY]
    if not folded(text):
        return Found(text)
    whole = _of_whole_number(desk, text)
    if whole:
        return Found(text, whole)
    people = named(desk.session, text)
    ids = tickets.found(Sought(desk, before, limit + 1), text, [each.id for each in people])
    found = Found(
        text,
        shown(desk, ids[:limit], text, is_hint=is_hint),
        before=ids[limit - 1] if len(ids) > limit else None,
    )
    return found if before is not None else replace(found, **_others(desk, text, people))


def _of_whole_number(desk: "Desk", text: str) -> tuple[FoundTicket, ...]:
    number = read_ticket_ref(text)
    if not number or "-" not in number:
        return ()
    return shown(desk, tickets.of_numbers(Sought(desk, None, 1), [number]), text)


def _others(desk: "Desk", text: str, people: Sequence[Person]) -> dict[str, Any]:
    is_reader = may(desk.actor.roles, Permission.PERSON_READ)
    return {
        "people": tuple(map(person_view, people)) if is_reader else (),
        "devices": devices_named(desk, text),
        "articles": knowledge.near(desk, text),
    }


# --- all of one person, or of one device ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class History:
    """A person or a device with their tickets, newest first."""

    person: FoundPerson | None
    device: FoundDevice | None
    tickets: tuple[FoundTicket, ...]
    open_count: int
    before: int | None  # the way to older ones, if there are more


def of_person(desk: "Desk", person_id: int, before: int | None = None) -> History:
    """What somebody reported; NotFound for those who may not read people."""
    person = desk.session.get(Person, person_id)
    if person is None or not may(desk.actor.roles, Permission.PERSON_READ):
        raise NotFound()
    ids = tickets.of_people(Sought(desk, before, PAGE + 1), [person_id])
    open_count = _open_count(desk, _tickets.c.requester_id == person_id)
    return History(person_view(person), None, *_page(desk, ids, open_count))


def of_device(desk: "Desk", device_id: int, before: int | None = None) -> History:
    """What was reported of it; NotFound for those who may not read devices."""
    device = desk.session.get(Device, device_id)
    if device is None or not reads_devices(desk.actor):
        raise NotFound()
    ids = tickets.of_device(Sought(desk, before, PAGE + 1), device_id)
    open_count = _open_count(desk, _tickets.c.device_id == device_id)
    return History(None, device_view(device), *_page(desk, ids, open_count))


def _page(
    desk: "Desk", ids: list[int], open_count: int
) -> tuple[tuple[FoundTicket, ...], int, int | None]:
    before = ids[PAGE - 1] if len(ids) > PAGE else None
    return shown(desk, ids[:PAGE], "", is_hint=True), open_count, before


def _open_count(desk: "Desk", which: ColumnElement[bool]) -> int:
    """Among those that the actor may list; counted no further than a page has room for."""
    statement = select(_tickets.c.id).where(which, _tickets.c.status.in_(OPEN_STATUSES))
    allowed = permitted(desk.actor)
    if allowed is not None:
        statement = statement.where(allowed)
    counted = select(func.count()).select_from(statement.limit(_COUNTED).subquery())
    return desk.session.scalar(counted) or 0
