"""The life of a complaint: status × action → status, one table (C1–C4, 细则 §4).

submitted → verified → reported → decided → fed back → rated; withdrawn, or objected to once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.calendar import Runs, ServiceHours
from domain.refusals import Refusal
from domain.sentence import Word


class ComplaintStatus(StrEnum):
    SUBMITTED = auto()  # the desk verifies
    VERIFIED = auto()  # found out, not yet reported
    REPORTED = auto()  # the head decides
    DECIDED = auto()  # the desk tells the complainant
    FED_BACK = auto()  # the complainant rates, or objects
    OBJECTED = auto()  # the head decides once more
    RATED = auto()
    CLOSED = auto()  # nobody rated it in its time
    WITHDRAWN = auto()


class ComplaintAction(StrEnum):
    SUBMIT = auto()
    ADD = auto()  # words or a photo of the complainant
    TAKE = auto()  # another clerk verifies
    VERIFY = auto()
    REPORT = auto()
    RETURN = auto()  # the head wants more facts
    DECIDE = auto()
    FEED_BACK = auto()
    OBJECT = auto()
    RATE = auto()
    WITHDRAW = auto()
    CLOSE = auto()
    REMIND = auto()
    READ = auto()  # somebody opened it who is not the complainant (P8)


class About(StrEnum):
    """What is complained of."""

    TICKET = auto()
    PERSON = auto()
    SERVICE = auto()


class Verdict(StrEnum):
    UPHELD = auto()
    PARTLY = auto()
    NOT_UPHELD = auto()


class Concerned(StrEnum):
    """Why somebody must not learn of a complaint."""

    NAMED = auto()  # by the complainant
    WORKED = auto()  # on the ticket that it is about
    FOUND = auto()  # by the desk, verifying


class ComplaintRing(StrEnum):
    """What a complaint's clock says next; it has one at a time."""

    VERIFY_AT_RISK = auto()
    VERIFY_DUE = auto()
    DECIDE_AT_RISK = auto()
    DECIDE_DUE = auto()
    FEED_BACK_DUE = auto()
    RATING_REMINDER = auto()
    CLOSE = auto()


class ComplaintActionNotAllowed(Refusal):
    """The complaint's status has no such way out."""

    text_key = "complaint.refusal.not_now"

    def __init__(self, status: ComplaintStatus, action: ComplaintAction) -> None:
        super().__init__(status=Word(f"complaint.status.{status.value}"))
        self.status = status
        self.action = action


class ObjectedBefore(Refusal):
    """A decision is objected to once (C4); the second one stands."""

    text_key = "complaint.refusal.objected_before"


_S, _V, _R, _D, _F, _O = (
    ComplaintStatus.SUBMITTED,
    ComplaintStatus.VERIFIED,
    ComplaintStatus.REPORTED,
    ComplaintStatus.DECIDED,
    ComplaintStatus.FED_BACK,
    ComplaintStatus.OBJECTED,
)

OPEN_COMPLAINTS = (_S, _V, _R, _D, _F, _O)
"""Somebody still owes something, if only an answer."""

AWAITS_DESK = (_S, _V, _D)
AWAITS_HEAD = (_R, _O)

COMPLAINT_LIFECYCLE: Mapping[tuple[ComplaintStatus, ComplaintAction], ComplaintStatus] = {
    (_S, ComplaintAction.VERIFY): _V,
    (_V, ComplaintAction.VERIFY): _V,  # found out more, before it is reported
    (_V, ComplaintAction.REPORT): _R,
    (_R, ComplaintAction.DECIDE): _D,
    (_R, ComplaintAction.RETURN): _S,
    (_O, ComplaintAction.DECIDE): _D,
    (_O, ComplaintAction.RETURN): _S,
    (_D, ComplaintAction.FEED_BACK): _F,
    (_F, ComplaintAction.OBJECT): _O,
    (_F, ComplaintAction.RATE): ComplaintStatus.RATED,
    (_F, ComplaintAction.CLOSE): ComplaintStatus.CLOSED,
    (ComplaintStatus.CLOSED, ComplaintAction.RATE): ComplaintStatus.RATED,
    **{(status, ComplaintAction.WITHDRAW): ComplaintStatus.WITHDRAWN for status in (_S, _V, _R)},
    # What may be added without moving it.
    **{(status, ComplaintAction.ADD): status for status in (_S, _V, _R, _O)},
    **{(status, ComplaintAction.TAKE): status for status in (_S, _V, _D)},
    **{(status, ComplaintAction.REMIND): status for status in OPEN_COMPLAINTS},
    **{(status, ComplaintAction.READ): status for status in ComplaintStatus},
}


def next_complaint_status(status: ComplaintStatus, action: ComplaintAction) -> ComplaintStatus:
    """Where the action leads, or `ComplaintActionNotAllowed`."""
    try:
        return COMPLAINT_LIFECYCLE[status, action]
    except KeyError:
        raise ComplaintActionNotAllowed(status, action) from None


def complaint_actions_from(status: ComplaintStatus) -> tuple[ComplaintAction, ...]:
    """The ways out of a status, in the table's order."""
    return tuple(action for (start, action) in COMPLAINT_LIFECYCLE if start is status)


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """Within what time each step is done (config `complaints.*`)."""

    verify_within: timedelta = timedelta(hours=4)  # of service hours
    decide_within_days: int = 2  # working days
    feed_back_within: timedelta = timedelta(hours=4)  # of service hours
    remind_rating_within: timedelta = timedelta(hours=20)
    close_within: timedelta = timedelta(days=7)  # unrated: closed, and counted as not rated
    appeal_within: timedelta = timedelta(days=7)  # whom it concerns may answer what is held to them
    points_upheld: int = -5
    points_partly: int = -2
    deputy: str = ""  # staff number: decides where every head is concerned

    def verify_by(self, hours: ServiceHours, at: datetime) -> datetime:
        return hours.add(at, self.verify_within)

    def decide_by(self, hours: ServiceHours, at: datetime) -> datetime:
        return hours.add(at, timedelta(days=self.decide_within_days), Runs.WORKING_DAYS)

    def feed_back_by(self, hours: ServiceHours, at: datetime) -> datetime:
        return hours.add(at, self.feed_back_within)

    def points_of(self, verdict: Verdict) -> int:
        """What an upheld complaint counts in appraisal, before the head says otherwise."""
        return {Verdict.UPHELD: self.points_upheld, Verdict.PARTLY: self.points_partly}.get(
            verdict, 0
        )


@dataclass(frozen=True, slots=True)
class HandlingRating:
    """What the complainant thinks of how it was handled (C4): process and outcome, 1 to 5."""

    process: int
    outcome: int
    comment: str = ""

    def __post_init__(self) -> None:
        if not (1 <= self.process <= 5 and 1 <= self.outcome <= 5):
            raise ValueError("a score is 1 to 5")


def complaint_diagram() -> str:
    """The table as a Mermaid state diagram (the README's picture is generated from it)."""
    moves = [
        f"    {start.value} --> {end.value}: {action.value}"
        for (start, action), end in COMPLAINT_LIFECYCLE.items()
        if start is not end
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> submitted: submit", *moves])
