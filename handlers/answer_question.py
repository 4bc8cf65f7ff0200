"""Answer a question out of the knowledge base, and hear whether it helped (K1).

words → answered at once, or WHICH of up to three → HELPED → thanks | the next best | WHY
Each leads on to a report with all that was said (handlers/report_after_all.py), or to a person.
"""

from dataclasses import replace
from typing import Any

from domain.commands import Command
from handlers.answer_judged import verdict_given, why_given
from handlers.answer_said import (
    NAME,
    Step,
    answer_says,
    is_thanks,
    other_wish,
    report_button,
    said,
    surely_meant,
    titles_of,
    verdicts,
)
from handlers.dialog import (
    Choice,
    Context,
    Conversation,
    Page,
    Say,
    Turn,
    aside,
    finish,
    order,
    unclear,
)
from handlers.greet import not_ours
from handlers.report_after_all import report_after_all
from nlp.helped import Verdict, read_helped
from nlp.intents import Intent
from services.knowledge.searching import FoundArticle, choices

_SURELY_NOT_OURS = 0.9
"""A vague word that may be meant for the list is read as small talk with less."""

ALL_ARTICLES = Page("/h5/knowledge", "page.answers")


# --- a question ------------------------------------------------------------------------------


def answered(ctx: Context) -> Turn | None:
    """The best article if it is surely meant, else a choice of titles; None if none is near."""
    found = choices(ctx.desk.answers(ctx.text))
    if not found:
        return None
    best = surely_meant(found)
    return said(ctx, best, ctx.text) if best is not None else _ask_which(ctx, found)


def surely_answered(ctx: Context) -> Turn | None:
    """Only where one article is surely meant: the words may be something else altogether."""
    found = surely_meant(ctx.desk.answers(ctx.text))
    return said(ctx, found, ctx.text) if found is not None else None


def _ask_which(ctx: Context, found: tuple[FoundArticle, ...]) -> Turn:
    lines, buttons = titles_of(found)
    others = (report_button(None, "button.none_of_them"), order(Command.HUMAN))
    return _offered(ctx, found, Say("answer.which", {"titles": lines}, (*buttons, *others)))


def common_questions(ctx: Context) -> Turn:
    """What is asked most; a question may be typed as well."""
    found = ctx.desk.common_questions()
    if not found:
        return aside("answer.nothing_common", buttons=(order(Command.REPORT), order(Command.HUMAN)))
    lines, buttons = titles_of(found)
    say = Say("answer.common", {"titles": lines}, buttons, ALL_ARTICLES)
    if ctx.conversation not in (None, NAME):
        return Turn((say,), is_aside=True)
    return _offered(replace(ctx, heard=replace(ctx.heard, text="")), found, say)


def _offered(ctx: Context, found: tuple[Any, ...], say: Say) -> Turn:
    numbers = [each.number for each in found]
    titles = [each.title for each in found]
    begun: dict[str, Any] = {"question": ctx.text, "use": None, "seen": [], "why": ""}
    offered = {"offered": numbers, "titles": titles}
    return Turn((say,), Step.WHICH, {**begun, **offered}, into=NAME)


# --- which of them ---------------------------------------------------------------------------


def which_given(ctx: Context) -> Turn:
    """By its place, or by words of its title; 都不是 leads to a report."""
    offered = ctx.draft["offered"]
    number = ctx.option(offered) or _by_title(ctx.text, offered, ctx.draft["titles"])
    if number is not None:
        return show_answer(replace(ctx, number=number))
    told = read_helped(ctx.text)
    if told is not None and told.verdict is not Verdict.USEFUL:
        return report_after_all(ctx)
    if ctx.choice in (Choice.NO, Choice.CANCEL) or is_thanks(ctx):
        return finish("answer.left")
    return other_wish(ctx) or _not_ours(ctx) or unclear(Step.WHICH, "answer.which_unclear")


def _not_ours(ctx: Context) -> Turn | None:
    """No question of IT at all; what was offered still waits."""
    return not_ours(ctx) if ctx.surely_means(Intent.OTHER, least=_SURELY_NOT_OURS) else None


def _by_title(words: str, numbers: list[str], titles: list[str]) -> str | None:
    """双面 names one title, if it stands in no other."""
    held = words.strip()
    fits = [number for number, title in zip(numbers, titles, strict=True) if held in title]
    return fits[0] if len(held) > 1 and len(fits) == 1 else None


def show_answer(ctx: Context) -> Turn:
    """One that was chosen from a list, whenever that was."""
    if not ctx.number:
        return common_questions(ctx)
    found = ctx.desk.article(ctx.number)
    question = ctx.draft.get("question") if ctx.conversation == NAME else None
    if ctx.conversation in (None, NAME):
        return said(ctx, found, question or found.title)
    use = ctx.desk.show_answer(found, found.title)
    return Turn((answer_says(found, use, "answer.found", verdicts(use)),), is_aside=True)


CONVERSATION = Conversation(
    name=NAME,
    begin=common_questions,
    steps={Step.WHICH: which_given, Step.HELPED: verdict_given, Step.WHY: why_given},
    is_optional=True,
)
