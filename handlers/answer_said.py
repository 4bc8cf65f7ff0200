"""How an answer of the knowledge base is said, and the three ways out of it (K1).

The ways out are orders with the id of the use: they hold hours later, and in any other talk.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum, auto
from typing import Protocol

from domain.commands import Command
from domain.refusals import NotFound
from handlers.dialog import Button, Context, Page, Say, Turn, order
from handlers.greet import says_thanks
from handlers.other_wishes import instead
from nlp.intents import Intent
from services.answering import AnswerShown
from services.knowledge.reading import ArticlePage
from services.knowledge.searching import FoundArticle

NAME = "answer_question"
_DIGITS = 10  # as many has no id of ours


class Step(StrEnum):
    WHICH = auto()
    HELPED = auto()
    WHY = auto()  # it did not help


class Answered(Protocol):
    """A found article, or one that was asked for by its number."""

    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def answer(self) -> str: ...


def answer_says(found: Answered, use: int, key: str, buttons: tuple[Button, ...]) -> Say:
    """The short answer, with a link to the whole article."""
    facts = {"title": found.title, "answer": found.answer}
    return Say(key, facts, buttons, page_of(found.number, use))


def page_of(number: str, use: int) -> Page:
    """The page knows which showing it belongs to: what is said there counts once."""
    return Page(f"/h5/knowledge/{number}?use={use}", "page.answer")


def surely_meant(found: Sequence[FoundArticle]) -> FoundArticle | None:
    """The best, if it may be said without asking."""
    return found[0] if found and found[0].is_sure else None


def ways_out(use: int) -> tuple[Button, ...]:
    return (*verdicts(use), report_button(use))


def verdicts(use: int) -> tuple[Button, ...]:
    return (order(Command.USEFUL, str(use)), order(Command.USELESS, str(use)))


def report_button(use: int | None, label: str | None = None) -> Button:
    return order(Command.REPORT_AFTER_ALL, str(use) if use else None, label)


def titles_of(found: Sequence[Answered]) -> tuple[tuple[Say, ...], tuple[Button, ...]]:
    """A line for each, and a button that reads it."""
    lines = tuple(
        Say("answer.title", {"place": place, "title": each.title})
        for place, each in enumerate(found, 1)
    )
    buttons = tuple(
        order(Command.SHOW_ANSWER, each.number, "button.read_answer", place=place)
        for place, each in enumerate(found, 1)
    )
    return lines, buttons


def meant(ctx: Context) -> AnswerShown | None:
    """The showing that a tap names, that the talk is about, or that was the last one."""
    if ctx.number:
        is_id = ctx.number.isascii() and ctx.number.isdecimal() and len(ctx.number) < _DIGITS
        return ctx.desk.answer_shown(int(ctx.number) if is_id else 0)
    if ctx.draft.get("use"):
        return ctx.desk.answer_shown(ctx.draft["use"])
    return ctx.desk.last_answer()


def said(
    ctx: Context,
    found: FoundArticle | ArticlePage,
    question: str,
    key: str = "answer.found",
    seen: tuple[str, ...] = (),
) -> Turn:
    use = ctx.desk.show_answer(found, question)
    learned = {"question": question, "use": use, "seen": [*seen, found.number], "why": ""}
    return Turn((answer_says(found, use, key, ways_out(use)),), Step.HELPED, learned, into=NAME)


def other_wish(ctx: Context) -> Turn | None:
    """The talk about the answer is given up for it: what is open of it are taps."""
    try:
        turn = instead(replace(ctx, draft={}))
    except NotFound:
        return None
    return replace(turn, is_instead=True) if turn is not None else None


def is_thanks(ctx: Context) -> bool:
    return ctx.reading.intent is Intent.THANKS and says_thanks(ctx)
