"""What the desk tells people of its own accord: rows that the outbox sends after the commit."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, insert, select, type_coerce
from sqlalchemy.orm import Session

from domain.commands import Command, tap
from domain.permissions import Role
from domain.sentence import Button, Fact, Facts, Page, Say, to_json
from models import Notice, NoticeState, NoticeUrgency, Person, Ticket, table_of

VALID_FOR = timedelta(hours=24)
URGENT_FOR = timedelta(hours=2)
"""An assignment or alarm older than this says what is no longer so."""

_INSERT = insert(table_of(Notice))


def row(
    recipient_id: int,
    say: Say,
    now: datetime,
    *,
    ticket_id: int | None = None,
    is_urgent: bool = False,
) -> dict[str, Any]:
    """A notice as the row that `queue` inserts."""
    return {
        "recipient_id": recipient_id,
        "ticket_id": ticket_id,
        "text_key": say.key,
        "say": to_json(say),
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
        session.connection().execute(_INSERT, listed)


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
    """Queue one notice, with a link to its ticket; somebody who is nobody is told nothing."""
    if recipient_id is not None:
        of_ticket: dict[str, Fact] = {"number": ticket.number} if ticket else {}
        page = page or (page_of(ticket.number) if ticket else None)
        say = Say(key, {**of_ticket, **(known or {}), **facts}, buttons, page)
        ticket_id = ticket.id if ticket else None
        queue(session, [row(recipient_id, say, now, ticket_id=ticket_id, is_urgent=is_urgent)])


def tell_desk(
    session: Session,
    key: str,
    now: datetime,
    *,
    ticket: Ticket | None = None,
    buttons: tuple[Button, ...] = (),
    known: Facts | None = None,
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
        )


def tell_operators(session: Session, key: str, now: datetime, **facts: Fact) -> None:
    """Tell whoever runs the system; where nobody does, the desk."""
    for person_id in _holding(session, Role.ADMIN) or desk_people(session):
        tell(session, person_id, key, now, is_urgent=True, known=facts)


def desk_people(session: Session) -> list[int]:
    """Who hears the desk's alarms."""
    return _holding(session, Role.DESK) or _holding(session, Role.HEAD)


def _holding(session: Session, role: Role) -> list[int]:
    statement = select(Person.id).where(
        type_coerce(Person.roles, String).like(f"%,{role.value},%"),
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
