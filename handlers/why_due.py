"""Why then: how the time of a ticket was reckoned, line by line (R4)."""

from domain.commands import Command
from domain.permissions import Permission
from handlers.dialog import Button, Context, Facts, Say, Turn, answer, aside, order
from handlers.own_ticket import ask_which, one_of, unsolved
from handlers.ticket_in_hand import is_mine
from services.notices import page_of
from services.views import TicketView


def why_due(ctx: Context) -> Turn:
    """Of the named ticket, the only one, or one to be tapped; work goes before own reports."""
    tickets = _in_hand(ctx) or unsolved(ctx)
    ticket = one_of(ctx, tickets)
    if ticket is not None:
        return _told(ctx, ticket)
    if tickets:
        return ask_which(Command.WHY_DUE, tickets)
    return aside("why.nothing", buttons=(order(Command.REPORT),))


def _in_hand(ctx: Context) -> tuple[TicketView, ...]:
    if not ctx.speaker.could(Permission.TICKET_PROGRESS):
        return ()
    return (*ctx.desk.my_work(), *ctx.desk.waiting_for_me())


def _told(ctx: Context, ticket: TicketView) -> Turn:
    facts: Facts = {"number": ticket.short, "symptom": ticket.symptom}
    lines = ctx.desk.why_due(ticket.id)
    if not lines:
        return answer(Say("why.over", facts), ticket_id=ticket.id)
    say = Say("why.told", {**facts, "lines": lines}, _buttons(ctx, ticket), page_of(ticket.number))
    return answer(say, ticket_id=ticket.id)


def _buttons(ctx: Context, ticket: TicketView) -> tuple[Button, ...]:
    if is_mine(ctx, ticket):
        commands: tuple[Command, ...] = (Command.PROGRESS, Command.HOLD, Command.COMPLEX)
    elif ticket.requester_id == ctx.speaker.id:
        commands = (Command.URGE,)
    else:
        commands = ()
    return tuple(order(each, ticket.number) for each in commands)
