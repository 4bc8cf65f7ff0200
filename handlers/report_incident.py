"""Report an incident: what is wrong, where, who reports; confirmed once, then the ticket is open.

words → TWO_FAULTS → SYMPTOM → CATEGORY → PROFILE or PLACE → CONFIRM ⇄ AMEND → ticket opened
Each is asked only if the words, and what is known of the person, leave it open (F1).
"""

from dataclasses import replace

from domain.commands import Command
from handlers import answer_question
from handlers import fault as faults
from handlers.asked_in_passing import or_a_question
from handlers.dialog import (
    Choice,
    Context,
    Conversation,
    Medium,
    StepFunction,
    Turn,
    aside,
    order,
)
from handlers.fault import Fault
from handlers.report_confirmed import amendment_given, choice_given
from handlers.report_draft import NAME, Step, fault_of, is_under_way, with_fault
from handlers.report_for_other import also_their_number
from handlers.report_profile import place_given, profile_given
from handlers.report_questions import ask_again, ask_category, ask_symptom, ask_wish, next_question
from handlers.report_summary import ask_what_to_amend
from handlers.report_told import (
    HOW_TO_BUTTONS,
    ask_wish_again,
    category_given,
    faults_chosen,
    reported_after_all,
    symptom_given,
    told,
    wish_given,
)
from handlers.report_wished import also_wished, or_chat
from handlers.requester_profile import said_alone
from handlers.spoken import also_spoken
from nlp.commands import read_command
from nlp.intents import Intent

_SHORT = 4  # characters

_ABOUT_A_THING = frozenset({Intent.REPORT, Intent.REQUEST, Intent.HOWTO})


def begin(ctx: Context) -> Turn:
    """From the menu the fault is asked for; words that tell of one are read."""
    if is_under_way(ctx):
        return _pressed_again(ctx)
    fresh = _fresh(ctx)
    if ctx.heard.tap is not None or _is_bare_order(ctx):
        return ask_symptom(fresh)
    return said_alone(ctx) or told(fresh)


def _is_bare_order(ctx: Context) -> bool:
    ordered = read_command(ctx.text)
    return ordered is not None and ordered.command is Command.REPORT


def _pressed_again(ctx: Context) -> Turn:
    """The report under way goes on; where a question was asked back, the press answers it."""
    if not fault_of(ctx).lacks_symptom:
        return aside("incident.under_way")
    return reported_after_all(ctx) if ctx.draft.get("said") else ask_symptom(ctx)


def says_too_little(ctx: Context) -> bool:
    """A bare place or name, a row of keys or an angry face: too little for any intent."""
    said, intent = ctx.incident, ctx.reading.intent
    if said.device or said.error_code or intent is Intent.THANKS:
        return False
    if intent is Intent.OTHER:
        return len(ctx.text.strip()) <= _SHORT
    return not _is_in_words(ctx.text)


def _is_in_words(text: str) -> bool:
    """Chinese, or at least two words in Latin letters."""
    is_chinese = any(character.isalpha() and not character.isascii() for character in text)
    return is_chinese or sum(word.isalpha() for word in text.split()) > 1


def begin_unsure(ctx: Context) -> Turn:
    """What is wanted is not clear: a fault in the words is taken, else its kind is asked for."""
    newer = faults.of(ctx.text, ctx.reading, ctx.incident)
    names_fault = newer.device is not None and not newer.lacks_symptom
    names_place_only = newer.place is not None and not newer.symptom
    if names_fault or names_place_only:
        return told(_fresh(ctx))
    is_told = bool(newer.symptom) and _is_in_words(ctx.text)
    if is_told and ctx.reading.intent in _ABOUT_A_THING:
        return ask_category(with_fault(_fresh(ctx), newer))
    if ctx.choice is Choice.YES:
        return aside("greet.noted")  # 好的, when nothing was asked
    return said_alone(ctx) or not_understood()


def not_understood() -> Turn:
    """The second time in a row a person of the desk is called."""
    buttons = (order(Command.HUMAN), order(Command.REPORT))
    return replace(aside("greet.not_understood", buttons=buttons), is_miss=True)


def how_to(ctx: Context) -> Turn:
    """Answered out of the knowledge base; what is not in it is kept for whoever will."""
    if ctx.text.strip() == ctx.incident.device:
        return told(_fresh(ctx))  # 电脑, and nothing more
    turn = answer_question.answered(ctx)
    return turn or ask_wish(_fresh(ctx), "how_to", "how_to.ask", HOW_TO_BUTTONS)


def begin_with_media(ctx: Context, key: str, place: str | None = None) -> Turn:
    """A photo came first: it is kept, and what is wrong is asked for (talks.md §3)."""
    fresh = with_fault(_fresh(ctx), Fault(place=place))
    asks = ask_symptom(fresh)
    return replace(asks, says=(replace(asks.says[0], key=key),))


def _fresh(ctx: Context) -> Context:
    return with_fault(replace(ctx, draft={}), Fault())


def _or_as_it_is(step: StepFunction) -> StepFunction:
    """不改了 leads back to the summary when the answer would have replaced something."""

    def given(ctx: Context) -> Turn:
        if ctx.tapped == "as_it_is":
            return next_question(ctx.learnt(fixes=None))
        return step(ctx)

    return given


def _heard_whole(step: StepFunction) -> StepFunction:
    """Typed or spoken, with a time for the visit beside it; or a question, or thanks instead."""
    return also_spoken(or_a_question(also_wished(also_their_number(or_chat(step)))))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.WISH: also_spoken(wish_given),
        Step.SYMPTOM: also_spoken(or_a_question(_or_as_it_is(symptom_given))),
        Step.PLACE: _heard_whole(_or_as_it_is(place_given)),
        Step.CATEGORY: _heard_whole(category_given),
        Step.PROFILE: _heard_whole(_or_as_it_is(profile_given)),
        Step.TWO_FAULTS: _heard_whole(faults_chosen),
        Step.CONFIRM: _heard_whole(choice_given),
        Step.AMEND: _heard_whole(amendment_given),
    },
    asks={
        **dict.fromkeys(Step, ask_again),
        Step.WISH: ask_wish_again,
        Step.AMEND: ask_what_to_amend,
    },
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
)
