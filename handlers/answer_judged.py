"""Whether an answer helped, in whatever words: thanks, the next best, why not, a report (K1)."""

from dataclasses import replace

from domain.commands import Command
from domain.knowledge import UseOutcome
from domain.numbers import short_number
from handlers.answer_said import (
    NAME,
    Step,
    is_thanks,
    meant,
    other_wish,
    report_button,
    said,
    ways_out,
)
from handlers.dialog import Button, Choice, Context, Say, Turn, aside, finish, order, unclear
from handlers.report_after_all import report_after_all
from handlers.report_draft import is_under_way
from nlp.helped import Helped, Verdict, read_helped
from nlp.intents import Intent
from services.answering import AnswerShown
from services.knowledge.searching import FoundArticle, choices

_TRIED = 2  # answers to one question; then a person is nearer than a third
_LONGEST_VERDICT = 20  # characters, where nobody asked for one
_ELSE = frozenset(
    {
        Intent.COMPLAIN,
        Intent.PROGRESS,
        Intent.URGE,
        Intent.CANCEL,
        Intent.HUMAN,
        Intent.RATE,
    }
)


def verdict_given(ctx: Context) -> Turn:
    """In whatever words; another wish is another talk."""
    told = read_helped(ctx.text, is_asked=True)
    if told is not None:
        return _ruled(ctx, told)
    if ctx.choice is Choice.YES:
        return Turn((Say("answer.tell_later"),), Step.HELPED)
    if ctx.choice is Choice.CANCEL or is_thanks(ctx):
        return finish("answer.left")
    return other_wish(ctx) or unclear(Step.HELPED, "answer.helped_unclear", buttons=_ways(ctx))


def _ways(ctx: Context) -> tuple[Button, ...]:
    return ways_out(ctx.draft["use"])


def _ruled(ctx: Context, told: Helped) -> Turn:
    match told.verdict:
        case Verdict.USEFUL:
            return useful(ctx)
        case Verdict.REPORT:
            return report_after_all(ctx)
        case _:
            return useless(replace(ctx, words=told.words))


def useful(ctx: Context) -> Turn:
    """Thanks; a report that was begun beside it is given up, one that is open can be called off."""
    shown = meant(ctx)
    if shown is None:
        return aside("answer.thanks")
    if shown.ticket_id is not None:
        return _though_reported(ctx, shown)
    ctx.desk.say_of_answer(shown.id, UseOutcome.USEFUL)
    if is_under_way(ctx) and ctx.draft.get("use") == shown.id:
        return finish("answer.thanks_no_report")
    return finish("answer.thanks") if _is_here(ctx) else aside("answer.thanks")


def useless(ctx: Context) -> Turn:
    """The next best, once; then the question why, a report, or a person."""
    shown = meant(ctx)
    if shown is None:
        return aside("answer.sorry", buttons=(order(Command.REPORT), order(Command.HUMAN)))
    if shown.ticket_id is not None:
        return _reported_already(ctx, shown)
    is_again = shown.outcome is UseOutcome.USELESS
    ctx.desk.say_of_answer(shown.id, UseOutcome.USELESS, ctx.words or None)
    if not _is_here(ctx):
        return aside("answer.noted")
    if is_again and ctx.draft.get("use", shown.id) != shown.id:
        return aside("answer.noted")
    question, seen = _of_draft(ctx, shown)
    following = _next_best(ctx, question, seen)
    if following is not None:
        return said(ctx, following, question, "answer.second", seen)
    return _ask_why(ctx, shown, question, seen)


def _of_draft(ctx: Context, shown: AnswerShown) -> tuple[str, tuple[str, ...]]:
    """The question as it was put, and the articles that were shown for it."""
    if ctx.draft.get("use") == shown.id:
        return ctx.draft["question"], tuple(ctx.draft["seen"])
    return shown.query, (shown.number,)


def _next_best(ctx: Context, question: str, seen: tuple[str, ...]) -> FoundArticle | None:
    """For the same question; or for what was said of the answer, if that is surely meant."""
    if len(seen) >= _TRIED:
        return None
    found = choices(ctx.desk.answers(ctx.words or question))
    others = [each for each in found if each.number not in seen]
    return next((each for each in others if each.is_sure or not ctx.words), None)


def _ask_why(ctx: Context, shown: AnswerShown, question: str, seen: tuple[str, ...]) -> Turn:
    key = "answer.remark_kept" if ctx.words else "answer.ask_why"
    learned = {"question": question, "use": shown.id, "seen": list(seen), "why": ctx.words}
    return Turn((Say(key, {}, _after_no_use(shown.id)),), Step.WHY, learned, into=NAME)


def _after_no_use(use: int) -> tuple[Button, ...]:
    return (report_button(use, "button.report"), order(Command.HUMAN))


def why_given(ctx: Context) -> Turn:
    """What was wrong with the answer is kept for whoever writes it, and goes into a report."""
    told = read_helped(ctx.text, is_asked=True)
    if told is not None and told.verdict is Verdict.REPORT:
        return report_after_all(ctx)
    if told is not None and told.verdict is Verdict.USEFUL:
        return useful(ctx)
    if ctx.choice in (Choice.CANCEL, Choice.NO) or is_thanks(ctx):
        return finish("answer.left")
    if ctx.choice is Choice.YES:
        return unclear(Step.WHY, "answer.ask_why", buttons=_after_no_use(ctx.draft["use"]))
    return _wants_else(ctx) or _remarked(ctx)


def _remarked(ctx: Context) -> Turn:
    why = "，".join(filter(None, (ctx.draft["why"], ctx.text.strip())))
    use = ctx.draft["use"]
    ctx.desk.say_of_answer(use, UseOutcome.USELESS, why)
    return Turn((Say("answer.remark_kept", {}, _after_no_use(use)),), Step.WHY, {"why": why})


# --- once more, and later --------------------------------------------------------------------


def _though_reported(ctx: Context, shown: AnswerShown) -> Turn:
    """Solved after it was reported: the ticket can be called off."""
    number = _number_of(ctx, shown)
    cancel = (order(Command.CANCEL_TICKET, number),)
    return aside("answer.useful_though_reported", number=short_number(number), buttons=cancel)


def _reported_already(ctx: Context, shown: AnswerShown) -> Turn:
    number = _number_of(ctx, shown)
    follow = (order(Command.SHOW, number, "button.follow"),)
    return aside("answer.reported_already", number=short_number(number), buttons=follow)


def _number_of(ctx: Context, shown: AnswerShown) -> str:
    return ctx.desk.ticket(shown.ticket_id or 0).number


def reported(ctx: Context) -> Turn:
    """还是要报修, tapped: once; what came of it the first time is shown."""
    shown = meant(ctx) if ctx.number else None
    if shown is not None and shown.ticket_id is not None:
        return _reported_already(ctx, shown)
    return report_after_all(ctx)


def overheard(ctx: Context) -> Turn | None:
    """管用, hours after the answer: of the last one that nobody has said anything of."""
    told = read_helped(ctx.text) if len(ctx.text) <= _LONGEST_VERDICT else None
    if told is None or told.verdict is Verdict.NONE:
        return None
    shown = ctx.desk.last_answer()
    if shown is None:
        return None
    return _ruled(replace(ctx, draft={}, number=str(shown.id)), told)


def _is_here(ctx: Context) -> bool:
    return ctx.conversation in (None, NAME)


def _wants_else(ctx: Context) -> Turn | None:
    return other_wish(ctx) if ctx.surely_means(*_ELSE) else None
