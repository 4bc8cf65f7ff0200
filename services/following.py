"""Who follows a ticket hears when it moves on, and what its requester says (C §10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.lifecycle import Action, Status
from domain.permissions import Permission, has_role_for
from domain.sentence import Word
from models import Follower, Person, Ticket, table_of
from services import notices

_SAID = (Action.AMEND, Action.URGE)  # by whom it is for
_TOLD = 200  # characters in a message; the rest stands on the page
_followers, _people = table_of(Follower), table_of(Person)
_FOLLOWING = (  # ix_followers_ticket_id
    select(_followers.c.person_id, _people.c.roles)
    .join(_people, _people.c.id == _followers.c.person_id)
    .where(_followers.c.ticket_id == bindparam("of_ticket"), _people.c.is_active)
)


def heard_of(
    session: Session,
    ticket: Ticket,
    action: Action,
    before: Status,
    actor_id: int | None,
    now: datetime,
    words: Any,
) -> None:
    """Tells all but who acted, and who works on it: they are told what is theirs to do."""
    has_spoken = action in _SAID and actor_id == ticket.requester_id
    if ticket.opened_at == now or not (has_spoken or ticket.status is not before):
        return
    rows = session.connection().execute(_FOLLOWING, {"of_ticket": ticket.id})
    for row in sorted(rows):
        is_staff = has_role_for(row.roles, Permission.TICKET_NOTE)
        if not is_staff or row.person_id in (actor_id, ticket.assignee_id):
            continue
        if has_spoken:
            _tell(session, row.person_id, f"desk_told.{action.value}", ticket, now, words)
        else:
            _tell(session, row.person_id, "desk_told.moved", ticket, now)


def _tell(
    session: Session, person_id: int, key: str, ticket: Ticket, now: datetime, words: Any = None
) -> None:
    notices.tell(
        session,
        person_id,
        key,
        now,
        ticket=ticket,
        symptom=ticket.symptom,
        status=Word(f"status.{ticket.status.value}"),
        words=str(words)[:_TOLD] if words else None,
    )
