"""A shift: sign in by a typed word, sign out with what stays in hand (talks.md §13, D1)."""

from datetime import timedelta

from domain.permissions import Permission
from domain.roster import Work
from handlers.dialog import Button, Command, Context, Facts, Say, Turn, answer, aside, order
from services.duty_views import DutyView

_LATE_AFTER = timedelta(minutes=1)


def sign_in(ctx: Context) -> Turn:
    """Only typing surely opens the 48 hours in which urgent orders reach them (§5)."""
    if ctx.heard.tap is not None and not ctx.desk.is_reachable_for_shift():
        return aside("shift.type_it")
    duties = ctx.desk.duties_now()
    if not duties and not _has_shift(ctx):
        return aside("shift.reachable", buttons=(order(Command.OVERVIEW),))
    waiting = len(ctx.desk.sign_in())
    facts: Facts = {
        "count": waiting or None,
        "hand_over": len(ctx.desk.hand_overs_for_me()) or None,
        **_duty_facts(ctx, duties),
    }
    say = Say(_signed_in_key(ctx, duties, waiting), facts, _after_sign_in(ctx, waiting))
    return answer(say)


def _signed_in_key(ctx: Context, duties: tuple[DutyView, ...], waiting: int) -> str:
    if waiting:
        return "shift.signed_in_to_work"
    if duties and all(each.work is Work.ON_CALL for each in duties):
        return "shift.signed_in_on_call"
    return "shift.signed_in" if _has_shift(ctx) else "shift.signed_in_at_desk"


def _after_sign_in(ctx: Context, waiting: int) -> tuple[Button, ...]:
    orders = [
        *([Command.QUEUE] if waiting else []),
        *([Command.TAKE_OVER] if ctx.desk.hand_overs_for_me() else []),
    ]
    if not orders and not _has_shift(ctx):
        orders = [Command.OVERVIEW]
    return tuple(order(each) for each in orders)


def _duty_facts(ctx: Context, duties: tuple[DutyView, ...]) -> Facts:
    """The duty, and by how much they came late to it; what was signed before is not late."""
    if not duties:
        return {}
    duty = duties[0]
    late = ctx.now - duty.begins_at
    is_late = duty.signed_in_at is None and late >= _LATE_AFTER
    return {"duty": duty.say, "late": late // timedelta(minutes=1) if is_late else None}


def sign_out(ctx: Context) -> Turn:
    """What is in hand stays the engineer's own; on call goes on."""
    duties = ctx.desk.duties_now()
    under_way = [each for each in duties if each.begins_at <= ctx.now]
    on_call = next((each for each in under_way if each.work is Work.ON_CALL), None)
    if on_call is not None and len(under_way) == 1 and not ctx.desk.is_signed_in():
        return aside("shift.still_on_call", duty=on_call.say, buttons=(order(Command.SWAP),))
    if not duties and not _has_shift(ctx):
        return aside("shift.none")
    in_hand = ctx.desk.sign_out()
    key = "shift.signed_out_with_work" if in_hand else "shift.signed_out"
    buttons = ((order(Command.MY_WORK),) if in_hand else ()) + (
        (order(Command.HAND_OVER),) if under_way else ()
    )
    said = on_call.say if on_call else None
    return aside(key, count=in_hand or None, on_call=said, buttons=buttons)


def _has_shift(ctx: Context) -> bool:
    """Desk and head get no work by dispatch; their typed word opens the window all the same."""
    return ctx.speaker.could(Permission.TICKET_ACCEPT)
