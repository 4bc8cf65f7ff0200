"""What is asked when finished work is reported, and what is still missing (F10)."""

from collections.abc import Callable, Mapping
from enum import StrEnum, auto

from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Facts,
    Page,
    Turn,
    Word,
    ask,
    choice,
    order,
)
from handlers.ticket_in_hand import short
from handlers.which_ticket import ask_which
from nlp.answers import FIELDS

LIKELY_CAUSES = ("consumable", "worn_part", "setting", "operation", "other")
PLACES = ("on_site", "remote")
_LIKELY_MINUTES = ("15", "30", "60")


class Step(StrEnum):
    WHICH = auto()
    CAUSE = auto()
    ACTION = auto()
    MINUTES = auto()
    WHERE = auto()
    PARTS = auto()
    CONFIRM = auto()
    AMEND = auto()


_STEP_OF = {
    "cause": Step.CAUSE,
    "action_taken": Step.ACTION,
    "minutes": Step.MINUTES,
    "is_on_site": Step.WHERE,
    "parts": Step.PARTS,
}
"""In the order of asking; parts are asked for only where somebody wants them changed."""


def next_question(ctx: Context) -> Turn:
    """For the first part that is missing; the summary when none is."""
    asked = (field for field in _STEP_OF if field != "parts" and ctx.draft.get(field) is None)
    field = next(asked, None)
    return question(ctx, field) if field else _ask_confirm(ctx)


def question(ctx: Context, field: str) -> Turn:
    return ASKS[_STEP_OF[field]](ctx)


def ask_amend(ctx: Context) -> Turn:
    return ask(Step.AMEND, "resolve.ask_amend", buttons=amend_buttons(), facts=_number(ctx))


def _ask_cause(ctx: Context) -> Turn:
    page = Page(f"/h5/work/{ctx.draft['number']}/result", "page.result")
    facts, buttons = _number(ctx), cause_buttons()
    return ask(Step.CAUSE, "resolve.ask_cause", buttons=buttons, facts=facts, page=page)


def _ask_action(ctx: Context) -> Turn:
    buttons = (order(Command.STOP),)
    return ask(Step.ACTION, "resolve.ask_action", buttons=buttons, facts=_number(ctx))


def _ask_minutes(ctx: Context) -> Turn:
    is_both = ctx.draft.get("is_on_site") is None
    key = "resolve.ask_minutes_and_where" if is_both else "resolve.ask_minutes"
    return ask(Step.MINUTES, key, buttons=minute_buttons(), facts=_number(ctx))


def _ask_where(ctx: Context) -> Turn:
    return ask(Step.WHERE, "resolve.ask_where", buttons=where_buttons(), facts=_number(ctx))


def _ask_parts(ctx: Context) -> Turn:
    return ask(Step.PARTS, "resolve.ask_parts", buttons=none_button(), facts=_number(ctx))


def _ask_confirm(ctx: Context) -> Turn:
    draft = ctx.draft
    facts: Facts = {
        **_number(ctx),
        "cause": Word(f"cause.{draft['cause']}"),
        "action": str(draft["action_taken"]),
        "minutes": int(draft["minutes"]),
        "where": Word("button.on_site" if draft["is_on_site"] else "button.remote"),
        "parts": "、".join(draft.get("parts") or ()) or None,
    }
    return ask(Step.CONFIRM, "resolve.confirm", buttons=confirm_buttons(), facts=facts)


def _number(ctx: Context) -> Facts:
    return {"number": short(ctx)}


def cause_buttons() -> tuple[Button, ...]:
    causes = (choice(each, f"cause.{each}") for each in LIKELY_CAUSES)
    return (*causes, order(Command.STOP))


def minute_buttons() -> tuple[Button, ...]:
    return tuple(choice(each, "button.minutes", count=int(each)) for each in _LIKELY_MINUTES)


def where_buttons() -> tuple[Button, ...]:
    return tuple(map(choice, PLACES))


def none_button() -> tuple[Button, ...]:
    return (choice("none", "button.no_parts"),)


def confirm_buttons() -> tuple[Button, ...]:
    return choice(Choice.YES, "button.submit"), choice(Choice.AMEND, "button.amend")


def amend_buttons() -> tuple[Button, ...]:
    return (*(choice(each, f"field.{each}") for each in FIELDS), choice("as_it_is"))


ASKS: Mapping[Step, Callable[[Context], Turn]] = {
    Step.WHICH: lambda ctx: ask_which(ctx, Step.WHICH),
    Step.CAUSE: _ask_cause,
    Step.ACTION: _ask_action,
    Step.MINUTES: _ask_minutes,
    Step.WHERE: _ask_where,
    Step.PARTS: _ask_parts,
    Step.CONFIRM: _ask_confirm,
    Step.AMEND: ask_amend,
}
