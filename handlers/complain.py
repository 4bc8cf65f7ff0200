"""Complain: a complaint or a fault, about what, what happened, who; then it has a number (C1).

words → SURE → WHICH → WORDS → PROFILE → registered; each is asked only if the words leave it open
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.complaints import About
from domain.refusals import NotFound
from handlers import fault as faults
from handlers import my_complaints, report_told
from handlers.complaint_draft import (
    NAME,
    Step,
    begun,
    missed,
    of_people,
    of_ticket,
    with_media,
    with_message,
    with_words,
    words_of,
)
from handlers.complaint_questions import (
    SURE_BUTTONS,
    ask_profile,
    ask_sure,
    ask_which,
    ask_words,
    next_question,
    which_buttons,
    words_buttons,
)
from handlers.dialog import (
    Choice,
    Command,
    Context,
    Conversation,
    Medium,
    StepFunction,
    Turn,
    finish,
)
from handlers.requester_profile import card, learnt_from
from handlers.scores_said import may_be_scores
from nlp.answers import says_something
from nlp.commands import read_command
from nlp.complaint import Kind, read_about, read_complaint, says_enough, tells_all
from nlp.contact import read_contact
from nlp.incident import read_correction
from nlp.intents import Intent
from nlp.ticket_ref import read_ticket_ref
from services.complaints import naming
from services.views import TicketView

_COMPLAINS = frozenset({Kind.WISH, Kind.COMPLAINT})
_NAME_ONLY = 12
"""Characters; a longer answer to «which?» tells what happened."""


def overheard(ctx: Context) -> Turn | None:
    """Displeasure with people or service, or with what may be a fault; None for all else."""
    kind = read_complaint(ctx.text, ctx.reading).kind
    if kind is Kind.NONE or (kind is not Kind.WISH and _is_for_others(ctx)):
        return None
    return begin(ctx)


def _is_for_others(ctx: Context) -> bool:
    """A bare yes or no; or scores for a ticket that waits for them."""
    if ctx.choice is not Choice.UNCLEAR:
        return True
    is_scored = any(character.isdecimal() for character in ctx.text) and may_be_scores(ctx)
    return is_scored and ctx.desk.to_rate() is not None


def begin(ctx: Context) -> Turn:
    """Said in own words: whoever only may mean a complaint is asked."""
    found = read_complaint(ctx.text, ctx.reading)
    fresh = begun(ctx, is_sure=found.kind is Kind.WISH).learnt(
        is_clear=found.kind in _COMPLAINS, is_told=found.is_whole
    )
    return next_question(_understood(with_words(fresh, ctx.text), ctx.text))


def order(ctx: Context) -> Turn:
    """投诉, tapped or typed, with words and a number behind it or alone."""
    if (ctx.number or "").startswith("TS"):
        return my_complaints.show(ctx)
    is_under_way = ctx.conversation == NAME
    known = ctx.learnt(is_sure=True) if is_under_way else begun(ctx, is_sure=not _of_thing(ctx))
    known = with_words(with_message(known), ctx.words)
    if ctx.number:
        known = of_ticket(known, ctx.desk.find(ctx.number, naming.tickets(ctx.desk)))
    known = _understood(known, ctx.words)
    return next_question(known.learnt(is_told=known.draft["is_told"] or tells_all(ctx.words)))


def _of_thing(ctx: Context) -> bool:
    """投诉,打印机坏了: the order stands before what may be a fault."""
    return bool(ctx.words) and read_complaint(ctx.text, ctx.reading).kind is Kind.EITHER


def _understood(ctx: Context, words: str) -> Context:
    """Which ticket and whom the words name."""
    ticket = _ticket_in(ctx, words)
    if ticket is not None:
        ctx = of_ticket(ctx, ticket)
    return of_people(ctx, words)


def _ticket_in(ctx: Context, words: str) -> TicketView | None:
    reference = read_ticket_ref(words)
    if reference is None or reference.startswith("TS"):
        return None
    try:
        return ctx.desk.find(reference, naming.tickets(ctx.desk))
    except NotFound:
        return None


# --- a complaint, or a fault? --------------------------------------------------------------------


def sure_given(ctx: Context) -> Turn:
    """What was said is kept either way."""
    if _means_report(ctx):
        return _as_report(ctx)
    if ctx.tapped == "complain" or ctx.choice is Choice.YES:
        return next_question(ctx.learnt(is_sure=True))
    if _complains(ctx):
        return _with_more(ctx.learnt(is_sure=True))
    if ctx.choice in (Choice.NO, Choice.CANCEL) or ctx.surely_means(Intent.THANKS):
        return finish("complain.dropped")
    if faults.of(ctx.text, ctx.reading, ctx.incident).is_told:
        return _as_new_report(ctx)
    return missed(ctx, Step.SURE, "complain.unclear", SURE_BUTTONS)


def _complains(ctx: Context) -> bool:
    """Whoever goes on about it means it."""
    if ctx.heard.tap is not None:
        return False
    kind = read_complaint(ctx.text, ctx.reading).kind
    return kind in _COMPLAINS or (kind is Kind.EITHER and ctx.surely_means(Intent.COMPLAIN))


def _with_more(ctx: Context) -> Turn:
    ctx = _understood(with_words(ctx, ctx.text), ctx.text)
    return next_question(ctx.learnt(is_told=ctx.draft["is_told"] or tells_all(ctx.text)))


def _means_report(ctx: Context) -> bool:
    """报修; 不是,是报修."""
    if ctx.heard.tap is not None:
        return ctx.tapped == "report"
    ordered = read_command(read_correction(ctx.text) or ctx.text)
    return ordered is not None and ordered.command is Command.REPORT


def _as_report(ctx: Context) -> Turn:
    """The words go on as the report; one that was interrupted takes them up."""
    said = words_of(ctx)
    return _instead(
        report_told.reported_after_all(replace(ctx, draft={**_interrupted(ctx), "said": said}))
    )


def _as_new_report(ctx: Context) -> Turn:
    return _instead(report_told.told(replace(ctx, draft=_interrupted(ctx))))


def _interrupted(ctx: Context) -> Mapping[str, object]:
    paused = ctx.draft.get("paused") or {}
    return dict(paused["draft"]) if paused.get("name") == "report_incident" else {}


def _instead(turn: Turn) -> Turn:
    return replace(turn, is_instead=True)


# --- about what ----------------------------------------------------------------------------------


def which_given(ctx: Context) -> Turn:
    """A ticket, a person, something else, or the account of it at once."""
    if not ctx.draft["is_sure"] and _means_report(ctx):
        return _as_report(ctx)
    offered = naming.tickets(ctx.desk)
    ticket = _chosen(ctx, offered)
    sure = ctx.learnt(is_sure=True)
    if ticket is not None:
        return next_question(of_ticket(sure, ticket))
    about = ctx.tapped or read_about(ctx.text)
    if about in ("other_matter", "whole_service"):
        return next_question(sure.learnt(about=About.SERVICE.value))
    if ctx.choice in (Choice.NO, Choice.CANCEL):
        return finish("complain.dropped")
    if ctx.choice is Choice.YES and not ctx.draft["is_sure"]:
        return ask_which(sure)
    if not ctx.draft["is_sure"] and _tells_fault_only(ctx):
        return _as_new_report(ctx)
    if ctx.heard.tap is not None or not says_something(ctx.text):
        return missed(ctx, Step.WHICH, "complain.which_unclear", which_buttons(ctx))
    return _told_who(sure)


def _chosen(ctx: Context, offered: tuple[TicketView, ...]) -> TicketView | None:
    chosen = ctx.option([each.number for each in offered])
    by_tap = next((each for each in offered if each.number == chosen), None)
    return by_tap or (None if ctx.heard.tap else _ticket_in(ctx, ctx.text))


def _tells_fault_only(ctx: Context) -> bool:
    is_fault = faults.of(ctx.text, ctx.reading, ctx.incident).is_told
    return is_fault and read_complaint(ctx.text, ctx.reading).kind is Kind.NONE


def _told_who(ctx: Context) -> Turn:
    """Somebody whom nobody here is called like is found by the desk."""
    ctx = of_people(with_words(ctx, ctx.text), ctx.text)
    is_name = len(ctx.text.strip()) <= _NAME_ONLY
    about = About.PERSON if is_name or ctx.draft["people"] else About.SERVICE
    ctx = ctx.learnt(about=ctx.draft["about"] or about.value)
    return next_question(ctx.learnt(is_told=ctx.draft["is_told"] or tells_all(ctx.text)))


# --- what happened, and who says so --------------------------------------------------------------


def words_given(ctx: Context) -> Turn:
    """Any words tell it."""
    if words_of(ctx) and (ctx.tapped == "enough" or says_enough(ctx.text)):
        return next_question(ctx.learnt(is_told=True))
    if ctx.choice is Choice.CANCEL:
        return finish("complain.dropped")
    if ctx.heard.tap is not None or not says_something(ctx.text) or ctx.choice is not _UNREAD:
        return missed(ctx, Step.WORDS, "complain.words_unclear", words_buttons(ctx))
    ctx = with_words(ctx, ctx.text)
    if not ctx.draft["people"]:
        ctx = of_people(ctx, ctx.text)
    return next_question(ctx.learnt(is_told=True))


_UNREAD = Choice.UNCLEAR


def profile_given(ctx: Context) -> Turn:
    """All of it or parts; an answer that adds nothing is a miss."""
    before = (ctx.speaker.missing, card(ctx))
    if ctx.choice is Choice.CANCEL:
        return finish("complain.dropped")
    known = learnt_from(ctx, read_contact(ctx.text, expect_all=True))
    if (known.speaker.missing, card(known)) == before:
        turn = ask_profile(ctx)
        unclear = replace(turn.says[0], key="profile.unclear")
        return replace(turn, says=(unclear,), is_miss=True)
    return next_question(known)


_STEPS: Mapping[Step, tuple[StepFunction, StepFunction]] = {
    Step.SURE: (sure_given, ask_sure),
    Step.WHICH: (which_given, ask_which),
    Step.WORDS: (words_given, ask_words),
    Step.PROFILE: (profile_given, ask_profile),
}

CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={step: with_media(given, ask) for step, (given, ask) in _STEPS.items()},
    asks={step: ask for step, (_, ask) in _STEPS.items()},
    hears=frozenset({Medium.TEXT, Medium.VOICE, Medium.IMAGE, Medium.VIDEO, Medium.LOCATION}),
    is_confidential=True,
)
