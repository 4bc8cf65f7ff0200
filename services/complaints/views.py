"""A complaint as its readers see it: the complainant, the desk, the head (C1–C4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain.complaints import (
    About,
    ComplaintAction,
    ComplaintStatus,
    Concerned,
    Verdict,
    complaint_actions_from,
)
from domain.numbers import short_number
from domain.permissions import Permission, may
from domain.sentence import Fact, Word
from models import (
    Attachment,
    Complaint,
    ComplaintEvent,
    ComplaintPerson,
    IntakeChannel,
    Person,
    Ticket,
)
from services import queries
from services.complaints import records
from services.timeline import view_of
from services.views import AttachmentView, PersonView, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

NEEDED: Mapping[ComplaintAction, Permission] = {
    ComplaintAction.ADD: Permission.COMPLAINT_ADD,
    ComplaintAction.TAKE: Permission.COMPLAINT_VERIFY,
    ComplaintAction.VERIFY: Permission.COMPLAINT_VERIFY,
    ComplaintAction.REPORT: Permission.COMPLAINT_VERIFY,
    ComplaintAction.RETURN: Permission.COMPLAINT_DECIDE,
    ComplaintAction.DECIDE: Permission.COMPLAINT_DECIDE,
    ComplaintAction.FEED_BACK: Permission.COMPLAINT_FEED_BACK,
    ComplaintAction.OBJECT: Permission.COMPLAINT_RATE,
    ComplaintAction.RATE: Permission.COMPLAINT_RATE,
    ComplaintAction.WITHDRAW: Permission.COMPLAINT_WITHDRAW,
}
"""What each act of the table asks for; the others nobody does by hand."""


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """One complaint, as far as the reader may know it.

    `findings`, `measures` and whom it concerns are for who works on it: the complainant reads
    `feedback`, the desk's words.
    """

    id: int
    number: str
    status: ComplaintStatus
    channel: IntakeChannel
    about: About
    words: str
    submitted_at: datetime
    due_at: datetime | None
    contact_name: str
    contact_department: str
    contact_phone: str
    requester_id: int
    verifier: PersonView | None
    ticket: TicketView | None
    actions: tuple[ComplaintAction, ...]  # what the reader may do now
    is_mine: bool
    findings: str | None = None
    verdict: Verdict | None = None
    measures: str | None = None
    feedback: str | None = None
    objection: str | None = None
    process: int | None = None
    outcome: int | None = None
    comment: str | None = None

    @property
    def short(self) -> str:
        return short_number(self.number)

    @property
    def facts(self) -> dict[str, Fact]:
        """What sentences about it speak of."""
        return {
            "number": self.number,
            "status": Word(f"complaint.status.{self.status.value}"),
            "words": self.words,
            "contact": self.contact_name,
            "department": self.contact_department or None,
            "verifier": self.verifier.name if self.verifier else None,
            "due": self.due_at,
            "findings": self.findings,
            "verdict": Word(f"complaint.verdict.{self.verdict.value}") if self.verdict else None,
            "measures": self.measures,
            "feedback": self.feedback,
            "objection": self.objection,
        }


@dataclass(frozen=True, slots=True)
class ConcernedView:
    """Somebody whom it concerns, for those who see to it."""

    person: PersonView
    why: Concerned
    is_found: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of the history."""

    id: int
    action: ComplaintAction
    at: datetime
    who: str | None
    detail: Mapping[str, Any]


def view(desk: "Desk", complaint: Complaint) -> ComplaintView:
    """As the actor may read it; the caller has asked whether they may at all."""
    stand = records.stand_of(desk, complaint)
    is_inside = stand.is_impartial
    return ComplaintView(
        id=complaint.id,
        number=complaint.number,
        status=complaint.status,
        channel=complaint.channel,
        about=complaint.about,
        words=complaint.words,
        submitted_at=complaint.submitted_at,
        due_at=complaint.due_at,
        contact_name=complaint.contact_name,
        contact_department=complaint.contact_department,
        contact_phone=complaint.contact_phone,
        requester_id=complaint.requester_id,
        verifier=person_view(desk, complaint.verifier_id),
        ticket=_ticket(desk, complaint.ticket_id),
        actions=tuple(
            action
            for action in complaint_actions_from(complaint.status)
            if action in NEEDED
            and may(desk.actor.roles, NEEDED[action], stand)
            and not (action is ComplaintAction.OBJECT and complaint.objected_at)
        ),
        is_mine=stand.is_own,
        findings=complaint.findings if is_inside else None,
        verdict=complaint.verdict if is_inside or complaint.fed_back_at else None,
        measures=complaint.measures if is_inside else None,
        feedback=complaint.feedback,
        objection=complaint.objection,
        process=complaint.process,
        outcome=complaint.outcome,
        comment=complaint.comment,
    )


def _ticket(desk: "Desk", ticket_id: int | None) -> TicketView | None:
    """Whoever may read the complaint may read what it is about."""
    if ticket_id is None:
        return None
    return queries.view(desk.session, desk.session.get_one(Ticket, ticket_id))


def person_view(desk: "Desk", person_id: int | None) -> PersonView | None:
    if person_id is None:
        return None
    person = desk.session.get_one(Person, person_id)
    return PersonView(person.id, person.name or "", person.reached_by, person.department)


def concerned(desk: "Desk", complaint_id: int) -> tuple[ConcernedView, ...]:
    """For those who see to it: whom it concerns, and why."""
    rows = desk.session.scalars(
        select(ComplaintPerson)
        .where(ComplaintPerson.complaint_id == complaint_id)
        .order_by(ComplaintPerson.person_id)
    ).all()
    views = ((row, person_view(desk, row.person_id)) for row in rows)
    return tuple(ConcernedView(who, row.why, row.is_found) for row, who in views if who)


def events(desk: "Desk", complaint_id: int) -> tuple[EventView, ...]:
    """The whole history, oldest first; for those who see to it."""
    rows = desk.session.execute(
        select(ComplaintEvent, Person.name)
        .join(Person, Person.id == ComplaintEvent.actor_id, isouter=True)
        .where(ComplaintEvent.complaint_id == complaint_id)
        .order_by(ComplaintEvent.id)
    )
    return tuple(
        EventView(each.id, each.action, each.happened_at, name, each.detail or {})
        for each, name in rows
    )


def attachments(desk: "Desk", complaint_id: int) -> tuple[AttachmentView, ...]:
    """Photos and voices of it."""
    rows = desk.session.scalars(
        select(Attachment).where(Attachment.complaint_id == complaint_id).order_by(Attachment.id)
    )
    return tuple(map(view_of, rows))
