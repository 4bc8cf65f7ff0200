"""Which of several tickets an order means: tapped or typed, and words said behind are kept."""

from collections.abc import Callable
from dataclasses import replace

from handlers.dialog import Button, Command, Context, Facts, Step, Turn, Word, ask, order, unclear
from handlers.work_orders import RULES, SHOWN
from services.views import TicketView

ANSWERS_WHICH = "answers_which"
"""In the draft of the one turn that answers the question."""


def line(ticket: TicketView, act: str) -> Button:
    return Button(act, "button.which", {"number": ticket.short, "symptom": ticket.symptom})


def word_for(command: Command) -> Word:
    return Word(f"button.{command.value}")


def which_for_words(ctx: Context, command: Command, step: Step) -> Turn:
    kept = {"talk": None, "ticket_id": None, "words": ctx.words, "command": command.value}
    return replace(_asking_which(ctx, command, step), learned=kept)


def ask_which(ctx: Context, step: Step) -> Turn:
    return _asking_which(ctx, Command(ctx.draft["command"]), step)


def _asking_which(ctx: Context, command: Command, step: Step) -> Turn:
    candidates = RULES[command].among(ctx.desk)
    facts: Facts = {"order": word_for(command), "count": len(candidates)}
    return ask(step, "work.which", buttons=_lines(candidates), facts=facts)


def _lines(candidates: tuple[TicketView, ...]) -> tuple[Button, ...]:
    lines = (line(each, f"={each.number}") for each in candidates[:SHOWN])
    return (*lines, order(Command.STOP))


def which_answered(ctx: Context, step: Step, begin: Callable[[Context], Turn]) -> Turn:
    """The order once more, for the ticket that is named now and with the words said before."""
    candidates = RULES[Command(ctx.draft["command"])].among(ctx.desk)
    number = _end_named(ctx, candidates) or ctx.option([each.number for each in candidates])
    if number is None:
        return unclear(step, "work.which_unclear", buttons=_lines(candidates))
    words = str(ctx.draft["words"])
    return begin(replace(ctx, number=number, words=words, draft={ANSWERS_WHICH: True}))


def _end_named(ctx: Context, candidates: tuple[TicketView, ...]) -> str | None:
    """0002 is the end of a number, not the second of the lines."""
    said = "" if ctx.tapped is not None else ctx.text
    return next((each.number for each in candidates if each.short in said), None)
