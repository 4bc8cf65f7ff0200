"""Whom a complainant means: somebody who worked for them, or a name that they typed (C1)."""

from typing import TYPE_CHECKING

from sqlalchemy import String, func, select, type_coerce

from domain.permissions import Role
from models import Person, Ticket
from nlp.titles import may_be_one
from services.views import PersonView

if TYPE_CHECKING:
    from services.desk import Desk

MOST_HELPERS = 8
_REPORTS_ONLY = f",{Role.REQUESTER.value},"


def helpers(desk: "Desk") -> tuple[PersonView, ...]:
    """Who has had one of the actor's tickets in hand, the latest first."""
    last = func.max(Ticket.opened_at)  # ix_tickets_requester_id_opened_at
    statement = (
        select(Person.id, Person.name)
        .join_from(Ticket, Person, Person.id == Ticket.assignee_id)
        .where(Ticket.requester_id == desk.actor.id, Ticket.assignee_id != desk.actor.id)
        .group_by(Person.id, Person.name)
        .order_by(last.desc(), Person.id)
        .limit(MOST_HELPERS)
    )
    rows = desk.session.execute(statement)
    return tuple(PersonView(person_id, name or "", None) for person_id, name in rows)


def meant_by(desk: "Desk", called: str) -> tuple[int, ...]:
    """Everybody whom a typed name may mean; nobody if it could be anybody.

    All who bear it are kept from the complaint: better one too many than the wrong one. A surname
    means those alone who worked for the actor, for half a house bears it.
    """
    called = called.strip()
    works_here = type_coerce(Person.roles, String) != _REPORTS_ONLY
    named = desk.session.scalars(
        select(Person.id)
        .where(Person.name == called, Person.is_active, works_here, Person.id != desk.actor.id)
        .order_by(Person.id)
    ).all()
    near = (each.id for each in helpers(desk) if called and may_be_one(called, each.name))
    return tuple(named) or tuple(near)
