"""The clocks of complaints: warned before they are late, said when they are, closed at last."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.commands import Command
from domain.complaints import ComplaintAction, ComplaintRing, ComplaintStatus
from domain.speaker import Speaker
from failpoints import hit
from models import Complaint
from services.complaints import records, telling
from services.desk import Desk

if TYPE_CHECKING:
    from services.desk import Rules

log = logging.getLogger(__name__)

MOST = 100  # of one transaction; the next is seconds away

_NOBODY = Speaker(0, "", frozenset())
"""The clock acts for nobody, and nobody is left out of what it tells."""

_WARNS_OF = {
    ComplaintRing.VERIFY_AT_RISK: ComplaintRing.VERIFY_DUE,
    ComplaintRing.DECIDE_AT_RISK: ComplaintRing.DECIDE_DUE,
}
"""After a stop nobody is warned of what is late already: that alone is said (R-073)."""

_AWAITED = {
    ComplaintRing.VERIFY_AT_RISK: (ComplaintStatus.SUBMITTED, ComplaintStatus.VERIFIED),
    ComplaintRing.VERIFY_DUE: (ComplaintStatus.SUBMITTED, ComplaintStatus.VERIFIED),
    ComplaintRing.DECIDE_AT_RISK: (ComplaintStatus.REPORTED, ComplaintStatus.OBJECTED),
    ComplaintRing.DECIDE_DUE: (ComplaintStatus.REPORTED, ComplaintStatus.OBJECTED),
    ComplaintRing.FEED_BACK_DUE: (ComplaintStatus.DECIDED,),
    ComplaintRing.RATING_REMINDER: (ComplaintStatus.FED_BACK,),
    ComplaintRing.CLOSE: (ComplaintStatus.FED_BACK,),
}


def is_due(session: Session, now: datetime) -> bool:
    """Asked without a lock; ix_complaints_rings."""
    due = select(Complaint.id).where(Complaint.rings_at <= now)
    return session.scalar(due.limit(1)) is not None


def ring(session: Session, rules: "Rules", now: datetime) -> int:
    """Acts on those that are due, each once whatever the number of clocks; answers how many."""
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.rings_at <= now)
        .order_by(Complaint.rings_at, Complaint.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    desk = Desk(session, now, rules, _NOBODY)
    for complaint in rows:
        hit("complaint.claimed")
        _ring(desk, complaint)
    session.flush()
    return len(rows)


def _ring(desk: Desk, complaint: Complaint) -> None:
    ring, complaint.ring, complaint.rings_at = complaint.ring, None, None
    if ring is None or complaint.status not in _AWAITED[ring]:
        return
    if ring in _WARNS_OF and complaint.due_at is not None and complaint.due_at <= desk.now:
        ring = _WARNS_OF[ring]
    log.info("complaint_rang kind=%s complaint=%s", ring.value, complaint.id)
    match ring:
        case ComplaintRing.VERIFY_AT_RISK:
            _next(complaint, ComplaintRing.VERIFY_DUE, complaint.due_at)
            _remind(desk, complaint, ring)
            telling.tell_desk(
                desk, complaint, "complaint_told.verify_soon", Command.VERIFY, due=complaint.due_at
            )
        case ComplaintRing.VERIFY_DUE:
            _remind(desk, complaint, ring)
            telling.tell_desk(desk, complaint, "complaint_told.verify_late", Command.VERIFY)
            telling.tell_deciders(desk, complaint, "complaint_told.verify_late")
            telling.tell_requester(desk, complaint, "complaint_told.takes_longer")
        case ComplaintRing.DECIDE_AT_RISK:
            _next(complaint, ComplaintRing.DECIDE_DUE, complaint.due_at)
            _remind(desk, complaint, ring)
            telling.tell_deciders(
                desk, complaint, "complaint_told.decide_soon", Command.DECIDE, due=complaint.due_at
            )
        case ComplaintRing.DECIDE_DUE:
            _remind(desk, complaint, ring)
            telling.tell_deciders(desk, complaint, "complaint_told.decide_late", Command.DECIDE)
            telling.tell_requester(desk, complaint, "complaint_told.takes_longer")
        case ComplaintRing.FEED_BACK_DUE:
            _remind(desk, complaint, ring)
            telling.tell_desk(desk, complaint, "complaint_told.feed_back_late", Command.FEED_BACK)
            telling.tell_deciders(desk, complaint, "complaint_told.feed_back_late")
        case ComplaintRing.RATING_REMINDER:
            rules, since = desk.rules.complaints, complaint.fed_back_at or desk.now
            # However late the reminder, there is time to answer it.
            closes_at = max(since + rules.close_within, desk.now + rules.remind_rating_within)
            _next(complaint, ComplaintRing.CLOSE, closes_at)
            _remind(desk, complaint, ring)
            telling.tell_requester(
                desk, complaint, "complaint_told.rate", Command.RATE_COMPLAINT, closes=closes_at
            )
        case ComplaintRing.CLOSE:
            records.act(desk.session, complaint, ComplaintAction.CLOSE, None, desk.now)
            complaint.ended_at = desk.now


def _next(complaint: Complaint, ring: ComplaintRing, at: datetime | None) -> None:
    complaint.ring, complaint.rings_at = ring, at


def _remind(desk: Desk, complaint: Complaint, ring: ComplaintRing) -> None:
    records.act(desk.session, complaint, ComplaintAction.REMIND, None, desk.now, ring=ring.value)
