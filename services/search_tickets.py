"""Which tickets a line of words finds, newest first, among those that somebody may list (Y1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, false, or_, select

from domain.numbers import TICKET_PREFIX, desk_day
from domain.permissions import PERMISSIONS, Permission, Relation, may
from domain.speaker import Speaker
from models import Activity, Ticket, table_of
from nlp.normalize import folded
from nlp.search_words import asked, by_person, dialled
from services.records import involves
from services.search_found import newest

if TYPE_CHECKING:
    from services.desk import Desk

_DAYS = 400  # whose numbers may be meant by their last digits without the index of words
_ENDINGS = range(4, 7)  # digits

_tickets = table_of(Ticket)


@dataclass(frozen=True, slots=True)
class Sought:
    """Who looks, and which part of the list: below `before`, at most so many."""

    desk: "Desk"
    before: int | None
    most: int

    @property
    def actor(self) -> Speaker:
        return self.desk.actor

    @property
    def reads_phones(self) -> bool:
        return may(self.actor.roles, Permission.PERSON_READ_PHONE)


def found(sought: Sought, text: str, people: Sequence[int]) -> list[int]:
    """By its words, its number's end, a phone, or as a report of these people."""
    if not _relations(sought.actor, Permission.TICKET_LIST):
        return []
    ids = {*_by_words(sought, text), *_by_ending(sought, text)}
    number = dialled(text)
    if number:
        ids.update(_by_phone(sought, number))
    if people and (sought.reads_phones or not number):
        ids.update(of_people(sought, people))
    return sorted(ids, reverse=True)[: sought.most]


def _relations(actor: Speaker, permission: Permission) -> frozenset[Relation]:
    rows = PERMISSIONS[permission]
    return frozenset(relation for role in actor.roles for relation in rows.get(role, ()))


def permitted(
    actor: Speaker, permission: Permission = Permission.TICKET_LIST
) -> ColumnElement[bool] | None:
    """The tickets on which somebody holds the permission; None: all."""
    relations = _relations(actor, permission)
    if Relation.ANY in relations:
        return None
    clauses = {
        Relation.ASSIGNED: _tickets.c.assignee_id == actor.id,
        Relation.SUPPORTING: _tickets.c.supporter_id == actor.id,
        Relation.WAS_ASSIGNED: exists().where(Activity.ticket_id == _tickets.c.id, involves(actor)),
    }
    return or_(false(), *(clause for each, clause in clauses.items() if each in relations))


def _by_words(sought: Sought, text: str) -> list[int]:
    words = asked(text, with_phones=sought.reads_phones)
    if not words:
        return []
    session, allowed = sought.desk.session, permitted(sought.actor)
    if allowed is None:
        return newest(session, words, (), _tickets.c.id, sought.before, sought.most)
    words = (*words, by_person(sought.actor.id))
    return newest(session, words, (allowed,), _tickets.c.id, sought.before, sought.most)


def _by_ending(sought: Sought, text: str) -> list[int]:
    """0007, on whatever day it was given out."""
    ending = folded(text)
    if not (ending.isascii() and ending.isdecimal() and len(ending) in _ENDINGS):
        return []
    today = desk_day(sought.desk.now)
    days = (today - timedelta(days=back) for back in range(_DAYS))
    return of_numbers(sought, [f"{TICKET_PREFIX}{day:%Y%m%d}-{ending}" for day in days])


def of_numbers(sought: Sought, numbers: Iterable[str]) -> list[int]:
    """By uq_tickets_number."""
    return _ids(sought, _tickets.c.number.in_(list(numbers)))


def of_people(sought: Sought, people: Sequence[int]) -> list[int]:
    """By ix_tickets_requester_id_opened_at."""
    return _ids(sought, _tickets.c.requester_id.in_(people))


def of_device(sought: Sought, device_id: int) -> list[int]:
    """By ix_tickets_device_id."""
    return _ids(sought, _tickets.c.device_id == device_id)


def _by_phone(sought: Sought, number: str) -> list[int]:
    """Who works on a ticket may know its number, and no other.

    By ix_tickets_assignee_id_status_opened_at; for the desk the index of words has all numbers.
    """
    theirs = permitted(sought.actor, Permission.PERSON_READ_PHONE)
    if theirs is None:
        return []
    ends = _tickets.c.contact_phone.endswith(number, autoescape=True)
    return _ids(sought, theirs & ends)


def _ids(sought: Sought, which: ColumnElement[bool]) -> list[int]:
    statement = select(_tickets.c.id).where(which)
    allowed = permitted(sought.actor)
    if allowed is not None:
        statement = statement.where(allowed)
    if sought.before is not None:
        statement = statement.where(_tickets.c.id < sought.before)
    statement = statement.order_by(_tickets.c.id.desc()).limit(sought.most)
    return list(sought.desk.session.scalars(statement))
