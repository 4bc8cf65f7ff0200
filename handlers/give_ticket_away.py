"""Give a ticket away: before accepting it goes to the next, afterwards to a colleague (F8, F9).

REASON → declined, or REASON → COLLEAGUE → transferred
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.lifecycle import Action, Status, next_status
from domain.refusals import NotYours
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
from handlers.ticket_in_hand import begun, into, is_mine, short, ticket_meant
from handlers.which_ticket import ask_which, which_answered
from handlers.who_is_called import who_is_called
from nlp.answers import clauses, find_answer, read_answer, says_something, wording_of
from services.views import Colleague, Moved

NAME = "give_ticket_away"

REASONS = ("off_shift", "no_skill", "far", "busy")
_LET_DISPATCH = "dispatch"
_COLLEAGUES_SHOWN = 6
_CANNOT_TAKE = frozenset({"declined", "leave", "off_duty", "unreachable"})
"""A colleague may be asked beyond their skills or load, but not one who is not there."""


class Step(StrEnum):
    WHICH = auto()
    REASON = auto()
    COLLEAGUE = auto()


def decline(ctx: Context) -> Turn:
    return _begin(ctx, Command.DECLINE)


def transfer(ctx: Context) -> Turn:
    return _begin(ctx, Command.TRANSFER)


def _begin(ctx: Context, command: Command) -> Turn:
    """Which of the two ways is open, the ticket's status says, not the word for it."""
    ticket = ticket_meant(ctx, command, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    if not is_mine(ctx, ticket):
        raise NotYours(number=ticket.short)
    is_accepted = ticket.status is not Status.ASSIGNED
    next_status(ticket.status, Action.TRANSFER if is_accepted else Action.DECLINE)
    known = {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "is_accepted": is_accepted,
        "reason": None,
        "to": None,
    }
    asked = replace(ctx, draft=known)
    if not says_something(ctx.words):
        return begun(ctx, NAME, ticket, _ask_reason(asked), **known)
    return begun(ctx, NAME, ticket, _with_reason(asked, ctx.words), **known)


def ticket_named(ctx: Context) -> Turn:
    begin = decline if ctx.draft["command"] == Command.DECLINE else transfer
    return which_answered(ctx, Step.WHICH, begin)


# --- why -----------------------------------------------------------------------------------------


def reason_given(ctx: Context) -> Turn:
    if ctx.tapped == "other" or read_answer(ctx.text, ("other",)):
        return ask(Step.REASON, "give.ask_reason_in_words", buttons=(order(Command.STOP),))
    if named := ctx.option(REASONS):
        return _with_reason(ctx, wording_of(named))
    if not says_something(ctx.text):
        return unclear(Step.REASON, "give.reason_unclear", buttons=_reason_buttons())
    return _with_reason(ctx, ctx.text)


def _with_reason(ctx: Context, words: str) -> Turn:
    """A colleague named in the same breath needs no second question."""
    if not ctx.draft["is_accepted"]:
        return _declined(ctx, words)
    colleagues = _able(ctx)
    kept = [each for each in clauses(words) if who_is_called(each, colleagues) is None]
    reason = ",".join(kept) or ctx.draft["reason"]
    to = who_is_called(words, colleagues)
    asked = ctx.learnt(reason=reason, to=to.id if to else ctx.draft["to"])
    if not reason:
        turn = _ask_reason(asked)
    elif asked.draft["to"] is not None:
        return _transferred(asked, asked.draft["to"])
    else:
        turn = _ask_colleague(asked)
    return replace(turn, learned={"reason": reason, "to": asked.draft["to"]})


def _declined(ctx: Context, reason: str) -> Turn:
    return _gone(ctx.desk.decline(ctx.draft["ticket_id"], reason))


def _ask_reason(ctx: Context) -> Turn:
    facts: Facts = {"number": short(ctx)}
    return ask(Step.REASON, "give.ask_reason", buttons=_reason_buttons(), facts=facts)


def _reason_buttons() -> tuple[Button, ...]:
    return (*map(choice, (*REASONS, "other")), order(Command.STOP))


# --- to whom -------------------------------------------------------------------------------------


def colleague_given(ctx: Context) -> Turn:
    """By a tap, a place in the list, or a name."""
    able = _able(ctx)
    chosen = ctx.option([*(str(each.id) for each in able[:_COLLEAGUES_SHOWN]), _LET_DISPATCH])
    if chosen == _LET_DISPATCH or find_answer(ctx.text, (_LET_DISPATCH,)):
        return _transferred(ctx, None)
    if chosen is not None:
        return _transferred(ctx, int(chosen))
    if named := who_is_called(ctx.text, able):
        return _transferred(ctx, named.id)
    if away := who_is_called(ctx.text, ctx.desk.colleagues(ctx.draft["ticket_id"])):
        facts: Facts = {"name": away.name, "why": Word(f"left_out.{away.why_not}")}
        return ask(Step.COLLEAGUE, "give.cannot_take", buttons=_lines(able), facts=facts)
    return unclear(Step.COLLEAGUE, "give.colleague_unclear", buttons=_lines(able))


def _able(ctx: Context) -> tuple[Colleague, ...]:
    found = ctx.desk.colleagues(ctx.draft["ticket_id"])
    return tuple(each for each in found if each.why_not not in _CANNOT_TAKE)


def _ask_colleague(ctx: Context) -> Turn:
    """Who is free, with what they have in hand; and who is not, with the reason."""
    everybody = ctx.desk.colleagues(ctx.draft["ticket_id"])
    able = [each for each in everybody if each.why_not not in _CANNOT_TAKE]
    away = tuple(_away(each) for each in everybody if each.why_not in _CANNOT_TAKE)
    facts: Facts = {"number": short(ctx), "away": away[:3] or None}
    key = "give.ask_colleague" if able else "give.nobody_free"
    return ask(Step.COLLEAGUE, key, buttons=_lines(tuple(able)), facts=facts)


def _away(colleague: Colleague) -> Say:
    return Say("give.away", {"name": colleague.name, "why": Word(f"left_out.{colleague.why_not}")})


def _lines(able: tuple[Colleague, ...]) -> tuple[Button, ...]:
    lines = (
        choice(str(each.id), "button.colleague", name=each.name, count=each.open_tickets)
        for each in able[:_COLLEAGUES_SHOWN]
    )
    return (*lines, choice(_LET_DISPATCH), order(Command.STOP))


def _transferred(ctx: Context, to: int | None) -> Turn:
    return _gone(ctx.desk.transfer(ctx.draft["ticket_id"], str(ctx.draft["reason"]), to))


def _gone(moved: Moved) -> Turn:
    number = moved.ticket.short
    if moved.to is None:
        return finish("give.gone_to_desk", number=number)
    return finish("give.gone", number=number, name=moved.to.name, phone=moved.to.phone)


CONVERSATION = Conversation(
    name=NAME,
    begin=transfer,
    steps={
        Step.WHICH: ticket_named,
        Step.REASON: reason_given,
        Step.COLLEAGUE: colleague_given,
    },
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.REASON: _ask_reason,
        Step.COLLEAGUE: _ask_colleague,
    },
)
