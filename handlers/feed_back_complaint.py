"""The desk tells the complainant what was decided, in words of its own (C3).

WORDS → CONFIRM → they have it; the draft of verdict and measures goes with one tap
"""

from dataclasses import replace
from enum import StrEnum, auto

from handlers.complaint_in_hand import (
    HEARS,
    as_it_is,
    begun,
    changed,
    cut,
    is_in_words,
    meant,
    not_in_words,
    of_complaint,
    waits,
    way_out,
)
from handlers.complaint_shown import card, extras, looked
from handlers.dialog import Choice, Command, Context, Conversation, Facts, Say, Turn, Word, choice
from nlp.answers import says_something
from nlp.verdicts import draft, read_one_of
from services.complaints import at_hand, handling, moved
from services.complaints.views import ComplaintView

NAME = "feed_back_complaint"

_MEASURES, _QUOTED = 140, 300  # characters
_complaint = of_complaint(Command.FEED_BACK)


class Step(StrEnum):
    WORDS = auto()
    CONFIRM = auto()


def begin(ctx: Context) -> Turn:
    """The decision, and a draft to send as it is; words behind the order are what is said."""
    complaint = meant(ctx, Command.FEED_BACK)
    if isinstance(complaint, Turn):
        return complaint
    nothing = {"feedback": None, "shown": 0}
    if says_something(ctx.words):
        kept = ctx.learnt(feedback=ctx.words)
        turn = waits(Step.CONFIRM, _ask_to_confirm(kept, complaint), feedback=ctx.words)
    else:
        shown = (_short_card(ctx, complaint), _decision(complaint))
        turn = waits(Step.WORDS, *shown, _ask_words(ctx, complaint))
    seen = moved.newest_line(ctx.desk, complaint.id)
    return begun(NAME, complaint, turn, seen, **(nothing | dict(turn.learned)))


def _short_card(ctx: Context, complaint: ComplaintView) -> Say:
    return card(ctx, complaint, complaint.measures, _draft(complaint))


def _decision(complaint: ComplaintView) -> Say:
    facts: Facts = {
        "verdict": Word(f"complaint.verdict.{complaint.verdict.value}")
        if complaint.verdict
        else None,
        "measures": cut(complaint.measures or "", _MEASURES),
        "is_final": Word("complaint_desk.final") if complaint.objection else None,
    }
    return Say("complaint_desk.decision", facts)


def _draft(complaint: ComplaintView) -> str:
    verdict = complaint.verdict.value if complaint.verdict else ""
    return draft(verdict, complaint.measures or "")


def _ask_words(ctx: Context, complaint: ComplaintView) -> Say:
    facts: Facts = {"contact": complaint.contact_name, "draft": cut(_draft(complaint), _MEASURES)}
    buttons = (choice("send_so"), *extras(ctx, complaint, complaint.measures), way_out())
    return Say("complaint_desk.ask_feedback", facts, buttons)


@_complaint
def words_given(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    ask = _ask_words(ctx, complaint)
    if turn := looked(ctx, complaint, Step.WORDS, ask, complaint.measures):
        return turn
    if ctx.tapped == "send_so" or read_one_of(ctx.text, ("send_so",)):
        return _send(ctx, complaint, _draft(complaint))
    if ctx.tapped is not None or not says_something(ctx.text) or ctx.choice is not Choice.UNCLEAR:
        return waits(Step.WORDS, replace(ask, key="complaint_desk.feedback_unclear"))
    said = ctx.learnt(feedback=ctx.text)
    return waits(Step.CONFIRM, _ask_to_confirm(said, complaint), feedback=ctx.text)


def _ask_to_confirm(ctx: Context, complaint: ComplaintView) -> Say:
    facts: Facts = {
        "contact": complaint.contact_name,
        "words": cut(str(ctx.draft["feedback"]), _QUOTED),
    }
    buttons = (choice("yes", "button.send_feedback"), choice("amend"), choice("cancel"))
    return Say("complaint_desk.confirm_feedback", facts, buttons)


@_complaint
def confirmed(ctx: Context, complaint: ComplaintView) -> Turn:
    """New words instead of an answer are the words."""
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.choice is Choice.YES or read_one_of(ctx.text, ("send_so",)):
        return _send(ctx, complaint, str(ctx.draft["feedback"]))
    if ctx.choice is Choice.CANCEL:
        facts: Facts = {"number": complaint.short, "due": complaint.due_at}
        return Turn((Say("complaint_desk.not_fed_back", facts),))
    if ctx.choice in (Choice.AMEND, Choice.NO):
        return waits(Step.WORDS, _ask_words(ctx, complaint), feedback=None)
    return words_given(ctx)


def _send(ctx: Context, complaint: ComplaintView, words: str) -> Turn:
    match changed(ctx, Command.FEED_BACK):
        case Turn() as turn:
            return turn
        case (Say() as news, seen):
            found = as_it_is(ctx, Command.FEED_BACK)
            now = complaint if isinstance(found, Turn) else found
            said = ctx.learnt(feedback=words)
            return waits(Step.CONFIRM, news, _ask_to_confirm(said, now), seen=seen, feedback=words)
    around = at_hand.at_hand(ctx.desk, complaint.id).complainant
    handling.feed_back(ctx.desk, complaint.id, words)
    is_in_chat = around.has_wechat and around.is_following
    key = "complaint_desk.fed_back" if is_in_chat else "complaint_desk.fed_back_by_phone"
    facts: Facts = {
        "number": complaint.short,
        "contact": complaint.contact_name,
        "phone": complaint.contact_phone,
        "words": cut(words, _QUOTED),
    }
    return Turn((Say(key, facts),))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.WORDS: words_given, Step.CONFIRM: confirmed},
    asks={
        Step.WORDS: _complaint(lambda ctx, it: waits(Step.WORDS, _ask_words(ctx, it))),
        Step.CONFIRM: _complaint(lambda ctx, it: waits(Step.CONFIRM, _ask_to_confirm(ctx, it))),
    },
    hears=HEARS,
    is_confidential=True,
)
