"""A person of the desk is called: how many wait, or when the desk opens (W1)."""

from handlers.dialog import Context, Say, Turn, aside


def begin(ctx: Context) -> Turn:
    return call_person(ctx, "human.asked")


def call_person(ctx: Context, key: str, words: str | None = None) -> Turn:
    """Says `key`, then what the wait will be; the desk reads these words, or the message's."""
    wait = ctx.desk.ask_for_person(ctx.text if words is None else words)
    if wait.is_desk_open:
        then = Say("human.waiting", {"ahead": wait.ahead or None})
    else:
        then = Say("human.off_hours", {"opens": wait.opens_at})
    return Turn((Say(key), then), hands_over=True)


def back_to_bot(ctx: Context) -> Turn:
    """The bot answers already; a talk that the desk holds is handed back at the edge."""
    return aside("human.back_already")
