"""Ask for leave: from when until when, why, and what it falls upon; one message may say it (D1).

WHEN → REASON → CONFIRM → the head is asked
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum, auto

from domain.refusals import Refusal
from domain.roster import Asked
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Facts,
    Say,
    Turn,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from nlp.answers import says_something, wording_of
from nlp.days_off import read_days_off
from services.leaves import SHOWN, when

NAME = "ask_leave"

REASONS = ("sick", "private", "annual", "rest_day")


class Step(StrEnum):
    WHEN = auto()
    REASON = auto()
    CONFIRM = auto()


def begin(ctx: Context) -> Turn:
    known = _read(ctx, ctx.words)
    if "begins_at" not in known and says_something(ctx.words):
        known["reason"] = ctx.words
    turn = _next(replace(ctx, draft=known))
    return replace(turn, into=NAME, learned={**known, **turn.learned}) if turn.step else turn


def when_given(ctx: Context) -> Turn:
    known = _read(ctx, ctx.text)
    if not known:
        return unclear(Step.WHEN, "roster_life.when_unclear", buttons=(order(Command.STOP),))
    return _learning(_next(ctx.learnt(**known)), known)


def reason_given(ctx: Context) -> Turn:
    if named := ctx.option(REASONS):
        return _learning(_next(ctx.learnt(reason=wording_of(named))), {"reason": wording_of(named)})
    if known := _read(ctx, ctx.text):
        return _learning(_next(ctx.learnt(**known)), known)
    if not says_something(ctx.text):
        return unclear(Step.REASON, "roster_life.reason_unclear", buttons=_reasons())
    return _learning(_next(ctx.learnt(reason=ctx.text)), {"reason": ctx.text})


def confirmed(ctx: Context) -> Turn:
    """What is said instead of a yes may be another time."""
    if ctx.tapped is None and (known := _read(ctx, ctx.text)):
        return _learning(_next(ctx.learnt(**known)), known)
    match ctx.choice:
        case Choice.YES:
            return _sent(ctx)
        case Choice.NO | Choice.CANCEL:
            return finish("roster_life.leave_not_sent")
        case Choice.AMEND:
            return _learning(_ask_when(ctx), {"begins_at": None})
    return unclear(Step.CONFIRM, "roster_life.leave_unclear", buttons=_confirming())


def _read(ctx: Context, text: str) -> dict[str, str]:
    found = read_days_off(text, ctx.now)
    if found is None:
        return {}
    known = {"begins_at": found.begins_at.isoformat(), "ends_at": found.ends_at.isoformat()}
    return {**known, "reason": found.words} if says_something(found.words) else known


def _next(ctx: Context) -> Turn:
    """Asks what is still missing; then shows what it falls upon."""
    if not ctx.draft.get("begins_at"):
        return _ask_when(ctx)
    if not ctx.draft.get("reason"):
        return _ask_reason(ctx)
    return _ask_confirm(ctx)


def _learning(turn: Turn, known: dict[str, str] | dict[str, None]) -> Turn:
    return replace(turn, learned={**turn.learned, **known})


def _ask_when(ctx: Context) -> Turn:
    return ask(Step.WHEN, "roster_life.ask_when", buttons=(order(Command.STOP),))


def _ask_reason(ctx: Context) -> Turn:
    facts: Facts = {"when": when(*_times(ctx))}
    return ask(Step.REASON, "roster_life.ask_reason", buttons=_reasons(), facts=facts)


def _reasons() -> tuple[Button, ...]:
    return (*map(choice, REASONS), order(Command.STOP))


def _ask_confirm(ctx: Context) -> Turn:
    begins_at, ends_at = _times(ctx)
    duties = ctx.desk.duties_within(begins_at, ends_at)
    lines = tuple(Say("roster_life.duty_line", {"duty": each.say}) for each in duties[:SHOWN])
    facts: Facts = {
        "when": when(begins_at, ends_at),
        "reason": str(ctx.draft["reason"]),
        "count": len(duties) or None,
        "duties": lines or None,
    }
    return ask(Step.CONFIRM, "roster_life.confirm_leave", buttons=_confirming(), facts=facts)


def _confirming() -> tuple[Button, ...]:
    return (choice(Choice.YES, "button.submit"), choice(Choice.AMEND), choice(Choice.CANCEL))


def _times(ctx: Context) -> tuple[datetime, datetime]:
    begins_at, ends_at = str(ctx.draft["begins_at"]), str(ctx.draft["ends_at"])
    return datetime.fromisoformat(begins_at), datetime.fromisoformat(ends_at)


def _sent(ctx: Context) -> Turn:
    """Refused for good is said once, and the talk is over."""
    try:
        leave = ctx.desk.ask_leave(*_times(ctx), str(ctx.draft["reason"]))
    except Refusal as no:
        return Turn((Say(no.text_key, no.facts),))
    key = "leave_granted_at_once" if leave.state is Asked.GRANTED else "leave_sent"
    back = order(Command.TAKE_BACK, f"leave-{leave.id}")
    return Turn((Say(f"roster_life.{key}", leave.facts, (back,)),))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.WHEN: when_given,
        Step.REASON: reason_given,
        Step.CONFIRM: confirmed,
    },
    asks={
        Step.WHEN: _ask_when,
        Step.REASON: _ask_reason,
        Step.CONFIRM: _ask_confirm,
    },
)
