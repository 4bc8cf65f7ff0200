"""紧急: the ticket that is meant becomes urgent; without one its fault is asked for (F15)."""

from domain.priority import Impact, Urgency
from handlers.called_out import called_says
from handlers.dialog import Button, Command, Context, Say, Turn, answer, order
from handlers.fault import Fault
from handlers.own_ticket import ask_which, named, unsolved
from handlers.report_draft import Step, asked, fault_of, is_under_way, with_fault
from handlers.report_questions import next_question
from handlers.ticket_shown import facts_of
from services.emergency import Declared
from services.views import TicketView

_URGENT = Fault(urgency=Urgency.HIGH.value, impact=Impact.TEAM.value)


def begin(ctx: Context) -> Turn:
    """The named one, the one just spoken of, the only one; else it is asked for."""
    tickets = unsolved(ctx)
    ticket = named(ctx, tickets) or _spoken_of(ctx, tickets)
    if ticket is not None:
        return _declared(ctx, ticket)
    if tickets:
        return ask_which(Command.EMERGENCY, tickets)
    if is_under_way(ctx) and not fault_of(ctx).lacks_symptom:
        return next_question(ctx)
    return asked(with_fault(ctx, _URGENT), Step.SYMPTOM, "emergency.ask_symptom")


def _spoken_of(ctx: Context, tickets: tuple[TicketView, ...]) -> TicketView | None:
    if len(tickets) == 1:
        return tickets[0]
    return next((each for each in tickets if each.id == ctx.ticket_id), None)


def _declared(ctx: Context, ticket: TicketView) -> Turn:
    done = ctx.desk.emergency(ticket.id)
    look = (order(Command.SHOW, ticket.number, "button.follow"),)
    return answer(_says(ctx, done, look), ticket_id=ticket.id)


def _says(ctx: Context, done: Declared, look: tuple[Button, ...]) -> Say:
    ticket = done.ticket
    facts = {**facts_of(ticket, ctx.now), "accepted": ticket.responded_at}
    if not done.is_raised:
        return Say(f"follow.urged.{ticket.status.value}", facts, look)
    if done.called is not None:
        return Say("emergency.raised.at_night", {**facts, "called": called_says(done.called)}, look)
    return Say(f"emergency.raised.{'held' if ticket.assignee else 'waiting'}", facts, look)
