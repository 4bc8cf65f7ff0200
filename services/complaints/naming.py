"""What a complaint may be about: the complainant's recent tickets, and who is called by a name."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Role
from models import Person, Ticket
from nlp.complaint import calls
from services import queries
from services.speakers import holds
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

OFFERED_FOR = timedelta(days=30)
"""So long after its end a ticket is offered as what a complaint is about."""
OFFERED = 6  # a tappable message holds ten lines, and three are for something else


def tickets(desk: "Desk") -> tuple[TicketView, ...]:
    """The actor's own that are open, or ended not long ago; the newest first."""
    under_way = (*OPEN_STATUSES, Status.RESOLVED)
    statement = (
        select(Ticket)
        .where(
            Ticket.requester_id == desk.actor.id,
            or_(
                Ticket.status.in_(under_way),
                Ticket.closed_at >= desk.now - OFFERED_FOR,
                Ticket.opened_at >= desk.now - OFFERED_FOR,
            ),
        )
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(OFFERED)
    )
    return tuple(queries.view(desk.session, each) for each in desk.session.scalars(statement).all())


def staff_called(desk: "Desk", words: str) -> frozenset[int]:
    """Who of the staff is called in these words; nobody where a name may mean two of them."""
    named = [(person_id, name) for person_id, name in _staff(desk) if calls(name, words)]
    whole = [(person_id, name) for person_id, name in named if name in words]
    found = whole or named
    names = [name for _, name in found]
    if not whole and len(found) > 1:
        return frozenset()
    return frozenset(person_id for person_id, name in found if names.count(name) == 1)


def _staff(desk: "Desk") -> list[tuple[int, str]]:
    statement = select(Person.id, Person.name).where(
        holds(*_SERVE), Person.is_active, Person.id != desk.actor.id, Person.name.is_not(None)
    )
    return [(row.id, row.name) for row in desk.session.execute(statement)]


_SERVE = tuple(role for role in Role if role is not Role.REQUESTER)
