"""Complex or ordinary: other promises hold from now on, with a word why (F14).

REASON → the time is reckoned anew, and told
"""

from enum import StrEnum, auto

from handlers.dialog import (
    Command,
    Context,
    Conversation,
    Facts,
    Turn,
    Word,
    ask,
    finish,
    order,
    unclear,
)
from handlers.ticket_in_hand import begun, into, short, ticket_meant
from handlers.which_ticket import ask_which, which_answered
from nlp.answers import says_something

NAME = "classify_ticket"


class Step(StrEnum):
    WHICH = auto()
    REASON = auto()


def to_complex(ctx: Context) -> Turn:
    """Not to be solved in one visit."""
    return _begin(ctx.learnt(is_complex=True), Command.COMPLEX)


def to_ordinary(ctx: Context) -> Turn:
    return _begin(ctx.learnt(is_complex=False), Command.ORDINARY)


def _begin(ctx: Context, command: Command) -> Turn:
    """Words behind the order are the reason."""
    is_complex = command is Command.COMPLEX
    ticket = ticket_meant(ctx, command, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    known = {"number": ticket.number, "contact": ticket.contact_name, "is_complex": is_complex}
    ctx = ctx.learnt(ticket_id=ticket.id, **known)
    turn = _done(ctx, ctx.words) if says_something(ctx.words) else _asking(ctx)
    return begun(ctx, NAME, ticket, turn, **known)


def ticket_named(ctx: Context) -> Turn:
    is_ordinary = ctx.draft["command"] == Command.ORDINARY.value
    return which_answered(ctx, Step.WHICH, to_ordinary if is_ordinary else to_complex)


def reason_given(ctx: Context) -> Turn:
    if not says_something(ctx.text):
        return unclear(Step.REASON, "classify.reason_unclear", buttons=(order(Command.STOP),))
    return _done(ctx, ctx.text)


def _done(ctx: Context, reason: str) -> Turn:
    ticket = ctx.desk.reclassify(
        ctx.draft["ticket_id"], is_complex=bool(ctx.draft["is_complex"]), reason=reason
    )
    return finish(
        "classify.done",
        number=ticket.short,
        kind=_kind(ctx),
        reason=reason,
        contact=ticket.contact_name,
        due=ticket.resolution_due_at,
        buttons=(order(Command.WHY_DUE, ticket.number),),
        ticket_id=ticket.id,
    )


def _asking(ctx: Context) -> Turn:
    facts: Facts = {
        "number": short(ctx),
        "kind": _kind(ctx),
        "contact": str(ctx.draft["contact"]),
    }
    return ask(Step.REASON, "classify.ask_reason", buttons=(order(Command.STOP),), facts=facts)


def _kind(ctx: Context) -> Word:
    return Word("targets.complex" if ctx.draft["is_complex"] else "targets.ordinary")


CONVERSATION = Conversation(
    name=NAME,
    begin=to_complex,
    steps={Step.WHICH: ticket_named, Step.REASON: reason_given},
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.REASON: _asking,
    },
)
