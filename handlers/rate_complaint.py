"""Rate how a complaint was handled: process and outcome, 1 to 5 each, in as few taps as possible.

SCORES → PROCESS, OUTCOME, as far as they were not said → rated → COMMENT after a low one (C4)
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum, auto

from domain.complaints import ComplaintAction, HandlingRating
from domain.numbers import short_number
from domain.rating import FOLLOW_UP_AT, HIGHEST, LOWEST
from handlers import my_complaints
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Facts,
    Medium,
    Say,
    StepFunction,
    Turn,
    aside,
    choice,
    finish,
    order,
)
from handlers.greet import says_thanks
from handlers.own_ticket import ended_by_refusal
from handlers.spoken import also_spoken
from nlp.answers import says_something
from nlp.scores import read_handling, read_score, scores_everything
from services.complaints import answering

NAME = "rate_complaint"
PARTS = ("process", "outcome")

_ONE = {str(score): score for score in range(HIGHEST, LOWEST - 1, -1)}
_ALL = {f"all_{score}": score for score in _ONE.values()}
_STARS = frozenset("⭐★")
_SCORES_ONLY = 24
"""Characters; a longer message with no question waiting is more than a rating."""


class Step(StrEnum):
    SCORES = auto()
    PROCESS = auto()
    OUTCOME = auto()
    COMMENT = auto()


_STEP_OF: Mapping[str, Step] = {part: Step(part) for part in PARTS}


def begin(ctx: Context) -> Turn:
    """Scores that stand behind the order are not asked for again."""
    waiting = my_complaints.with_action(ctx, ComplaintAction.RATE)
    complaint = my_complaints.meant(ctx, waiting)
    if complaint is None:
        if waiting:
            return my_complaints.ask_which(Command.RATE_COMPLAINT, waiting)
        return aside("complaint_life.nothing_to_rate", buttons=(order(Command.MY_COMPLAINTS),))
    if ComplaintAction.RATE not in complaint.actions:
        return my_complaints.shown(ctx, complaint)
    known = _begun(ctx, complaint.id, complaint.number)
    return _understood(known, ctx.words) or ask_scores(known)


def overheard(ctx: Context) -> Turn | None:
    """过程5 结果4, 都好: with no question waiting, of the one that was fed back."""
    said = read_handling(ctx.text) if len(ctx.text) <= _SCORES_ONLY else {}
    if len(said) < len(PARTS) or _is_general(ctx.text, said):
        return None
    waiting = my_complaints.with_action(ctx, ComplaintAction.RATE)
    if len(waiting) != 1:
        return None
    return _understood(_begun(ctx, waiting[0].id, waiting[0].number), ctx.text)


def _begun(ctx: Context, complaint_id: int, number: str) -> Context:
    nothing = dict.fromkeys((*PARTS, "comment"))
    return replace(ctx, draft={**nothing, "complaint_id": complaint_id, "number": number})


# --- the questions -------------------------------------------------------------------------------


def _asked(ctx: Context, step: Step, key: str, buttons: tuple[Button, ...]) -> Turn:
    facts: Facts = {"short": short_number(ctx.draft["number"])}
    is_instead = ctx.conversation == "add_to_complaint"
    say = Say(key, facts, buttons)
    return Turn((say,), step, dict(ctx.draft), into=NAME, is_instead=is_instead)


def ask_scores(ctx: Context) -> Turn:
    return _asked(ctx, Step.SCORES, "complaint_life.ask_scores", _score_buttons(ctx))


def _score_buttons(ctx: Context, value: int = HIGHEST) -> tuple[Button, ...]:
    return (
        choice(f"all_{value}", "button.all_same", score=value),
        choice("one_by_one"),
        order(Command.OBJECT, str(ctx.draft["number"])),
        choice("no_rating"),
    )


def _ask_part(part: str) -> StepFunction:
    def asks(ctx: Context) -> Turn:
        buttons = tuple(choice(act, "button.score", score=score) for act, score in _ONE.items())
        return _asked(ctx, _STEP_OF[part], f"complaint_life.ask_part.{part}", buttons)

    return asks


def _ask_comment(ctx: Context) -> Turn:
    return _asked(ctx, Step.COMMENT, "complaint_life.ask_comment", (choice("no_comment"),))


# --- the answers ---------------------------------------------------------------------------------


def scores_given(ctx: Context) -> Turn:
    """Both at once, one of them, or by tap."""
    tapped = ctx.tapped or ""
    if tapped == "no_rating" or ctx.choice is Choice.CANCEL:
        return finish("rating.skipped")
    if tapped == "one_by_one":
        return _next(ctx)
    if tapped in _ALL:
        return _next(ctx.learnt(**dict.fromkeys(PARTS, _ALL[tapped])))
    understood = None if tapped else _understood(ctx, ctx.text)
    if understood is not None:
        return understood
    if not tapped and says_thanks(ctx):
        return finish("greet.thanks")
    return replace(_asked(ctx, Step.SCORES, _UNREAD, _score_buttons(ctx)), is_miss=True)


_UNREAD = "complaint_life.scores_unclear"


def _understood(ctx: Context, words: str) -> Turn | None:
    """One word that names neither part nor number, such as 满意, is asked back."""
    said = read_handling(words)
    if said and _is_general(words, said):
        buttons = _score_buttons(ctx, said["process"])
        return _asked(ctx, Step.SCORES, "complaint_life.ask_exactly", buttons)
    return _next(ctx.learnt(**said)) if said else None


def _is_general(words: str, said: Mapping[str, int]) -> bool:
    has_number = any(character.isnumeric() or character in _STARS for character in words)
    is_one_value = len(said) == len(PARTS) and len(set(said.values())) == 1
    return is_one_value and not has_number and not scores_everything(words)


def part_given(part: str) -> StepFunction:
    """The answer to one part, and whatever the words say of the other."""

    def given(ctx: Context) -> Turn:
        score = _ONE.get(ctx.tapped or "")
        said = {part: score} if score else read_handling(ctx.text)
        if not said and ctx.tapped is None and (one := read_score(ctx.text)) is not None:
            said = {part: one}
        if ctx.choice is Choice.CANCEL:
            return finish("rating.skipped")
        if not said:
            buttons = _ask_part(part)(ctx).says[0].buttons
            return replace(
                _asked(ctx, _STEP_OF[part], "rating.part_unclear", buttons), is_miss=True
            )
        return _next(ctx.learnt(**said))

    return given


def _next(ctx: Context) -> Turn:
    """The first part without a score is asked for; with both it is rated."""
    missing = next((part for part in PARTS if ctx.draft.get(part) is None), None)
    return _rated(ctx) if missing is None else _ask_part(missing)(ctx)


def _rated(ctx: Context) -> Turn:
    """Both count at once; who never says why has rated all the same."""
    values = {part: ctx.draft[part] for part in PARTS}
    answering.rate(ctx.desk, ctx.draft["complaint_id"], HandlingRating(**values))
    facts: Facts = {"short": short_number(ctx.draft["number"]), **values}
    if min(values.values()) > FOLLOW_UP_AT:
        return Turn((Say("complaint_life.rated", facts),))
    turn = _ask_comment(ctx)
    return replace(turn, says=(Say("complaint_life.rated_low", facts), *turn.says))


def comment_given(ctx: Context) -> Turn:
    says_nothing = ctx.tapped == "no_comment" or ctx.choice is Choice.CANCEL
    if says_nothing or not says_something(ctx.text):
        return finish("complaint_life.no_comment")
    answering.comment(ctx.desk, ctx.draft["complaint_id"], ctx.text)
    return finish("complaint_life.comment_kept")


def _answer(step: StepFunction) -> StepFunction:
    return also_spoken(ended_by_refusal(step))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.SCORES: _answer(scores_given),
        **{_STEP_OF[part]: _answer(part_given(part)) for part in PARTS},
        Step.COMMENT: _answer(comment_given),
    },
    asks={
        Step.SCORES: ask_scores,
        **{_STEP_OF[part]: _ask_part(part) for part in PARTS},
        Step.COMMENT: _ask_comment,
    },
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
    is_optional=True,
    is_confidential=True,
)
