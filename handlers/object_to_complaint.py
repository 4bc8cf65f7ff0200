"""Object to how a complaint was decided: once, with what is wrong about it (C4).

不认可 → REASON → back to the head
"""

from enum import StrEnum, auto

from domain.complaints import ComplaintAction, ObjectedBefore
from domain.numbers import short_number
from handlers import my_complaints, other_wishes
from handlers.dialog import (
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
    order,
    unclear,
)
from handlers.own_ticket import ended_by_refusal
from handlers.spoken import also_spoken
from nlp.answers import says_something
from services.complaints import answering, reading

NAME = "object_to_complaint"


class Step(StrEnum):
    REASON = auto()


def begin(ctx: Context) -> Turn:
    """With the reason behind it, or asked for it."""
    decided = my_complaints.with_action(ctx, ComplaintAction.OBJECT)
    complaint = my_complaints.meant(ctx, decided)
    if complaint is None:
        if decided:
            return my_complaints.ask_which(Command.OBJECT, decided)
        if not reading.mine(ctx.desk, 1):
            return other_wishes.in_words(ctx)  # 不认可 may be said of anything
        return aside("complaint_life.nothing_to_object", buttons=(order(Command.MY_COMPLAINTS),))
    if ComplaintAction.OBJECT not in complaint.actions:
        if complaint.objection is not None:
            raise ObjectedBefore()
        return my_complaints.shown(ctx, complaint)
    known = ctx.learnt(complaint_id=complaint.id, number=complaint.number)
    return _objected(known, ctx.words) if says_something(ctx.words) else _ask(known)


def _ask(ctx: Context) -> Turn:
    kept = {name: ctx.draft[name] for name in ("complaint_id", "number")}
    facts = {"short": short_number(kept["number"])}
    say = Say("complaint_life.ask_objection", facts, (choice("not_objecting"),))
    is_instead = ctx.conversation in ("rate_complaint", "add_to_complaint")
    return Turn((say,), Step.REASON, kept, into=NAME, is_instead=is_instead)


def reason_given(ctx: Context) -> Turn:
    if ctx.tapped == "not_objecting" or ctx.choice in (Choice.CANCEL, Choice.NO):
        return finish("complaint_life.not_objected")
    if ctx.heard.tap is not None or not says_something(ctx.text):
        buttons = (choice("not_objecting"),)
        return unclear(Step.REASON, "complaint_life.objection_unclear", buttons=buttons)
    return _objected(ctx, ctx.text)


def _objected(ctx: Context, words: str) -> Turn:
    answering.object_to(ctx.desk, ctx.draft["complaint_id"], words)
    complaint = reading.find(ctx.desk, ctx.draft["number"])
    return finish("complaint_life.objected", short=complaint.short, due=complaint.due_at)


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.REASON: also_spoken(ended_by_refusal(reason_given))},
    asks={Step.REASON: _ask},
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
    is_confidential=True,
)
