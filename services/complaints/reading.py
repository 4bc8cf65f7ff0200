"""Complaints as lists and pages read them: one expression decides who sees which (P8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from domain.complaints import (
    AWAITS_DESK,
    AWAITS_HEAD,
    OPEN_COMPLAINTS,
    ComplaintAction,
    ComplaintStatus,
)
from domain.permissions import Permission, Role, Stand, may
from domain.refusals import NotFound
from models import Attachment, Complaint, ComplaintEvent, Purpose, table_of
from services.complaints import records
from services.complaints.views import (
    ComplaintView,
    ConcernedView,
    EventView,
    attachments,
    concerned,
    events,
    view,
)
from services.views import AttachmentView

if TYPE_CHECKING:
    from services.desk import Desk

Row = TypeVar("Row")
_last = table_of(Complaint).alias("last")

PAGE = 30
READ_ONCE_IN = timedelta(hours=1)
"""Somebody who looks again within this time is not noted a second time."""


class Which(StrEnum):
    """Parts of the list."""

    MINE_TO_DO = auto()  # waits for what the reader may do
    OPEN = auto()
    LATE = auto()
    ENDED = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows."""

    which: Which = Which.MINE_TO_DO
    words: str = ""  # a number, a name, or words of it
    before: int | None = None  # the page after this id


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """Everything that the page of one complaint shows to those who see to it."""

    complaint: ComplaintView
    concerned: tuple[ConcernedView, ...]
    events: tuple[EventView, ...]
    attachments: tuple[AttachmentView, ...]
    was_objected: bool


class NoSuchComplaint(NotFound):
    """None of this number, or none that this person may know of: both sound the same (P8)."""

    text_key = "complaint.refusal.not_found"


def find(desk: "Desk", reference: str) -> ComplaintView:
    """By its whole number or its end; NotFound if there is none that the actor may see."""
    named = (
        Complaint.number == reference
        if "-" in reference
        else Complaint.number.endswith(f"-{reference}", autoescape=True)
    )
    statement = select(Complaint).where(named, records.visible_to(desk))
    found = desk.session.scalar(statement.order_by(Complaint.id.desc()).limit(1))
    if found is None:
        raise NoSuchComplaint()
    return view(desk, found)


def page(desk: "Desk", number: str) -> ComplaintPage:
    """For those who see to it; NotFound for the complainant, too: theirs is `own_page`."""
    complaint = records.seen(desk, number)
    if not records.stand_of(desk, complaint).is_impartial:
        raise NotFound()
    return ComplaintPage(
        complaint=view(desk, complaint),
        concerned=concerned(desk, complaint.id),
        events=events(desk, complaint.id),
        attachments=attachments(desk, complaint.id),
        was_objected=complaint.objected_at is not None,
    )


def own_page(desk: "Desk", number: str) -> ComplaintPage:
    """The complainant's own: what they said, and what they were told; NotFound for others."""
    complaint = records.seen(desk, number)
    if complaint.requester_id != desk.actor.id:
        raise NotFound()
    said = {
        ComplaintAction.SUBMIT,
        ComplaintAction.ADD,
        ComplaintAction.FEED_BACK,
        ComplaintAction.OBJECT,
        ComplaintAction.RATE,
        ComplaintAction.WITHDRAW,
    }
    return ComplaintPage(
        complaint=view(desk, complaint),
        concerned=(),
        events=tuple(each for each in events(desk, complaint.id) if each.action in said),
        attachments=tuple(
            each for each in attachments(desk, complaint.id) if each.purpose is not Purpose.NOTE
        ),
        was_objected=complaint.objected_at is not None,
    )


def note_reading(desk: "Desk", complaint_id: int) -> None:
    """Whoever opens what is not theirs is noted, once in an hour (P8); in a writing transaction."""
    complaint = desk.session.get(Complaint, complaint_id)
    if complaint is None or complaint.requester_id == desk.actor.id:
        return
    lately = exists().where(
        ComplaintEvent.complaint_id == complaint_id,
        ComplaintEvent.action == ComplaintAction.READ,
        ComplaintEvent.actor_id == desk.actor.id,
        ComplaintEvent.happened_at > desk.now - READ_ONCE_IN,
    )
    if not desk.session.scalar(select(lately)):
        records.record(desk.session, complaint, ComplaintAction.READ, desk.actor, desk.now)


def mine(desk: "Desk", most: int = 20) -> tuple[ComplaintView, ...]:
    """What the actor complained of, newest first; ix_complaints_requester_id_submitted_at."""
    rows = desk.session.scalars(
        select(Complaint)
        .where(Complaint.requester_id == desk.actor.id)
        .order_by(Complaint.submitted_at.desc(), Complaint.id.desc())
        .limit(most)
    )
    return tuple(view(desk, each) for each in rows.all())


def listed(desk: "Desk", wanted: Wanted) -> tuple[ComplaintView, ...]:
    """One page of those that the actor sees to, or may read."""
    statement = select(Complaint).where(*conditions(desk, wanted))
    rows = desk.session.scalars(ordered(statement, wanted).limit(PAGE))
    return tuple(view(desk, each) for each in rows.all())


def ordered(statement: Select[Row], wanted: Wanted) -> Select[Row]:
    """What waits, by when it is due; all else newest first. A page goes on behind its last row."""
    if wanted.which in (Which.MINE_TO_DO, Which.LATE):
        if wanted.before is not None:
            statement = statement.where(_due_after(wanted.before))
        return statement.order_by(Complaint.due_at, Complaint.id)
    if wanted.before is not None:
        statement = statement.where(Complaint.id < wanted.before)
    return statement.order_by(Complaint.id.desc())


def _due_after(complaint_id: int) -> ColumnElement[bool]:
    last = select(_last.c.due_at).where(_last.c.id == complaint_id).scalar_subquery()
    is_same = and_(Complaint.due_at == last, Complaint.id > complaint_id)
    return or_(Complaint.due_at > last, is_same)


def conditions(desk: "Desk", wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    """What the list shows, and nothing that the actor complained of or is concerned in."""
    seen = and_(records.visible_to(desk), Complaint.requester_id != desk.actor.id)
    found = [seen, _which(desk, wanted.which)]
    if words := wanted.words.strip():
        found.append(_says(words))
    return found


def _which(desk: "Desk", which: Which) -> ColumnElement[bool]:
    match which:
        case Which.MINE_TO_DO:
            return _to_do(desk)
        case Which.OPEN:
            return Complaint.status.in_(OPEN_COMPLAINTS)
        case Which.LATE:
            return and_(Complaint.status.in_(OPEN_COMPLAINTS), Complaint.due_at < desk.now)
        case Which.ENDED:
            return Complaint.ended_at.is_not(None)
        case Which.ALL:
            return Complaint.id.is_not(None)


def _to_do(desk: "Desk") -> ColumnElement[bool]:
    """What waits for one of the actor's roles; a head does what nobody at the desk may."""
    roles, settled = desk.actor.roles, Stand(is_impartial=True)
    waits: list[ColumnElement[bool]] = []
    if may(roles, Permission.COMPLAINT_VERIFY, settled):
        waits.append(Complaint.status.in_(AWAITS_DESK))
    if may(roles, Permission.COMPLAINT_DECIDE, settled):
        waits.append(Complaint.status.in_(AWAITS_HEAD))
        is_ours = ~records.has_impartial(Role.DESK)
        waits.append(and_(Complaint.status == ComplaintStatus.DECIDED, is_ours))
    if records.is_deputy(desk):
        no_head = ~records.has_impartial(Role.HEAD)
        waits.append(and_(Complaint.status.in_(AWAITS_HEAD), no_head))
    return or_(*waits) if waits else false()


def _says(words: str) -> ColumnElement[bool]:
    """There are few complaints: each is looked at."""
    return or_(
        Complaint.number.contains(words, autoescape=True),
        Complaint.contact_name.contains(words, autoescape=True),
        Complaint.words.contains(words, autoescape=True),
        Complaint.findings.contains(words, autoescape=True),
    )


def of_ticket(desk: "Desk", ticket_id: int) -> tuple[ComplaintView, ...]:
    """Complaints about a ticket that the actor may read, for its page."""
    rows = desk.session.scalars(
        select(Complaint)
        .where(Complaint.ticket_id == ticket_id, records.visible_to(desk))
        .order_by(Complaint.id)
    )
    return tuple(view(desk, each) for each in rows.all())


def attachment(desk: "Desk", attachment_id: int) -> Attachment:
    """The file of a complaint that the actor may read; NotFound otherwise."""
    found = desk.session.get(Attachment, attachment_id)
    if found is None or found.complaint_id is None:
        raise NotFound()
    seen = select(Complaint).where(Complaint.id == found.complaint_id, records.visible_to(desk))
    complaint = desk.session.scalar(seen)
    if complaint is None:
        raise NotFound()
    if found.purpose is Purpose.NOTE and complaint.requester_id == desk.actor.id:
        raise NotFound()
    return found


def told_up_to(desk: "Desk", person_id: int) -> datetime | None:
    """When somebody last complained, for a reader who may know of all that they complained of."""
    theirs = Complaint.requester_id == person_id
    if desk.session.scalar(select(exists().where(theirs, ~records.visible_to(desk)))):
        return None
    return desk.session.scalar(select(func.max(Complaint.submitted_at)).where(theirs))
