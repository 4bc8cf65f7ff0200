"""A ticket given back: before accepting it goes to the next, afterwards to a colleague (F8)."""

from typing import TYPE_CHECKING

from domain import dispatch
from domain.deadlines import IN_HAND_KINDS
from domain.lifecycle import Action
from domain.permissions import Permission
from domain.refusals import NotFound
from models import Ticket
from services import calling, clocks, dispatching, notices, queries, targets
from services.records import act, end_hold, permitted
from services.views import Colleague, Moved, PersonView

if TYPE_CHECKING:
    from services.desk import Desk


def decline(desk: "Desk", ticket_id: int, reason: str) -> Moved:
    """Before accepting: the next candidate gets it."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_DECLINE)
    return _give_back(desk, ticket, Action.DECLINE, reason)


def transfer(desk: "Desk", ticket_id: int, reason: str, to: int | None) -> Moved:
    """After accepting: to a named colleague, or to whom dispatch chooses."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_TRANSFER)
    if to is not None and to not in {each.id for each in colleagues(desk, ticket_id)}:
        raise NotFound()
    return _give_back(desk, ticket, Action.TRANSFER, reason, to=to)


def _give_back(
    desk: "Desk", ticket: Ticket, action: Action, reason: str, to: int | None = None
) -> Moved:
    session, now = desk.session, desk.now
    dispatching.decide_alone(session)
    step = calling.step_of(session, ticket)
    act(
        session,
        ticket,
        action,
        actor_id=desk.actor.id,
        now=now,
        reason=reason,
        to=to,
        from_engineer_id=ticket.assignee_id,
    )
    dispatching.withdraw(session, ticket)
    clocks.stop(session, ticket.id, IN_HAND_KINDS)
    end_hold(ticket)
    targets.resume(session, ticket, desk.rules, now)
    session.flush()
    if to is not None:
        dispatching.assign(session, ticket, to, desk.rules, now, actor_id=desk.actor.id)
    else:
        excluded = dispatching.gave_back(session, ticket) | {desk.actor.id}
        calling.give_out(session, ticket, desk.rules, now, excluded=excluded, step=step)
    session.flush()
    view = queries.view(session, ticket)
    _tell_of_change(desk, ticket, view.assignee)
    return Moved(view, view.assignee)


def _tell_of_change(desk: "Desk", ticket: Ticket, to: PersonView | None) -> None:
    """The requester was promised somebody else: nobody waits for who does not come."""
    notices.tell(
        desk.session,
        ticket.requester_id,
        "notice.engineer_changes",
        desk.now,
        ticket=ticket,
        engineer=to.name if to else None,
        phone=to.phone if to else None,
    )


def colleagues(desk: "Desk", ticket_id: int) -> tuple[Colleague, ...]:
    """Every other engineer, those to whom the ticket could go first, the best of them first."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_TRANSFER)
    found, _ = dispatching.candidates(desk.session, ticket.requester_id, desk.now)
    others = [each for each in found if each.id != desk.actor.id]
    job, most = dispatching.job_of(ticket), desk.rules.max_open_tickets
    ranked = {s.engineer_id: n for n, s in enumerate(dispatch.choose(job, others, most).scores)}
    listed = [
        Colleague(each.id, each.name, each.open_tickets, dispatch.why_not(job, each, most))
        for each in others
    ]
    return tuple(sorted(listed, key=lambda each: (ranked.get(each.id, len(others)), each.id)))
