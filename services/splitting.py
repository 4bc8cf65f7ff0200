"""Two faults in one report: the second becomes a ticket of its own, out of what was said (F5)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from domain.category import Category
from domain.lifecycle import Action, next_status
from domain.permissions import Permission
from domain.priority import Urgency
from domain.speaker import Speaker
from models import Attachment, LinkKind, Person, Ticket, TicketLink
from services import notices, opening
from services.records import act, locked, permitted
from services.views import Report, TicketView

if TYPE_CHECKING:
    from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Part:
    """What is taken out: its own symptom, the words about it, and what was sent with it."""

    symptom: str
    words: str
    category: Category
    urgency: Urgency
    place: str
    attachment_ids: Collection[int] = ()


def split(desk: "Desk", ticket_id: int, part: Part) -> TicketView:
    """The new ticket, dispatched like any other; the requester is told its number."""
    session, now = desk.session, desk.now
    source = permitted(session, desk.actor, ticket_id, Permission.TICKET_SPLIT)
    next_status(source.status, Action.SPLIT)
    requester = _as_reported(desk, source)
    report = Report(
        symptom=part.symptom,
        description=part.words or part.symptom,
        place=part.place,
        category=part.category,
        urgency=part.urgency,
    )
    new = opening.report_for(desk, report, requester).ticket
    taken = locked(session, new.id)
    taken.channel = source.channel
    for each, other in ((source, taken), (taken, source)):
        act(
            session,
            each,
            Action.SPLIT if each is source else Action.LINK,
            actor_id=desk.actor.id,
            now=now,
            other=other.number,
            other_id=other.id,
        )
    session.add(
        TicketLink(
            ticket_id=source.id,
            other_id=taken.id,
            kind=LinkKind.SPLIT,
            made_by_id=desk.actor.id,
            made_at=now,
        )
    )
    _move_attachments(desk, source, taken, part.attachment_ids)
    notices.tell(
        session,
        source.requester_id,
        "desk_told.split",
        now,
        ticket=source,
        symptom=taken.symptom,
        into=taken.number,
    )
    session.flush()
    return new


def _as_reported(desk: "Desk", source: Ticket) -> Speaker:
    """The requester, with the contact that this ticket has."""
    person = desk.session.get_one(Person, source.requester_id)
    return Speaker(
        person.id,
        person.openid or "",
        person.roles,
        source.contact_name,
        source.contact_department,
        source.contact_office,
        source.contact_phone,
    )


def _move_attachments(desk: "Desk", source: Ticket, taken: Ticket, ids: Collection[int]) -> None:
    if ids:
        desk.session.execute(
            update(Attachment)
            .where(Attachment.id.in_(ids), Attachment.ticket_id == source.id)
            .values(ticket_id=taken.id),
            execution_options={"synchronize_session": False},
        )
