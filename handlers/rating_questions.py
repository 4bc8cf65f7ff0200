"""What a rating asks for: all scores at once, one part, or a word why."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum, auto

from domain.rating import HIGHEST, LOWEST
from handlers.dialog import Button, Context, Page, Say, StepFunction, Turn, choice
from handlers.scores_said import PARTS
from services.views import TicketView

NAME = "rate_ticket"


class Step(StrEnum):
    SCORES = auto()
    SPEED = auto()
    ATTITUDE = auto()
    RESULT = auto()
    COMMENT = auto()


ONE = {str(score): score for score in range(HIGHEST, LOWEST - 1, -1)}
ALL = {f"all_{score}": score for score in ONE.values()}
STEP_OF: Mapping[str, Step] = {part: Step(part) for part in PARTS}


def begun(ctx: Context, ticket: TicketView) -> Context:
    """No score of another ticket that was being rated counts for this one."""
    nothing = dict.fromkeys((*PARTS, "comment", "changes"))
    of_ticket = {"ticket_id": ticket.id, "number": ticket.short, "whole": ticket.number}
    return replace(ctx, draft={**nothing, **of_ticket})


def asked(
    ctx: Context, step: Step, key: str, buttons: tuple[Button, ...], page: Page | None = None
) -> Turn:
    said = {"number": ctx.draft["number"]}
    ticket_id = ctx.draft["ticket_id"]
    say = Say(key, said, buttons, page)
    return Turn((say,), step, dict(ctx.draft), into=NAME, ticket_id=ticket_id)


def ask_scores(ctx: Context) -> Turn:
    number = ctx.draft.get("whole")
    page = Page(f"/h5/tickets/{number}/rate", "page.rate") if number else None
    key = "rating.ask_changed" if ctx.draft.get("changes") else "rating.ask"
    return asked(ctx, Step.SCORES, key, score_buttons(HIGHEST), page)


def score_buttons(value: int) -> tuple[Button, ...]:
    return (
        choice(f"all_{value}", "button.all_same", score=value),
        choice("one_by_one"),
        choice("no_rating"),
    )


def ask_part(part: str) -> StepFunction:
    def asks(ctx: Context) -> Turn:
        buttons = tuple(choice(act, "button.score", score=score) for act, score in ONE.items())
        return asked(ctx, STEP_OF[part], f"rating.ask_part.{part}", buttons)

    return asks


def ask_comment(ctx: Context) -> Turn:
    return asked(ctx, Step.COMMENT, "rating.ask_comment", (choice("no_comment"),))
