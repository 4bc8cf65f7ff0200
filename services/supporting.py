"""The desk sends a higher level or the vendor, who joins; the first stays responsible (F12)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from domain.commands import Command
from domain.lifecycle import Action, Status, next_status
from domain.permissions import Permission, Role
from domain.refusals import NotFound, Refusal
from domain.sentence import Facts
from models import Activity, Engineer, Person, Ticket
from services import escalating, notices, queries, roster
from services.notices import button
from services.records import act, permitted
from services.speakers import is_reachable
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

_WITH_AN_ENGINEER = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)


class HelpsAlready(Refusal):
    """That colleague is with the ticket already."""

    text_key = "support.helps_already"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who could join, as the desk sees them."""

    id: int
    name: str
    phone: str | None
    level: int
    is_vendor: bool
    is_skilled: bool
    open_tickets: int
    why_not: str | None  # off_duty, leave, unreachable: they may be given all the same


def helpers(desk: "Desk", ticket_id: int) -> tuple[Helper, ...]:
    """Higher levels and vendors, those who are there and know the thing first."""
    session = desk.session
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_GIVE_SUPPORT)
    own = session.get(Engineer, ticket.assignee_id) if ticket.assignee_id else None
    level = own.level if own else 1
    rows = session.execute(
        select(Engineer, roster.is_granted_at(Engineer.person_id, desk.now).label("is_away"))
        .join(Person, Person.id == Engineer.person_id)
        .where(Person.is_active, Engineer.person_id != (ticket.assignee_id or 0))
    )
    found = [
        _helper(row.Engineer, ticket, is_away=row.is_away)
        for row in rows
        if row.Engineer.level > level or Role.VENDOR in row.Engineer.person.roles
    ]
    return tuple(sorted(found, key=_best_first))


def _helper(card: Engineer, ticket: Ticket, *, is_away: bool) -> Helper:
    person = card.person
    is_skilled = not card.skills or ticket.category in card.skills
    is_vendor = Role.VENDOR in person.roles
    return Helper(
        person.id,
        person.name or "",
        person.reached_by,
        card.level,
        is_vendor,
        is_skilled,
        card.open_tickets,
        _why_not(card, is_vendor=is_vendor, is_away=is_away),
    )


def _why_not(card: Engineer, *, is_vendor: bool, is_away: bool) -> str | None:
    """A vendor signs in to nothing: they are called."""
    if is_away:
        return "leave"
    if not card.is_on_duty and not is_vendor:
        return "off_duty"
    return None if is_reachable(card.person) else "unreachable"


def _best_first(helper: Helper) -> tuple[Any, ...]:
    return (
        helper.why_not is not None,
        not helper.is_skilled,
        helper.is_vendor,
        helper.open_tickets,
        -helper.level,
        helper.id,
    )


def give(desk: "Desk", ticket_id: int, person_id: int, words: str = "") -> TicketView:
    """They join: told what is needed, and both who the other is; the requester hears it, too."""
    session, now = desk.session, desk.now
    ticket = permitted(session, desk.actor, ticket_id, Permission.TICKET_GIVE_SUPPORT)
    next_status(ticket.status, Action.GIVE_SUPPORT)
    helper = _chosen(desk, ticket, person_id)
    former = ticket.supporter_id
    act(
        session,
        ticket,
        Action.GIVE_SUPPORT,
        actor_id=desk.actor.id,
        now=now,
        supporter_id=helper.id,
        from_supporter_id=former,
        words=words.strip() or None,
    )
    ticket.supporter_id = helper.id
    need = words.strip() or need_of(desk, ticket)
    tell_helper(desk, ticket, helper, need)
    _tell_the_others(desk, ticket, helper, former)
    session.flush()
    return queries.view(session, ticket)


def _chosen(desk: "Desk", ticket: Ticket, person_id: int) -> Person:
    card = desk.session.get(Engineer, person_id)
    if card is None or not card.person.is_active or person_id == ticket.assignee_id:
        raise NotFound()
    if ticket.supporter_id == person_id:
        raise HelpsAlready(name=card.person.name)
    return card.person


def need_of(desk: "Desk", ticket: Ticket) -> str | None:
    """What the engineer asked for last, in their words."""
    detail = desk.session.scalar(
        select(Activity.detail)
        .where(Activity.ticket_id == ticket.id, Activity.action == Action.ASK_SUPPORT)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return (detail or {}).get("words")


def tell_helper(desk: "Desk", ticket: Ticket, helper: Person, need: str | None) -> None:
    """Whom they help, and with what."""
    engineer = _engineer(desk, ticket)
    notices.tell(
        desk.session,
        helper.id,
        "notice.support_wanted",
        desk.now,
        ticket=ticket,
        is_urgent=True,
        buttons=(button(Command.SHOW, ticket.number), button(Command.PHOTOS, ticket.number)),
        engineer=engineer.name if engineer else None,
        phone=engineer.reached_by if engineer else None,
        need=need,
        symptom=ticket.symptom,
        place=ticket.place,
    )


def _tell_the_others(desk: "Desk", ticket: Ticket, helper: Person, former: int | None) -> None:
    session, now = desk.session, desk.now
    facts: Facts = {
        "helper": helper.name,
        "phone": helper.reached_by,
        "symptom": ticket.symptom,
    }
    notices.tell(
        session,
        ticket.assignee_id,
        "notice.support_comes",
        now,
        ticket=ticket,
        is_urgent=True,
        known=facts,
    )
    notices.tell(
        session, ticket.requester_id, "notice.support_joins", now, ticket=ticket, known=facts
    )
    if former is not None:
        notices.tell(session, former, "notice.support_replaced", now, ticket=ticket, known=facts)
    if escalating.is_for_support(session, ticket):
        escalating.stop(session, ticket)


def _engineer(desk: "Desk", ticket: Ticket) -> Person | None:
    return desk.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None


def asking(desk: "Desk") -> tuple[TicketView, ...]:
    """Where an engineer has asked for help and nobody has joined, the oldest first."""
    asked = (
        select(Activity.id)
        .where(Activity.ticket_id == Ticket.id, Activity.action == Action.ASK_SUPPORT)
        .exists()
    )
    # Served by ix_tickets_status_priority_opened_at.
    statement = (
        select(Ticket)
        .where(Ticket.status.in_(_WITH_AN_ENGINEER), Ticket.supporter_id.is_(None), asked)
        .order_by(Ticket.priority, Ticket.opened_at)
        .limit(20)
    )
    return tuple(queries.view(desk.session, each) for each in desk.session.scalars(statement))
