"""What an engineer answers of finished work: each answer may tell more than was asked (F10)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.dialog import Command, Context, StepFunction, Turn, order, unclear
from handlers.result_questions import (
    LIKELY_CAUSES,
    PLACES,
    Step,
    cause_buttons,
    minute_buttons,
    next_question,
    none_button,
    where_buttons,
)
from nlp.answers import FIELDS, clauses, read_answer, says_something, tells_of_work
from nlp.result import CAUSES, Result, read_minutes, read_result


def cause_given(ctx: Context) -> Turn:
    """A tap, a word, or the whole story."""
    if cause := ctx.option(LIKELY_CAUSES) or _in(CAUSES, ctx.tapped):
        return learning(ctx, {"cause": cause})
    told = told_in(read_result(ctx.text))
    if not told or ("cause" not in told and not tells_of_work(ctx.text)):
        return unclear(Step.CAUSE, "resolve.cause_unclear", buttons=cause_buttons())
    return learning(ctx, told)


def action_given(ctx: Context) -> Turn:
    """Any words tell what was done; what else they tell is kept where nothing was known."""
    if not says_something(ctx.text):
        return unclear(Step.ACTION, "resolve.action_unclear", buttons=(order(Command.STOP),))
    told = told_in(read_result(ctx.text))
    action = told.pop("action_taken", ctx.text)
    return learning(ctx, {**_only_new(ctx, told), "action_taken": action})


def minutes_given(ctx: Context) -> Turn:
    minutes = read_minutes(ctx.tapped or ctx.text)
    told = _only_new(ctx, told_in(read_result(ctx.text)))
    if minutes is not None:
        told["minutes"] = minutes
    if told.keys().isdisjoint({"minutes", "is_on_site"}):
        return unclear(Step.MINUTES, "resolve.minutes_unclear", buttons=minute_buttons())
    return learning(ctx, told)


def where_given(ctx: Context) -> Turn:
    place = ctx.option(PLACES)
    is_on_site = place == "on_site" if place else read_result(ctx.text).is_on_site
    if is_on_site is None:
        return unclear(Step.WHERE, "resolve.where_unclear", buttons=where_buttons())
    return learning(ctx, {"is_on_site": is_on_site})


def parts_given(ctx: Context) -> Turn:
    parts = [] if ctx.tapped == "none" else _parts(ctx.text)
    if parts is None:
        return unclear(Step.PARTS, "resolve.parts_unclear", buttons=none_button())
    return learning(ctx, {"parts": parts})


def _parts(text: str) -> list[str] | None:
    if read_answer(text, ("none",)):
        return []
    return [each for each in clauses(text) if says_something(each)] or None


def _in(values: tuple[str, ...], value: str | None) -> str | None:
    return value if value in values else None


def told_in(result: Result) -> dict[str, Any]:
    """What the words hold, under the draft's names."""
    told = {field: getattr(result, field) for field in FIELDS}
    told["parts"] = list(result.parts) or None
    return {field: value for field, value in told.items() if value is not None}


def _only_new(ctx: Context, told: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in told.items() if ctx.draft.get(field) is None}


def learning(ctx: Context, told: Mapping[str, Any]) -> Turn:
    """The next question, or the summary; what was told joins the draft."""
    turn = next_question(ctx.learnt(**told))
    return replace(turn, learned=dict(told))


FIELD_READERS: Mapping[str, StepFunction] = {
    "cause": cause_given,
    "action_taken": action_given,
    "minutes": minutes_given,
    "is_on_site": where_given,
    "parts": parts_given,
}
