"""The head decides an answer to what counts in appraisal (C4).

VERDICT → WHY → decided; POINTS in between where it shall count otherwise
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.appraisal import MOST_POINTS, FactState
from domain.refusals import NotFound, Refusal
from handlers.complaint_in_hand import HEARS, cut, is_in_words, not_in_words, waits, way_out
from handlers.dialog import (
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
from nlp.verdicts import read_points, read_revision
from services import appraisal
from services.appraisal import FactView

NAME = "decide_fact"

_SHOWN = 5
_LINE, _QUOTED = 24, 200  # characters
_KEEP, _CHANGE, _STRIKE = "keep", "change", "strike"


class Step(StrEnum):
    VERDICT = auto()
    POINTS = auto()
    WHY = auto()


def begin(ctx: Context) -> Turn:
    """Fact and answer; the decision may stand behind the order: 定申辩 12 维持 情况属实."""
    fact_id, words = fact_named(ctx)
    if fact_id is None:
        return _which(ctx)
    fact = _fact(ctx, fact_id)
    if fact is None:
        return aside("appraisal_life.not_found", id=fact_id)
    if fact.person_id == ctx.speaker.id:
        return aside("appraisal_life.own", id=fact_id)
    if fact.state is not FactState.ANSWERED:
        return answer(Say("appraisal_life.no_answer_waits", _facts(fact)))
    kept = {"fact_id": fact.id, "points": None, "why": None}
    fresh = replace(ctx, draft=kept)
    told = read_revision(words)
    turn = _read(fresh, fact, *told) if told else _ask_verdict(fact)
    if turn.step is None:
        return replace(turn, is_aside=True)
    return replace(turn, into=NAME, learned=kept | dict(turn.learned))


def _fact(ctx: Context, fact_id: int) -> FactView | None:
    try:
        return appraisal.one(ctx.desk, fact_id)
    except NotFound:
        return None


def _which(ctx: Context) -> Turn:
    waiting = appraisal.to_decide(ctx.desk)
    if not waiting:
        return aside("appraisal_life.none_to_decide")
    shown = waiting[:_SHOWN]
    lines = tuple(
        Say(
            "appraisal_life.waiting_line",
            {**each.facts, "id": each.id, "answer": cut(each.answer or "", _LINE)},
        )
        for each in shown
    )
    buttons = tuple(
        order(Command.DECIDE_FACT, str(each.id), "button.decide_that", id=each.id) for each in shown
    )
    facts: Facts = {
        "count": len(waiting),
        "lines": lines,
        "more": len(waiting) - len(shown) or None,
    }
    return answer(Say("appraisal_life.to_decide", facts, buttons))


def _facts(fact: FactView) -> Facts:
    return {
        **fact.facts,
        "id": fact.id,
        "words": cut(fact.words, _QUOTED) or None,
        "answer": cut(fact.answer, _QUOTED) if fact.answer else None,
    }


# --- as before, otherwise, or not at all ---------------------------------------------------------


def _ask_verdict(fact: FactView, key: str = "appraisal_life.ask_verdict") -> Turn:
    half = int(fact.points / 2)  # towards nothing
    change = (choice(_CHANGE, "button.change_to", points=f"{half:+d}"),) if half else ()
    buttons = (
        choice(_KEEP, "button.keep_points"),
        *change,
        choice(_STRIKE, "button.strike"),
        way_out(),
    )
    return waits(Step.VERDICT, Say(key, _facts(fact), buttons))


def verdict_given(ctx: Context) -> Turn:
    """By a tap, or in words: 维持, 改为 -2 分, 撤销, each with a word why."""
    fact = _under_way(ctx)
    if isinstance(fact, Turn):
        return fact
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.tapped == _CHANGE:
        return _ask_why(ctx, fact, int(fact.points / 2))
    told = (ctx.tapped, "") if ctx.tapped else read_revision(ctx.text)
    if told is None or told[0] not in (_KEEP, _CHANGE, _STRIKE):
        return _ask_verdict(fact, "appraisal_life.verdict_unclear")
    return _read(ctx, fact, *told)


def _read(ctx: Context, fact: FactView, verdict: str, words: str) -> Turn:
    if verdict != _CHANGE:
        return _ask_why(ctx, fact, fact.points if verdict == _KEEP else 0, words)
    found = read_points(words)
    if found is None or abs(found[0]) > MOST_POINTS:
        return _ask_points(fact)
    return _ask_why(ctx, fact, *found)


def points_given(ctx: Context) -> Turn:
    fact = _under_way(ctx)
    if isinstance(fact, Turn):
        return fact
    found = read_points(ctx.text) if is_in_words(ctx) and ctx.tapped is None else None
    if found is None or abs(found[0]) > MOST_POINTS:
        return _ask_points(fact)
    return _ask_why(ctx, fact, *found)


def _ask_points(fact: FactView) -> Turn:
    return waits(Step.POINTS, Say("appraisal_life.ask_points", _facts(fact), (way_out(),)))


def _ask_why(ctx: Context, fact: FactView, points: int, words: str = "") -> Turn:
    if says_something(words):
        return _decide(ctx, fact, points, words)
    facts: Facts = {"id": fact.id, "person": fact.person, "points": f"{points:+d}"}
    say = Say("appraisal_life.ask_why", facts, (way_out(),))
    return waits(Step.WHY, say, points=points)


def why_given(ctx: Context) -> Turn:
    fact = _under_way(ctx)
    if isinstance(fact, Turn):
        return fact
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.tapped is not None or not says_something(ctx.text) or ctx.choice is not Choice.UNCLEAR:
        return _ask_why(ctx, fact, int(ctx.draft["points"]))
    return _decide(ctx, fact, int(ctx.draft["points"]), ctx.text)


def _decide(ctx: Context, fact: FactView, points: int, words: str) -> Turn:
    """Refused for good is said once, and the talk is over."""
    try:
        decided = appraisal.decide(ctx.desk, fact.id, points, words)
    except Refusal as no:
        return Turn((Say(no.text_key, no.facts),))
    return Turn((Say("appraisal_life.decided", _facts(decided)),))


def _under_way(ctx: Context) -> FactView | Turn:
    """As it is now; somebody else may have decided it meanwhile."""
    fact = _fact(ctx, ctx.draft["fact_id"])
    if fact is None:
        return Turn((Say("appraisal_life.not_found", {"id": ctx.draft["fact_id"]}),))
    if fact.state is not FactState.ANSWERED:
        return Turn((Say("appraisal_life.no_answer_waits", _facts(fact)),))
    return fact


def _asked(ctx: Context, step: Step) -> Turn:
    """The question of this step once more."""
    fact = _under_way(ctx)
    if isinstance(fact, Turn):
        return fact
    match step:
        case Step.VERDICT:
            return _ask_verdict(fact)
        case Step.POINTS:
            return _ask_points(fact)
        case Step.WHY:
            return _ask_why(ctx, fact, int(ctx.draft["points"]))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.VERDICT: verdict_given, Step.POINTS: points_given, Step.WHY: why_given},
    asks={
        Step.VERDICT: lambda ctx: _asked(ctx, Step.VERDICT),
        Step.POINTS: lambda ctx: _asked(ctx, Step.POINTS),
        Step.WHY: lambda ctx: _asked(ctx, Step.WHY),
    },
    hears=HEARS,
    is_confidential=True,
)
