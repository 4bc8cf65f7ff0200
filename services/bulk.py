"""One act on several tickets: each by itself, so that one refusal stops no other (C §4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from domain.category import Category
from domain.lifecycle import Action, next_status
from domain.permissions import Permission, may
from domain.priority import Impact, Urgency
from domain.refusals import NotFound, Refusal
from models import Ticket
from services import desk_acts, queries, settling, undoing
from services.listing import find_ids
from services.records import stand_of
from services.views import TicketView

if TYPE_CHECKING:
    from services.desk import Desk

MOST = 100  # tickets at once: what a page shows


class BulkAct(StrEnum):
    """What can be done with several tickets at once."""

    DISPATCH = auto()
    ASSIGN = auto()
    URGE = auto()
    NOTE = auto()
    URGENCY = auto()
    IMPACT = auto()
    CATEGORY = auto()
    CANCEL = auto()


NEEDS: dict[BulkAct, tuple[Permission, tuple[Action, ...]]] = {
    BulkAct.DISPATCH: (Permission.TICKET_DISPATCH, (Action.ASSIGN,)),
    BulkAct.ASSIGN: (Permission.TICKET_DISPATCH, (Action.ASSIGN, Action.REASSIGN)),
    BulkAct.URGE: (Permission.TICKET_URGE, (Action.URGE,)),
    BulkAct.NOTE: (Permission.TICKET_NOTE, (Action.NOTE,)),
    BulkAct.URGENCY: (Permission.TICKET_CORRECT, (Action.CORRECT,)),
    BulkAct.IMPACT: (Permission.TICKET_CORRECT, (Action.CORRECT,)),
    BulkAct.CATEGORY: (Permission.TICKET_CORRECT, (Action.CORRECT,)),
    BulkAct.CANCEL: (Permission.TICKET_CANCEL, (Action.CANCEL,)),
}
"""The permission for each, and the ways out of a status of which one must be open."""

CHOICES: dict[BulkAct, tuple[StrEnum, ...]] = {
    BulkAct.URGENCY: tuple(Urgency),
    BulkAct.IMPACT: tuple(Impact),
    BulkAct.CATEGORY: tuple(Category),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What an act needs to know beside the tickets."""

    engineer_id: int = 0
    choice: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of the preview, and why the act cannot be done with it."""

    ticket: TicketView
    no: Refusal | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one ticket; `was`: what it had before, for taking it back."""

    number: str
    no: str = ""  # the key of the refusal
    was: str = ""


def acts_for(desk: "Desk") -> tuple[BulkAct, ...]:
    """What the actor may do with several tickets: nothing that depends on each of them."""
    roles = desk.actor.roles
    return tuple(act for act, (permission, _) in NEEDS.items() if may(roles, permission))


def preview(desk: "Desk", act: BulkAct, numbers: Sequence[str]) -> tuple[Row, ...]:
    """The tickets in the order in which they were picked; those out of sight are left out."""
    ids = find_ids(desk, numbers[:MOST])
    found = [queries.ticket(desk.session, desk.actor, ids[each]) for each in numbers if each in ids]
    return tuple(Row(each, _refusal(desk, act, each)) for each in found)


def _refusal(desk: "Desk", act: BulkAct, view: TicketView) -> Refusal | None:
    permission, ways = NEEDS[act]
    ticket = desk.session.get_one(Ticket, view.id)
    if not may(desk.actor.roles, permission, stand_of(desk.session, desk.actor, ticket)):
        return NotFound()
    refusals = [_way_out(view, action) for action in ways]
    return None if None in refusals else refusals[0]


def _way_out(view: TicketView, action: Action) -> Refusal | None:
    try:
        next_status(view.status, action)
    except Refusal as no:
        return no
    return None


def run(desk: "Desk", act: BulkAct, numbers: Sequence[str], given: Given) -> tuple[Outcome, ...]:
    """Each in a savepoint of its own; answers what came of every one, in order."""
    ids = find_ids(desk, numbers[:MOST])
    return tuple(
        _tried(desk, number, ids.get(number), _DO[act], given) for number in numbers[:MOST]
    )


def restore(desk: "Desk", act: BulkAct, before: Sequence[tuple[str, str]]) -> tuple[Outcome, ...]:
    """Takes back what `run` did: each ticket gets what it had, or loses its new engineer."""
    ids = find_ids(desk, [number for number, _ in before][:MOST])
    do = _undo if act in (BulkAct.DISPATCH, BulkAct.ASSIGN) else _DO[act]
    return tuple(
        _tried(desk, number, ids.get(number), do, Given(choice=was))
        for number, was in before[:MOST]
    )


Do = Callable[["Desk", int, Given], str]


def _tried(desk: "Desk", number: str, ticket_id: int | None, do: Do, given: Given) -> Outcome:
    if ticket_id is None:
        return Outcome(number, NotFound.text_key)
    try:
        with desk.session.begin_nested():
            return Outcome(number, was=do(desk, ticket_id, given))
    except Refusal as no:
        return Outcome(number, no.text_key)


# --- the acts -------------------------------------------------------------------------------------


def _dispatch(desk: "Desk", ticket_id: int, given: Given) -> str:
    desk_acts.dispatch_best(desk, ticket_id)
    return "assigned"


def _assign(desk: "Desk", ticket_id: int, given: Given) -> str:
    desk_acts.assign_to(desk, ticket_id, given.engineer_id, given.words or None)
    return "assigned"


def _undo(desk: "Desk", ticket_id: int, given: Given) -> str:
    undoing.undo(desk, ticket_id)
    return ""


def _urge(desk: "Desk", ticket_id: int, given: Given) -> str:
    settling.urge(desk, ticket_id)
    return ""


def _note(desk: "Desk", ticket_id: int, given: Given) -> str:
    desk_acts.add_note(desk, ticket_id, given.words)
    return ""


def _cancel(desk: "Desk", ticket_id: int, given: Given) -> str:
    settling.cancel(desk, ticket_id, given.words)
    return ""


def _correct(name: str) -> Do:
    def do(desk: "Desk", ticket_id: int, given: Given) -> str:
        before: StrEnum = getattr(desk.session.get_one(Ticket, ticket_id), name)
        desk_acts.correct(desk, ticket_id, **{name: given.choice})
        return "" if before.value == given.choice else before.value

    return do


_DO: dict[BulkAct, Do] = {
    BulkAct.DISPATCH: _dispatch,
    BulkAct.ASSIGN: _assign,
    BulkAct.URGE: _urge,
    BulkAct.NOTE: _note,
    BulkAct.URGENCY: _correct("urgency"),
    BulkAct.IMPACT: _correct("impact"),
    BulkAct.CATEGORY: _correct("category"),
    BulkAct.CANCEL: _cancel,
}
