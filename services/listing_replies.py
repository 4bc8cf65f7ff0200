"""Tickets in which the requester has said something that nobody has taken up yet (E, class 7)."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.lifecycle import OPEN_STATUSES, Action, Status
from models import Activity, Ticket, table_of

LATEST_ACTS = 5_000
"""What was said before these was taken up, or is late by now: acts are walked by their key."""

MOST = 200  # tickets
_SAID = (Action.AMEND, Action.ATTACH, Action.URGE, Action.TALK)
_KEY = "tickets_unanswered"

_tickets, _acts = table_of(Ticket), table_of(Activity)
_later = _acts.alias("later")
_newest = select(func.max(_acts.c.id)).scalar_subquery()
_said = (  # put aside first: of a million tickets, none but theirs is looked at
    select(_acts.c.id, _acts.c.ticket_id, _acts.c.actor_id)
    .where(_acts.c.id > _newest - LATEST_ACTS, _acts.c.action.in_(_SAID))
    .cte("said")
    .prefix_with("MATERIALIZED")
)
_taken_up = exists().where(  # ix_activities_ticket_id_id
    _later.c.ticket_id == _said.c.ticket_id,
    _later.c.id > _said.c.id,
    _later.c.actor_id.is_not(None),
    _later.c.actor_id != _said.c.actor_id,
)
_UNANSWERED = (
    select(_said.c.ticket_id)
    .join_from(_said, _tickets, _tickets.c.id == _said.c.ticket_id)
    .where(
        _said.c.actor_id == _tickets.c.requester_id,
        _tickets.c.status.in_([*OPEN_STATUSES, Status.RESOLVED]),
        ~_taken_up,
    )
    .distinct()
    .limit(MOST)
)


def unanswered(session: Session) -> tuple[int, ...]:
    """Few, and asked once in a session; whoever writes, notes or acts there has taken it up."""
    found: tuple[int, ...] | None = session.info.get(_KEY)
    if found is None:
        found = session.info[_KEY] = tuple(session.scalars(_UNANSWERED))
    return found
