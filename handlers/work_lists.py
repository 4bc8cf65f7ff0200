"""An engineer's tickets as they are listed: those that wait, those in hand, one with its taps."""

from collections.abc import Mapping

from domain.commands import tap
from domain.lifecycle import OPEN_STATUSES, Status
from handlers.dialog import Button, Command, Context, Facts, Say, Turn, Word, answer, aside, order
from handlers.ticket_in_hand import is_mine, ticket_meant
from handlers.work_orders import SHOWN
from services.notices import page_of
from services.views import TicketView

_AT_WORK = (Command.RESOLVE, Command.PROGRESS, Command.ARRIVE, Command.HOLD, Command.ASK_SUPPORT)
_NEXT: Mapping[Status, tuple[Command, ...]] = {
    Status.ASSIGNED: (Command.ACCEPT, Command.DECLINE, Command.PHOTOS),
    Status.IN_PROGRESS: (*_AT_WORK, Command.TRANSFER),
    Status.ON_HOLD: (Command.RESUME, Command.PROGRESS, Command.TRANSFER),
}
"""What an engineer may tap for a ticket of theirs, the likeliest first."""


def list_waiting(ctx: Context) -> Turn:
    """What was given to the engineer and is not accepted, most urgent first (W2)."""
    waiting = ctx.desk.waiting_for_me()
    return answer(say_waiting(waiting)) if waiting else aside("work.none_waiting")


def say_waiting(waiting: tuple[TicketView, ...]) -> Say:
    shown = waiting[:SHOWN]
    lines = tuple(Say("work.waiting_line", _waiting_facts(each)) for each in shown)
    facts: Facts = {"count": len(waiting), "lines": lines, "more": _more(waiting)}
    return Say("work.waiting", facts, tuple(_of_ticket(Command.ACCEPT, each) for each in shown))


def _waiting_facts(ticket: TicketView) -> Facts:
    return {
        "number": ticket.short,
        "symptom": ticket.symptom,
        "place": ticket.place,
        "priority": Word(f"priority.{ticket.priority.name.lower()}"),
        "due": ticket.response_due_at,
        "wished_from": ticket.wished_from,
        "wished_until": ticket.wished_until,
    }


def _more(tickets: tuple[TicketView, ...]) -> int | None:
    return len(tickets) - SHOWN if len(tickets) > SHOWN else None


def list_mine(ctx: Context) -> Turn:
    """What is in hand: one with all its taps, several with a line to open each."""
    if not ctx.number:
        mine = ctx.desk.my_work()
        if len(mine) > 1:
            return answer(_several(mine))
    ticket = ticket_meant(ctx, Command.MY_WORK)
    return ticket if isinstance(ticket, Turn) else in_hand(ticket)


def is_work_of(ctx: Context, ticket: TicketView) -> bool:
    """Whether the speaker reads this ticket as its engineer, not as who reported it."""
    is_own = ticket.requester_id == ctx.speaker.id
    return is_mine(ctx, ticket) and not is_own and ticket.status in OPEN_STATUSES


def in_hand(ticket: TicketView) -> Turn:
    return answer(_one(ticket), ticket_id=ticket.id)


def _several(mine: tuple[TicketView, ...]) -> Say:
    shown = mine[:SHOWN]
    lines = tuple(Say("work.line", ticket_facts(each)) for each in shown)
    facts: Facts = {"count": len(mine), "lines": lines, "more": _more(mine)}
    return Say("work.in_hand", facts, tuple(_of_ticket(Command.MY_WORK, each) for each in shown))


def _one(ticket: TicketView) -> Say:
    page = page_of(ticket.number)
    return Say("work.in_hand_one", ticket_facts(ticket), next_orders(ticket), page)


def ticket_facts(ticket: TicketView) -> Facts:
    is_on_hold = ticket.status is Status.ON_HOLD
    return {
        "number": ticket.short,
        "symptom": ticket.symptom,
        "place": ticket.place,
        "wished": ticket.wished,
        "wished_from": ticket.wished_from,
        "wished_until": ticket.wished_until,
        "contact": ticket.contact_name,
        "phone": ticket.contact_phone,
        "category": Word(f"category.{ticket.category.value}"),
        "status": Word(f"status.{ticket.status.value}"),
        "until": ticket.hold_until if is_on_hold else None,
        "due": None if is_on_hold else ticket.resolution_due_at,
    }


def next_orders(ticket: TicketView) -> tuple[Button, ...]:
    return tuple(order(each, ticket.number) for each in _NEXT.get(ticket.status, ()))


def _of_ticket(command: Command, ticket: TicketView) -> Button:
    label = "button.look" if command is Command.MY_WORK else f"button.{command.value}"
    facts: Facts = {"order": Word(label), "number": ticket.short}
    return Button(tap(command, ticket.number), "button.for_ticket", facts)
