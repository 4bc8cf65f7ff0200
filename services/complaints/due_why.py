"""Why a complaint's step is due when it is: what was promised, from when, each stretch (R4, C2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from domain.calendar import CalendarRunsOut, Runs
from domain.complaints import ComplaintAction, ComplaintStatus
from domain.sentence import Fact, Say
from models import Complaint, ComplaintEvent
from services.clock_why import lasting

if TYPE_CHECKING:
    from services.desk import Desk

_S = ComplaintStatus
_STEP = {
    _S.SUBMITTED: "verify",
    _S.VERIFIED: "verify",
    _S.REPORTED: "decide",
    _S.OBJECTED: "decide",
}
_BEGAN = {
    "verify": (ComplaintAction.SUBMIT, ComplaintAction.RETURN),
    "decide": (ComplaintAction.REPORT, ComplaintAction.OBJECT),
    "feed_back": (ComplaintAction.DECIDE,),
}


@dataclass(frozen=True, slots=True)
class Due:
    """By when the present step is promised, and the derivation line by line."""

    at: datetime
    step: str  # verify, decide, feed_back
    is_late: bool
    is_soon: bool
    left: Say
    reasons: tuple[Say, ...]


def due_of(desk: "Desk", complaint_id: int) -> Due | None:
    """None where nobody of the desk owes anything."""
    complaint = desk.session.get_one(Complaint, complaint_id)
    at = complaint.due_at
    if at is None or complaint.ended_at is not None:
        return None
    step = _STEP.get(complaint.status, "feed_back")
    began = _began_at(desk, complaint, step)
    is_late = at <= desk.now
    say = Say(
        "complaint_due.late" if is_late else "complaint_due.left", {"time": _span(at, desk.now)}
    )
    return Due(
        at,
        step,
        is_late,
        not is_late and desk.now >= began + (at - began) * 3 / 4,
        say,
        (
            *_promised(desk, step, began),
            *_ran(desk, step, began),
            Say(f"complaint_due.by.{step}", {"due": at}),
        ),
    )


def _span(at: datetime, now: datetime) -> Fact:
    return lasting(abs(at - now))


def _began_at(desk: "Desk", complaint: Complaint, step: str) -> datetime:
    newest = select(func.max(ComplaintEvent.happened_at)).where(
        ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.action.in_(_BEGAN[step])
    )
    return desk.session.scalar(newest) or complaint.submitted_at


def _promised(desk: "Desk", step: str, began: datetime) -> tuple[Say, ...]:
    rules = desk.rules.complaints
    began_say = Say(f"complaint_due.began.{step}", {"at": began})
    if step == "decide":
        return began_say, Say("complaint_due.days", {"days": rules.decide_within_days})
    within = rules.verify_within if step == "verify" else rules.feed_back_within
    return began_say, Say("complaint_due.hours", {"time": lasting(within)})


def _ran(desk: "Desk", step: str, began: datetime) -> tuple[Say, ...]:
    """Where the hours run on into another day; days of work are counted, not drawn."""
    rules, hours = desk.rules.complaints, desk.rules.hours
    if step == "decide":
        return ()
    within = rules.verify_within if step == "verify" else rules.feed_back_within
    try:
        found = hours.derivation(began, within, Runs.SERVICE_HOURS)
    except CalendarRunsOut:
        return ()
    if len(found) == 1 and found[0].begins - began < timedelta(minutes=1):
        return ()
    return tuple(
        Say("complaint_due.ran", {"at": each.begins, "time": lasting(each.lasts)}) for each in found
    )
