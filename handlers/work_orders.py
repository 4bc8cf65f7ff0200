"""What engineers may order: who may, what it does to a ticket, and which tickets it may mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.lifecycle import Action, Status
from domain.permissions import Permission
from handlers.dialog import Command, Desk
from services.views import TicketView

SHOWN = 6
"""Tickets in one message: with their lines they stay below the platform's 2,048 bytes."""


@dataclass(frozen=True, slots=True)
class WorkRule:
    """Who may order it, what it does to the ticket, and which tickets it may mean."""

    needs: Permission
    action: Action | None
    among: Callable[[Desk], tuple[TicketView, ...]]
    none: str


def _waiting(desk: Desk) -> tuple[TicketView, ...]:
    return desk.waiting_for_me()


def _in_hand(desk: Desk) -> tuple[TicketView, ...]:
    return desk.my_work()


def _on_hold(desk: Desk) -> tuple[TicketView, ...]:
    return tuple(each for each in desk.my_work() if each.status is Status.ON_HOLD)


def _not_on_hold(desk: Desk) -> tuple[TicketView, ...]:
    return tuple(each for each in desk.my_work() if each.status is not Status.ON_HOLD)


def _both(desk: Desk) -> tuple[TicketView, ...]:
    return (*desk.my_work(), *desk.waiting_for_me())


def _asking_support(desk: Desk) -> tuple[TicketView, ...]:
    return desk.asking_support()


def _any(desk: Desk) -> tuple[TicketView, ...]:
    """Work first; requesters have none, and mean what they reported."""
    return _both(desk) or desk.my_tickets()


_NO_WORK = "work.none_in_hand"
_NO_HOLD = "work.none_on_hold"
_NOTHING_WAITS = "work.none_waiting"

RULES: Mapping[Command, WorkRule] = {
    Command.ACCEPT: WorkRule(Permission.TICKET_ACCEPT, None, _waiting, _NOTHING_WAITS),
    Command.DECLINE: WorkRule(Permission.TICKET_DECLINE, None, _waiting, _NOTHING_WAITS),
    Command.TRANSFER: WorkRule(Permission.TICKET_TRANSFER, None, _both, _NO_WORK),
    Command.ARRIVE: WorkRule(Permission.TICKET_PROGRESS, Action.PROGRESS, _in_hand, _NO_WORK),
    Command.PROGRESS: WorkRule(Permission.TICKET_PROGRESS, Action.PROGRESS, _in_hand, _NO_WORK),
    Command.HOLD: WorkRule(Permission.TICKET_HOLD, Action.HOLD, _not_on_hold, _NO_WORK),
    Command.RESUME: WorkRule(Permission.TICKET_RESUME, Action.RESUME, _on_hold, _NO_HOLD),
    Command.ASK_SUPPORT: WorkRule(
        Permission.TICKET_ASK_SUPPORT, Action.ASK_SUPPORT, _not_on_hold, _NO_WORK
    ),
    Command.GIVE_SUPPORT: WorkRule(
        Permission.TICKET_GIVE_SUPPORT, Action.GIVE_SUPPORT, _asking_support, "give_support.none"
    ),
    Command.RESOLVE: WorkRule(Permission.TICKET_RESOLVE, Action.RESOLVE, _in_hand, _NO_WORK),
    Command.COMPLEX: WorkRule(Permission.TICKET_RECLASSIFY, Action.RECLASSIFY, _in_hand, _NO_WORK),
    Command.ORDINARY: WorkRule(Permission.TICKET_RECLASSIFY, Action.RECLASSIFY, _in_hand, _NO_WORK),
    Command.WHY: WorkRule(Permission.TICKET_READ_RECEIPT, None, _both, _NO_WORK),
    Command.PHOTOS: WorkRule(Permission.TICKET_READ_MEDIA, None, _any, _NO_WORK),
    Command.MY_WORK: WorkRule(Permission.TICKET_PROGRESS, None, _in_hand, _NO_WORK),
}
