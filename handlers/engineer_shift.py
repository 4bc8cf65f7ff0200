"""A shift: sign in by a typed word, sign out with what stays in hand (talks.md §13)."""

from domain.permissions import Permission
from handlers.dialog import Command, Context, Turn, aside, order


def sign_in(ctx: Context) -> Turn:
    """Only typing surely opens the 48 hours in which urgent orders reach them (§5)."""
    if ctx.heard.tap is not None and not ctx.desk.is_reachable_for_shift():
        return aside("shift.type_it")
    if not _has_shift(ctx):
        return aside("shift.reachable", buttons=(order(Command.OVERVIEW),))
    waiting = ctx.desk.sign_in()
    if not waiting:
        return aside("shift.signed_in")
    return aside("shift.signed_in_to_work", count=len(waiting), buttons=(order(Command.QUEUE),))


def sign_out(ctx: Context) -> Turn:
    """What is in hand stays the engineer's own."""
    if not _has_shift(ctx):
        return aside("shift.none")
    in_hand = ctx.desk.sign_out()
    if not in_hand:
        return aside("shift.signed_out")
    return aside("shift.signed_out_with_work", count=in_hand, buttons=(order(Command.MY_WORK),))


def _has_shift(ctx: Context) -> bool:
    """Desk and head get no work by dispatch; their typed word opens the window all the same."""
    return ctx.speaker.could(Permission.TICKET_ACCEPT)
