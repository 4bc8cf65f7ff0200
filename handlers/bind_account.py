"""Join as a member of staff by a one-time code (talks.md §13)."""

from handlers.dialog import Command, Context, Turn, aside, order


def bind(ctx: Context) -> Turn:
    """Refusals of the code say how many tries are left; the router answers them."""
    if not ctx.words:
        return aside("bind.ask_code")
    bound = ctx.desk.bind(ctx.words)
    if not bound.is_engineer:
        return aside("bind.welcome", name=bound.name)
    return aside(
        "bind.welcome_engineer",
        name=bound.name,
        buttons=(order(Command.SIGN_IN), order(Command.QUEUE), order(Command.MY_WORK)),
    )
