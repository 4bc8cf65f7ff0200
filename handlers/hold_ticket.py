"""Put a ticket on hold: why, for whom it waits, until when; one message may say all (F11).

REASON → WAITS_FOR, unless the reason says it → UNTIL → the clock stands until then
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum, auto

from domain.targets import WaitsFor
from handlers.dialog import (
    Button,
    Command,
    Context,
    Conversation,
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
from nlp.answers import clauses, find_answer, read_answer, says_something, wording_of
from nlp.when import read_when

NAME = "hold_ticket"

REASONS = ("wait_part", "wait_user", "wait_vendor")
WAITS_FOR: Mapping[str, WaitsFor] = {
    "wait_part": WaitsFor.PART,
    "wait_user": WaitsFor.REQUESTER,
    "wait_vendor": WaitsFor.VENDOR,
}
_ASKED = tuple(each.value for each in WaitsFor)
TIMES = ("until_close", "until_morning", "until_day_after")


class Step(StrEnum):
    WHICH = auto()
    REASON = auto()
    WAITS_FOR = auto()
    UNTIL = auto()


def begin(ctx: Context) -> Turn:
    ticket = ticket_meant(ctx, Command.HOLD, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    until = read_when(ctx.words, ctx.now)
    known = {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "reason": _reason(ctx.words, ctx.now),
        "waits_for": _waits_for(ctx.words),
        "until": until.isoformat() if until else None,
    }
    return begun(ctx, NAME, ticket, _next(replace(ctx, draft=known)), **known)


def ticket_named(ctx: Context) -> Turn:
    return which_answered(ctx, Step.WHICH, begin)


def reason_given(ctx: Context) -> Turn:
    """What is waited for; a time in the same words is the answer to the next question."""
    if ctx.tapped == "other" or read_answer(ctx.text, ("other",)):
        return ask(Step.REASON, "hold.ask_reason_in_words", buttons=(order(Command.STOP),))
    named = ctx.option(REASONS)
    until = None if named else read_when(ctx.text, ctx.now)
    reason = wording_of(named) if named else _reason(ctx.text, ctx.now)
    if reason is None and until is None:
        return unclear(Step.REASON, "hold.reason_unclear", buttons=_reason_buttons())
    known = {
        "reason": reason,
        "waits_for": WAITS_FOR[named].value if named else _waits_for(ctx.text),
        "until": until.isoformat() if until else ctx.draft.get("until"),
    }
    return _learning(_next(ctx.learnt(**known)), **known)


def waits_for_given(ctx: Context) -> Turn:
    """Whose time it is: nobody's promise runs while it waits, and the figures say for whom."""
    named = ctx.option(_ASKED) or read_answer(ctx.text, _ASKED)
    waits_for = named or _waits_for(ctx.text)
    if waits_for is None:
        return unclear(Step.WAITS_FOR, "hold.waits_for_unclear", buttons=_waits_for_buttons())
    return _learning(_next(ctx.learnt(waits_for=waits_for)), waits_for=waits_for)


def until_given(ctx: Context) -> Turn:
    named = ctx.option(_times(ctx.now))
    until = read_when(wording_of(named) if named else ctx.text, ctx.now)
    if until is None:
        return unclear(Step.UNTIL, "hold.until_unclear", buttons=_until_buttons(ctx.now))
    return _next(ctx.learnt(until=until.isoformat()))


def _next(ctx: Context) -> Turn:
    """Asks what is still missing; with both the ticket is held."""
    if not ctx.draft.get("reason"):
        return _ask_reason(ctx)
    if not ctx.draft.get("waits_for"):
        return _ask_waits_for(ctx)
    if not ctx.draft.get("until"):
        return _ask_until(ctx)
    until = datetime.fromisoformat(ctx.draft["until"])
    reason, waits_for = str(ctx.draft["reason"]), WaitsFor(ctx.draft["waits_for"])
    ticket = ctx.desk.hold(ctx.draft["ticket_id"], reason, until, waits_for)
    return finish(
        "hold.held",
        number=ticket.short,
        reason=reason,
        who=Word(f"targets.waits_for.{waits_for.value}"),
        until=until,
        due=ticket.resolution_due_at,
        contact=ticket.contact_name,
        buttons=(order(Command.RESUME, ticket.number),),
        ticket_id=ticket.id,
    )


def _learning(turn: Turn, **known: str | None) -> Turn:
    return replace(turn, learned={**turn.learned, **known})


def _reason(text: str, now: datetime) -> str | None:
    """The words that name no time; from a clause that names both the kind of wait."""
    told = [each for each in clauses(text) if says_something(each) and not read_when(each, now)]
    if told:
        return ",".join(told)
    named = find_answer(text, REASONS)
    return wording_of(named) if named else None


def _waits_for(text: str) -> str | None:
    """For whom, where the words say so: 等厂家发货."""
    named = find_answer(text, REASONS)
    return WAITS_FOR[named].value if named else None


def _ask_waits_for(ctx: Context) -> Turn:
    facts = {"number": short(ctx)}
    return ask(Step.WAITS_FOR, "hold.ask_waits_for", buttons=_waits_for_buttons(), facts=facts)


def _waits_for_buttons() -> tuple[Button, ...]:
    return (*map(choice, _ASKED), order(Command.STOP))


def _ask_reason(ctx: Context) -> Turn:
    facts = {"number": short(ctx)}
    return ask(Step.REASON, "hold.ask_reason", buttons=_reason_buttons(), facts=facts)


def _ask_until(ctx: Context) -> Turn:
    facts = {"number": short(ctx), "reason": str(ctx.draft["reason"])}
    return ask(Step.UNTIL, "hold.ask_until", buttons=_until_buttons(ctx.now), facts=facts)


def _reason_buttons() -> tuple[Button, ...]:
    return (*map(choice, (*REASONS, "other")), order(Command.STOP))


def _until_buttons(now: datetime) -> tuple[Button, ...]:
    return (*map(choice, _times(now)), order(Command.STOP))


def _times(now: datetime) -> list[str]:
    """Those still to come: after work nobody is offered the close of today."""
    return [each for each in TIMES if read_when(wording_of(each), now)]


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.WHICH: ticket_named,
        Step.REASON: reason_given,
        Step.WAITS_FOR: waits_for_given,
        Step.UNTIL: until_given,
    },
    asks={
        Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
        Step.REASON: _ask_reason,
        Step.WAITS_FOR: _ask_waits_for,
        Step.UNTIL: _ask_until,
    },
)
