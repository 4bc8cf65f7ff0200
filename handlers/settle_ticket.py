"""Solved: the requester confirms in whatever words, and is asked for the scores (F16)."""

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES
from handlers import rate_ticket
from handlers.dialog import Choice, Context, Turn, aside, order
from handlers.own_ticket import ask_which, one_of, to_settle, unsolved
from handlers.reopen_ticket import reopen
from handlers.scores_said import may_be_scores
from nlp.intents import Intent
from services.views import TicketView


def confirm(ctx: Context) -> Turn:
    """Closed, and straight on to the rating: as few taps as possible."""
    waiting = to_settle(ctx)
    ticket = one_of(ctx, waiting)
    if ticket is not None and ticket.status in OPEN_STATUSES:
        return _not_yet_worked_out(ticket)
    if ticket is not None:
        return rate_ticket.after_confirmation(ctx, ctx.desk.confirm(ticket.id))
    if waiting:
        return ask_which(Command.CONFIRM, waiting)
    return _nothing_to_confirm(ctx)


def _nothing_to_confirm(ctx: Context) -> Turn:
    still_open = unsolved(ctx)
    if len(still_open) == 1:
        return _not_yet_worked_out(still_open[0])
    if still_open:
        return ask_which(Command.CANCEL_TICKET, still_open)
    return aside("settle.nothing", buttons=(order(Command.REPORT),))


def _not_yet_worked_out(ticket: TicketView) -> Turn:
    """Solved before the engineer came: it can be called off."""
    return aside(
        "settle.still_open",
        number=ticket.short,
        symptom=ticket.symptom,
        buttons=(order(Command.CANCEL_TICKET, ticket.number), order(Command.SHOW, ticket.number)),
    )


# --- said without being asked ----------------------------------------------------------------


def overheard(ctx: Context) -> Turn | None:
    """好了, 还是不行 or 都是5分 mean the ticket that waits for just that, if there is one."""
    if _may_settle(ctx) and to_settle(ctx):
        return reopen(ctx) if ctx.choice is Choice.NO else confirm(ctx)
    if may_be_scores(ctx) and ctx.desk.to_rate() is not None:
        return rate_ticket.begin(ctx)
    return None


def _may_settle(ctx: Context) -> bool:
    return ctx.surely_means(Intent.CANCEL) or ctx.choice in (Choice.YES, Choice.NO)
