"""Swap a duty: which one, with whom, and for one of theirs or for nothing (D1).

DUTY → COLLEAGUE → RETURN → the colleague is asked; one sentence may say all: 换班 周五 吴工
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum, auto

from domain.calendar import CHINA
from domain.refusals import Refusal
from handlers.dialog import (
    Button,
    Command,
    Context,
    Conversation,
    Facts,
    Say,
    Turn,
    Word,
    aside,
    ask,
    choice,
    order,
    unclear,
)
from nlp.answers import clauses, find_answer, is_called, says_something
from nlp.patterns import words_in
from nlp.when import read_when
from services.duty_views import DutyView
from services.swaps import StandIn

NAME = "swap_duty"

_SHOWN = 6  # lines to tap beside the way out
_FOR_NOTHING = "for_nothing"


class Step(StrEnum):
    DUTY = auto()
    COLLEAGUE = auto()
    RETURN = auto()


def begin(ctx: Context) -> Turn:
    """What the words behind the order say is not asked again."""
    duties = ctx.desk.my_duties()
    if not duties:
        return aside("roster_life.no_duty_to_swap", buttons=(order(Command.MY_DUTIES),))
    duty = _meant(ctx.words, duties, ctx)
    known = {"duty_id": None, "to": None, "words": ctx.words}
    asked = replace(ctx, draft=known)
    turn = _ask_duty(asked) if duty is None else _with_duty(asked, duty.id)
    return replace(turn, into=NAME, learned={**known, **turn.learned}) if turn.step else turn


def _meant(text: str, duties: Sequence[DutyView], ctx: Context) -> DutyView | None:
    """The only one; else that of the day which is named."""
    if len(duties) == 1:
        return duties[0]
    at = read_when(text, ctx.now.astimezone(CHINA).replace(hour=0, minute=0)) if text else None
    if at is None:
        return None
    of_day = [d for d in duties if d.begins_at.astimezone(CHINA).date() == at.date()]
    return of_day[0] if len(of_day) == 1 else None


# --- which duty ----------------------------------------------------------------------------------


def duty_given(ctx: Context) -> Turn:
    duties = ctx.desk.my_duties()
    shown = [str(each.id) for each in duties[:_SHOWN]]
    if chosen := ctx.option(shown):
        return _with_duty(ctx, int(chosen))
    if found := _meant(ctx.text, duties, ctx):
        return _with_duty(ctx.learnt(words=f"{ctx.draft['words']} {ctx.text}"), found.id)
    return unclear(Step.DUTY, "roster_life.duty_unclear", buttons=_duty_lines(duties))


def _ask_duty(ctx: Context) -> Turn:
    return ask(Step.DUTY, "roster_life.ask_duty", buttons=_duty_lines(ctx.desk.my_duties()))


def _duty_lines(duties: Sequence[DutyView]) -> tuple[Button, ...]:
    lines = (choice(str(each.id), "button.duty", duty=each.say) for each in duties[:_SHOWN])
    return (*lines, order(Command.STOP))


# --- with whom -----------------------------------------------------------------------------------


def _with_duty(ctx: Context, duty_id: int) -> Turn:
    asked = ctx.learnt(duty_id=duty_id)
    named = _named(str(asked.draft["words"]), ctx.desk.stand_ins(duty_id))
    if named is not None and named.why_not is None:
        turn = _with_colleague(asked, named)
    else:
        turn = _ask_colleague(asked)
    return replace(
        turn, learned={"duty_id": duty_id, "words": asked.draft["words"], **turn.learned}
    )


def colleague_given(ctx: Context) -> Turn:
    """By a tap, a place in the list, or a name."""
    everybody = ctx.desk.stand_ins(ctx.draft["duty_id"])
    able = _able(everybody)
    chosen = ctx.option([str(each.id) for each in able[:_SHOWN]])
    named = next((each for each in able if str(each.id) == chosen), None)
    named = named or _named(ctx.text, everybody)
    if named is None:
        return unclear(Step.COLLEAGUE, "roster_life.colleague_unclear", buttons=_people(able))
    if named.why_not is not None:
        facts: Facts = {"name": named.name, "why": Word(f"roster_life.why_not.{named.why_not}")}
        return ask(Step.COLLEAGUE, "roster_life.ask_another", buttons=_people(able), facts=facts)
    return _with_colleague(ctx, named)


def _ask_colleague(ctx: Context) -> Turn:
    able = _able(ctx.desk.stand_ins(ctx.draft["duty_id"]))
    facts: Facts = {"duty": _say_of(ctx)}
    key = "roster_life.ask_colleague" if able else "roster_life.nobody_to_ask"
    if not able:
        return Turn((Say(key, facts),))
    return ask(Step.COLLEAGUE, key, buttons=_people(able), facts=facts)


def _able(everybody: Sequence[StandIn]) -> list[StandIn]:
    return [each for each in everybody if each.why_not is None]


def _people(able: Sequence[StandIn]) -> tuple[Button, ...]:
    lines = (choice(str(each.id), "button.stand_in", name=each.name) for each in able[:_SHOWN])
    return (*lines, order(Command.STOP))


def _named(text: str, everybody: Sequence[StandIn]) -> StandIn | None:
    """Whoever is called in the words, if that may be only one."""
    whole = [each for each in everybody if each.name and each.name in text]
    parts = [_bare(each) for each in clauses(text)]
    called = [each for each in everybody if any(is_called(each.name, part) for part in parts)]
    if whole:
        return max(whole, key=lambda each: len(each.name))
    return called[0] if len(called) == 1 else None


def _bare(part: str) -> str:
    for lead in words_in("days_off", "with"):
        part = part.removeprefix(lead)
    for end in words_in("days_off", "swapping"):
        part = part.removesuffix(end)
    return part


# --- for what ------------------------------------------------------------------------------------


def _with_colleague(ctx: Context, named: StandIn) -> Turn:
    asked = ctx.learnt(to=named.id, name=named.name)
    offered = ctx.desk.offered_for(ctx.draft["duty_id"], named.id)
    is_gift = bool(find_answer(str(ctx.draft["words"]), (_FOR_NOTHING,)))
    if not offered or is_gift:
        return _sent(asked, None)
    return replace(_ask_return(asked), learned={"to": named.id, "name": named.name})


def return_given(ctx: Context) -> Turn:
    offered = ctx.desk.offered_for(ctx.draft["duty_id"], ctx.draft["to"])
    chosen = ctx.option([_FOR_NOTHING, *(str(each.id) for each in offered[:_SHOWN])])
    if chosen == _FOR_NOTHING or (chosen is None and find_answer(ctx.text, (_FOR_NOTHING,))):
        return _sent(ctx, None)
    if chosen is not None:
        return _sent(ctx, int(chosen))
    if found := _meant_other(ctx, offered):
        return _sent(ctx, found.id)
    return unclear(Step.RETURN, "roster_life.return_unclear", buttons=_returns(offered))


def _meant_other(ctx: Context, offered: Sequence[DutyView]) -> DutyView | None:
    return _meant(ctx.text, offered, ctx) if len(offered) > 1 else None


def _ask_return(ctx: Context) -> Turn:
    offered = ctx.desk.offered_for(ctx.draft["duty_id"], ctx.draft["to"])
    facts: Facts = {"name": str(ctx.draft["name"])}
    return ask(Step.RETURN, "roster_life.ask_return", buttons=_returns(offered), facts=facts)


def _returns(offered: Sequence[DutyView]) -> tuple[Button, ...]:
    lines = (choice(str(each.id), "button.duty", duty=each.say) for each in offered[:_SHOWN])
    return (choice(_FOR_NOTHING), *lines, order(Command.STOP))


def _sent(ctx: Context, for_duty_id: int | None) -> Turn:
    """Refused for good is said once, and the talk is over."""
    reason = _reason(str(ctx.draft["words"]), str(ctx.draft["name"]), ctx)
    try:
        swap = ctx.desk.ask_swap(ctx.draft["duty_id"], ctx.draft["to"], for_duty_id, reason)
    except Refusal as no:
        return Turn((Say(no.text_key, no.facts),))
    back = order(Command.TAKE_BACK, f"swap-{swap.id}")
    return Turn((Say("roster_life.swap_sent", swap.facts, (back,)),))


def _reason(words: str, name: str, ctx: Context) -> str:
    """What stands beside day and name."""
    others = (*words_in("days_off", "swapping"), *words_in("answers", _FOR_NOTHING))
    kept = [
        each
        for each in clauses(words)
        if says_something(each)
        and name not in each
        and not is_called(name, _bare(each))
        and read_when(each, ctx.now) is None
        and not any(word in each for word in others)
    ]
    return ",".join(kept)


def _say_of(ctx: Context) -> Say | None:
    found = next((d for d in ctx.desk.my_duties() if d.id == ctx.draft["duty_id"]), None)
    return found.say if found else None


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.DUTY: duty_given,
        Step.COLLEAGUE: colleague_given,
        Step.RETURN: return_given,
    },
    asks={
        Step.DUTY: _ask_duty,
        Step.COLLEAGUE: _ask_colleague,
        Step.RETURN: _ask_return,
    },
)
