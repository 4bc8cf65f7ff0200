"""The end of a rating: the scores count at once, and a low one is asked about afterwards (F13)."""

from collections.abc import Mapping
from dataclasses import replace

from domain.rating import FOLLOW_UP_AT
from handlers.dialog import Choice, Command, Context, Facts, Say, Turn, Word, finish, order
from handlers.rating_questions import ask_comment
from handlers.scores_said import PARTS
from nlp.answers import says_something
from services.views import Scores

_LOOKED_AT = 3
"""At or below this a part is named in the thanks: the desk will look at it."""


def rated(ctx: Context) -> Turn:
    """All three are said; who never answers why has rated all the same."""
    values = {part: ctx.draft[part] for part in PARTS}
    comment = ctx.draft.get("comment")
    is_changed = bool(ctx.draft.get("changes"))
    give = ctx.desk.change_rating if is_changed else ctx.desk.rate
    ticket = give(ctx.draft["ticket_id"], Scores(**values, comment=comment))
    change = () if is_changed else (order(Command.CHANGE_RATING, ticket.number),)
    thanks = Say(_thanks(values), {**values, **_looked_at(values)}, change)
    if min(values.values()) > FOLLOW_UP_AT or comment or is_changed:
        return Turn((thanks,), ticket_id=ticket.id)
    turn = ask_comment(ctx)
    return replace(turn, says=(thanks, *turn.says))


def _thanks(values: Mapping[str, int]) -> str:
    lowest = min(values.values())
    if lowest <= FOLLOW_UP_AT:
        return "rating.kept_low"
    return "rating.kept_looked_at" if lowest <= _LOOKED_AT else "rating.kept"


def _looked_at(values: Mapping[str, int]) -> Facts:
    """The parts that were not good, by name."""
    return {
        f"low_{part}": Word(f"rating.part.{part}") if score <= _LOOKED_AT else None
        for part, score in values.items()
    }


def comment_given(ctx: Context) -> Turn:
    """A word why, for the desk."""
    says_nothing = ctx.tapped == "no_comment" or ctx.choice is Choice.CANCEL
    if says_nothing or not says_something(ctx.text):
        return finish("rating.no_comment")
    ticket = ctx.desk.comment(ctx.draft["ticket_id"], ctx.text.strip())
    return finish("rating.comment_kept", ticket_id=ticket.id)
