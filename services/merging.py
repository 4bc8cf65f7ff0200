"""Reports of one fault become one ticket, and apart again; tickets that belong together (F5).

Merging is a link with a date: nothing moves, so that taking it back loses nothing (B9).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Action, Status, next_status
from domain.permissions import Permission, may
from domain.refusals import NotFound, Refusal, TooLate
from models import Activity, LinkKind, Ticket, TicketLink
from services import calling, clocks, dispatching, notices, queries, targets
from services.records import act, end_hold, permitted, stand_of
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

UNDONE_WITHIN = timedelta(hours=24)

_TARGETS = (*OPEN_STATUSES, Status.RESOLVED)
_HELD = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)


class SameTicket(Refusal):
    """A ticket is not merged into itself, nor linked with itself."""

    text_key = "desk_act.same_ticket"


class NoTarget(Refusal):
    """What is ended, or part of another one itself, takes nothing in."""

    text_key = "desk_act.no_target"


# --- merging ------------------------------------------------------------------------------------


def merge(desk: "Desk", ticket_id: int, into_number: str) -> TicketView:
    """The ticket goes on as part of the other; its requester and its engineer are told."""
    session, now = desk.session, desk.now
    ticket, into = _both(desk, ticket_id, into_number, Permission.TICKET_MERGE)
    if into.status not in _TARGETS:
        raise NoTarget(number=into.number)
    next_status(ticket.status, Action.MERGE)
    dispatching.decide_alone(session)
    had_engineer = ticket.assignee_id if ticket.status in _HELD else None
    end_hold(ticket)
    for each, other in ((ticket, into), (into, ticket)):
        action = Action.MERGE if each is ticket else Action.LINK
        detail: dict[str, Any] = {"other": other.number, "other_id": other.id}
        act(session, each, action, actor_id=desk.actor.id, now=now, **detail)
    ticket.merged_into_id = into.id
    targets.dropped(session, ticket, now)
    clocks.stop(session, ticket.id)
    dispatching.release(session, had_engineer, ticket.priority)
    _tell_of_merging(desk, ticket, into, had_engineer)
    session.flush()
    dispatching.redispatch_waiting(session, desk.rules, now)
    return queries.view(session, ticket)


def _tell_of_merging(desk: "Desk", ticket: Ticket, into: Ticket, engineer_id: int | None) -> None:
    facts = {"symptom": ticket.symptom, "into": into.number}
    notices.tell(
        desk.session,
        ticket.requester_id,
        "desk_told.merged",
        desk.now,
        ticket=ticket,
        known=facts,
    )
    notices.tell(
        desk.session,
        engineer_id,
        "desk_told.merged_engineer",
        desk.now,
        ticket=ticket,
        is_urgent=True,
        known=facts,
    )


def tell_resolved(desk: "Desk", into: Ticket, action_taken: str) -> None:
    """Whoever reported the same hears of the solution, too."""
    for ticket in desk.session.scalars(_merged_into(into.id)):
        notices.tell(
            desk.session,
            ticket.requester_id if ticket.requester_id != into.requester_id else None,
            "desk_told.merged_resolved",
            desk.now,
            ticket=ticket,
            symptom=ticket.symptom,
            into=into.number,
            action=action_taken,
        )


def unmerge(desk: "Desk", ticket_id: int) -> TicketView:
    """Apart again within a day: open, with a new engineer if need be; both sides record it."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_UNMERGE)
    next_status(ticket.status, Action.UNMERGE)
    merged_at = _merged_at(session, ticket)
    if now - merged_at > UNDONE_WITHIN:
        raise TooLate()
    into = session.get_one(Ticket, ticket.merged_into_id)
    former = ticket.assignee_id
    dispatching.decide_alone(session)
    act(
        session,
        ticket,
        Action.UNMERGE,
        actor_id=desk.actor.id,
        now=now,
        other=into.number,
        other_id=into.id,
    )
    act(
        session,
        into,
        Action.LINK,
        actor_id=desk.actor.id,
        now=now,
        unlinked=True,
        other=ticket.number,
        other_id=ticket.id,
    )
    ticket.merged_into_id = None
    ticket.assignee_id = ticket.response_due_at = ticket.responded_at = None
    targets.begin(session, ticket, desk.rules, now)
    session.flush()
    notices.tell(
        session,
        ticket.requester_id,
        "desk_told.unmerged",
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        into=into.number,
    )
    calling.give_out(session, ticket, desk.rules, now, preferred=former)
    session.flush()
    return queries.view(session, ticket)


def _merged_at(session: Session, ticket: Ticket) -> datetime:
    return session.scalars(
        select(Activity.happened_at)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.MERGE)
        .order_by(Activity.id.desc())
        .limit(1)
    ).one()


def may_still_unmerge(desk: "Desk", ticket: Ticket) -> bool:
    """Whether the day in which a merge can be taken back is not over."""
    if ticket.status is not Status.MERGED:
        return False
    return desk.now - _merged_at(desk.session, ticket) <= UNDONE_WITHIN


def _merged_into(ticket_id: int) -> Any:
    # Served by ix_tickets_merged_into_id.
    return select(Ticket).where(Ticket.merged_into_id == ticket_id).order_by(Ticket.id).limit(20)


def merged_into(session: Session, ticket_id: int) -> list[Ticket]:
    """What became part of this ticket."""
    return list(session.scalars(_merged_into(ticket_id)))


# --- belonging together -------------------------------------------------------------------------


def link(desk: "Desk", ticket_id: int, other_number: str) -> TicketView:
    """Two tickets that belong together; doing it twice is doing it once."""
    session = desk.session
    ticket, other = _both(desk, ticket_id, other_number, Permission.TICKET_LINK)
    if _link_of(session, ticket.id, other.id) is None:
        elder, younger = sorted((ticket.id, other.id))
        session.add(
            TicketLink(
                ticket_id=elder,
                other_id=younger,
                kind=LinkKind.RELATED,
                made_by_id=desk.actor.id,
                made_at=desk.now,
            )
        )
        _record(desk, ticket, other)
    session.flush()
    return queries.view(session, ticket)


def unlink(desk: "Desk", ticket_id: int, other_number: str) -> TicketView:
    """No longer together; what was split keeps its origin."""
    session = desk.session
    ticket, other = _both(desk, ticket_id, other_number, Permission.TICKET_LINK)
    found = _link_of(session, ticket.id, other.id)
    if found is not None and found.kind is LinkKind.RELATED:
        session.execute(delete(TicketLink).where(TicketLink.id == found.id))
        session.expunge(found)
        _record(desk, ticket, other, unlinked=True)
    session.flush()
    return queries.view(session, ticket)


def _record(desk: "Desk", ticket: Ticket, other: Ticket, **detail: Any) -> None:
    for each, far in ((ticket, other), (other, ticket)):
        act(
            desk.session,
            each,
            Action.LINK,
            actor_id=desk.actor.id,
            now=desk.now,
            other=far.number,
            other_id=far.id,
            **detail,
        )


def _link_of(session: Session, one: int, two: int) -> TicketLink | None:
    pairs = (
        (TicketLink.ticket_id, TicketLink.other_id),
        (TicketLink.other_id, TicketLink.ticket_id),
    )
    statement = select(TicketLink).where(or_(*((a == one) & (b == two) for a, b in pairs)))
    found: TicketLink | None = session.scalars(statement).first()
    return found


def linked(session: Session, ticket_id: int) -> list[tuple[Ticket, LinkKind]]:
    """All that belong to this ticket, the newest first."""
    links = session.scalars(
        select(TicketLink)
        .where(or_(TicketLink.ticket_id == ticket_id, TicketLink.other_id == ticket_id))
        .order_by(TicketLink.id.desc())
        .limit(20)
    ).all()
    far = {each.other_id if each.ticket_id == ticket_id else each.ticket_id: each for each in links}
    tickets = session.scalars(select(Ticket).where(Ticket.id.in_(far)))
    found = [(each, far[each.id].kind) for each in tickets]
    return sorted(found, key=lambda pair: -far[pair[0].id].id)


# --- both sides ---------------------------------------------------------------------------------


def _both(
    desk: "Desk", ticket_id: int, other_number: str, permission: Permission
) -> tuple[Ticket, Ticket]:
    """This and the other one, locked in the order of their ids; NotFound, SameTicket."""
    session = desk.session
    other_id = session.scalar(select(Ticket.id).where(Ticket.number == other_number.strip()))
    if other_id is None:
        raise NotFound()
    if other_id == ticket_id:
        raise SameTicket()
    found = {
        each: permitted(session, desk.actor, each, permission)
        for each in sorted((ticket_id, other_id))
    }
    ticket, other = found[ticket_id], found[other_id]
    if not may(desk.actor.roles, Permission.TICKET_READ, stand_of(session, desk.actor, other)):
        raise NotFound()
    return ticket, other
