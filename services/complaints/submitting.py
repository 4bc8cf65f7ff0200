"""A complaint is taken in: whom it concerns, who verifies, by when (C1)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.commands import Command
from domain.complaints import (
    About,
    ComplaintAction,
    ComplaintRing,
    ComplaintStatus,
    Concerned,
)
from domain.heard import Heard
from domain.permissions import Permission, Role, demand
from domain.refusals import NotFound, ProfileMissing, Refusal
from domain.roster import Work
from domain.sentence import Fact, Word
from models import (
    Activity,
    Attachment,
    Complaint,
    ComplaintPerson,
    Duty,
    IntakeChannel,
    Person,
    Purpose,
    Resolution,
    Ticket,
)
from services import inbox, queries
from services.attachments import adopt_for_complaint, made_of_message, made_of_upload
from services.complaints import records, telling
from services.complaints.numbering import next_number
from services.complaints.views import ComplaintView, view
from services.speakers import speaker_of
from storage import Saved

if TYPE_CHECKING:
    from services.desk import Desk

WORDS_LIMIT = 4000  # characters
MOST_PHOTOS = 9


class NothingSaid(Refusal):
    """A complaint needs words."""

    text_key = "complaint.refusal.nothing_said"


class TooManyPhotos(Refusal):
    text_key = "complaint.refusal.too_many_photos"

    def __init__(self) -> None:
        super().__init__(most=MOST_PHOTOS)


@dataclass(frozen=True, slots=True)
class Submission:
    """What is complained of, in the complainant's own words."""

    words: str
    about: About = About.SERVICE
    ticket_id: int | None = None
    people: tuple[int, ...] = ()  # named by the complainant
    phone: str | None = None  # by which they want to be called; else the one that is known
    messages: tuple[int, ...] = ()  # of the inbox, in which it was said: seen with it only


def submit(
    desk: "Desk", submission: Submission, channel: IntakeChannel = IntakeChannel.WECHAT
) -> ComplaintView:
    """The actor complains; the same message again is the same complaint."""
    demand(desk.actor.roles, Permission.COMPLAINT_OPEN)
    me = desk.session.get_one(Person, desk.actor.id)
    return _submit(desk, me, submission, channel)


def submit_for(
    desk: "Desk",
    person_id: int,
    submission: Submission,
    channel: IntakeChannel = IntakeChannel.PHONE,
) -> ComplaintView:
    """A clerk writes down what somebody complains of on the phone (F2, C1)."""
    demand(desk.actor.roles, Permission.COMPLAINT_OPEN_FOR_OTHER)
    person = desk.session.get(Person, person_id)
    if person is None:
        raise NotFound()
    return _submit(desk, person, submission, channel)


def said(words: str) -> str:
    """What was said, no longer than a complaint may be; NothingSaid for blanks."""
    words = words.strip()[:WORDS_LIMIT]
    if not words:
        raise NothingSaid()
    return words


def _submit(
    desk: "Desk", person: Person, submission: Submission, channel: IntakeChannel
) -> ComplaintView:
    session, now = desk.session, desk.now
    if desk.inbox_id is not None:
        before = select(Complaint).where(Complaint.opened_by_inbox_id == desk.inbox_id)
        if (found := session.scalar(before)) is not None:
            return view(desk, found)
    words = said(submission.words)
    phone = submission.phone or person.phone or person.extension
    if not (person.name and phone):
        raise ProfileMissing()
    ticket = _ticket(desk, person, submission.ticket_id)
    is_by_clerk = person.id != desk.actor.id
    complaint = Complaint(
        number=next_number(session, now),
        status=ComplaintStatus.SUBMITTED,
        channel=channel,
        requester_id=person.id,
        contact_name=person.name,
        contact_department=person.department or "",
        contact_phone=phone[:24],
        registered_by_id=desk.actor.id if is_by_clerk else None,
        about=submission.about if ticket is None or submission.people else About.TICKET,
        ticket_id=ticket.id if ticket else None,
        words=words,
        submitted_at=now,
        opened_by_inbox_id=desk.inbox_id,
    )
    session.add(complaint)
    session.flush()
    _concern(desk, complaint, submission.people, Concerned.NAMED)
    if ticket is not None:
        _concern(desk, complaint, workers_of(desk, ticket), Concerned.WORKED)
    adopt_for_complaint(session, person.id, complaint.id, now)
    hide(desk, *submission.messages)
    records.record(session, complaint, ComplaintAction.SUBMIT, desk.actor, now, words=words)
    _to_the_desk(desk, complaint, is_by_clerk=is_by_clerk)
    session.flush()
    if is_by_clerk:
        telling.tell_requester(
            desk,
            complaint,
            "complaint_told.registered",
            Command.MY_COMPLAINTS,
            due=complaint.due_at,
        )
    return view(desk, complaint)


def _ticket(desk: "Desk", person: Person, ticket_id: int | None) -> Ticket | None:
    """One that the complainant may read themselves, whoever writes it down."""
    if ticket_id is None:
        return None
    queries.ticket(desk.session, speaker_of(person), ticket_id)
    return desk.session.get_one(Ticket, ticket_id)


def workers_of(desk: "Desk", ticket: Ticket) -> frozenset[int]:
    """Everybody who had the ticket in hand, helped with it, or reported its result."""
    session = desk.session
    dispatched_to = Activity.detail["engineer_id"].as_integer()
    had = session.scalars(
        select(dispatched_to).where(Activity.ticket_id == ticket.id, dispatched_to.is_not(None))
    )
    solved = session.scalars(
        select(Resolution.engineer_id).where(Resolution.ticket_id == ticket.id)
    )
    now = (ticket.assignee_id, ticket.supporter_id)
    return frozenset(each for each in (*had, *solved, *now) if each is not None)


def _concern(desk: "Desk", complaint: Complaint, people: Collection[int], why: Concerned) -> None:
    """They are kept from it from now on; whoever complains knows of it already."""
    known = records.concerned_in(desk.session, complaint.id)
    for person_id in sorted(set(people) - known - {complaint.requester_id}):
        desk.session.add(ComplaintPerson(complaint_id=complaint.id, person_id=person_id, why=why))
    desk.session.flush()


def _to_the_desk(desk: "Desk", complaint: Complaint, *, is_by_clerk: bool) -> None:
    clerks = records.impartial(desk.session, complaint, Role.DESK)
    if not clerks:
        # Everybody at the desk is concerned, or nobody is there: the head hears it as it is.
        complaint.status = ComplaintStatus.VERIFIED
        complaint.verified_at = desk.now
        to_the_head(desk, complaint)
        return
    complaint.verifier_id = (
        desk.actor.id if is_by_clerk and desk.actor.id in clerks else _verifier(desk, clerks)
    )
    _awaits_the_desk(desk, complaint)
    telling.tell_desk(
        desk,
        complaint,
        "complaint_told.new",
        Command.VERIFY,
        contact=complaint.contact_name,
        department=complaint.contact_department or None,
        words=complaint.words[:200],
        due=complaint.due_at,
    )


def to_the_desk_again(desk: "Desk", complaint: Complaint, words: str) -> None:
    """The head wants to know more."""
    _awaits_the_desk(desk, complaint)
    facts: dict[str, Fact] = {"words": words[:200], "due": complaint.due_at}
    telling.tell_desk(desk, complaint, "complaint_told.returned", Command.VERIFY, **facts)


def _awaits_the_desk(desk: "Desk", complaint: Complaint) -> None:
    rules, hours = desk.rules.complaints, desk.rules.hours
    complaint.due_at = rules.verify_by(hours, desk.now)
    complaint.ring = ComplaintRing.VERIFY_AT_RISK
    complaint.rings_at = hours.add(desk.now, rules.verify_within * 3 / 4)


def awaits_the_head(desk: "Desk", complaint: Complaint) -> None:
    """A decision is due, and somebody is warned before it is late."""
    complaint.due_at = desk.rules.complaints.decide_by(desk.rules.hours, desk.now)
    complaint.ring = ComplaintRing.DECIDE_AT_RISK
    complaint.rings_at = desk.now + (complaint.due_at - desk.now) * 3 / 4


def to_the_head(desk: "Desk", complaint: Complaint) -> None:
    """Reported: whoever decides has it with its facts (C2)."""
    session = desk.session
    by_itself = None if complaint.findings is None else desk.actor
    records.act(
        session,
        complaint,
        ComplaintAction.REPORT,
        by_itself,
        desk.now,
        findings=complaint.findings,
    )
    complaint.reported_at = desk.now
    awaits_the_head(desk, complaint)
    session.flush()
    telling.tell_deciders(
        desk,
        complaint,
        "complaint_told.reported",
        Command.DECIDE,
        contact=complaint.contact_name,
        words=complaint.words[:200],
        findings=(complaint.findings or "")[:200] or None,
        is_again=Word("complaint.again") if complaint.objected_at else None,
        due=complaint.due_at,
    )


def _verifier(desk: "Desk", clerks: tuple[int, ...]) -> int:
    """Who is there by the roster, else who verifies fewest now."""
    on_duty = set(
        desk.session.scalars(
            select(Duty.person_id).where(
                Duty.person_id.in_(clerks),
                Duty.work == Work.DESK,
                Duty.begins_at <= desk.now,
                Duty.ends_at > desk.now,
            )
        )
    )
    counts = records.open_counts(desk.session, clerks)
    return min(clerks, key=lambda each: (each not in on_duty, counts.get(each, 0), each))


# --- more is said --------------------------------------------------------------------------------


def add(desk: "Desk", complaint_id: int, words: str) -> ComplaintView:
    """The complainant says more, or a clerk writes down what they said on the phone."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_ADD)
    words = said(words)
    records.act(desk.session, complaint, ComplaintAction.ADD, desk.actor, desk.now, words=words)
    hide(desk)
    _tell_who_has_it(desk, complaint, words[:200])
    return view(desk, complaint)


def attach(desk: "Desk", complaint_id: int, heard: Heard) -> ComplaintView:
    """A photo or voice that belongs to it; its bytes are fetched after the answer."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_ADD)
    attachment = made_of_message(desk, heard, _purpose(desk, complaint))
    return _attached(desk, complaint, attachment)


def _purpose(desk: "Desk", complaint: Complaint) -> Purpose:
    """What a clerk puts beside it while verifying is not for the complainant."""
    return Purpose.REPORT if complaint.requester_id == desk.actor.id else Purpose.NOTE


def keep_upload(desk: "Desk", complaint_id: int, kind: str, saved: Saved) -> ComplaintView:
    """What a page took and the store has kept already."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_ADD)
    attachment = made_of_upload(desk, kind, saved, Purpose.REPORT)
    return _attached(desk, complaint, attachment)


def _attached(desk: "Desk", complaint: Complaint, attachment: Attachment) -> ComplaintView:
    session = desk.session
    here = select(Attachment.id).where(Attachment.complaint_id == complaint.id).limit(MOST_PHOTOS)
    if len(session.scalars(here).all()) >= MOST_PHOTOS:
        raise TooManyPhotos()
    records.act(session, complaint, ComplaintAction.ADD, desk.actor, desk.now, kind=attachment.kind)
    attachment.complaint_id = complaint.id
    session.add(attachment)
    hide(desk)
    session.flush()
    return view(desk, complaint)


def _tell_who_has_it(desk: "Desk", complaint: Complaint, words: str) -> None:
    facts: dict[str, Fact] = {"contact": complaint.contact_name, "words": words}
    if complaint.status in (ComplaintStatus.REPORTED, ComplaintStatus.OBJECTED):
        telling.tell_deciders(desk, complaint, "complaint_told.added", Command.DECIDE, **facts)
    else:
        telling.tell_desk(desk, complaint, "complaint_told.added", Command.VERIFY, **facts)


def hide(desk: "Desk", *messages: int) -> None:
    """The message that is being handled, and these: read with the complaint alone (P8)."""
    for each in {*messages, desk.inbox_id}:
        if each is not None:
            inbox.hide(desk.session, each)
