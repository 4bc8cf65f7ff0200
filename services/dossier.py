"""All that the desk keeps of one ticket, for those who may see everything (R1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.lifecycle import Action, Status
from domain.numbers import TICKET_PREFIX, desk_day
from models import (
    Activity,
    Attachment,
    Delivery,
    Notice,
    Person,
    Rating,
    Resolution,
    Ticket,
)
from services.talks import Talk, of_ticket

_MOST_ALIKE = 20  # tickets of the same last digits that are worth naming
_NAMED_IN = ("engineer_id", "from_engineer_id", "supporter_id", "to")
_assignee = aliased(Person)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and every try to deliver it."""

    notice: Notice
    tries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One ticket with its history; rows, read once and not to be changed."""

    ticket: Ticket
    requester: Person
    activities: tuple[Activity, ...]
    results: tuple[Resolution, ...]
    ratings: tuple[Rating, ...]
    attachments: tuple[Attachment, ...]
    notices: tuple[Told, ...]
    talks: tuple[Talk, ...]  # with people of the desk (W1)
    names: Mapping[int, str]  # of everybody whom these rows speak of

    @property
    def receipt(self) -> dict[str, Any] | None:
        """The newest dispatch receipt; None if the desk chose by hand, or nobody yet."""
        assigned = [
            each for each in self.activities if each.action in (Action.ASSIGN, Action.REASSIGN)
        ]
        return (assigned[-1].detail or {}).get("receipt") if assigned else None

    def name(self, person_id: object) -> str:
        return self.names.get(person_id, "") if isinstance(person_id, int) else ""


def matching(session: Session, reference: str, now: datetime) -> Sequence[Ticket]:
    """The ticket of this number; or those whose number ends so, today's alone if there is one."""
    reference = reference.strip().upper().removeprefix("#")
    if not (reference.isascii() and reference.isdigit()):
        return session.scalars(select(Ticket).where(Ticket.number == reference)).all()
    ends = Ticket.number.like(f"{TICKET_PREFIX}________-{reference.zfill(4)}")
    newest = select(Ticket).where(ends).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    found = session.scalars(newest.limit(_MOST_ALIKE)).all()
    today = [ticket for ticket in found if desk_day(ticket.opened_at) == desk_day(now)]
    return today if len(today) == 1 else found


def newest(
    session: Session, statuses: Collection[Status], engineer: str | None, limit: int
) -> Sequence[tuple[Ticket, str]]:
    """Tickets with their engineer's name, newest first."""
    statement = (
        select(Ticket, _assignee.name)
        .join(_assignee, Ticket.assignee_id == _assignee.id, isouter=True)
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    if statuses:
        statement = statement.where(Ticket.status.in_(statuses))
    if engineer is not None:
        statement = statement.where(_assignee.name == engineer)
    return [(ticket, name or "") for ticket, name in session.execute(statement)]


def open_dossier(session: Session, ticket: Ticket) -> Dossier:
    """Everything of this ticket, oldest first."""
    activities = _of(session, Activity, ticket)
    results = _of(session, Resolution, ticket)
    notices = _of(session, Notice, ticket)
    people = {ticket.requester_id, ticket.assignee_id, ticket.supporter_id}
    people |= {each.actor_id for each in activities} | {each.recipient_id for each in notices}
    people |= {each.engineer_id for each in results}
    people |= {(each.detail or {}).get(key) for each in activities for key in _NAMED_IN}
    return Dossier(
        ticket=ticket,
        requester=session.get_one(Person, ticket.requester_id),
        activities=activities,
        results=results,
        ratings=_of(session, Rating, ticket),
        attachments=_of(session, Attachment, ticket),
        notices=_with_tries(session, notices),
        talks=of_ticket(session, ticket.id),
        names=_names(session, people),
    )


def _of(session: Session, model: Any, ticket: Ticket) -> tuple[Any, ...]:
    statement = select(model).where(model.ticket_id == ticket.id).order_by(model.id)
    return tuple(session.scalars(statement))


def _with_tries(session: Session, notices: Sequence[Notice]) -> tuple[Told, ...]:
    ids = [notice.id for notice in notices]
    tries = session.scalars(
        select(Delivery).where(Delivery.notice_id.in_(ids)).order_by(Delivery.id)
    ).all()
    return tuple(
        Told(notice, tuple(each for each in tries if each.notice_id == notice.id))
        for notice in notices
    )


def _names(session: Session, ids: Collection[Any]) -> dict[int, str]:
    known = [each for each in ids if isinstance(each, int)]
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(known)))
    return {row.id: row.name or "" for row in rows}
