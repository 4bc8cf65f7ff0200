"""Real tickets that a sample had in hand, or swallowed: to the desk and on, before samples go."""

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain.deadlines import IN_HAND_KINDS
from domain.lifecycle import Action, Status
from models import Engineer, Ticket
from services import calling, clocks, dispatching, notices, targets
from services.people_card import HELD
from services.records import act, end_hold
from services.samples.reach import Gone, ids_of

if TYPE_CHECKING:
    from services.desk import Desk

_BACK = {
    Status.ASSIGNED: Action.QUEUE,
    Status.IN_PROGRESS: Action.TRANSFER,
    Status.ON_HOLD: Action.TRANSFER,
}


def free(desk: "Desk", gone: Gone) -> int:
    """To whom dispatch chooses, or to the desk; answers how many."""
    session = desk.session
    people, tickets = ids_of(gone, "people"), ids_of(gone, "tickets")
    dispatching.decide_alone(session)
    session.execute(
        update(Engineer).where(Engineer.person_id.in_(people)).values(is_on_duty=False),
        execution_options={"synchronize_session": False},
    )
    _unload(session, people, tickets)
    held = _real(session, people, tickets)
    for ticket in held:
        _set_apart(desk, ticket) if ticket.status is Status.MERGED else _take_back(desk, ticket)
        session.flush()
        calling.give_out(session, ticket, desk.rules, desk.now, excluded=set(people))
        session.flush()
    return len(held)


def _real(session: Session, people: list[int], tickets: list[int]) -> list[Ticket]:
    in_hand = Ticket.assignee_id.in_(people) & Ticket.status.in_(HELD)
    swallowed = Ticket.merged_into_id.in_(tickets) & (Ticket.status == Status.MERGED)
    wanted = select(Ticket).where(Ticket.id.not_in(tickets), or_(in_hand, swallowed))
    return list(session.scalars(wanted.order_by(Ticket.id).with_for_update()))


def _unload(session: Session, people: list[int], tickets: list[int]) -> None:
    """What engineers have in hand of the samples' tickets is no load of theirs any more."""
    rows = session.execute(
        select(Ticket.assignee_id, Ticket.priority).where(
            Ticket.id.in_(tickets), Ticket.status.in_(HELD), Ticket.assignee_id.not_in(people)
        )
    )
    for row in rows.all():
        dispatching.release(session, row.assignee_id, row.priority)


def _take_back(desk: "Desk", ticket: Ticket) -> None:
    session, now = desk.session, desk.now
    act(session, ticket, _BACK[ticket.status], actor_id=desk.actor.id, now=now)
    dispatching.withdraw(session, ticket)
    clocks.stop(session, ticket.id, IN_HAND_KINDS)
    end_hold(ticket)
    targets.resume(session, ticket, desk.rules, now)
    notices.tell(session, ticket.requester_id, "notice.engineer_changes", now, ticket=ticket)


def _set_apart(desk: "Desk", ticket: Ticket) -> None:
    """It was part of a sample: it stands for itself again."""
    session, now = desk.session, desk.now
    act(session, ticket, Action.UNMERGE, actor_id=desk.actor.id, now=now)
    ticket.merged_into_id = ticket.assignee_id = None
    ticket.response_due_at = ticket.responded_at = None
    targets.begin(session, ticket, desk.rules, now)
