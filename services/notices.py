"""What the desk tells people of its own accord: rows that the outbox sends after the commit."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from domain.commands import Command, tap
from domain.permissions import Role
from domain.sentence import Button, Fact, Facts, Page, Say, to_json
from models import Notice, NoticeState, NoticeUrgency, Person, Ticket, table_of
from services.speakers import holds

VALID_FOR = timedelta(hours=24)
URGENT_FOR = timedelta(hours=2)
"""An assignment or alarm older than this says what is no longer so."""

GATHERED_FOR = timedelta(seconds=20)
"""After a stop notices wait, at most so long, for one message that stands for many (R-073)."""

SAID_BY_CLERK = "talk.said"
"""Words of a clerk at the console: the desk itself speaks, so they are never held back (W1)."""

UNDELIVERED = "notice.undelivered"
"""The alarm that somebody was not reached."""

LATE_OF_COMPLAINT = "complaint_told.late_reply"
"""An answer within a complaint that came too late to be a reply."""

_notices = table_of(Notice)
_INSERT = insert(_notices)
_OPENID = select(Person.openid).where(Person.id == bindparam("of_person"))

_ON_THE_WAY = (
    "notice.engineer_coming",
    "notice.engineer_changes",
    "notice.arrived",
    "notice.progress",
    "notice.on_hold",
    "notice.resumed",
    "notice.promise_at_risk",
    "notice.promise_missed",
)
_OF_ASSIGNMENT = ("notice.assigned", "notice.answer_reminder", "notice.urged")
_OF_CONFIRMING = ("notice.resolved", "notice.confirm_reminder")

REPLACES: Mapping[str, tuple[str, ...]] = {
    "notice.answer_reminder": ("notice.assigned",),
    "notice.taken_away": _OF_ASSIGNMENT,
    "desk_told.given_to_other": _OF_ASSIGNMENT,
    "notice.cancelled": (*_OF_ASSIGNMENT, "notice.amended", "notice.attached"),
    "notice.engineer_coming": ("notice.engineer_changes",),
    "notice.resumed": ("notice.on_hold",),
    "notice.promise_missed": ("notice.promise_at_risk",),
    "notice.resolved": (*_ON_THE_WAY, *_OF_CONFIRMING),
    "notice.confirm_reminder": ("notice.resolved",),
    "notice.auto_closed": (*_ON_THE_WAY, *_OF_CONFIRMING),
}
"""What is no longer worth saying of a ticket once something newer is to be said (R-091)."""

_OF_FEW = ("complaint_told.", "appraisal_told.")
"""How the keys of notices begin that their recipients alone may read."""

IS_OF_FEW: ColumnElement[bool] = or_(
    _notices.c.complaint_id.is_not(None),
    *(_notices.c.text_key.startswith(each, autoescape=True) for each in _OF_FEW),
)
"""Of a complaint, or what counts in appraisal: in no list or count of the desk (P8)."""

_unsaid = (
    _notices.c.recipient_id == bindparam("to_person"),
    _notices.c.ticket_id == bindparam("of_ticket"),
    _notices.c.text_key.in_(bindparam("keys", expanding=True)),
    _notices.c.state.in_([NoticeState.PENDING, NoticeState.HELD]),
)
_NEWEST = select(func.max(_notices.c.id)).where(
    _notices.c.recipient_id == bindparam("to_person"),
    _notices.c.ticket_id == bindparam("of_ticket"),
)
_REPLACE = (
    update(_notices)
    .where(*_unsaid, _notices.c.id < bindparam("by_notice"))
    .values(
        state=NoticeState.REPLACED,
        replaced_by_id=bindparam("by_notice"),
        settled_at=bindparam("at"),
    )
)
_WITHDRAW = (
    update(_notices).where(*_unsaid).values(state=NoticeState.REPLACED, settled_at=bindparam("at"))
)


def row(
    recipient_id: int,
    say: Say,
    now: datetime,
    *,
    ticket_id: int | None = None,
    complaint_id: int | None = None,
    is_urgent: bool = False,
) -> dict[str, Any]:
    """A notice as the row that `queue` inserts."""
    return {
        "recipient_id": recipient_id,
        "ticket_id": ticket_id,
        "complaint_id": complaint_id,
        "say": to_json(say),
        **common(say.key, now, is_urgent=is_urgent),
    }


def common(key: str, now: datetime, *, is_urgent: bool) -> dict[str, Any]:
    """What the row of a notice has whoever is told, and whatever of."""
    return {
        "text_key": key,
        "urgency": NoticeUrgency.URGENT if is_urgent else NoticeUrgency.NORMAL,
        "state": NoticeState.PENDING,
        "created_at": now,
        "valid_until": now + (URGENT_FOR if is_urgent else VALID_FOR),
        "next_try_at": now,
        "tries": 0,
    }


def queue(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep notices until the outbox sends them, in this order for each person."""
    listed = [dict(each) for each in rows]
    if listed:
        session.info["tells_somebody"] = True
        if (since := session.info.get("late_since")) is not None:
            listed = [told_late(each, since) for each in listed]
        session.connection().execute(_INSERT, listed)


def told_late(row: dict[str, Any], since: datetime | None) -> dict[str, Any]:
    """The row of what should have been said then: it waits until all such are known (R-073)."""
    row["late_since"] = since
    if since is not None:
        row["next_try_at"] = row["created_at"] + GATHERED_FOR
    return row


@contextmanager
def late(session: Session, since: datetime | None) -> Iterator[None]:
    """Whatever is queued in here should have been said then; None: it is in time."""
    session.info["late_since"] = since
    try:
        yield
    finally:
        session.info["late_since"] = None


def tell(
    session: Session,
    recipient_id: int | None,
    key: str,
    now: datetime,
    *,
    ticket: Ticket | None = None,
    is_urgent: bool = False,
    buttons: tuple[Button, ...] = (),
    known: Facts | None = None,
    page: Page | None = None,
    **facts: Fact,
) -> None:
    """Queue one notice, with a link to its ticket; somebody who is nobody is told nothing.

    Nor is, but for what is urgent, somebody known by phone alone: the desk calls them (F2).
    """
    if recipient_id is not None and (is_urgent or _is_in_chat(session, recipient_id)):
        of_ticket: dict[str, Fact] = {"number": ticket.number} if ticket else {}
        page = page or (page_of(ticket.number) if ticket else None)
        say = Say(key, {**of_ticket, **(known or {}), **facts}, buttons, page)
        ticket_id = ticket.id if ticket else None
        queue(session, [row(recipient_id, say, now, ticket_id=ticket_id, is_urgent=is_urgent)])
        if ticket_id is not None and key in REPLACES:
            replace(session, recipient_id, ticket_id, key, now)


def is_of_few(notice: Any) -> bool:
    """Of a `Notice` or its row: what `IS_OF_FEW` says in a statement."""
    return notice.complaint_id is not None or notice.text_key.startswith(_OF_FEW)


def _is_in_chat(session: Session, person_id: int) -> bool:
    """Whether they have ever been; who has left it is still told, or else nobody would notice."""
    return session.connection().execute(_OPENID, {"of_person": person_id}).scalar() is not None


def replace(session: Session, recipient_id: int, ticket_id: int, key: str, now: datetime) -> None:
    """What waited to be said of the ticket gives way to what was just queued."""
    connection = session.connection()
    about = {"to_person": recipient_id, "of_ticket": ticket_id}
    newest = connection.execute(_NEWEST, about).scalar()
    values = {**about, "keys": REPLACES[key], "by_notice": newest, "at": now}
    connection.execute(_REPLACE, values)


def withdraw(
    session: Session, recipient_id: int, ticket_id: int, keys: tuple[str, ...], now: datetime
) -> None:
    """What waits to be said is no longer so: the person has acted without it."""
    values = {"to_person": recipient_id, "of_ticket": ticket_id, "keys": keys, "at": now}
    session.connection().execute(_WITHDRAW, values)


def settled_by(session: Session, ticket: Ticket, now: datetime) -> None:
    """The requester has said whether it is solved: nobody asks any more."""
    withdraw(session, ticket.requester_id, ticket.id, _OF_CONFIRMING, now)


def accepted_by(session: Session, ticket: Ticket, now: datetime) -> None:
    """The engineer has accepted: nobody asks any more."""
    if ticket.assignee_id is not None:
        withdraw(session, ticket.assignee_id, ticket.id, _OF_ASSIGNMENT, now)


def tell_desk(
    session: Session,
    key: str,
    now: datetime,
    *,
    ticket: Ticket | None = None,
    buttons: tuple[Button, ...] = (),
    known: Facts | None = None,
    page: Page | None = None,
    **facts: Fact,
) -> None:
    """Tell everybody who works at the desk; where nobody does, the head."""
    for person_id in desk_people(session):
        tell(
            session,
            person_id,
            key,
            now,
            ticket=ticket,
            is_urgent=True,
            buttons=buttons,
            known={**(known or {}), **facts},
            page=page,
        )


def tell_operators(session: Session, key: str, now: datetime, **facts: Fact) -> None:
    """Tell whoever runs the system; where nobody does, the desk."""
    for person_id in holding(session, Role.ADMIN) or desk_people(session):
        tell(session, person_id, key, now, is_urgent=True, known=facts)


def desk_people(session: Session) -> list[int]:
    """Who hears the desk's alarms."""
    return holding(session, Role.DESK) or holding(session, Role.HEAD)


def holding(session: Session, role: Role) -> list[int]:
    """Everybody of this role whom a message can reach at all."""
    statement = select(Person.id).where(
        holds(role),
        Person.openid.is_not(None),
        Person.is_following,
    )
    return list(session.scalars(statement.order_by(Person.id)))


def page_of(number: str) -> Page:
    """The page of a ticket: for whoever works on it the order, for others their report."""
    return Page(f"/h5/t/{number}")


def button(command: Command, number: str | None = None, label: str | None = None) -> Button:
    """A line that orders something at any time."""
    return Button(tap(command, number), label or f"button.{command.value}")
