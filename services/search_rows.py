"""Tickets that were found, as a list of hits shows them (C §13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.category import Category
from domain.lifecycle import Status
from domain.numbers import short_number
from domain.permissions import Permission, may
from domain.priority import Priority
from models import Activity, Person, Resolution, Ticket, table_of
from nlp.search_words import excerpt
from services.search_documents import told_by

if TYPE_CHECKING:
    from services.desk import Desk

_tickets = table_of(Ticket)
_assignees = table_of(Person).alias("assignees")


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """A ticket as the list of hits shows it."""

    id: int
    number: str
    status: Status
    category: Category
    priority: Priority
    symptom: str
    place: str
    device: str | None
    contact_name: str
    contact_department: str
    contact_phone: str | None  # for those who may read it
    assignee: str | None
    opened_at: datetime
    excerpt: str | None = None  # where the words stand, if none of the above has them

    @property
    def short(self) -> str:
        return short_number(self.number)


def shown(
    desk: "Desk", ids: Sequence[int], text: str, *, is_hint: bool = False
) -> tuple[FoundTicket, ...]:
    """Newest first; that the actor may list them was seen to by whoever found them."""
    if not ids:
        return ()
    excerpts = {} if is_hint else _excerpts(desk.session, ids, text)
    reads_phones = may(desk.actor.roles, Permission.PERSON_READ_PHONE)
    rows = desk.session.execute(
        select(
            _tickets.c.id,
            _tickets.c.number,
            _tickets.c.status,
            _tickets.c.category,
            _tickets.c.priority,
            _tickets.c.symptom,
            _tickets.c.place,
            _tickets.c.device,
            _tickets.c.contact_name,
            _tickets.c.contact_department,
            _tickets.c.contact_phone,
            _assignees.c.name.label("assignee"),
            _tickets.c.opened_at,
        )
        .join_from(_tickets, _assignees, _tickets.c.assignee_id == _assignees.c.id, isouter=True)
        .where(_tickets.c.id.in_(ids))
        .order_by(_tickets.c.id.desc())
    )
    return tuple(
        FoundTicket(
            **{
                **row._mapping,
                "contact_phone": row.contact_phone if reads_phones else None,
                "excerpt": excerpts.get(row.id),
            }
        )
        for row in rows
    )


def _excerpts(session: Session, ids: Sequence[int], text: str) -> dict[int, str]:
    """Words that stand neither in the symptom nor beside it, with their surroundings."""
    tickets = session.execute(
        select(_tickets.c.id, _tickets.c.symptom, _tickets.c.description).where(
            _tickets.c.id.in_(ids)
        )
    ).all()
    texts = {row.id: [row.description] for row in tickets}
    for result in session.scalars(select(Resolution).where(Resolution.ticket_id.in_(ids))):
        texts[result.ticket_id].append(result.action_taken)
    for line in session.scalars(select(Activity).where(Activity.ticket_id.in_(ids))):
        texts[line.ticket_id].append(told_by(line))
    seen = {row.id for row in tickets if excerpt([row.symptom], text)}
    found = {each: excerpt(said, text) for each, said in texts.items() if each not in seen}
    return {each: words for each, words in found.items() if words}
