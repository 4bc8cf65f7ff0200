"""A note on the way, told to the requester (F11).

NOTE → told
"""

from enum import StrEnum, auto

from handlers.dialog import Command, Context, Conversation, Turn, ask, finish, order, unclear
from handlers.ticket_in_hand import begun, into, short, ticket_meant
from handlers.which_ticket import ask_which, which_answered
from nlp.answers import says_something

NAME = "note_progress"


class Step(StrEnum):
    WHICH = auto()
    NOTE = auto()


def begin(ctx: Context) -> Turn:
    """Words behind the order are the note."""
    ticket = ticket_meant(ctx, Command.PROGRESS, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    turn = _noted(ctx, ticket.id, ctx.words) if ctx.words else _ask_note(ticket.short)
    return begun(ctx, NAME, ticket, turn)


def _ask_note(number: str) -> Turn:
    buttons = (order(Command.STOP),)
    return ask(Step.NOTE, "work.ask_note", buttons=buttons, facts={"number": number})


def ticket_named(ctx: Context) -> Turn:
    return which_answered(ctx, Step.WHICH, begin)


def note_given(ctx: Context) -> Turn:
    if not says_something(ctx.text):
        return unclear(Step.NOTE, "work.note_unclear", buttons=(order(Command.STOP),))
    return _noted(ctx, ctx.draft["ticket_id"], ctx.text)


def _noted(ctx: Context, ticket_id: int, words: str) -> Turn:
    ticket = ctx.desk.progress(ticket_id, words)
    return finish(
        "work.noted", number=ticket.short, contact=ticket.contact_name, ticket_id=ticket.id
    )


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.WHICH: ticket_named, Step.NOTE: note_given},
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.NOTE: lambda ctx: _ask_note(short(ctx)),
    },
)
