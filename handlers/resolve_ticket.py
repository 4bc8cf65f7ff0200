"""Report finished work: cause, what was done, minutes, where; one sentence may say all (F10).

CAUSE → ACTION → MINUTES → WHERE → CONFIRM → resolved, or AMEND and CONFIRM again
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.lifecycle import Status
from handlers.dialog import (
    Choice,
    Command,
    Context,
    Conversation,
    Medium,
    StepFunction,
    Turn,
    aside,
    finish,
    order,
    unclear,
)
from handlers.result_answers import (
    FIELD_READERS,
    action_given,
    cause_given,
    learning,
    minutes_given,
    parts_given,
    told_in,
    where_given,
)
from handlers.result_questions import (
    ASKS,
    Step,
    amend_buttons,
    ask_amend,
    confirm_buttons,
    next_question,
    question,
)
from handlers.ticket_in_hand import begun, into, is_under_way, ticket_meant
from handlers.which_ticket import which_answered
from nlp.amendment import read_part
from nlp.answers import FIELDS, read_answer, read_field, tells_of_work
from nlp.commands import read_command
from nlp.result import read_result
from services.views import WorkResult

NAME = "resolve_ticket"

_WHERE_ONLY = 6  # characters: such a short word beside a time or place is no work done


def begin(ctx: Context) -> Turn:
    """Begun again in the middle, it goes on with what is known."""
    ticket = ticket_meant(ctx, Command.RESOLVE, Step.WHICH)
    if isinstance(ticket, Turn):
        return into(NAME, ticket)
    is_again = is_under_way(ctx, NAME, ticket)
    known = {field: ctx.draft.get(field) if is_again else None for field in FIELDS}
    known |= told_in(read_result(ctx.words)) if ctx.words else {}
    of_ticket = {"ticket_id": ticket.id, "number": ticket.number}
    turn = next_question(replace(ctx, draft={**of_ticket, **known}))
    return begun(ctx, NAME, ticket, turn, **known)


def ticket_named(ctx: Context) -> Turn:
    return which_answered(ctx, Step.WHICH, begin)


# --- the summary ---------------------------------------------------------------------------------


def choice_given(ctx: Context) -> Turn:
    """Submitted, amended by a tap, or corrected by just saying so (talks.md)."""
    told = {} if ctx.tapped is not None else told_in(read_result(ctx.text))
    if ctx.choice is Choice.CANCEL:
        return finish("conversation.stopped")
    if _is_submitted(ctx) and not told.keys() - {"action_taken"}:
        return _submitted(ctx)
    if turn := _corrected(ctx, told) or _wish_to_amend(ctx):
        return turn
    return unclear(Step.CONFIRM, "resolve.confirm_unclear", buttons=confirm_buttons())


def _is_submitted(ctx: Context) -> bool:
    """By yes, or by saying the order once more."""
    if ctx.choice is Choice.YES:
        return True
    ordered = read_command(ctx.text) if ctx.tapped is None else None
    return ordered is not None and ordered.command is Command.RESOLVE and not ordered.words


def amendment_given(ctx: Context) -> Turn:
    """Which part, by a tap; or the correction itself, or that all is well as it was read."""
    if field := ctx.option(FIELDS):
        return question(ctx, field)
    if (ctx.tapped or read_part(ctx.text)) == "as_it_is":
        return next_question(ctx)
    if _is_submitted(ctx):
        return _submitted(ctx)
    told = {} if ctx.tapped is not None else told_in(read_result(ctx.text))
    if turn := _corrected(ctx, told) or _wish_to_amend(ctx):
        return turn
    return unclear(Step.AMEND, "resolve.amend_unclear", buttons=amend_buttons())


def _wish_to_amend(ctx: Context) -> Turn | None:
    return ask_amend(ctx) if ctx.choice in (Choice.AMEND, Choice.NO) else None


def _corrected(ctx: Context, told: dict[str, Any]) -> Turn | None:
    """Only what the words speak of is changed."""
    if ctx.tapped is None and (named := read_field(ctx.text)):
        field, words = named
        if not words:
            return question(ctx, field)
        return FIELD_READERS[field](replace(ctx, heard=replace(ctx.heard, text=words)))
    if ctx.choice is Choice.UNCLEAR and read_answer(ctx.text, ("none",)):
        return learning(ctx, {"parts": []})
    is_short = len(told.get("action_taken", "")) <= _WHERE_ONLY
    if not tells_of_work(ctx.text) or (is_short and told.keys() & {"minutes", "is_on_site"}):
        told.pop("action_taken", None)
    return learning(ctx, told) if told else None


def _submitted(ctx: Context) -> Turn:
    """A ticket on hold is resumed first: whoever finishes it is no longer waiting."""
    draft = ctx.draft
    ticket = ctx.desk.ticket(draft["ticket_id"])
    if ticket.status is Status.ON_HOLD:
        ctx.desk.resume(ticket.id)
    parts = tuple(draft.get("parts") or ())
    result = WorkResult(
        draft["cause"], draft["action_taken"], draft["minutes"], draft["is_on_site"], parts
    )
    ticket = ctx.desk.resolve(ticket.id, result)
    others, waiting = ctx.desk.my_work(), len(ctx.desk.waiting_for_me())
    buttons = (order(Command.MY_WORK),) if others else ()
    return finish(
        "resolve.done",
        number=ticket.short,
        contact=ticket.contact_name,
        count=len(others) or None,
        others="、".join(each.short for each in others[:6]),
        waiting=waiting or None,
        buttons=(*buttons, order(Command.QUEUE)) if waiting else buttons,
        ticket_id=ticket.id,
    )


def _or_photo(step: StepFunction) -> StepFunction:
    """A photo at any time joins the ticket; then the question is put again."""

    def heard(ctx: Context) -> Turn:
        if ctx.heard.medium is Medium.TEXT or ctx.heard.tap is not None:
            return step(ctx)
        attached = ctx.desk.attach(ctx.heard, ctx.draft.get("ticket_id"))
        number = attached.ticket.short if attached.ticket else None
        return aside("resolve.photo_kept", number=number, count=attached.count)

    return heard


_STEPS: Mapping[Step, StepFunction] = {
    Step.WHICH: ticket_named,
    Step.CAUSE: cause_given,
    Step.ACTION: action_given,
    Step.MINUTES: minutes_given,
    Step.WHERE: where_given,
    Step.PARTS: parts_given,
    Step.CONFIRM: choice_given,
    Step.AMEND: amendment_given,
}

CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={step: _or_photo(answered) for step, answered in _STEPS.items()},
    asks=ASKS,
    hears=frozenset({Medium.TEXT, Medium.IMAGE, Medium.VIDEO}),
)
