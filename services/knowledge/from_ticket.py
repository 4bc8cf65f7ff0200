"""What a solved ticket has for an article: what was wrong, why, what helped; nobody's name (K2)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.category import Category
from domain.permissions import Permission, demand
from domain.refusals import Refusal
from models import Article, Person, Resolution, Ticket
from nlp.blotting import BLOT, blotted

if TYPE_CHECKING:
    from services.desk import Desk

_STEPS = re.compile(r"[。；;\n]+|(?<=\S)(?=\d[.、)]\s*\S)")
_COUNTED = re.compile(r"^\s*(?:\d{1,2}[.、)）]|[-*•])\s*")


class NotSolved(Refusal):
    """Nothing was done yet that could be written down."""

    text_key = "knowledge.refusal.not_solved"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the article begins with; the cause is the ticket's, by its key."""

    ticket_id: int
    number: str
    symptom: str
    cause: str
    steps: tuple[str, ...]
    parts: tuple[str, ...]
    category: Category


def learnt(desk: "Desk", number: str) -> Learnt:
    """Of a ticket that the actor may read; NotSolved while nobody has said what helped."""
    demand(desk.actor.roles, Permission.KNOWLEDGE_WRITE)
    view = desk.find(number)
    ticket = desk.session.get_one(Ticket, view.id)
    result = desk.session.scalar(
        select(Resolution)
        .where(Resolution.ticket_id == ticket.id)
        .order_by(Resolution.cycle.desc())
        .limit(1)
    )
    if result is None:
        raise NotSolved()
    whose = _whose(desk, ticket)
    return Learnt(
        ticket.id,
        ticket.number,
        _without(ticket.symptom, whose),
        result.cause,
        _steps(_without(result.action_taken, whose)),
        tuple(result.parts),
        ticket.category,
    )


def _whose(desk: "Desk", ticket: Ticket) -> list[str | None]:
    """Names and places by which one would know whose ticket it was."""
    requester = desk.session.get(Person, ticket.requester_id)
    own = (requester.name, requester.office, requester.department) if requester else ()
    return [
        ticket.contact_name,
        ticket.contact_department,
        ticket.contact_office,
        ticket.contact_phone,
        ticket.place,
        *own,
    ]


def _without(text: str, whose: list[str | None]) -> str:
    return blotted(text, whose).replace(BLOT, "").strip(" ，,。")


def _steps(text: str) -> tuple[str, ...]:
    found = (_COUNTED.sub("", part).strip(" ，,") for part in _STEPS.split(text))
    return tuple(step for step in found if step)


def articles_of(desk: "Desk", ticket_id: int) -> tuple[str, ...]:
    """What was written from this ticket; ix_articles_source_ticket_id."""
    statement = select(Article.number).where(Article.source_ticket_id == ticket_id)
    return tuple(desk.session.scalars(statement.order_by(Article.id)))
