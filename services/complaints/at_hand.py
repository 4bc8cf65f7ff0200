"""What verifying and deciding need beside a complaint: who, what was said, the ticket (C2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.complaints import ComplaintStatus
from domain.permissions import Permission, Role, may
from domain.refusals import NotFound
from models import (
    AppraisalFact,
    Complaint,
    Conversation,
    InboxMessage,
    Notice,
    Person,
    Rating,
    Resolution,
    Takeover,
    TalkLine,
    Ticket,
)
from services import clerks, ticket_page
from services.complaints import records
from services.complaints.views import ConcernedView, concerned
from services.speakers import holds
from services.talk_lists import KINDS
from services.ticket_page import NoticeLine
from services.timeline import Entry, EntryKind, timeline
from services.views import PersonView, Scores

if TYPE_CHECKING:
    from services.desk import Desk

_EARLIER = 8
_SAID = 60
_ENTRIES = 12
_BEFORE = timedelta(days=1)
_AFTER = timedelta(days=1)
_STAFF = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another complaint of the same person that the reader may see."""

    number: str
    status: ComplaintStatus
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who complained, as far as the reader may know people."""

    id: int
    name: str
    department: str
    phone: str
    office: str | None
    staff_number: str | None
    has_wechat: bool
    is_following: bool
    heard_at: datetime | None
    registered_by: str | None
    earlier: tuple[Earlier, ...]
    may_talk: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Something said between the person and the desk around that time; side: person, bot, clerk."""

    at: datetime
    side: str
    words: str
    who: str | None = None


@dataclass(frozen=True, slots=True)
class TicketAtHand:
    """The ticket in question: what happened, what was done, how it was rated."""

    is_open_to_reader: bool  # its own page
    entries: tuple[Entry, ...]
    more: int  # entries that are left out
    action_taken: str | None
    solved_by: str | None
    scores: Scores | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the findings may name."""

    person: PersonView
    concerned: ConcernedView | None  # if it concerns them already


@dataclass(frozen=True, slots=True)
class AtHand:
    """All of it."""

    complainant: Complainant
    said: tuple[Said, ...]
    ticket: TicketAtHand | None
    notices: tuple[NoticeLine, ...]


def at_hand(desk: "Desk", complaint_id: int) -> AtHand:
    """For who reads the complaint; the caller has asked whether they may."""
    complaint = desk.session.get_one(Complaint, complaint_id)
    has_fates = may(desk.actor.roles, Permission.NOTICE_READ)
    lines = ticket_page.fates_of(desk, Notice.complaint_id == complaint_id) if has_fates else ()
    return AtHand(
        _complainant(desk, complaint),
        _said(desk, complaint),
        _ticket(desk, complaint),
        tuple(line.notice for line in lines if line.notice is not None),
    )


# --- who -----------------------------------------------------------------------------------------


def _complainant(desk: "Desk", complaint: Complaint) -> Complainant:
    session, roles = desk.session, desk.actor.roles
    person = session.get_one(Person, complaint.requester_id)
    knows = may(roles, Permission.PERSON_READ)
    by = complaint.registered_by_id
    heard = select(Conversation.heard_at).where(Conversation.person_id == person.id)
    has_wechat = person.openid is not None
    return Complainant(
        id=person.id,
        name=complaint.contact_name,
        department=complaint.contact_department,
        phone=complaint.contact_phone,
        office=person.office if knows else None,
        staff_number=person.staff_number if knows else None,
        has_wechat=has_wechat,
        is_following=person.is_following,
        heard_at=session.scalar(heard) if knows else None,
        registered_by=session.get_one(Person, by).name if by is not None else None,
        earlier=_earlier(desk, complaint),
        may_talk=has_wechat and may(roles, Permission.CONVERSATION_TAKE),
    )


def _earlier(desk: "Desk", complaint: Complaint) -> tuple[Earlier, ...]:
    """Served by ix_complaints_requester_id_submitted_at."""
    rows = desk.session.scalars(
        select(Complaint)
        .where(
            Complaint.requester_id == complaint.requester_id,
            Complaint.id != complaint.id,
            records.visible_to(desk),
        )
        .order_by(Complaint.submitted_at.desc())
        .limit(_EARLIER)
    )
    return tuple(Earlier(each.number, each.status, each.words, each.submitted_at) for each in rows)


def candidates(desk: "Desk", complaint_id: int) -> tuple[Candidate, ...]:
    """Whom the findings may name: whom it concerns first, then all who work here.

    Neither the complainant nor the reader: nobody verifies what concerns themselves.
    """
    complaint = desk.session.get_one(Complaint, complaint_id)
    known = {each.person.id: each for each in concerned(desk, complaint_id)}
    left_out = {complaint.requester_id, *known}
    others = (each for each in staff(desk) if each.id not in left_out)
    return (
        *(Candidate(each.person, each) for each in known.values()),
        *(Candidate(each, None) for each in others),
    )


def staff(desk: "Desk") -> tuple[PersonView, ...]:
    """All who work here, but for the reader."""
    rows = desk.session.scalars(
        select(Person)
        .where(Person.is_active, Person.id != desk.actor.id, holds(*_STAFF))
        .order_by(Person.name, Person.id)
    )
    return tuple(PersonView(each.id, each.name or "", None, each.department) for each in rows)


# --- what was said -------------------------------------------------------------------------------


def _said(desk: "Desk", complaint: Complaint) -> tuple[Said, ...]:
    """Of that time, for who may read talks; words of another complaint stand with that one."""
    if not may(desk.actor.roles, Permission.CONVERSATION_TAKE):
        return ()
    session = desk.session
    person = session.get_one(Person, complaint.requester_id)
    ticket = session.get(Ticket, complaint.ticket_id) if complaint.ticket_id else None
    since = min(complaint.submitted_at, ticket.opened_at) if ticket else complaint.submitted_at
    window = (since - _BEFORE, complaint.submitted_at + _AFTER)
    lines = [*_in_chat(session, person, window), *_by_clerks(session, person, window)]
    return tuple(sorted(lines, key=lambda each: each.at)[-_SAID:])


def _in_chat(session: Session, person: Person, window: tuple[datetime, datetime]) -> Iterator[Said]:
    """Served by the unique index that begins with the openid."""
    rows = session.scalars(
        select(InboxMessage)
        .where(
            InboxMessage.openid == (person.openid or f"person:{person.id}"),
            InboxMessage.received_at.between(*window),
            InboxMessage.kind.in_((*KINDS, "event")),
            InboxMessage.is_confidential.is_(False),
        )
        .order_by(InboxMessage.id.desc())
        .limit(_SAID)
    )
    for each in rows:
        if each.event is None and each.text:
            yield Said(each.received_at, "person", each.text, person.name)
        answer = (each.reply or {}).get("text")
        if answer:
            yield Said(each.received_at, "bot", str(answer))


def _by_clerks(
    session: Session, person: Person, window: tuple[datetime, datetime]
) -> Iterator[Said]:
    """Served by ix_takeovers_person_id_id."""
    rows = session.scalars(
        select(TalkLine)
        .join(Takeover, Takeover.id == TalkLine.takeover_id)
        .where(Takeover.person_id == person.id, TalkLine.said_at.between(*window))
        .order_by(TalkLine.id.desc())
        .limit(_SAID)
    )
    for each in rows:
        who = clerks.name_of(session, each.kf_account) if each.is_clerk else person.name
        yield Said(each.said_at, "clerk" if each.is_clerk else "person", each.text, who)


# --- the ticket ----------------------------------------------------------------------------------


def _ticket(desk: "Desk", complaint: Complaint) -> TicketAtHand | None:
    session, actor = desk.session, desk.actor
    if complaint.ticket_id is None:
        return None
    ticket = session.get_one(Ticket, complaint.ticket_id)
    done = session.scalar(
        select(Resolution)
        .where(Resolution.ticket_id == ticket.id)
        .order_by(Resolution.id.desc())
        .limit(1)
    )
    entries = _entries(desk, ticket)
    return TicketAtHand(
        is_open_to_reader=ticket_page.is_inside(desk, ticket),
        entries=entries[-_ENTRIES:],
        more=max(0, len(entries) - _ENTRIES),
        action_taken=done.action_taken if done else None,
        solved_by=session.get_one(Person, done.engineer_id).name if done else None,
        scores=_scores(session, ticket.id) if may(actor.roles, Permission.RATING_READ) else None,
    )


def _entries(desk: "Desk", ticket: Ticket) -> tuple[Entry, ...]:
    """Without pictures and ratings, which stand for themselves; none for who may not read it."""
    try:
        lines = timeline(desk.session, desk.actor, ticket.id)
    except NotFound:
        return ()
    return tuple(each for each in lines if each.kind in (EntryKind.DONE, EntryKind.TALK))


def _scores(session: Session, ticket_id: int) -> Scores | None:
    newest = select(Rating).where(Rating.ticket_id == ticket_id).order_by(Rating.id.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        return None
    return Scores(found.speed, found.attitude, found.result, found.comment)


def charges(desk: "Desk", complaint_id: int) -> Mapping[int, tuple[int, str]]:
    """What an earlier decision counts for whom, and in what words: to be changed by the second."""
    rows = desk.session.scalars(
        select(AppraisalFact).where(AppraisalFact.complaint_id == complaint_id)
    )
    return {each.person_id: (each.points, each.words) for each in rows}
