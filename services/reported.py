"""What a requester's pages list of their own reports: the ended ones, and what may be rated."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from domain.lifecycle import ENDED_STATUSES, Status
from domain.numbers import short_number
from domain.speaker import Speaker
from models import Person, Rating, Resolution, Ticket
from services.views import PersonView, Scores, TicketView

LISTED = 20
_engineer = aliased(Person)


@dataclass(frozen=True, slots=True)
class EndedTicket:
    """A line of the list; named as in `TicketView`."""

    number: str
    status: Status
    symptom: str
    place: str
    opened_at: datetime
    assignee: PersonView | None

    @property
    def short(self) -> str:
        return short_number(self.number)


@dataclass(frozen=True, slots=True)
class Ended:
    """A part of the list, newest first; `older` is where the next part begins."""

    tickets: tuple[EndedTicket, ...]
    older: str | None


def ended(session: Session, actor: Speaker, before: str = "") -> Ended:
    """The actor's reports that are over, before this one of theirs (or the newest)."""
    # Served by ix_tickets_requester_id_opened_at.
    statement = (
        select(Ticket, _engineer.id, _engineer.name)
        .join(_engineer, _engineer.id == Ticket.assignee_id, isouter=True)
        .where(Ticket.requester_id == actor.id, Ticket.status.in_(ENDED_STATUSES))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(LISTED + 1)
    )
    last = _own(session, actor, before) if before else None
    if last is not None:
        is_older = (Ticket.opened_at < last.opened_at) | (
            (Ticket.opened_at == last.opened_at) & (Ticket.id < last.id)
        )
        statement = statement.where(is_older)
    rows = session.execute(statement).all()
    listed = tuple(_line(ticket, id, name) for ticket, id, name in rows[:LISTED])
    return Ended(listed, listed[-1].number if len(rows) > LISTED else None)


def _own(session: Session, actor: Speaker, number: str) -> Ticket | None:
    return session.scalar(
        select(Ticket).where(Ticket.number == number, Ticket.requester_id == actor.id)
    )


def _line(ticket: Ticket, engineer_id: int | None, name: str | None) -> EndedTicket:
    engineer = PersonView(engineer_id, name or "", None) if engineer_id is not None else None
    return EndedTicket(
        ticket.number, ticket.status, ticket.symptom, ticket.place, ticket.opened_at, engineer
    )


def is_rateable(session: Session, ticket: TicketView) -> bool:
    """Ended, not rated in this cycle, and not the requester's own work (F13)."""
    if ticket.status is not Status.CLOSED:
        return False
    if ticket.assignee and ticket.assignee.id == ticket.requester_id:
        return False
    solved = exists().where(
        Resolution.ticket_id == ticket.id,
        Resolution.cycle == ticket.cycle,
        Resolution.engineer_id == ticket.requester_id,
    )
    if session.scalar(select(solved)):
        return False
    return given(session, ticket) is None


def given(session: Session, ticket: TicketView) -> Scores | None:
    """The rating of this cycle."""
    rating = session.scalar(
        select(Rating).where(Rating.ticket_id == ticket.id, Rating.cycle == ticket.cycle)
    )
    if rating is None:
        return None
    return Scores(rating.speed, rating.attitude, rating.result, rating.comment)


def given_first(session: Session, ticket: TicketView) -> Scores | None:
    """The rating of this cycle before it was changed; None if it never was."""
    first = session.scalar(
        select(Rating.first).where(Rating.ticket_id == ticket.id, Rating.cycle == ticket.cycle)
    )
    if first is None:
        return None
    return Scores(first["speed"], first["attitude"], first["result"], first.get("comment"))


def may_be_reopened(ticket: TicketView, closed_at: datetime | None, since: datetime) -> bool:
    """Solved or closed not too long ago (F16)."""
    if ticket.status is Status.RESOLVED:
        return True
    return ticket.status is Status.CLOSED and closed_at is not None and closed_at >= since


def closed_at(session: Session, ticket_id: int) -> datetime | None:
    return session.scalar(select(Ticket.closed_at).where(Ticket.id == ticket_id))
