"""Solved or not: the requester confirms, or says what is still wrong and it is open again (F16).

没解决 → REASON → reopened
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES
from handlers import rate_ticket
from handlers.dialog import (
    Choice,
    Context,
    Conversation,
    Medium,
    Say,
    Turn,
    answer,
    aside,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from handlers.own_ticket import ask_which, ended_by_refusal, one_of, to_settle, unsolved
from handlers.scores_said import may_be_scores
from handlers.spoken import also_spoken
from nlp.classifier import ASK_BELOW_INTENT
from nlp.incident import read_incident
from nlp.intents import Intent
from services.views import TicketView

NAME = "settle_ticket"


class Step(StrEnum):
    REASON = auto()


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


def reopen(ctx: Context) -> Turn:
    """One line of what is still wrong goes with it."""
    waiting = to_settle(ctx)
    ticket = one_of(ctx, waiting)
    if ticket is None and waiting:
        return ask_which(Command.REOPEN, waiting)
    ticket = ticket or ctx.desk.my_last_ended()
    if ticket is None:
        return aside("settle.nothing_to_reopen", buttons=(order(Command.REPORT),))
    if ticket.status in OPEN_STATUSES:
        return _is_open_anyway(ticket)
    return _ask_reason(ticket)


def _is_open_anyway(ticket: TicketView) -> Turn:
    return aside(
        "settle.is_open",
        number=ticket.short,
        symptom=ticket.symptom,
        buttons=(order(Command.URGE, ticket.number), order(Command.SHOW, ticket.number)),
    )


def _ask_reason(ticket: TicketView) -> Turn:
    turn = ask(
        Step.REASON,
        "settle.ask_reason",
        buttons=(choice("come_back"),),
        ticket_id=ticket.id,
        number=ticket.short,
        symptom=ticket.symptom,
    )
    return replace(turn, into=NAME, ticket_id=ticket.id)


def reason_given(ctx: Context) -> Turn:
    """Any words are a reason; a tap sends the engineer without one."""
    has_words = bool(read_incident(ctx.text).symptom) or ctx.choice is not Choice.UNCLEAR
    if ctx.tapped is None and not has_words:
        return unclear(Step.REASON, "settle.reason_unclear", buttons=(choice("come_back"),))
    reason = "" if ctx.tapped else ctx.text
    return _reopened(ctx, ctx.draft["ticket_id"], reason)


def _reopened(ctx: Context, ticket_id: int, reason: str) -> Turn:
    ticket = ctx.desk.reopen(ticket_id, reason)
    engineer = ticket.assignee.name if ticket.assignee else None
    return finish(
        "settle.reopened" if engineer else "settle.reopened_queued",
        ticket_id=ticket.id,
        number=ticket.short,
        engineer=engineer,
        due=ticket.response_due_at,
        buttons=(order(Command.SHOW, ticket.number, "button.follow"),),
    )


def _reason_asked_again(ctx: Context) -> Turn:
    facts = {"number": ctx.draft["number"], "symptom": ctx.draft["symptom"]}
    return answer(Say("settle.ask_reason", facts, (choice("come_back"),)))


# --- said without being asked ----------------------------------------------------------------


def overheard(ctx: Context) -> Turn | None:
    """好了, 还是不行 or 都是5分 mean the ticket that waits for just that, if there is one."""
    if _may_settle(ctx) and to_settle(ctx):
        return reopen(ctx) if ctx.choice is Choice.NO else confirm(ctx)
    if may_be_scores(ctx) and ctx.desk.to_rate() is not None:
        return rate_ticket.begin(ctx)
    return None


def _may_settle(ctx: Context) -> bool:
    says_enough = ctx.reading.intent is Intent.CANCEL
    is_sure = ctx.reading.intent_confidence >= ASK_BELOW_INTENT
    return (says_enough and is_sure) or ctx.choice in (Choice.YES, Choice.NO)


CONVERSATION = Conversation(
    name=NAME,
    begin=reopen,
    steps={Step.REASON: also_spoken(ended_by_refusal(reason_given))},
    asks={Step.REASON: _reason_asked_again},
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
)
