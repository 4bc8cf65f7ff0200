"""What the desk and the head do with a complaint: verify, report, decide, feed back (C2, C3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from domain.appraisal import MOST_POINTS
from domain.commands import Command
from domain.complaints import (
    ComplaintAction,
    ComplaintRing,
    Concerned,
    Verdict,
    next_complaint_status,
)
from domain.permissions import Permission, Role
from domain.refusals import NotFound, Refusal
from domain.sentence import Word
from models import Complaint, ComplaintPerson, Person
from services import appraisal
from services.complaints import records, telling
from services.complaints.submitting import said, to_the_desk_again, to_the_head
from services.complaints.views import ComplaintView, view

if TYPE_CHECKING:
    from services.desk import Desk


class NobodyToVerify(Refusal):
    """Everybody at the desk is concerned: whoever decides has to find out themselves."""

    text_key = "complaint.refusal.nobody_to_verify"


class ConcernsYou(Refusal):
    """Nobody verifies what they are found to be concerned in."""

    text_key = "complaint.refusal.concerns_you"


@dataclass(frozen=True, slots=True)
class Charge:
    """What an upheld complaint counts for one person, in words that they may read."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The head's: the verdict, what is done about it, and what it counts for whom."""

    verdict: Verdict
    measures: str
    charges: Mapping[int, Charge] = field(default_factory=dict)  # left out: as the rules say


def take(desk: "Desk", complaint_id: int) -> ComplaintView:
    """The actor sees to it from now on, in place of the clerk who had it."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_VERIFY)
    records.act(desk.session, complaint, ComplaintAction.TAKE, desk.actor, desk.now)
    complaint.verifier_id = desk.actor.id
    return view(desk, complaint)


def verify(
    desk: "Desk", complaint_id: int, findings: str, people: Collection[int] = ()
) -> ComplaintView:
    """What was found, and whom it concerns; the head does not hear of it yet."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_VERIFY)
    findings = said(findings)
    if desk.actor.id in people:
        raise ConcernsYou()
    next_complaint_status(complaint.status, ComplaintAction.VERIFY)  # a refusal changes nothing
    _find(desk, complaint, people)
    records.act(
        desk.session,
        complaint,
        ComplaintAction.VERIFY,
        desk.actor,
        desk.now,
        findings=findings,
        people=sorted(people) or None,
    )
    complaint.findings = findings
    complaint.verifier_id = desk.actor.id
    complaint.verified_at = desk.now
    return view(desk, complaint)


def report(desk: "Desk", complaint_id: int) -> ComplaintView:
    """Complaint and findings go to the head (C2)."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_VERIFY)
    to_the_head(desk, complaint)
    return view(desk, complaint)


def _find(desk: "Desk", complaint: Complaint, people: Collection[int]) -> None:
    """Named by the findings, and kept from it.

    Whoever was named before and is not now, stays kept from it: they must not learn who complained.
    """
    session = desk.session
    if any(session.get(Person, each) is None for each in people):
        raise NotFound()
    these = ComplaintPerson.complaint_id == complaint.id
    session.execute(update(ComplaintPerson).where(these).values(is_found=False))
    known = {row.person_id: row for row in session.scalars(select(ComplaintPerson).where(these))}
    for person_id in sorted(set(people) - {complaint.requester_id}):
        row = known.get(person_id)
        if row is None:
            row = ComplaintPerson(
                complaint_id=complaint.id, person_id=person_id, why=Concerned.FOUND
            )
            session.add(row)
            telling.withdraw_from(desk, complaint, person_id)
        row.is_found = True
    session.flush()


def give_back(desk: "Desk", complaint_id: int, words: str) -> ComplaintView:
    """The head wants to know more before deciding (C3)."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_DECIDE)
    words = said(words)
    if not records.impartial(desk.session, complaint, Role.DESK):
        raise NobodyToVerify()
    records.act(desk.session, complaint, ComplaintAction.RETURN, desk.actor, desk.now, words=words)
    to_the_desk_again(desk, complaint, words)
    return view(desk, complaint)


def decide(desk: "Desk", complaint_id: int, made: Decision) -> ComplaintView:
    """The final word, or the first of two where it is objected to; facts for appraisal (C3, C4)."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_DECIDE)
    measures = said(made.measures)
    records.act(
        desk.session,
        complaint,
        ComplaintAction.DECIDE,
        desk.actor,
        desk.now,
        verdict=made.verdict.value,
        measures=measures,
    )
    complaint.verdict, complaint.measures = made.verdict, measures
    complaint.decider_id, complaint.decided_at = desk.actor.id, desk.now
    complaint.due_at = desk.rules.complaints.feed_back_by(desk.rules.hours, desk.now)
    complaint.ring, complaint.rings_at = ComplaintRing.FEED_BACK_DUE, complaint.due_at
    desk.session.flush()
    _charge(desk, complaint, made)
    telling.tell_desk(
        desk,
        complaint,
        "complaint_told.decided",
        Command.FEED_BACK,
        verdict=Word(f"complaint.verdict.{made.verdict.value}"),
        measures=measures[:300],
        due=complaint.due_at,
    )
    return view(desk, complaint)


def _charge(desk: "Desk", complaint: Complaint, made: Decision) -> None:
    """Each person whom the findings name gets a fact; a second decision changes the first's."""
    found = select(ComplaintPerson.person_id).where(
        ComplaintPerson.complaint_id == complaint.id, ComplaintPerson.is_found
    )
    points = desk.rules.complaints.points_of(made.verdict)
    charges = {
        person_id: made.charges.get(person_id, Charge(points, ""))
        for person_id in desk.session.scalars(found)
        if made.verdict is not Verdict.NOT_UPHELD
    }
    for person_id, charge in charges.items():
        limited = max(-MOST_POINTS, min(MOST_POINTS, charge.points))
        appraisal.count_complaint(desk, complaint, person_id, limited, charge.words.strip())
    appraisal.strike_others(desk, complaint, charges.keys())


def feed_back(desk: "Desk", complaint_id: int, words: str) -> ComplaintView:
    """The complainant reads the decision in the desk's words (C3)."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_FEED_BACK)
    words = said(words)
    records.act(
        desk.session, complaint, ComplaintAction.FEED_BACK, desk.actor, desk.now, words=words
    )
    complaint.feedback, complaint.fed_back_at = words, desk.now
    complaint.fed_back_by_id = desk.actor.id
    complaint.due_at = None
    complaint.ring = ComplaintRing.RATING_REMINDER
    complaint.rings_at = desk.now + desk.rules.complaints.remind_rating_within
    commands = (Command.RATE_COMPLAINT, Command.OBJECT)
    telling.tell_requester(
        desk,
        complaint,
        "complaint_told.fed_back",
        *(commands if complaint.objected_at is None else commands[:1]),
        words=words,
    )
    return view(desk, complaint)
