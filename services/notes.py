"""Notes for those who work here, whom they name, and who follows a ticket (F11, C §10, §11)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.lifecycle import Action
from domain.permissions import Permission, Role, may
from domain.speaker import Speaker
from models import Follower, Person, Ticket
from services import notices, queries
from services.records import act, permitted, stand_of
from services.speakers import holds
from services.views import PersonView, TicketView

if TYPE_CHECKING:
    from services.desk import Desk

LONGEST = 2000  # characters of one note
_TOLD = 200  # characters of it in a message; the rest stands on the page
_STAFF = (Role.DESK, Role.ENGINEER, Role.VENDOR, Role.HEAD, Role.ADMIN)


def add_note(desk: "Desk", ticket_id: int, words: str) -> TicketView:
    """A requester never sees it, and no channel carries it to them."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_NOTE)
    named = [each for each in readers_of(desk, ticket) if f"@{each.name}" in words]
    act(
        session,
        ticket,
        Action.NOTE,
        actor_id=desk.actor.id,
        now=desk.now,
        words=words[:LONGEST],
        named=[each.id for each in named] or None,
    )
    mentioned = {each.id for each in named} - {desk.actor.id}
    _tell(desk, ticket, words, mentioned, "desk_told.mentioned")
    following = set(_followers(session, ticket.id)) - mentioned - {desk.actor.id}
    _tell(desk, ticket, words, following, "desk_told.noted")
    return queries.view(session, ticket)


def _tell(desk: "Desk", ticket: Ticket, words: str, people: Collection[int], key: str) -> None:
    for person_id in sorted(people):
        notices.tell(
            desk.session,
            person_id,
            key,
            desk.now,
            ticket=ticket,
            who=desk.actor.name,
            symptom=ticket.symptom,
            words=words[:_TOLD],
        )


def readers_of(desk: "Desk", ticket: Ticket) -> tuple[PersonView, ...]:
    """Colleagues who may read this ticket's notes, by name: whom a note can mention."""
    staff = desk.session.scalars(
        select(Person)
        .where(
            Person.is_active,
            Person.name.is_not(None),
            holds(*_STAFF),
        )
        .order_by(Person.name, Person.id)
    )
    return tuple(
        PersonView(each.id, each.name or "", None, each.department)
        for each in staff
        if _may_note(desk.session, each, ticket)
    )


def ticket_of(desk: "Desk", ticket_id: int) -> Ticket:
    """The ticket that a page is about, which its reader may read."""
    return desk.session.get_one(Ticket, ticket_id)


def _may_note(session: Session, person: Person, ticket: Ticket) -> bool:
    speaker = Speaker(person.id, person.openid or "", person.roles)
    return may(person.roles, Permission.TICKET_NOTE, stand_of(session, speaker, ticket))


# --- following ----------------------------------------------------------------------------------


def follow(desk: "Desk", ticket_id: int) -> None:
    """Whoever may note on a ticket may go on hearing of it."""
    ticket = permitted(desk.session, desk.actor, ticket_id, Permission.TICKET_NOTE)
    if desk.session.get(Follower, (desk.actor.id, ticket.id)) is None:
        row = Follower(person_id=desk.actor.id, ticket_id=ticket.id, since=desk.now)
        desk.session.add(row)
        desk.session.flush()


def unfollow(desk: "Desk", ticket_id: int) -> None:
    """No longer."""
    mine = (Follower.ticket_id == ticket_id, Follower.person_id == desk.actor.id)
    desk.session.execute(
        delete(Follower).where(*mine), execution_options={"synchronize_session": False}
    )


def is_following(desk: "Desk", ticket_id: int) -> bool:
    return desk.session.get(Follower, (desk.actor.id, ticket_id)) is not None


def _followers(session: Session, ticket_id: int) -> list[int]:
    statement = select(Follower.person_id).where(Follower.ticket_id == ticket_id)
    return list(session.scalars(statement))
