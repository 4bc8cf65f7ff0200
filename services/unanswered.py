"""An assignment that nobody answered goes to the next candidate, or back to the desk (F9)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from domain.deadlines import ANSWER_KINDS
from domain.escalation import Trigger
from domain.lifecycle import Action
from domain.priority import Priority
from models import Person, Ticket
from services import calling, clocks, dispatching, escalating, notices
from services.clocks import Due
from services.records import act

if TYPE_CHECKING:
    from domain.dispatch import Receipt
    from services.desk import Rules


def take_away(session: Session, ticket: Ticket, rules: "Rules", now: datetime, due: Due) -> None:
    """The next candidate gets it; where there is none, the desk; off hours who is on call."""
    if ticket.priority is Priority.URGENT and not rules.hours.is_open(now):
        calling.call_next(session, ticket, rules, now, due._replace(step=0))
        return
    former = session.get_one(Person, ticket.assignee_id)
    excluded = dispatching.gave_back(session, ticket) | {former.id}
    job = dispatching.job_of(ticket, excluded)
    receipt, _ = dispatching.choose(session, job, ticket.requester_id, rules, now)
    dispatching.release(session, former.id, ticket.priority)
    if receipt.chosen is None:
        _queue(session, ticket, former, receipt, now)
    else:
        dispatching.assign(
            session,
            ticket,
            receipt.chosen,
            rules,
            now,
            action=Action.REASSIGN,
            receipt=receipt,
            from_engineer_id=former.id,
        )
        _tell_desk_who_follows(session, ticket, former, receipt.chosen, now)
    _tell_of_change(session, ticket, former, now)
    escalating.begin(session, ticket, Trigger.UNANSWERED, rules, now)


def _queue(
    session: Session, ticket: Ticket, former: Person, receipt: "Receipt", now: datetime
) -> None:
    act(session, ticket, Action.QUEUE, actor_id=None, now=now, from_engineer_id=former.id)
    ticket.assignee_id = ticket.response_due_at = None
    clocks.stop(session, ticket.id, ANSWER_KINDS)
    notices.tell_desk(
        session,
        "notice.unanswered_queued",
        now,
        ticket=ticket,
        engineer=former.name,
        symptom=ticket.symptom,
        place=ticket.place,
        reasons=dispatching.left_out_lines(receipt),
    )


def _tell_desk_who_follows(
    session: Session, ticket: Ticket, former: Person, next_id: int, now: datetime
) -> None:
    notices.tell_desk(
        session,
        "notice.unanswered",
        now,
        ticket=ticket,
        engineer=former.name,
        phone=former.reached_by,
        next=session.get_one(Person, next_id).name,
        symptom=ticket.symptom,
    )


def _tell_of_change(session: Session, ticket: Ticket, former: Person, now: datetime) -> None:
    """The one who did not answer, and the one who waits."""
    notices.tell(
        session,
        former.id,
        "notice.taken_away",
        now,
        ticket=ticket,
        is_urgent=True,
        symptom=ticket.symptom,
    )
    follower = session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    notices.tell(
        session,
        ticket.requester_id,
        "notice.engineer_changes",
        now,
        ticket=ticket,
        engineer=follower.name if follower else None,
        phone=follower.reached_by if follower else None,
    )
