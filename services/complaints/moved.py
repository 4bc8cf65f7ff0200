"""Two people at one complaint: the second is shown what changed, nothing is overwritten (C §5)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from domain.complaints import ComplaintAction
from models import ComplaintEvent
from services.complaints import records
from services.complaints.views import EventView, events
from services.ticket_page import ChangedMeanwhile

if TYPE_CHECKING:
    from services.desk import Desk

_STILL = (ComplaintAction.READ, ComplaintAction.REMIND)
"""Whoever did not see these acts on the complaint that they think it is."""


def demand_unchanged(desk: "Desk", number: str, seen: int) -> int:
    """The locked complaint's id; ChangedMeanwhile if somebody else moved it since that line."""
    complaint = records.seen(desk, number)
    desk.session.refresh(complaint, with_for_update=True)
    if _foreign(desk, complaint.id, seen):
        raise ChangedMeanwhile()
    return complaint.id


def changes(desk: "Desk", number: str, seen: int) -> tuple[EventView, ...]:
    """What somebody else did since that line."""
    complaint = records.seen(desk, number)
    ids = set(_foreign(desk, complaint.id, seen))
    return tuple(each for each in events(desk, complaint.id) if each.id in ids)


def newest_line(desk: "Desk", complaint_id: int) -> int:
    newest = select(func.max(ComplaintEvent.id)).where(ComplaintEvent.complaint_id == complaint_id)
    return desk.session.scalar(newest) or 0


def _foreign(desk: "Desk", complaint_id: int, seen: int) -> Sequence[int]:
    return desk.session.scalars(
        select(ComplaintEvent.id).where(
            ComplaintEvent.complaint_id == complaint_id,
            ComplaintEvent.id > seen,
            ComplaintEvent.actor_id.is_distinct_from(desk.actor.id),
            ComplaintEvent.action.not_in(_STILL),
        )
    ).all()
