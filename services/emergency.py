"""A requester says that it cannot wait: urgent now, and off hours somebody is woken (F15)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.lifecycle import Action, Status
from domain.permissions import Permission
from domain.priority import Priority
from models import Ticket
from services import calling, correcting, on_call, queries, settling, targets
from services.records import act, permitted
from services.views import Called, TicketView

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Declared:
    """What the requester reads: who comes, or how it stands already."""

    ticket: TicketView
    called: Called | None  # somebody was called just now, or nobody could be
    is_raised: bool  # False: it was urgent before, and was urged once more


def declare(desk: "Desk", ticket_id: int) -> Declared:
    """Once for each ticket; who does it all night is heard by the desk alone (H-56)."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_URGE)
    is_waited_for = ticket.status in (Status.NEW, Status.ASSIGNED)
    is_night = not desk.rules.hours.is_open(now)
    if ticket.priority is Priority.URGENT or on_call.is_silenced(session, desk.actor.id, now):
        return _urged(desk, ticket)
    act(
        session,
        ticket,
        Action.URGE,
        actor_id=desk.actor.id,
        now=now,
        emergency=True,
        before=ticket.priority.name.lower(),
    )
    correcting.raise_to(session, ticket, Priority.URGENT)
    targets.retarget(session, ticket, desk.rules, now)
    called = None
    if is_waited_for and is_night:
        called = calling.call(session, ticket, desk.rules, now)
    elif ticket.status is Status.NEW:
        calling.give_out(session, ticket, desk.rules, now)
    else:
        settling.pass_on_urge(desk, ticket)
    session.flush()
    return Declared(queries.view(session, ticket), called, is_raised=True)


def _urged(desk: "Desk", ticket: Ticket) -> Declared:
    urged = settling.urge(desk, ticket.id)
    return Declared(urged.ticket, None, is_raised=False)
