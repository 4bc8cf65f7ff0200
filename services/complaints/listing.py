"""The list of complaints: its parts counted, its rows in one statement, and as a file (P8, C1)."""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, exists, func, or_, select

from domain.complaints import About, ComplaintStatus, Verdict
from domain.permissions import Permission, Stand, demand, may
from domain.refusals import NotFound
from models import Complaint, ComplaintPerson, IntakeChannel, Person, Ticket, table_of
from services.complaints import reading, records
from services.complaints.reading import PAGE, Wanted, Which
from services.shared_answers import shared

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

MOST = 5000  # rows of one file
_PIECE = 300
_READ_OUT_IN = timedelta(hours=1)

_complaints, _tickets, _people = table_of(Complaint), table_of(Ticket), table_of(Person)
_verifiers = _people.alias("verifiers")
_deciders = _people.alias("deciders")
_ROWS: Select[Any] = (
    select(
        _complaints,
        _tickets.c.number.label("ticket_number"),
        _tickets.c.symptom,
        _verifiers.c.name.label("verifier"),
        _deciders.c.name.label("decider"),
    )
    .select_from(Complaint)
    .join(_tickets, _tickets.c.id == _complaints.c.ticket_id, isouter=True)
    .join(_verifiers, _verifiers.c.id == _complaints.c.verifier_id, isouter=True)
    .join(_deciders, _deciders.c.id == _complaints.c.decider_id, isouter=True)
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One complaint in a list or a file."""

    id: int
    number: str
    status: ComplaintStatus
    channel: IntakeChannel
    about: About
    contact_name: str
    contact_department: str
    contact_phone: str
    words: str
    submitted_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    was_objected: bool
    ticket_number: str | None
    symptom: str | None
    verifier: str | None
    is_mine: bool  # the reader verifies it
    findings: str | None
    decider: str | None
    verdict: Verdict | None
    measures: str | None
    feedback: str | None
    process: int | None
    outcome: int | None
    found: tuple[str, ...] = ()  # whom the findings name; in a file alone


def rows(desk: "Desk", wanted: Wanted, most: int = PAGE) -> tuple[Listed, ...]:
    """One page of the list, in its order."""
    statement = _ROWS.where(*reading.conditions(desk, wanted))
    found = desk.session.execute(reading.ordered(statement, wanted).limit(most))
    return tuple(_listed(desk, row) for row in found)


def _listed(desk: "Desk", row: Any) -> Listed:
    same = {name: getattr(row, name) for name in _SAME}
    return Listed(
        **same,
        was_objected=row.objected_at is not None,
        is_mine=row.verifier_id == desk.actor.id,
    )


_SAME = tuple(name for name in Listed.__slots__ if name not in ("was_objected", "is_mine", "found"))


def counts(desk: "Desk", words: str = "") -> Mapping[Which, int]:
    """How many each part of the list has, in one statement."""
    seen = reading.conditions(desk, Wanted(Which.ALL, words))
    parts = {which: reading.conditions(desk, Wanted(which)) for which in Which}
    sums = [func.coalesce(func.sum(case((and_(*each), 1), else_=0)), 0) for each in parts.values()]
    row = desk.session.execute(select(*sums).select_from(Complaint).where(*seen)).one()
    return dict(zip(parts, map(int, row), strict=True))


# --- who has a list at all -----------------------------------------------------------------------


def sees_to_complaints(desk: "Desk") -> bool:
    """Clerks and heads; and who stands in for the heads, once something is there for them."""
    if may(desk.actor.roles, Permission.COMPLAINT_READ, Stand(is_impartial=True)):
        return True
    if not records.is_deputy(desk):
        return False
    anything = exists(Complaint.id).where(*reading.conditions(desk, Wanted(Which.ALL)))
    return bool(desk.session.scalar(select(anything)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the reader now."""

    count: int
    is_late: bool


def waiting(desk: "Desk") -> Waiting | None:
    """For the way to the list that stands on every page; None: this reader has no list."""
    key = ("complaints_waiting", desk.actor.id, desk.actor.roles)
    return shared(desk.session, key, lambda: _waiting(desk))


def _waiting(desk: "Desk") -> Waiting | None:
    if not sees_to_complaints(desk):
        return None
    is_late = func.coalesce(func.sum(case((Complaint.due_at < desk.now, 1), else_=0)), 0)
    mine = reading.conditions(desk, Wanted(Which.MINE_TO_DO))
    count, late = desk.session.execute(select(func.count(Complaint.id), is_late).where(*mine)).one()
    return Waiting(count, late > 0)


# --- a file --------------------------------------------------------------------------------------


def file(desk: "Desk", wanted: Wanted) -> Iterator[Listed]:
    """All that the list has, newest first, whole words; NotPermitted for who may not take it."""
    demand(desk.actor.roles, Permission.COMPLAINT_EXPORT)
    log.info("complaints_exported person=%s which=%s", desk.actor.id, wanted.which.value)
    left, page = MOST, replace(wanted, before=None)
    while left > 0:
        found = rows(desk, page, min(_PIECE, left))
        named = _found(desk, [each.id for each in found])
        yield from (replace(each, found=named.get(each.id, ())) for each in found)
        left -= len(found)
        if len(found) < _PIECE:
            return
        page = replace(page, before=found[-1].id)


def _found(desk: "Desk", ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    statement = (
        select(ComplaintPerson.complaint_id, Person.name)
        .join(Person, Person.id == ComplaintPerson.person_id)
        .where(ComplaintPerson.complaint_id.in_(ids), ComplaintPerson.is_found)
        .order_by(Person.id)
    )
    named: dict[int, tuple[str, ...]] = {}
    for complaint_id, name in desk.session.execute(statement):
        named[complaint_id] = (*named.get(complaint_id, ()), name or "")
    return named


# --- just registered -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Registered:
    """What the clerk reads out who has just written it down, even one whom it concerns."""

    number: str
    contact_name: str
    due_at: datetime | None
    is_open_to_reader: bool


def registered(desk: "Desk", number: str) -> Registered:
    """NotFound for what others wrote down."""
    found = desk.session.scalar(
        select(Complaint).where(
            Complaint.number == number,
            Complaint.submitted_at > desk.now - _READ_OUT_IN,
            or_(
                Complaint.registered_by_id == desk.actor.id,
                Complaint.requester_id == desk.actor.id,
            ),
        )
    )
    if found is None:
        raise NotFound()
    is_open = records.stand_of(desk, found).is_impartial
    return Registered(found.number, found.contact_name, found.due_at, is_open)
