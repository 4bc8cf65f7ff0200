"""Rate a closed ticket: speed, attitude and result, 1 to 5 each, in as few taps as possible (F13).

SCORES → SPEED, ATTITUDE, RESULT, as far as they were not said → rated → COMMENT after a low one
"""

from collections.abc import Mapping

from domain.commands import Command
from domain.lifecycle import Status
from domain.rating import HIGHEST
from handlers.dialog import (
    Choice,
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
from handlers.greet import says_thanks
from handlers.own_ticket import ended_by_refusal, named, to_settle
from handlers.rating_given import comment_given, rated
from handlers.rating_questions import (
    ALL,
    NAME,
    ONE,
    STEP_OF,
    Step,
    ask_comment,
    ask_part,
    ask_scores,
    asked,
    begun,
    score_buttons,
)
from handlers.scores_said import PARTS, answer_for, comment_in, general_word, said_in
from handlers.spoken import also_spoken
from nlp.commands import read_command
from services.views import TicketView

_SOLVED_FROM = 4
"""A result with this score or more was a solution."""


def begin(ctx: Context) -> Turn:
    """Scores that the words hold already are not asked for again."""
    ticket = named(ctx, ()) or ctx.desk.to_rate()
    if ticket is not None and ticket.status is Status.CLOSED:
        return _begun(ctx, ticket) if ctx.desk.to_rate() else aside("rating.already_given")
    waiting = (ticket,) if ticket else to_settle(ctx)
    if waiting and waiting[-1].status is Status.RESOLVED:
        return _settled_by_scores(ctx, waiting) or _settle_first(waiting[-1])
    return aside("rating.nothing")


def change(ctx: Context) -> Turn:
    """改评价: once, while it is fresh; the scores may stand behind the order (F13)."""
    named_one = ctx.desk.find(ctx.number) if ctx.number else None
    ticket = ctx.desk.rating_to_change(named_one.id if named_one else None)
    if ticket is None:
        return begin(ctx) if _is_to_rate(ctx, named_one) else aside("rating.nothing_to_change")
    fresh = begun(ctx, ticket).learnt(changes=True)
    return (_understood(fresh, ctx.words) if ctx.words else None) or ask_scores(fresh)


def _is_to_rate(ctx: Context, ticket: TicketView | None) -> bool:
    """Not rated yet: then this is the rating."""
    to_rate = ctx.desk.to_rate()
    return to_rate is not None and (ticket is None or ticket.id == to_rate.id)


def _begun(ctx: Context, ticket: TicketView) -> Turn:
    fresh = begun(ctx, ticket)
    return ask_scores(fresh) if ctx.heard.tap else _understood(fresh) or ask_scores(fresh)


def _settled_by_scores(ctx: Context, waiting: tuple[TicketView, ...]) -> Turn | None:
    """Good marks for the result of the only ticket in question say that it is solved."""
    said = {} if ctx.heard.tap else said_in(ctx.text)
    if len(waiting) > 1 or said.get("result", 0) < _SOLVED_FROM:
        return None
    return _begun(ctx, ctx.desk.confirm(waiting[0].id))


def _settle_first(ticket: TicketView) -> Turn:
    """A score before the word that it is solved: that is asked first."""
    return aside(
        "rating.settle_first",
        ticket_id=ticket.id,
        number=ticket.short,
        symptom=ticket.symptom,
        buttons=(order(Command.CONFIRM, ticket.number), order(Command.REOPEN, ticket.number)),
    )


def after_confirmation(ctx: Context, ticket: TicketView) -> Turn:
    """The thanks for a yes, and the one question that is left; none if it was answered before."""
    to_rate = ctx.desk.to_rate()
    if to_rate is None or to_rate.id != ticket.id:
        return finish("settle.confirmed", number=ticket.short, ticket_id=ticket.id)
    return ask_scores(begun(ctx, ticket))


# --- the answers -----------------------------------------------------------------------------


def scores_given(ctx: Context) -> Turn:
    """All at once, some of them, or by tap."""
    tapped = ctx.tapped or ""
    if _is_order(ctx):
        return _unclear()
    if tapped == "no_rating" or ctx.choice is Choice.CANCEL:
        return finish("rating.skipped")
    if tapped == "one_by_one":
        return _next(ctx)
    if tapped in ALL:
        return _taken(ctx, dict.fromkeys(PARTS, ALL[tapped]))
    if understood := _understood(ctx):
        return understood
    is_thanked = ctx.tapped is None and says_thanks(ctx)
    return finish("greet.thanks") if is_thanked else _unclear()


def _unclear() -> Turn:
    """No scores: the router hears whether the words want something else."""
    return unclear(Step.SCORES, "rating.unclear", buttons=score_buttons(HIGHEST))


def _is_order(ctx: Context) -> bool:
    """撤单 calls off another ticket, and not the rating."""
    ordered = None if ctx.heard.tap else read_command(ctx.text)
    return ordered is not None and ordered.command is not Command.STOP


def _understood(ctx: Context, words: str | None = None) -> Turn | None:
    """Scores that the words say; 满意 alone is asked back, for it names no number."""
    words = ctx.text if words is None else words
    if said := said_in(words):
        return _taken(ctx, said, words)
    if word := general_word(words):
        return asked(ctx, Step.SCORES, "rating.ask_exactly", score_buttons(word))
    return None


def part_given(part: str) -> StepFunction:
    """The answer to one part, and whatever other parts the words score."""

    def given(ctx: Context) -> Turn:
        tapped = ONE.get(ctx.tapped or "")
        said = {part: tapped} if tapped else answer_for(part, ctx.text)
        if ctx.choice is Choice.CANCEL:
            return finish("rating.skipped")
        if not said:
            buttons = ask_part(part)(ctx).says[0].buttons
            return unclear(STEP_OF[part], "rating.part_unclear", buttons=buttons)
        return _taken(ctx, said)

    return given


def _taken(ctx: Context, said: Mapping[str, int], words: str | None = None) -> Turn:
    comment = None if ctx.tapped else comment_in(ctx.text if words is None else words)
    ctx = ctx.learnt(**said)
    return _next(ctx.learnt(comment=comment) if comment else ctx)


def _next(ctx: Context) -> Turn:
    """The first part without a score is asked for; with all of them it is rated."""
    missing = next((part for part in PARTS if ctx.draft.get(part) is None), None)
    return rated(ctx) if missing is None else ask_part(missing)(ctx)


def _answer(step: StepFunction) -> StepFunction:
    return also_spoken(ended_by_refusal(step))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.SCORES: _answer(scores_given),
        **{STEP_OF[part]: _answer(part_given(part)) for part in PARTS},
        Step.COMMENT: _answer(comment_given),
    },
    asks={
        Step.SCORES: ask_scores,
        **{STEP_OF[part]: ask_part(part) for part in PARTS},
        Step.COMMENT: ask_comment,
    },
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
    is_optional=True,
)
