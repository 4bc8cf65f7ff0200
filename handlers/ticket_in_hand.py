"""Which ticket an engineer's order means, and whether the order fits it: asked before all else."""

from dataclasses import replace
from typing import Any

from domain.lifecycle import Action, Status, next_status
from domain.numbers import short_number
from domain.permissions import Role
from domain.refusals import NotYours
from handlers.dialog import Command, Context, Step, Turn, aside, order
from handlers.which_ticket import ANSWERS_WHICH, line, which_for_words, word_for
from handlers.work_orders import RULES, SHOWN, WorkRule
from services.views import TicketView


def ticket_meant(ctx: Context, command: Command, step: Step | None = None) -> TicketView | Turn:
    """The one that is named, or the only one; else what to say. `step` awaits which."""
    rule = RULES[command]
    candidates = rule.among(ctx.desk)
    if ctx.number:
        return _fitting(ctx, rule, ctx.desk.find(ctx.number, among=candidates))
    if not candidates:
        return nothing(ctx, rule.none)
    if len(candidates) == 1:
        return _fitting(ctx, rule, candidates[0])
    if step is not None:
        return which_for_words(ctx, command, step)
    lines = tuple(line(each, order(command, each.number).act) for each in candidates[:SHOWN])
    return aside("work.which", order=word_for(command), count=len(candidates), buttons=lines)


def nothing(ctx: Context, key: str) -> Turn:
    """No ticket to do it with; what waits to be accepted is not kept back."""
    waiting = len(ctx.desk.waiting_for_me())
    buttons = (order(Command.QUEUE),) if waiting else ()
    return aside(key, waiting=waiting or None, buttons=buttons)


def _fitting(ctx: Context, rule: WorkRule, ticket: TicketView) -> TicketView | Turn:
    """Refused before anything is asked, not after everything was answered."""
    if rule.action is None:
        return ticket
    if not is_mine(ctx, ticket) and ctx.speaker.roles <= {Role.REQUESTER, Role.ENGINEER}:
        raise NotYours(number=ticket.short)
    if ticket.status is Status.ASSIGNED and is_mine(ctx, ticket):
        accept = order(Command.ACCEPT, ticket.number)
        return aside("work.accept_first", number=ticket.short, buttons=(accept,))
    is_resumed_first = rule.action is Action.RESOLVE and ticket.status is Status.ON_HOLD
    next_status(Status.IN_PROGRESS if is_resumed_first else ticket.status, rule.action)
    return ticket


def is_mine(ctx: Context, ticket: TicketView) -> bool:
    return ticket.assignee is not None and ticket.assignee.id == ctx.speaker.id


# --- a conversation about one ticket -------------------------------------------------------------


def begun(ctx: Context, name: str, ticket: TicketView, turn: Turn, **learned: Any) -> Turn:
    """A conversation that starts with `turn`; one that needs no answer is said in passing."""
    if turn.step is None:
        return replace(turn, is_aside=turn.is_aside or not is_under_way(ctx, name, ticket))
    kept = {"talk": name, "ticket_id": ticket.id, "number": ticket.number, **learned}
    return replace(turn, into=name, learned={**kept, **turn.learned}, ticket_id=ticket.id)


def is_under_way(ctx: Context, name: str, ticket: TicketView) -> bool:
    """Whether just this is being talked of already."""
    if ctx.draft.get(ANSWERS_WHICH):
        return True
    return ctx.draft.get("talk") == name and ctx.draft.get("ticket_id") == ticket.id


def into(name: str, turn: Turn) -> Turn:
    return replace(turn, into=name) if turn.step is not None else turn


def short(ctx: Context) -> str:
    """The end of the number that the conversation is about."""
    return short_number(str(ctx.draft["number"]))
