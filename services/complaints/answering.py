"""What the complainant does: rates how it was handled, objects once, withdraws (C4)."""

from typing import TYPE_CHECKING

from domain.commands import Command
from domain.complaints import (
    ComplaintAction,
    ComplaintActionNotAllowed,
    ComplaintStatus,
    HandlingRating,
    ObjectedBefore,
)
from domain.permissions import Permission, Role
from models import Complaint
from services.complaints import records, telling
from services.complaints.submitting import WORDS_LIMIT, awaits_the_head, hide, said
from services.complaints.views import ComplaintView, view

if TYPE_CHECKING:
    from services.desk import Desk

_LOW = 2


def rate(desk: "Desk", complaint_id: int, rating: HandlingRating) -> ComplaintView:
    """Process and outcome, once; silence is not rated, never content."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_RATE)
    records.act(
        desk.session,
        complaint,
        ComplaintAction.RATE,
        desk.actor,
        desk.now,
        process=rating.process,
        outcome=rating.outcome,
        words=rating.comment.strip() or None,
    )
    complaint.process, complaint.outcome = rating.process, rating.outcome
    complaint.comment = rating.comment.strip()[:500] or None
    complaint.rated_at = desk.now
    _end(desk, complaint)
    hide(desk)
    if min(rating.process, rating.outcome) <= _LOW:
        telling.tell_deciders(
            desk,
            complaint,
            "complaint_told.rated_low",
            process=rating.process,
            outcome=rating.outcome,
            words=complaint.comment,
        )
    return view(desk, complaint)


def comment(desk: "Desk", complaint_id: int, words: str) -> ComplaintView:
    """Scores count at once; a word why may follow them, and who decided reads it (C4)."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_RATE)
    words = said(words)[:500]
    if complaint.status is not ComplaintStatus.RATED or complaint.comment:
        raise ComplaintActionNotAllowed(complaint.status, ComplaintAction.RATE)
    complaint.comment = words
    records.record(desk.session, complaint, ComplaintAction.RATE, desk.actor, desk.now, words=words)
    hide(desk)
    telling.tell_deciders(
        desk,
        complaint,
        "complaint_told.rated_low",
        process=complaint.process,
        outcome=complaint.outcome,
        words=words,
    )
    return view(desk, complaint)


def object_to(desk: "Desk", complaint_id: int, words: str) -> ComplaintView:
    """Back to the head, marked; ObjectedBefore the second time."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_RATE)
    words = said(words)
    if complaint.objected_at is not None:
        raise ObjectedBefore()
    records.act(desk.session, complaint, ComplaintAction.OBJECT, desk.actor, desk.now, words=words)
    complaint.objection, complaint.objected_at = words, desk.now
    awaits_the_head(desk, complaint)
    hide(desk)
    telling.tell_deciders(
        desk,
        complaint,
        "complaint_told.objected",
        Command.DECIDE,
        contact=complaint.contact_name,
        words=words[:200],
        due=complaint.due_at,
    )
    return view(desk, complaint)


def withdraw(desk: "Desk", complaint_id: int, words: str = "") -> ComplaintView:
    """Before a decision is made; nobody needs a reason."""
    complaint = records.permitted(desk, complaint_id, Permission.COMPLAINT_WITHDRAW)
    records.act(
        desk.session,
        complaint,
        ComplaintAction.WITHDRAW,
        desk.actor,
        desk.now,
        words=words.strip()[:WORDS_LIMIT] or None,
    )
    _end(desk, complaint)
    hide(desk)
    telling.tell_desk(desk, complaint, "complaint_told.withdrawn", contact=complaint.contact_name)
    if complaint.reported_at is not None and records.impartial(desk.session, complaint, Role.HEAD):
        telling.tell_deciders(
            desk, complaint, "complaint_told.withdrawn", contact=complaint.contact_name
        )
    return view(desk, complaint)


def _end(desk: "Desk", complaint: Complaint) -> None:
    complaint.ended_at = desk.now
    complaint.due_at = complaint.rings_at = None
    complaint.ring = None
