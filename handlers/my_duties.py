"""我的班: when I am on the roster, what I asked for, what waits for my word (D1)."""

from domain.roster import Asked
from handlers.dialog import Button, Command, Context, Facts, Say, Turn, Word, answer, order
from services.duty_views import DutyView
from services.leaves import LeaveView
from services.swaps import SwapView

SHOWN = 7  # duties: a week of most people's


def listed(ctx: Context) -> Turn:
    """The next duties, and below them what is not decided yet."""
    duties = ctx.desk.my_duties()
    shown = duties[:SHOWN]
    facts: Facts = {
        "lines": tuple(_line(ctx, each) for each in shown) or None,
        "more": len(duties) - SHOWN if len(duties) > SHOWN else None,
        "asked": _asked(ctx.desk.my_swaps(), ctx.desk.my_leaves()) or None,
        "for_me": len(ctx.desk.swaps_to_answer()) or None,
    }
    key = "roster_life.my_duties" if duties else "roster_life.no_duties"
    return answer(Say(key, facts, _buttons(ctx, duties)))


def _buttons(ctx: Context, duties: tuple[DutyView, ...]) -> tuple[Button, ...]:
    is_there = any(each.is_under_way(ctx.now) for each in duties)
    orders = [*([Command.SWAP] if duties else []), Command.LEAVE]
    if is_there:
        orders.append(Command.HAND_OVER)
    if ctx.desk.swaps_to_answer():
        orders.append(Command.AGREE)
    return tuple(order(each) for each in orders)


def _line(ctx: Context, duty: DutyView) -> Say:
    """With what there is to say of the one that is under way."""
    state = None
    if duty.signed_in_at and not duty.signed_out_at:
        state = Word("roster_life.state.signed_in")
    elif duty.is_under_way(ctx.now):
        state = Word("roster_life.state.not_signed_in")
    return Say("roster_life.duty_of_mine", {"duty": duty.say, "state": state})


def _asked(swaps: tuple[SwapView, ...], leaves: tuple[LeaveView, ...]) -> tuple[Say, ...]:
    waiting = tuple(Say(f"roster_life.asked.swap.{each.state.value}", each.facts) for each in swaps)
    away = tuple(
        Say(f"roster_life.asked.leave.{each.state.value}", each.facts)
        for each in leaves
        if each.state in (Asked.ASKED, Asked.GRANTED)
    )
    return (*waiting, *away)
