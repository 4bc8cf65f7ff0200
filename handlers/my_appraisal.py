"""What counts for somebody in appraisal, and their answer to it, once and in time (R3, C4).

WORDS → CONFIRM → the head has the answer
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.months import Month
from domain.refusals import NotFound
from handlers.complaint_in_hand import HEARS, cut, is_in_words, not_in_words, waits, way_out
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Facts,
    Say,
    Turn,
    answer,
    aside,
    choice,
    order,
)
from handlers.fact_named import fact_named
from nlp.answers import says_something
from services import appraisal
from services.appraisal import FactView

NAME = "answer_fact"

_LAST, _OLDER = 5, 2  # facts in one message
_WORDS, _QUOTED = 24, 300  # characters


class Step(StrEnum):
    WORDS = auto()
    CONFIRM = auto()


def listed(ctx: Context) -> Turn:
    """This month's points with their sum, the last facts, and older ones that may be answered."""
    month = str(Month.of(ctx.now))
    known = appraisal.mine(ctx.desk, most=200)
    of_month = [each for each in known if each.month == month]
    older = [each for each in known if each.month != month and _is_answerable(each)][:_OLDER]
    shown = (*of_month[:_LAST], *older)
    if not shown:
        return aside("appraisal_life.nothing", month=month)
    facts: Facts = {
        "month": month,
        "count": len(of_month),
        "sum": f"{sum(each.points for each in of_month):+d}",
        "lines": tuple(_line(each, month) for each in shown),
        "more": len(of_month) - _LAST if len(of_month) > _LAST else None,
    }
    buttons = tuple(_answer_it(each) for each in shown if _is_answerable(each))
    return answer(Say("appraisal_life.mine", facts, buttons))


def _is_answerable(fact: FactView) -> bool:
    """What counts in one's favour needs no answer."""
    return fact.may_answer and fact.points <= 0


def _line(fact: FactView, month: str) -> Say:
    facts: Facts = {
        **fact.facts,
        "id": fact.id,
        "month": fact.month if fact.month != month else None,
        "words": cut(fact.words, _WORDS) or None,
    }
    return Say("appraisal_life.line", facts)


def _answer_it(fact: FactView) -> Button:
    return order(Command.ANSWER_FACT, str(fact.id), "button.answer_that", id=fact.id)


# --- an answer -----------------------------------------------------------------------------------


def begin(ctx: Context) -> Turn:
    """To the one that is named; words behind it are the answer: 申辩 12 那天在等配件."""
    fact_id, words = fact_named(ctx)
    if fact_id is None:
        return _which(ctx)
    fact = _mine(ctx, fact_id)
    if fact is None:
        return aside("appraisal_life.not_found", id=fact_id)
    if not fact.may_answer:
        return answer(Say("appraisal_life.not_now", _facts(fact)))
    kept = {"fact_id": fact.id, "answer": words if says_something(words) else None}
    fresh = replace(ctx, draft=kept)
    if kept["answer"]:
        turn = waits(Step.CONFIRM, _ask_to_confirm(fresh))
    else:
        turn = waits(Step.WORDS, _ask_words(fact))
    return replace(turn, into=NAME, learned=kept)


def _mine(ctx: Context, fact_id: int) -> FactView | None:
    """Of somebody else's nobody is told that it is there."""
    try:
        fact = appraisal.one(ctx.desk, fact_id)
    except NotFound:
        return None
    return fact if fact.person_id == ctx.speaker.id else None


def _which(ctx: Context) -> Turn:
    open_ones = [each for each in appraisal.mine(ctx.desk) if _is_answerable(each)][:_LAST]
    if not open_ones:
        return aside("appraisal_life.none_to_answer", buttons=(order(Command.MY_APPRAISAL),))
    facts: Facts = {"lines": tuple(_line(each, "") for each in open_ones)}
    return answer(Say("appraisal_life.which", facts, tuple(map(_answer_it, open_ones))))


def _facts(fact: FactView) -> Facts:
    return {**fact.facts, "id": fact.id, "words": cut(fact.words, _QUOTED) or None}


def _ask_words(fact: FactView) -> Say:
    return Say("appraisal_life.ask_answer", _facts(fact), (way_out(),))


def _ask_to_confirm(ctx: Context) -> Say:
    facts: Facts = {"words": cut(str(ctx.draft["answer"]), _QUOTED)}
    buttons = (choice("yes", "button.submit"), choice("amend"), choice("cancel"))
    return Say("appraisal_life.confirm_answer", facts, buttons)


def words_given(ctx: Context) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.tapped is not None or not says_something(ctx.text) or ctx.choice is not Choice.UNCLEAR:
        return waits(Step.WORDS, Say("appraisal_life.answer_unclear", {}, (way_out(),)))
    return waits(Step.CONFIRM, _ask_to_confirm(ctx.learnt(answer=ctx.text)), answer=ctx.text)


def confirmed(ctx: Context) -> Turn:
    """New words instead of an answer are the words."""
    if not is_in_words(ctx):
        return not_in_words(ctx)
    match ctx.choice:
        case Choice.YES:
            fact = appraisal.answer(ctx.desk, ctx.draft["fact_id"], ctx.draft["answer"])
            return Turn((Say("appraisal_life.answered", _facts(fact)),))
        case Choice.CANCEL:
            return Turn((Say("appraisal_life.not_answered"),))
        case Choice.AMEND | Choice.NO:
            return asked_again(ctx)
        case _:
            return words_given(ctx)


def asked_again(ctx: Context) -> Turn:
    fact = _mine(ctx, ctx.draft["fact_id"])
    if fact is None:
        return Turn((Say("appraisal_life.not_found", {"id": ctx.draft["fact_id"]}),))
    return waits(Step.WORDS, _ask_words(fact))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.WORDS: words_given, Step.CONFIRM: confirmed},
    asks={
        Step.WORDS: asked_again,
        Step.CONFIRM: lambda ctx: waits(Step.CONFIRM, _ask_to_confirm(ctx)),
    },
    hears=HEARS,
    is_confidential=True,
)
