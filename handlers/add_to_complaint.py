"""More of a complaint: words, photos, voices, places, right after it was registered or later (C1).

补充 → MORE → added, and MORE again → WHOSE, where it may be a fault of its own
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.complaints import ComplaintAction
from domain.numbers import short_number
from domain.refusals import NotFound, Refusal
from handlers import my_complaints, other_wishes
from handlers.dialog import (
    Choice,
    Command,
    Context,
    Conversation,
    Medium,
    Say,
    Turn,
    choice,
    finish,
    unclear,
)
from handlers.report_incident import begin as begin_report
from nlp.answers import says_something
from nlp.classifier import ASK_BELOW_INTENT
from nlp.commands import read_command
from nlp.complaint import Kind, read_complaint, says_enough
from nlp.intents import Intent
from services.complaints import submitting

NAME = "add_to_complaint"


class Step(StrEnum):
    MORE = auto()
    WHOSE = auto()  # more of the complaint, or a fault?


def begin(ctx: Context) -> Turn:
    """补充, with words behind it or alone; with no complaint these are words like any other."""
    open_ones = my_complaints.with_action(ctx, ComplaintAction.ADD)
    if ctx.number is None and not open_ones:
        return other_wishes.in_words(ctx) if ctx.words else my_complaints.none_of_mine()
    try:
        complaint = my_complaints.meant(ctx, open_ones)
    except NotFound:
        return other_wishes.in_words(ctx)  # 补充 0007: a ticket's end, perhaps
    if complaint is None:
        return my_complaints.ask_which(Command.ADD_TO_COMPLAINT, open_ones)
    if ComplaintAction.ADD not in complaint.actions:
        return my_complaints.shown(ctx, complaint)
    about = {"complaint_id": complaint.id, "number": complaint.number, "was_asked": True}
    known = ctx.learnt(**about)
    if ctx.words:
        return _added(known, ctx.words)
    return _waiting(known, "complaint_life.ask_more")


def _waiting(ctx: Context, key: str) -> Turn:
    kept = {name: ctx.draft[name] for name in ("complaint_id", "number", "was_asked")}
    say = Say(key, {"number": kept["number"], "short": short_number(kept["number"])})
    is_instead = ctx.conversation == "complain"
    return Turn((say,), Step.MORE, kept, into=NAME, is_instead=is_instead)


def _added(ctx: Context, words: str) -> Turn:
    submitting.add(ctx.desk, ctx.draft["complaint_id"], words)
    return _waiting(ctx, "complaint_life.added")


# --- what comes next -----------------------------------------------------------------------------


def more_given(ctx: Context) -> Turn:
    """Whatever is sent belongs to it; words that surely want something else do not."""
    if ctx.heard.medium is not Medium.TEXT:
        return _media(ctx)
    if ctx.choice in (Choice.NO, Choice.CANCEL) or says_enough(ctx.text):
        return finish("complaint_life.no_more", short=short_number(ctx.draft["number"]))
    if ctx.surely_means(Intent.THANKS) or ctx.choice is Choice.YES:
        return finish("greet.thanks")
    if read_command(ctx.text) is not None:
        return _gives_way(ctx)
    if not says_something(ctx.text):
        return unclear(Step.MORE, _UNREAD)
    if ctx.draft["was_asked"] or read_complaint(ctx.text, ctx.reading).kind is not Kind.NONE:
        return _added(ctx, ctx.text)
    if ctx.reading.intent_confidence < ASK_BELOW_INTENT or _may_tell_fault(ctx):
        return _ask_whose(ctx.learnt(said=ctx.text))
    return _gives_way(ctx)


_UNREAD = "complaint_life.more_unclear"


def _gives_way(ctx: Context) -> Turn:
    """To what the words want; it is not taken up again behind that."""
    wanted = other_wishes.instead(ctx)
    return replace(wanted, is_instead=True) if wanted else unclear(Step.MORE, _UNREAD)


def _media(ctx: Context) -> Turn:
    """Kept with it; the words that the platform heard in a voice are added, too."""
    medium = ctx.heard.medium
    complaint_id = ctx.draft["complaint_id"]
    try:
        submitting.attach(ctx.desk, complaint_id, ctx.heard)
        if medium is Medium.VOICE and ctx.text.strip():
            submitting.add(ctx.desk, complaint_id, ctx.text)
    except Refusal as no:
        return Turn((Say(no.text_key, no.facts),))
    return _waiting(ctx, f"complaint_life.media_added.{medium.value}")


def _may_tell_fault(ctx: Context) -> bool:
    return ctx.reading.intent in (Intent.REPORT, Intent.REQUEST)


# --- more of it, or a fault? ---------------------------------------------------------------------


def _ask_whose(ctx: Context) -> Turn:
    buttons = (choice("complaint", "button.add_to_complaint"), choice("report"))
    say = Say("complaint_life.ask_whose", {"short": short_number(ctx.draft["number"])}, buttons)
    return Turn((say,), Step.WHOSE, dict(ctx.draft))


def whose_given(ctx: Context) -> Turn:
    said = str(ctx.draft["said"])
    if ctx.tapped == "complaint" or ctx.choice is Choice.YES:
        return _added(ctx, said)
    if ctx.tapped == "report" or ctx.choice is Choice.NO:
        words = replace(ctx.heard, medium=Medium.TEXT, text=said, tap=None)
        return replace(begin_report(replace(ctx, heard=words, draft={})), is_instead=True)
    return more_given(ctx)


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.MORE: more_given, Step.WHOSE: whose_given},
    asks={Step.WHOSE: _ask_whose},
    hears=frozenset({Medium.TEXT, Medium.VOICE, Medium.IMAGE, Medium.VIDEO, Medium.LOCATION}),
    is_optional=True,
    is_confidential=True,
)
