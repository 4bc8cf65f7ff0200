"""An engineer's shift: sign in, and sign out with what stays in hand."""

from handlers.dialog import Command, Context, Turn, aside, order


def sign_in(ctx: Context) -> Turn:
    waiting = ctx.desk.sign_in()
    if not waiting:
        return aside("shift.signed_in")
    return aside("shift.signed_in_to_work", count=len(waiting), buttons=(order(Command.QUEUE),))


def sign_out(ctx: Context) -> Turn:
    """What is in hand stays the engineer's own."""
    in_hand = ctx.desk.sign_out()
    if not in_hand:
        return aside("shift.signed_out")
    return aside("shift.signed_out_with_work", count=in_hand, buttons=(order(Command.MY_WORK),))
