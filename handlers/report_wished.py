"""What comes beside an answer, or in its place: a time for the visit, thanks, a joke."""

from dataclasses import replace

from handlers.dialog import Context, Say, StepFunction, Turn, aside
from handlers.greet import says_thanks
from handlers.report_draft import Step, fault_of, with_fault
from handlers.report_questions import besides
from handlers.report_wishes import kept
from nlp.classifier import ASK_BELOW_INTENT
from nlp.intents import Intent
from nlp.wish import read_wish, without_wish

_SHORTEST_CHAT = 4  # characters; ？？ and 嗯嗯 are answers that cannot be read


def also_wished(step: StepFunction) -> StepFunction:
    """对,明天上午来 is a yes and a time; the time alone is noted, and the question stands."""

    def given(ctx: Context) -> Turn:
        wish = None if ctx.heard.tap else read_wish(ctx.text, ctx.now)
        if wish is None:
            return step(ctx)
        ctx = with_fault(ctx, replace(fault_of(ctx), wished=kept(wish)))
        noted = (Say("incident.amended.wished", {"wished": wish.words}),)
        return besides(ctx, step, noted, without_wish(ctx.text))

    return given


def or_chat(step: StepFunction) -> StepFunction:
    """What is no answer but kindly meant is answered kindly, and the question is put again."""

    def given(ctx: Context) -> Turn:
        turn = step(ctx)
        if not turn.is_miss or ctx.heard.tap or len(ctx.text.strip()) > _LONGEST_CHAT:
            return turn
        is_sure = ctx.reading.intent_confidence >= ASK_BELOW_INTENT
        if ctx.reading.intent is Intent.THANKS and (is_sure or says_thanks(ctx)):
            return replace(aside("incident.thanked"), is_miss=not says_thanks(ctx))
        is_chat = is_sure and ctx.reading.intent is Intent.OTHER
        is_asked_for_yes = turn.step in (Step.CONFIRM, Step.AMEND)
        if is_chat and is_asked_for_yes and len(ctx.text.strip()) >= _SHORTEST_CHAT:
            return replace(aside("incident.chatted"), is_miss=True)
        return turn

    return given


_LONGEST_CHAT = 40
"""Characters; a longer text that cannot be read is for a person."""
