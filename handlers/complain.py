"""A complaint is met with an apology; if it is one, a person of the desk takes it (C1 for now).

Registering, verifying and deciding complaints is a conversation of its own, and comes later.
"""

from handlers.dialog import Context, Turn, choice
from handlers.report_questions import ask_wish
from handlers.talk_to_person import call_person

_BARE = 6
"""Characters; the bare wish to complain needs no question whether it is one."""

BUTTONS = (choice("complain"), choice("report", "button.report_instead"))


def begin(ctx: Context) -> Turn:
    if len(ctx.text.strip()) <= _BARE:
        return handed_over(ctx, ctx.text)
    return ask(ctx)


def ask(ctx: Context) -> Turn:
    return ask_wish(ctx, "complain", "complain.ask", BUTTONS)


def handed_over(ctx: Context, words: str) -> Turn:
    """The desk reads what was said, and answers itself."""
    return call_person(ctx, "complain.handed_over", words)
