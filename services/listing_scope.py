"""Which tickets somebody may see in a list, as a clause of SQL (Y1, H-20)."""

import heapq
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import Session

from domain.permissions import PERMISSIONS, Permission, Relation, has_role_for
from domain.refusals import NotPermitted
from domain.speaker import Speaker
from models import Activity, Follower, Ticket, table_of
from services.shared_answers import keep, kept

_HAD = "tickets_had"
_OUT_OF_ORDER = 500  # acts that may be committed behind newer ones
_REMEMBERED = 300  # tickets of one person
LATEST_ACTS = 20_000
"""Whoever gave a ticket back sees it in lists while that is among the desk's latest acts; by its
number it is always found. The acts are walked by their key: no index is kept for this alone."""

_tickets, _activities = table_of(Ticket), table_of(Activity)
_followers = table_of(Follower)


def relations_of(
    actor: Speaker, permission: Permission = Permission.TICKET_LIST
) -> frozenset[Relation]:
    """How somebody must stand to a ticket to have it in their lists; NotPermitted for nobody's."""
    if not has_role_for(actor.roles, permission):
        raise NotPermitted(permission=permission.value)
    rows = PERMISSIONS[permission]
    return frozenset(relation for role in actor.roles for relation in rows.get(role, ()))


def sees_all(actor: Speaker) -> bool:
    return Relation.ANY in relations_of(actor)


def scope_of(session: Session, actor: Speaker) -> ColumnElement[bool] | None:
    """None: every ticket."""
    relations = relations_of(actor)
    if Relation.ANY in relations:
        return None
    clauses: list[ColumnElement[bool]] = []
    if Relation.ASSIGNED in relations:
        # ix_tickets_assignee_id_status_opened_at
        clauses.append(_tickets.c.assignee_id == actor.id)
    if Relation.SUPPORTING in relations:
        clauses.append(_tickets.c.supporter_id == actor.id)  # ix_tickets_supporter_id
    if Relation.WAS_ASSIGNED in relations:
        clauses.append(_tickets.c.id.in_(_had(session, actor.id)))
    return or_(*clauses)


def had_with_others(session: Session, actor: Speaker) -> ColumnElement[bool]:
    """What somebody who sees not all may see of a colleague's: what they help with, or had."""
    relations = relations_of(actor)
    clauses: list[ColumnElement[bool]] = [_tickets.c.id.in_(list[int]())]
    if Relation.SUPPORTING in relations:
        clauses.append(_tickets.c.supporter_id == actor.id)  # ix_tickets_supporter_id
    if Relation.WAS_ASSIGNED in relations:
        clauses.append(_tickets.c.id.in_(_had(session, actor.id)))
    return or_(*clauses)


def mine(actor: Speaker) -> ColumnElement[bool]:
    """What is somebody's own business: worked on, helped with, taken down for others, followed."""
    registered = select(_tickets.c.id).where(_tickets.c.opened_by_id == actor.id)
    followed = select(_followers.c.ticket_id).where(_followers.c.person_id == actor.id)
    own = union(_assigned(actor.id), _supporting(actor.id), registered, followed)
    return _tickets.c.id.in_(own)


def _assigned(person_id: int) -> Select[Any]:
    # ix_tickets_assignee_id_status_opened_at
    return select(_tickets.c.id).where(_tickets.c.assignee_id == person_id)


def _supporting(person_id: int) -> Select[Any]:
    # ix_tickets_supporter_id
    return select(_tickets.c.id).where(_tickets.c.supporter_id == person_id)


def _had(session: Session, person_id: int) -> list[int]:
    """What somebody had to do with lately; asked once in a session."""
    found: list[int] | None = session.info.get(_HAD)
    if found is None:
        found = session.info[_HAD] = _had_lately(session, person_id)
    return found


def _had_lately(session: Session, person_id: int) -> list[int]:
    """Remembered, so that only newer acts are walked."""
    key = ("had", person_id)
    _, (seen, ids) = kept(session, key) or (0.0, (0, frozenset[int]()))
    newest = session.scalar(select(func.max(_activities.c.id))) or 0
    since = max(newest - LATEST_ACTS, seen - _OUT_OF_ORDER)
    dispatched_to = Activity.detail["engineer_id"].as_integer()
    found = session.scalars(
        select(_activities.c.ticket_id).where(
            _activities.c.id > since,
            or_(_activities.c.actor_id == person_id, dispatched_to == person_id),
        )
    )
    newest_of_them = heapq.nlargest(_REMEMBERED, ids.union(found))
    keep(session, key, (newest, frozenset(newest_of_them)))
    return newest_of_them
