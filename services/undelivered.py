"""Notices that did not get through: to whom, what was tried, and once more by hand (P3, P6)."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Action, next_status
from domain.numbers import short_number
from domain.permissions import Permission, demand, may
from domain.refusals import NotFound, Refusal
from domain.sentence import Say, from_json
from models import (
    Complaint,
    Delivery,
    Notice,
    NoticeState,
    NoticeUrgency,
    Outcome,
    Person,
    Ticket,
    table_of,
)
from services.complaints import records as complaints
from services.notices import IS_OF_FEW, UNDELIVERED, URGENT_FOR, VALID_FOR, is_of_few
from services.reasons import reason_of
from services.records import act, locked
from services.views import TryView, Undelivered, Unreached

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

LISTED_FOR = timedelta(days=3)
"""What is older was seen to, or nobody needs to know it any more."""

LISTED = 5  # a chat message holds no more with its tries

LISTED_ON_PAGE = 50

_NOT_THROUGH = (NoticeState.HELD, NoticeState.EXPIRED, NoticeState.FAILED, NoticeState.UNKNOWN)
_OF_AN_ASSIGNMENT = ("notice.assigned", "notice.answer_reminder")

# Word for word as in ix_notices_stuck: SQLite takes a partial index for nothing else.
_MAY_BE_STUCK = text(
    "notices.state IN ('pending', 'claimed', 'held', 'expired', 'failed', 'unknown')"
)

_notices, _people, _tickets = table_of(Notice), table_of(Person), table_of(Ticket)
_SELECT: Select[Any] = (
    select(
        _notices,
        _people.c.name,
        _people.c.phone,
        _people.c.extension,
        _tickets.c.number,
        _tickets.c.symptom,
    )
    .join_from(_notices, _people, _people.c.id == _notices.c.recipient_id)
    .join(_tickets, _tickets.c.id == _notices.c.ticket_id, isouter=True)
    .order_by(_notices.c.id.desc())
)


class NoticeSettled(Refusal):
    """It was said, something newer was said in its place, or it is no longer so."""

    text_key = "stuck.settled"


# --- reading -----------------------------------------------------------------------------------


def read(desk: "Desk") -> Unreached:
    """For desk and head: what did not get through in the last days."""
    demand(desk.actor.roles, Permission.NOTICE_READ)
    return Unreached(count(desk.session, desk.now), listed(desk.session, desk.now))


def listed(session: Session, now: datetime, most: int = LISTED) -> tuple[Undelivered, ...]:
    """The newest notices that did not get through, each with what was tried."""
    return _views(session, session.execute(_SELECT.where(_is_stuck(now)).limit(most)).all())


def page(
    desk: "Desk", before: int | None = None, most: int = LISTED_ON_PAGE
) -> tuple[Undelivered, ...]:
    """For desk and head: the newest, or those before the notice with this id."""
    demand(desk.actor.roles, Permission.NOTICE_READ)
    statement = _SELECT.where(_is_stuck(desk.now)).limit(most)
    if before is not None:
        statement = statement.where(_notices.c.id < before)
    return _views(desk.session, desk.session.execute(statement).all())


def of_complaint(desk: "Desk", complaint_id: int) -> tuple[Undelivered, ...]:
    """For those who see to it: what of it did not get through; NotFound for everybody else."""
    _demand_impartial(desk, complaint_id)
    of_it = (_notices.c.complaint_id == complaint_id, _notices.c.state.in_(_NOT_THROUGH))
    return _views(desk.session, desk.session.execute(_SELECT.where(*of_it)).all())


def _demand_impartial(desk: "Desk", complaint_id: int) -> None:
    complaint = desk.session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound()
    stand = complaints.stand_of(desk, complaint)
    if not stand.is_impartial or not may(desk.actor.roles, Permission.COMPLAINT_READ, stand):
        raise NotFound()


def newest(session: Session, most: int) -> tuple[Undelivered, ...]:
    """The newest notices whatever became of them."""
    return _views(session, session.execute(_SELECT.limit(most)).all())


def one(session: Session, notice_id: int) -> Undelivered:
    """One notice, whatever became of it; NotFound if there is none."""
    rows = session.execute(_SELECT.where(_notices.c.id == notice_id)).all()
    if not rows:
        raise NotFound()
    return _views(session, rows)[0]


def count(session: Session, now: datetime) -> int:
    """How many did not get through in the last days."""
    found = select(func.count()).select_from(_notices).where(_is_stuck(now))
    return session.scalar(found) or 0


def _is_stuck(now: datetime) -> Any:
    """Ended without getting there, or still open though the desk was told; alarms are no news.

    Nor is anything of a complaint: whom it concerns reads this list, too (P8).
    """
    is_alarmed = and_(
        _notices.c.state.in_([NoticeState.PENDING, NoticeState.CLAIMED]),
        _notices.c.alarmed_at.is_not(None),
    )
    is_news = and_(_notices.c.created_at > now - LISTED_FOR, _notices.c.text_key != UNDELIVERED)
    is_through = or_(_notices.c.state.in_(_NOT_THROUGH), is_alarmed)
    return and_(_MAY_BE_STUCK, is_news, is_through, ~IS_OF_FEW)


def _views(session: Session, rows: Sequence[Row[Any]]) -> tuple[Undelivered, ...]:
    tries = _tries(session, [row.id for row in rows])
    return tuple(_view(row, tries.get(row.id, ())) for row in rows)


def _view(row: Row[Any], tries: Sequence[Delivery]) -> Undelivered:
    return Undelivered(
        id=row.id,
        name=row.name or "",
        phone=row.phone or row.extension,
        say=Say("stuck.of_complaint") if is_of_few(row) else from_json(row.say),
        state=row.state.value,
        since=row.created_at,
        number=row.number,
        symptom=row.symptom,
        tries=tuple(map(_try_view, tries)),
    )


def _tries(session: Session, notice_ids: Collection[int]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    statement = select(Delivery).where(Delivery.notice_id.in_(notice_ids)).order_by(Delivery.id)
    for each in session.scalars(statement):
        found.setdefault(each.notice_id, []).append(each)
    return found


def _try_view(tried: Delivery) -> TryView:
    is_accepted = tried.outcome is Outcome.ACCEPTED
    why = reason_of(tried)
    return TryView(tried.channel.value, tried.started_at, why, tried.errcode, is_accepted)


# --- once more ---------------------------------------------------------------------------------


def retry(desk: "Desk", notice_id: int) -> Undelivered:
    """By somebody of the desk."""
    demand(desk.actor.roles, Permission.NOTICE_RETRY)
    _demand_seen(desk, notice_id)
    return put_back(desk.session, notice_id, desk.now, desk.actor.id)


def _demand_seen(desk: "Desk", notice_id: int) -> None:
    """One of a complaint is there for those who see to it, and for nobody else (P8)."""
    notice = desk.session.get(Notice, notice_id)
    if notice is None or not is_of_few(notice):
        return
    if notice.complaint_id is None:
        raise NotFound()
    _demand_impartial(desk, notice.complaint_id)


def put_back(
    session: Session, notice_id: int, now: datetime, actor_id: int | None = None
) -> Undelivered:
    """Into the outbox with a new validity; `actor_id` None: by the command line."""
    notice = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None:
        raise NotFound()
    if notice.state not in _NOT_THROUGH or not _still_holds(session, notice):
        raise NoticeSettled(id=notice_id)
    is_urgent = notice.urgency is NoticeUrgency.URGENT
    notice.state = NoticeState.PENDING
    notice.valid_until = now + (URGENT_FOR if is_urgent else VALID_FOR)
    notice.next_try_at = now
    notice.tries = 0
    notice.claim = notice.claimed_until = notice.settled_at = notice.alarmed_at = None
    _note(session, notice, now, actor_id)
    session.info["tells_somebody"] = True
    session.flush()
    log.info("notice_retried notice=%s actor=%s", notice.id, actor_id)
    return one(session, notice_id)


def _still_holds(session: Session, notice: Notice) -> bool:
    """Nobody is sent to a ticket that somebody else has by now, or that is ended."""
    if notice.text_key not in _OF_AN_ASSIGNMENT or notice.ticket_id is None:
        return True
    ticket = session.get_one(Ticket, notice.ticket_id)
    return ticket.assignee_id == notice.recipient_id and ticket.status in OPEN_STATUSES


def _note(session: Session, notice: Notice, now: datetime, actor_id: int | None) -> None:
    """In the ticket's history, where its state has room for a reminder."""
    if notice.ticket_id is None:
        return
    ticket = locked(session, notice.ticket_id)
    try:
        next_status(ticket.status, Action.REMIND)
    except Refusal:
        return
    act(session, ticket, Action.REMIND, actor_id=actor_id, now=now, notice_id=notice.id)


def short_of(view: Undelivered) -> str | None:
    """The end of its ticket's number, as people say it."""
    return short_number(view.number) if view.number else None
