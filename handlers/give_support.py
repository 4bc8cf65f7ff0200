"""The desk sends help to an engineer: a higher level or the vendor, who joins (F12).

WHICH → WHOM → they join
"""

from enum import StrEnum, auto

from handlers.dialog import (
    Button,
    Command,
    Context,
    Conversation,
    Facts,
    Say,
    Turn,
    Word,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from handlers.ticket_in_hand import begun, into, short, ticket_meant
from handlers.which_ticket import ask_which, which_answered
from handlers.who_is_called import who_is_called
from services.supporting import Helper

NAME = "give_support"

_SHOWN = 6


class Step(StrEnum):
    WHICH = auto()
    WHOM = auto()


def begin(ctx: Context) -> Turn:
    """A name behind the order needs no question: 派支援 0007 郑工."""
    ticket = ticket_meant(ctx, Command.GIVE_SUPPORT, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    helper = who_is_called(ctx.words, ctx.desk.helpers(ticket.id)) if ctx.words else None
    if helper is not None:
        return begun(ctx, NAME, ticket, _given(ctx, ticket.id, helper))
    return begun(ctx, NAME, ticket, _asking(ctx, ticket.id, ticket.short))


def ticket_named(ctx: Context) -> Turn:
    return which_answered(ctx, Step.WHICH, begin)


def whom_given(ctx: Context) -> Turn:
    """By a tap, a place in the list, or a name."""
    ticket_id = ctx.draft["ticket_id"]
    able = ctx.desk.helpers(ticket_id)
    chosen = ctx.option([str(each.id) for each in able[:_SHOWN]])
    helper = next((each for each in able if str(each.id) == chosen), None)
    helper = helper or (None if ctx.tapped is not None else who_is_called(ctx.text, able))
    if helper is None:
        return unclear(Step.WHOM, "give_support.unclear", buttons=_lines(able))
    return _given(ctx, ticket_id, helper)


def _given(ctx: Context, ticket_id: int, helper: Helper) -> Turn:
    ticket = ctx.desk.give_support(ticket_id, helper.id)
    return finish(
        "give_support.given",
        ticket_id=ticket.id,
        number=ticket.short,
        name=helper.name,
        phone=helper.phone,
        engineer=ticket.assignee.name if ticket.assignee else None,
    )


def _asking(ctx: Context, ticket_id: int, number: str) -> Turn:
    able = ctx.desk.helpers(ticket_id)
    away = tuple(map(_away, (each for each in able[:_SHOWN] if each.why_not)))
    facts: Facts = {"number": number, "away": away or None}
    key = "give_support.ask_whom" if able else "give_support.nobody"
    if not able:
        return finish(key, number=number)
    return ask(Step.WHOM, key, buttons=_lines(able), facts=facts)


def _away(helper: Helper) -> Say:
    facts: Facts = {
        "name": helper.name,
        "phone": helper.phone,
        "why": Word(f"left_out.{helper.why_not}"),
    }
    return Say("give_support.away", facts)


def _lines(able: tuple[Helper, ...]) -> tuple[Button, ...]:
    lines = (
        choice(
            str(each.id),
            "button.vendor_helper" if each.is_vendor else "button.helper",
            name=each.name,
            level=each.level,
            count=each.open_tickets,
        )
        for each in able[:_SHOWN]
    )
    return (*lines, order(Command.STOP))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.WHICH: ticket_named, Step.WHOM: whom_given},
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.WHOM: lambda ctx: _asking(ctx, ctx.draft["ticket_id"], short(ctx)),
    },
)
