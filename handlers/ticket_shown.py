"""One ticket as its requester reads it: in a line of the list, or whole with what may be done."""

from datetime import datetime

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES, Status
from handlers.dialog import Button, Context, Facts, Say, Turn, answer, order
from services.notices import page_of
from services.views import TicketView


def line(ticket: TicketView, now: datetime) -> Say:
    """Number, fault, who has it, and by when (talks.md §7)."""
    return Say(f"follow.line.{ticket.status.value}", facts_of(ticket, now))


def facts_of(ticket: TicketView, now: datetime) -> Facts:
    engineer = ticket.assignee
    due = ticket.response_due_at if ticket.responded_at is None else ticket.resolution_due_at
    is_late = due is not None and due < now
    return {
        "number": ticket.short,
        "symptom": ticket.symptom,
        "place": ticket.place,
        "engineer": engineer.name if engineer else None,
        "phone": engineer.phone if engineer else None,
        "due": None if is_late else due,
        "late": Say("follow.late") if is_late else None,
        "until": ticket.hold_until,
    }


def shown(ctx: Context, ticket: TicketView) -> Turn:
    last = ctx.desk.last_word(ticket.id)
    facts: Facts = {**facts_of(ticket, ctx.now), "number": ticket.number, "last": last}
    buttons = _buttons(ticket) if ticket.requester_id == ctx.speaker.id else ()
    say = Say(f"follow.ticket.{ticket.status.value}", facts, buttons, page_of(ticket.number))
    return answer(say, ticket_id=ticket.id)


def _buttons(ticket: TicketView) -> tuple[Button, ...]:
    """What its requester may do with it now."""
    commands: tuple[Command, ...] = ()
    if ticket.status in OPEN_STATUSES:
        commands = (Command.URGE, Command.CANCEL_TICKET)
    elif ticket.status is Status.RESOLVED:
        commands = (Command.CONFIRM, Command.REOPEN)
    elif ticket.status is Status.CLOSED:
        commands = (Command.REOPEN,)
    return tuple(order(command, ticket.number) for command in commands)
