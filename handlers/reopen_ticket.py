"""Not solved: the ticket is open again at once, and what is still wrong is asked afterwards (F16).

没解决 → reopened → REASON → told to the engineer
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES
from domain.numbers import short_number
from handlers import follow_tickets
from handlers.dialog import (
    Choice,
    Context,
    Conversation,
    Medium,
    Say,
    Turn,
    aside,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from handlers.own_ticket import ask_which, ended_by_refusal, one_of, to_settle
from handlers.spoken import also_spoken
from nlp.answers import clauses, says_something
from nlp.choice import read_choice
from nlp.commands import read_command
from nlp.incident import read_incident
from nlp.intents import Intent
from nlp.ticket_ref import read_ticket_ref
from services.views import TicketView

NAME = "reopen_ticket"

_ANSWERS_NOTHING = (Choice.YES, Choice.NO, Choice.CANCEL)


class Step(StrEnum):
    REASON = auto()


def reopen(ctx: Context) -> Turn:
    """Whoever says no more than that is helped all the same."""
    waiting = to_settle(ctx)
    ticket = one_of(ctx, waiting)
    if ticket is None and waiting:
        return ask_which(Command.REOPEN, waiting)
    ticket = ticket or ctx.desk.my_last_ended()
    if ticket is None:
        return aside("settle.nothing_to_reopen", buttons=(order(Command.REPORT),))
    if ticket.status in OPEN_STATUSES:
        return _is_open_anyway(ticket)
    return _reopened(ctx, ticket)


def _is_open_anyway(ticket: TicketView) -> Turn:
    return aside(
        "settle.is_open",
        number=ticket.short,
        symptom=ticket.symptom,
        buttons=(order(Command.URGE, ticket.number), order(Command.SHOW, ticket.number)),
    )


def _reopened(ctx: Context, ticket: TicketView) -> Turn:
    """What was said with it is not asked for again."""
    words = _said_with_it(ctx)
    say = _reopened_say(ctx.desk.reopen(ticket.id, words))
    is_of_this = ctx.conversation is not None and ctx.draft.get("ticket_id") == ticket.id
    if words:
        follow = order(Command.SHOW, ticket.number, "button.follow")
        told = replace(say, buttons=(follow,))
        return Turn((told,), is_aside=not is_of_this, ticket_id=ticket.id)
    turn = _ask_reason(ticket.number)
    kept = {"ticket_id": ticket.id, "number": ticket.number}
    return replace(
        turn,
        says=(say, *turn.says),
        learned=kept,
        into=NAME,
        is_instead=is_of_this,
        ticket_id=ticket.id,
    )


def _said_with_it(ctx: Context) -> str:
    """What is wrong, behind the no itself."""
    if ctx.heard.tap is not None or read_command(ctx.text) is not None:
        return ctx.words
    told = ",".join(part for part in clauses(ctx.text) if _tells(part))
    return told if read_incident(told).symptom else ""


def _tells(clause: str) -> bool:
    return read_choice(clause) is Choice.UNCLEAR and read_ticket_ref(clause) is None


def _reopened_say(ticket: TicketView) -> Say:
    engineer = ticket.assignee.name if ticket.assignee else None
    key = "settle.reopened" if engineer else "settle.reopened_queued"
    due = ticket.response_due_at
    return Say(key, {"number": ticket.short, "engineer": engineer, "due": due})


# --- what is still wrong -------------------------------------------------------------------------


def _ask_reason(number: str) -> Turn:
    buttons = (choice("no_comment"), order(Command.SHOW, number, "button.follow"))
    return ask(Step.REASON, "settle.ask_reason", buttons=buttons)


def reason_given(ctx: Context) -> Turn:
    """Any words are passed on; those that want something else are heard as that."""
    number = ctx.draft["number"]
    if _calls_it_off(ctx):
        turn = follow_tickets.cancel(replace(ctx, number=number))
        return replace(turn, is_instead=True)
    if ctx.tapped == "no_comment" or ctx.choice in _ANSWERS_NOTHING or _means(ctx, Intent.THANKS):
        return finish("settle.no_reason", number=short_number(number))
    if not says_something(ctx.text) or _means(ctx, Intent.PROGRESS, Intent.URGE, Intent.HUMAN):
        return unclear(Step.REASON, "settle.reason_unclear", buttons=(choice("no_comment"),))
    ticket = ctx.desk.amend(ctx.draft["ticket_id"], ctx.text.strip())
    engineer = ticket.assignee.name if ticket.assignee else None
    key = "settle.reason_told" if engineer else "settle.reason_kept"
    return finish(key, number=ticket.short, engineer=engineer, ticket_id=ticket.id)


def _calls_it_off(ctx: Context) -> bool:
    """It works after all."""
    ordered = None if ctx.heard.tap else read_command(ctx.text)
    if ordered is not None:
        return ordered.command in (Command.CONFIRM, Command.CANCEL_TICKET)
    return ctx.tapped is None and _means(ctx, Intent.CANCEL)


def _means(ctx: Context, *intents: Intent) -> bool:
    return ctx.tapped is None and ctx.surely_means(*intents)


CONVERSATION = Conversation(
    name=NAME,
    begin=reopen,
    steps={Step.REASON: also_spoken(ended_by_refusal(reason_given))},
    asks={Step.REASON: lambda ctx: _ask_reason(ctx.draft["number"])},
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
    is_optional=True,
)
