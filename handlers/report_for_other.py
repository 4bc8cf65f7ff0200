"""The number of the colleague whose fault is reported: told beside any answer, not asked alone."""

from dataclasses import replace

from handlers.dialog import Context, Say, StepFunction, Turn
from handlers.report_draft import fault_of, with_fault
from handlers.report_questions import besides
from handlers.report_wishes import behalf_facts
from nlp.contact import read_contact
from nlp.incident import read_correction
from nlp.on_behalf import is_ones_own, read_number_of


def also_their_number(step: StepFunction) -> StepFunction:
    """对,她电话13911112222 is a yes and a number; the number alone is noted."""

    def given(ctx: Context) -> Turn:
        found = None if ctx.heard.tap else _number_in(ctx)
        if found is None:
            return step(ctx)
        number, rest = found
        fault = fault_of(ctx)
        fault = replace(fault, behalf_of={**(fault.behalf_of or {}), "phone": number})
        ctx = with_fault(ctx, fault)
        noted = (Say("incident.amended.behalf", behalf_facts(fault)),)
        return besides(ctx, step, noted, rest)

    return given


def _number_in(ctx: Context) -> tuple[str, str] | None:
    """The number, and what else was said."""
    about = fault_of(ctx).behalf_of
    if not about:
        return None
    named = read_number_of(ctx.text, about["name"])
    if named is not None or about.get("phone"):
        return named
    return _second_number(ctx) if "phone" in ctx.speaker.missing else _only_number(ctx)


def _only_number(ctx: Context) -> tuple[str, str] | None:
    """One's own is known: a number that is not said to be mine is what was wished for."""
    phone = read_contact(ctx.text).phone
    if not phone or is_ones_own(ctx.text) or read_correction(ctx.text):
        return None
    return _without(ctx.text, phone)


def _second_number(ctx: Context) -> tuple[str, str] | None:
    """财务部 王芳 13800001234 13911112222: asked for both, the first is one's own."""
    mine = read_contact(ctx.text).phone
    _, _, behind = ctx.text.partition(mine or "\n")
    theirs = read_contact(behind).phone if mine else None
    return _without(ctx.text, theirs) if theirs and theirs != mine else None


def _without(text: str, number: str) -> tuple[str, str] | None:
    before, found, behind = text.rpartition(number)
    return (number, f"{before}{behind}".strip("，,。 ")) if found else None
