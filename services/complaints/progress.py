"""How far a complaint has come, as its complainant follows it: like a parcel on its way (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from domain.complaints import ComplaintAction, ComplaintStatus
from models import ComplaintEvent
from services.complaints.views import ComplaintView

if TYPE_CHECKING:
    from services.desk import Desk


class Part(StrEnum):
    """What happens to each complaint, in this order."""

    REGISTERED = auto()
    VERIFIED = auto()
    DECIDED = auto()
    FED_BACK = auto()
    RATED = auto()


class Mark(StrEnum):
    """How a part stands."""

    DONE = auto()
    NOW = auto()
    TO_COME = auto()
    LEFT_OUT = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the way, and when it was done."""

    part: Part
    mark: Mark
    at: datetime | None = None


_NOW: Mapping[ComplaintStatus, Part] = {
    ComplaintStatus.SUBMITTED: Part.VERIFIED,
    ComplaintStatus.VERIFIED: Part.DECIDED,
    ComplaintStatus.REPORTED: Part.DECIDED,
    ComplaintStatus.OBJECTED: Part.DECIDED,
    ComplaintStatus.DECIDED: Part.FED_BACK,
    ComplaintStatus.FED_BACK: Part.RATED,
}
_DONE_BY: Mapping[Part, tuple[ComplaintAction, ...]] = {
    Part.REGISTERED: (ComplaintAction.SUBMIT,),
    # Where everybody at the desk is concerned, the head has it unverified.
    Part.VERIFIED: (ComplaintAction.VERIFY, ComplaintAction.REPORT),
    Part.DECIDED: (ComplaintAction.DECIDE,),
    Part.FED_BACK: (ComplaintAction.FEED_BACK,),
    Part.RATED: (ComplaintAction.RATE,),
}


def steps(desk: "Desk", complaint: ComplaintView) -> tuple[Step, ...]:
    """The whole way; whoever asks may read the complaint already."""
    times = _times(desk, complaint.id)
    at = {part: _first(times, actions) for part, actions in _DONE_BY.items()}
    under_way = _NOW.get(complaint.status)
    return tuple(_step(part, under_way, at[part]) for part in Part)


def _step(part: Part, under_way: Part | None, at: datetime | None) -> Step:
    if under_way is None:  # it has ended: what was not done will not be
        return Step(part, Mark.DONE if at else Mark.LEFT_OUT, at)
    order = [*Part]
    if part is under_way:
        return Step(part, Mark.NOW)
    if order.index(part) > order.index(under_way):
        return Step(part, Mark.TO_COME)
    return Step(part, Mark.DONE, at)


def _first(
    times: Mapping[ComplaintAction, datetime], actions: tuple[ComplaintAction, ...]
) -> datetime | None:
    return next((times[each] for each in actions if each in times), None)


def _times(desk: "Desk", complaint_id: int) -> Mapping[ComplaintAction, datetime]:
    """When each act was done last."""
    rows = desk.session.execute(
        select(ComplaintEvent.action, func.max(ComplaintEvent.happened_at))
        .where(ComplaintEvent.complaint_id == complaint_id)
        .group_by(ComplaintEvent.action)
    )
    return {action: at for action, at in rows}
