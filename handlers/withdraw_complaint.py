"""Withdraw a complaint: asked once, before a decision is made (C1).

撤回投诉 → SURE → withdrawn, or not
"""

from enum import StrEnum, auto

from domain.complaints import ComplaintAction
from domain.numbers import short_number
from handlers import my_complaints
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Medium,
    Say,
    Turn,
    aside,
    choice,
    finish,
    unclear,
)
from handlers.own_ticket import ended_by_refusal
from handlers.spoken import also_spoken
from services.complaints import answering

NAME = "withdraw_complaint"


class Step(StrEnum):
    SURE = auto()


def begin(ctx: Context) -> Turn:
    still_open = my_complaints.with_action(ctx, ComplaintAction.WITHDRAW)
    complaint = my_complaints.meant(ctx, still_open)
    if complaint is None:
        if still_open:
            return my_complaints.ask_which(Command.WITHDRAW_COMPLAINT, still_open)
        return aside("complaint_life.nothing_to_withdraw")
    if ComplaintAction.WITHDRAW not in complaint.actions:
        return my_complaints.shown(ctx, complaint)
    return _ask(ctx.learnt(complaint_id=complaint.id, number=complaint.number))


def _ask(ctx: Context) -> Turn:
    kept = {name: ctx.draft[name] for name in ("complaint_id", "number")}
    say = Say("complaint_life.sure", {"short": short_number(kept["number"])}, _buttons())
    is_instead = ctx.conversation == "add_to_complaint"
    return Turn((say,), Step.SURE, kept, into=NAME, is_instead=is_instead)


def _buttons() -> tuple[Button, ...]:
    return choice("yes", "button.withdraw_complaint"), choice("no", "button.not_withdrawn")


def sure_given(ctx: Context) -> Turn:
    """撤回 is a yes here, whichever way it is put."""
    short = short_number(ctx.draft["number"])
    match ctx.choice:
        case Choice.YES | Choice.CANCEL:
            answering.withdraw(ctx.desk, ctx.draft["complaint_id"])
            return finish("complaint_life.withdrawn", short=short)
        case Choice.NO:
            return finish("complaint_life.kept", short=short)
    return unclear(Step.SURE, "complaint_life.sure_unclear", buttons=_buttons(), short=short)


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.SURE: also_spoken(ended_by_refusal(sure_given))},
    asks={Step.SURE: _ask},
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
    is_confidential=True,
)
