"""Join as a member of staff by a one-time code (talks.md §13)."""

from handlers.dialog import Button, Command, Context, Turn, aside, order


def scanned(ctx: Context, code: str) -> Turn:
    """A staff code as a QR code: exactly as if it were typed, but nothing was typed."""
    return _bound(ctx, code)


def bind(ctx: Context) -> Turn:
    """Refusals of the code say how many tries are left; the router answers them."""
    if not ctx.words:
        return aside("bind.ask_code")
    return _bound(ctx, ctx.words, order(Command.SIGN_IN))


def _bound(ctx: Context, code: str, *first: Button) -> Turn:
    """Whoever typed the code may sign in by a tap; after a scan the word has to be typed."""
    bound = ctx.desk.bind(code)
    if not bound.is_engineer:
        return aside("bind.welcome", name=bound.name)
    buttons = (*first, order(Command.QUEUE), order(Command.MY_WORK))
    return aside("bind.welcome_engineer", name=bound.name, buttons=buttons)
