"""Ask for support: what is needed, in one line; the engineer stays responsible (F12).

NEED → a higher level is called
"""

from enum import StrEnum, auto

from handlers.dialog import (
    Button,
    Command,
    Context,
    Conversation,
    Turn,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from handlers.ticket_in_hand import begun, into, short, ticket_meant
from handlers.which_ticket import ask_which, which_answered
from nlp.answers import says_something, wording_of

NAME = "request_support"

NEEDS = ("need_skill", "need_part", "need_vendor", "need_hands")


class Step(StrEnum):
    WHICH = auto()
    NEED = auto()


def begin(ctx: Context) -> Turn:
    """Words behind the order say what is needed."""
    ticket = ticket_meant(ctx, Command.ASK_SUPPORT, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    if says_something(ctx.words):
        return begun(ctx, NAME, ticket, _called(ctx, ticket.id, ctx.words))
    return begun(ctx, NAME, ticket, _asking(ticket.short))


def ticket_named(ctx: Context) -> Turn:
    return which_answered(ctx, Step.WHICH, begin)


def need_given(ctx: Context) -> Turn:
    named = ctx.option(NEEDS)
    if named is None and not says_something(ctx.text):
        return unclear(Step.NEED, "support.need_unclear", buttons=_buttons())
    need = wording_of(named) if named else ctx.text
    return _called(ctx, ctx.draft["ticket_id"], need)


def _called(ctx: Context, ticket_id: int, need: str) -> Turn:
    ticket = ctx.desk.ask_support(ticket_id, need)
    return finish("support.asked", number=ticket.short, need=need, ticket_id=ticket.id)


def _asking(number: str) -> Turn:
    return ask(Step.NEED, "support.ask_need", buttons=_buttons(), facts={"number": number})


def _buttons() -> tuple[Button, ...]:
    return (*map(choice, NEEDS), order(Command.STOP))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.WHICH: ticket_named, Step.NEED: need_given},
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.NEED: lambda ctx: _asking(short(ctx)),
    },
)
