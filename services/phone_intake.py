"""Faults that people report by phone: registered, dispatched, or solved on the spot (F2, F7)."""

import logging
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain import dispatch
from domain.category import Category
from domain.dispatch import Job, Receipt
from domain.permissions import Permission, Role, demand
from domain.priority import Impact, Priority, Urgency, priority_of
from domain.refusals import NotFound, Refusal
from domain.sentence import Say
from domain.speaker import Speaker
from models import Attachment, IntakeChannel, Person, Ticket
from services import audit, dispatching, notices, opening, people, working
from services.complaints import records as complaints
from services.people import NewPerson
from services.phone_callers import may_be_one
from services.speakers import speaker_of
from services.views import Opened, Report, TicketView, WorkResult

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What becomes of the call."""

    DISPATCH = auto()
    QUEUE = auto()  # registered; the desk decides later who gets it
    SOLVED = auto()  # by the clerk, on the phone


@dataclass(frozen=True, slots=True)
class Contact:
    """Who calls, as they were asked or are known."""

    name: str
    department: str
    phone: str | None
    extension: str | None
    office: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """One call, complete: who, what, and what becomes of it."""

    contact: Contact
    report: Report
    outcome: Outcome
    person_id: int | None = None  # None: nobody of them is known yet
    result: WorkResult | None = None  # of what was solved
    channel: IntakeChannel = IntakeChannel.PHONE


class NotOnePerson(Refusal):
    """Only somebody known by phone alone is joined with who they are in chat."""

    text_key = "console_phone.not_one_person"


# --- the call ------------------------------------------------------------------------------------


def register(desk: "Desk", call: Call) -> Opened:
    """The ticket of whoever calls; they read of it in chat, if they are there."""
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    requester = caller(desk, call.contact, call.person_id)
    is_dispatched = call.outcome is Outcome.DISPATCH
    opened = opening.report_for(
        desk, call.report, requester, channel=call.channel, is_dispatched=is_dispatched
    )
    if call.outcome is Outcome.SOLVED and call.result is not None:
        return replace(opened, ticket=working.resolve(desk, opened.ticket.id, call.result))
    _tell_requester(desk, opened.ticket)
    return opened


def caller(desk: "Desk", contact: Contact, person_id: int | None) -> Speaker:
    """Whoever was chosen; else the one person of this number and name; else somebody new."""
    person = _chosen(desk.session, person_id) if person_id else None
    person = person or _known(desk.session, contact)
    if person is None:
        new = NewPerson(
            contact.name,
            frozenset({Role.REQUESTER}),
            phone=contact.phone,
            department=contact.department,
            office=contact.office,
            extension=contact.extension,
        )
        person = people.add(desk.session, new, desk.now)
        log.info("person_made_known person=%s by=phone", person.id)
    speaker = speaker_of(person)
    return people.learn(
        desk.session,
        speaker,
        {
            "name": contact.name,
            "department": contact.department,
            "phone": contact.phone,
            "extension": contact.extension,
            "office": None if speaker.office else contact.office,
        },
    )


def _chosen(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound()
    return person


def _known(session: Session, contact: Contact) -> Person | None:
    """Never by the name alone, nor by a number that others use as well (ix_people_phone)."""
    numbers = [
        column == value
        for column, value in (
            (Person.phone, contact.phone),
            (Person.extension, contact.extension),
        )
        if value
    ]
    if not numbers:
        return None
    found = session.scalars(
        select(Person).where(or_(*numbers), Person.name == contact.name, Person.is_active).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _tell_requester(desk: "Desk", ticket: TicketView) -> None:
    """What was registered for them, to be found again; who is not in chat was told by phone."""
    say = Say(
        "notice.registered",
        {
            "number": ticket.number,
            "symptom": ticket.symptom,
            "place": ticket.place,
            "engineer": ticket.assignee.name if ticket.assignee else None,
            "phone": ticket.assignee.phone if ticket.assignee else None,
            "due": ticket.response_due_at,
        },
        page=notices.page_of(ticket.number),
    )
    if _is_in_chat(desk.session, ticket.requester_id):
        row = notices.row(ticket.requester_id, say, desk.now, ticket_id=ticket.id)
        notices.queue(desk.session, [row])


def _is_in_chat(session: Session, person_id: int) -> bool:
    found = session.execute(
        select(Person.openid, Person.is_following).where(Person.id == person_id)
    ).one()
    return found.openid is not None and found.is_following


# --- who would get it ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom dispatch would choose now, and why; nothing is taken by looking."""

    priority: Priority
    receipt: Receipt


def propose(
    desk: "Desk",
    category: Category | None,
    place: str,
    urgency: Urgency,
    impact: Impact = Impact.PERSON,
    person_id: int | None = None,
) -> Proposal:
    """The choice as it would fall now (F8); the ticket's own is made when it is opened."""
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    priority = priority_of(impact, urgency)
    job = Job(category or Category.OTHER, place, priority)
    found, _ = dispatching.candidates(desk.session, person_id or 0, desk.now, job.category)
    receipt = dispatch.choose(job, found, desk.rules.max_open_tickets)
    if receipt.chosen is None:
        found, _ = dispatching.candidates(desk.session, person_id or 0, desk.now)
        receipt = dispatch.choose(job, found, desk.rules.max_open_tickets)
    return Proposal(priority, receipt)


# --- one person, known twice ---------------------------------------------------------------------


def join(desk: "Desk", by_phone_id: int, in_chat_id: int) -> None:
    """Who was known by phone alone is the one in chat: their tickets go there, for good.

    A clerk says so who has asked them. A number typed in chat proves nothing: it would show
    somebody else's tickets (H-20).
    """
    demand(desk.actor.roles, Permission.TICKET_OPEN_FOR_OTHER)
    bare = _chosen(desk.session, by_phone_id)
    chat = _chosen(desk.session, in_chat_id)
    if bare.openid is not None or not may_be_one(bare, chat) or not _share_number(bare, chat):
        raise NotOnePerson()
    moved = desk.session.execute(
        update(Ticket).where(Ticket.requester_id == bare.id).values(requester_id=chat.id),
        execution_options={"synchronize_session": False},
    )
    desk.session.execute(
        update(Attachment).where(Attachment.person_id == bare.id).values(person_id=chat.id),
        execution_options={"synchronize_session": False},
    )
    complaints.are_one(desk.session, bare.id, chat.id)
    chat.office = chat.office or bare.office
    bare.is_active, bare.phone, bare.extension = False, None, None
    count = getattr(moved, "rowcount", 0)
    after = {"joined_with": chat.id, "tickets": count}
    audit.done_by(desk, "person.join", f"person:{bare.id}", None, after)
    log.info("people_joined person=%s into=%s tickets=%s", bare.id, chat.id, count)


def _share_number(one: Person, other: Person) -> bool:
    numbers = {one.phone, one.extension} & {other.phone, other.extension}
    return bool(numbers - {None})
