"""Tickets that came in during a window that fits: marked, and answered together (C §24)."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.category import Category
from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES, Action, Status
from domain.maintenance import NotNow, Phase
from domain.permissions import Permission, demand
from domain.sentence import Fact
from models import (
    Activity,
    MaintenanceTicket,
    MaintenanceWindow,
    Person,
    Ticket,
    table_of,
)
from services import audit, maintenance, maintenance_planning, notices
from services.maintenance import Window, window_of
from services.notices import button

if TYPE_CHECKING:
    from services.desk import Desk

log = logging.getLogger(__name__)

LISTED = 200
RESTORED = "notice.maintenance_over"

_marks, _tickets = table_of(MaintenanceTicket), table_of(Ticket)
_people = table_of(Person)
_MARK = insert(_marks)
# Served by ix_maintenance_tickets_window_id.
_OF_WINDOW = (
    select(_tickets, _marks.c.told_at, _people.c.openid.is_not(None).label("is_in_chat"))
    .join_from(_marks, _tickets, _tickets.c.id == _marks.c.ticket_id)
    .join(_people, _people.c.id == _tickets.c.requester_id)
    .where(_marks.c.window_id == bindparam("window"))
    .order_by(_tickets.c.requester_id, _tickets.c.id.desc())
)
_WAITS = (_marks.c.told_at.is_(None), _tickets.c.status.in_(OPEN_STATUSES))
_REACHED = _people.c.openid.is_not(None)  # who is known by phone alone is called


class Linked(NamedTuple):
    """A ticket of a window; `told_at`: when its requester was told that it is over."""

    number: str
    symptom: str
    place: str
    status: Status
    requester_id: int
    contact_name: str
    contact_phone: str
    opened_at: datetime
    told_at: datetime | None
    is_in_chat: bool

    @property
    def waits(self) -> bool:
        return self.told_at is None and self.status in OPEN_STATUSES


def mark(
    session: Session, ticket_id: int, category: Category, place: str, now: datetime
) -> dict[str, Any] | None:
    """The line of the ticket's history that says in which window it came in; None: in none."""
    window = maintenance.fitting(session, now, category, place)
    if window is None:
        return None
    row = {"ticket_id": ticket_id, "window_id": window.id, "told_at": None}
    session.connection().execute(_MARK, row)
    return {"maintenance": window.id, "other": window.title}


def of_ticket(session: Session, ticket_id: int, now: datetime) -> Window | None:
    """The window in which the ticket came in."""
    row = session.scalar(
        select(MaintenanceWindow)
        .join(MaintenanceTicket, MaintenanceTicket.window_id == MaintenanceWindow.id)
        .where(MaintenanceTicket.ticket_id == ticket_id)
    )
    return window_of(row, now) if row is not None else None


def linked(desk: "Desk", window_id: int) -> tuple[Linked, ...]:
    """What came in meanwhile, the newest first."""
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    rows = desk.session.execute(_OF_WINDOW.limit(LISTED), {"window": window_id}).all()
    found = (Linked(*(getattr(row, name) for name in Linked._fields)) for row in rows)
    return tuple(sorted(found, key=lambda each: each.opened_at, reverse=True))


def waiting(desk: "Desk") -> Counter[int]:
    """By window: how many open tickets of it still wait to hear that it is over."""
    rows = desk.session.execute(
        select(_marks.c.window_id, func.count())
        .join_from(_marks, _tickets, _tickets.c.id == _marks.c.ticket_id)
        .where(*_WAITS)
        .group_by(_marks.c.window_id)
    )
    return Counter({window: count for window, count in rows})


def tell_restored(desk: "Desk", window_id: int) -> int:
    """Once for each person whose ticket is open and who was not told; how many people.

    Like every notice it waits for a message that may be sent; nobody is told of a ticket twice.
    """
    window = _over(desk, window_id)
    rows = desk.session.execute(
        _OF_WINDOW.where(*_WAITS, _REACHED).with_for_update(of=_marks), {"window": window_id}
    ).all()
    people = 0
    for requester_id, group in groupby(rows, lambda row: row.requester_id):
        _tell(desk, requester_id, [*group], window)
        people += 1
    if rows:
        _note(desk, rows, window)
    log.info("maintenance_told window=%s people=%d tickets=%d", window_id, people, len(rows))
    return people


def _over(desk: "Desk", window_id: int) -> Window:
    """Under its lock: two clerks press the button one after the other."""
    demand(desk.actor.roles, Permission.MAINTENANCE_PLAN)
    desk.session.get(MaintenanceWindow, window_id, with_for_update=True, populate_existing=True)
    window = maintenance_planning.one(desk, window_id)
    if window.phase is not Phase.OVER:
        raise NotNow()
    return window


def _tell(desk: "Desk", requester_id: int, rows: Sequence[Any], window: Window) -> None:
    """Of the newest; others of the same person are named with it."""
    newest, *others = rows
    numbers = ", ".join(row.number for row in others)
    facts: dict[str, Fact] = {
        "title": window.title,
        "symptom": newest.symptom,
        "others": numbers or None,
    }
    notices.tell(
        desk.session,
        requester_id,
        RESTORED,
        desk.now,
        ticket=desk.session.get_one(Ticket, newest.id),
        buttons=(button(Command.SHOW, newest.number, "button.follow"),),
        known=facts,
    )


def _note(desk: "Desk", rows: Sequence[Any], window: Window) -> None:
    ids = [row.id for row in rows]
    desk.session.execute(update(_marks).where(_marks.c.ticket_id.in_(ids)).values(told_at=desk.now))
    desk.session.execute(
        insert(table_of(Activity)),
        [
            {
                "ticket_id": row.id,
                "action": Action.LINK,
                "status_before": row.status,
                "status_after": row.status,
                "actor_id": desk.actor.id,
                "happened_at": desk.now,
                "detail": {"restored": window.id, "other": window.title},
            }
            for row in rows
        ],
    )
    audit.done_by(
        desk,
        "maintenance.tell",
        f"maintenance:{window.id}",
        None,
        {"title": window.title, "tickets": [row.number for row in rows]},
    )
