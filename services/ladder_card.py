"""How a ticket stands on the ladder: who hears next, who is called, who helps (F11, F12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.deadlines import DeadlineKind
from domain.escalation import Call, Trigger, read_step
from domain.lifecycle import OPEN_STATUSES, Status
from domain.permissions import Permission, may
from models import Deadline, Person, Ticket
from services import calling, escalating, on_call, supporting
from services.views import PersonView

if TYPE_CHECKING:
    from services.desk import Desk

_SHOWN = 4
_KINDS = (DeadlineKind.LADDER, DeadlineKind.CALL_OUT, DeadlineKind.DISPATCH)


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that will be taken unless something happens before."""

    at: datetime
    hears: tuple[str, ...]
    is_again: bool


@dataclass(frozen=True, slots=True)
class OnCall:
    """One of the chain: called in vain, called now, or next."""

    person: PersonView
    state: str  # called, now, waits


@dataclass(frozen=True, slots=True)
class LadderCard:
    """What desk and head see beside the ticket."""

    trigger: Trigger | None
    coming: tuple[Coming, ...]
    chain: tuple[OnCall, ...]
    next_call_at: datetime | None
    given_out_at: datetime | None  # it waits for the desk to open
    supporter: PersonView | None
    need: str | None  # what the engineer asked for, while nobody has joined
    muted_until: datetime | None
    may_mute: bool

    @property
    def is_still(self) -> bool:
        return self.trigger is None and not self.chain and self.given_out_at is None


def card(desk: "Desk", ticket: Ticket) -> LadderCard | None:
    """None for those who do not dispatch, and for what is ended."""
    if not may(desk.actor.roles, Permission.TICKET_DISPATCH):
        return None
    if ticket.status not in OPEN_STATUSES:
        return None
    clocks = _clocks(desk, ticket)
    rung, called = clocks.get(DeadlineKind.LADDER), clocks.get(DeadlineKind.CALL_OUT)
    waits = clocks.get(DeadlineKind.DISPATCH)
    is_night = not desk.rules.hours.is_open(desk.now)
    return LadderCard(
        read_step(rung.step)[0] if rung else None,
        _coming(desk, ticket, rung) if rung else (),
        _chain(desk, ticket, called) if called else (),
        called.due_at if called else None,
        waits.due_at if waits and waits.step == 0 else None,
        _person(desk, ticket.supporter_id),
        supporting.need_of(desk, ticket) if _wants_help(ticket) else None,
        on_call.muted_until(desk.session, ticket.requester_id, desk.now),
        is_night or called is not None,
    )


def _wants_help(ticket: Ticket) -> bool:
    return ticket.supporter_id is None and ticket.status is not Status.NEW


def _clocks(desk: "Desk", ticket: Ticket) -> dict[DeadlineKind, Deadline]:
    rows = desk.session.scalars(
        select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.kind.in_(_KINDS))
    )
    return {each.kind: each for each in rows}


def _coming(desk: "Desk", ticket: Ticket, rung: Deadline) -> tuple[Coming, ...]:
    """The next steps, each counted from the one before as it would be."""
    trigger, place = read_step(rung.step)
    calls = escalating.ladder_of(ticket, desk.rules).calls(trigger, ticket.priority)[place:]
    found: list[Coming] = []
    at = rung.due_at
    for number, call in enumerate(calls[:_SHOWN]):
        at = at if number == 0 else escalating.when(call, desk.rules, at)
        found.append(_step(call, at))
    return tuple(found)


def _step(call: Call, at: datetime) -> Coming:
    return Coming(at, tuple(sorted(each.value for each in call.rung.hears)), call.is_again)


def _chain(desk: "Desk", ticket: Ticket, clock: Deadline) -> tuple[OnCall, ...]:
    people = calling.chain_for(desk.session, ticket, desk.now)
    last = (clock.step - 1) % len(people) if people and clock.step else -1
    is_first_round = clock.step <= len(people)
    return tuple(
        OnCall(person, _state(place, last, is_first_round=is_first_round))
        for place, person in enumerate(_people(desk, people))
    )


def _state(place: int, last: int, *, is_first_round: bool) -> str:
    if place == last:
        return "now"
    return "called" if place < last or not is_first_round else "waits"


def _people(desk: "Desk", ids: Sequence[int]) -> list[PersonView]:
    found = {
        each.id: each for each in desk.session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    return [_view(found[each]) for each in ids]


def _person(desk: "Desk", person_id: int | None) -> PersonView | None:
    return _view(desk.session.get_one(Person, person_id)) if person_id is not None else None


def _view(person: Person) -> PersonView:
    return PersonView(person.id, person.name or "", person.reached_by)
