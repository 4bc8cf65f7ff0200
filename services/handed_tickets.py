"""Tickets that go along when a shift is handed over: chosen by who goes, given to who comes."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.numbers import short_number
from domain.sentence import Fact
from models import HandOver, Ticket
from services import desk_acts, dispatching
from services.handed_matters import IN_HAND, Matter

if TYPE_CHECKING:
    from services.desk import Desk

MOVES = "moves"
"""In a matter: whether the ticket goes along; absent where it is nobody's, or cannot go."""

MOVED = "moved"


def chosen(
    session: Session, matters: Iterable[Matter], to: int | None, moves: Collection[str] | None
) -> list[Matter]:
    """With what goes along: these numbers, or what usually does; nothing to who takes no work."""
    can_take = to is None or desk_acts.works_on_tickets(session, to)
    return [_chosen(each, can_take, moves) for each in matters]


def _chosen(matter: Matter, can_take: bool, moves: Collection[str] | None) -> Matter:
    if MOVES not in matter:
        return matter
    if not can_take:
        return {name: value for name, value in matter.items() if name != MOVES}
    goes = matter[MOVES] if moves is None else matter["number"] in moves
    return {**matter, MOVES: goes}


def facts(matters: Sequence[Matter]) -> dict[str, Fact]:
    """Which go along, which stay with who goes, and how many have gone."""
    return {
        "moving": _numbers(each for each in matters if each.get(MOVES)),
        "staying": _numbers(each for each in matters if each.get(MOVES) is False),
        "moved": sum(bool(each.get(MOVED)) for each in matters) or None,
    }


def _numbers(matters: Iterable[Matter]) -> str | None:
    return ", ".join(short_number(each["number"]) for each in matters) or None


def move(desk: "Desk", row: HandOver) -> None:
    """What is still in the hands of who went comes into those of the actor, who has just signed."""
    wanted = [each["number"] for each in row.matters if each.get(MOVES)]
    if not wanted or not desk_acts.works_on_tickets(desk.session, desk.actor.id):
        return
    dispatching.decide_alone(desk.session)
    moved = {ticket.number for ticket in _still_theirs(desk, row, wanted)}
    row.matters = [_noted(each, moved) for each in row.matters]


def _still_theirs(desk: "Desk", row: HandOver, wanted: Sequence[str]) -> list[Ticket]:
    statement = (
        select(Ticket)
        .where(
            # By ix_tickets_assignee_id_status_opened_at.
            Ticket.assignee_id == row.from_person_id,
            Ticket.status.in_(IN_HAND),
            Ticket.number.in_(wanted),
        )
        .order_by(Ticket.id)
        .with_for_update()
    )
    found = list(desk.session.scalars(statement))
    for ticket in found:
        desk_acts.hand_on(desk, ticket, desk.actor.id, handed_over=row.id)
    return found


def _noted(matter: dict[str, Any], moved: Collection[str]) -> dict[str, Any]:
    return {**matter, MOVED: True} if matter["number"] in moved else matter
