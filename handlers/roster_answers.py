"""Answers to what colleagues ask of the roster: 同意, 不行, and the head's 批准, 不批 (D1)."""

from dataclasses import dataclass

from domain.permissions import Permission
from domain.roster import Asked
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Facts,
    Say,
    Turn,
    answer,
    aside,
    order,
)
from nlp.choice import read_choice
from services.leaves import LeaveView
from services.swaps import SwapView

_ID_DIGITS = 9
_SHOWN = 4  # each with two lines to tap; a message takes ten


@dataclass(frozen=True, slots=True)
class _Pending:
    """Something that waits for the head."""

    name: str  # swap-12
    line: Say


def agree(ctx: Context) -> Turn:
    return _answered(ctx, agrees=True)


def disagree(ctx: Context) -> Turn:
    return _answered(ctx, agrees=False)


def overheard(ctx: Context) -> Turn | None:
    """A bare yes or no, where just one colleague waits for one."""
    said = read_choice(ctx.text)
    if said not in (Choice.YES, Choice.NO) or not ctx.speaker.could(Permission.ROSTER_ASK):
        return None
    asked = ctx.desk.swaps_to_answer()
    if len(asked) != 1:
        return None
    return _settled(ctx, asked[0].id, agrees=said is Choice.YES)


def _answered(ctx: Context, *, agrees: bool) -> Turn:
    """By its tap; typed, the only one that waits, or which there are."""
    if (swap_id := _id(ctx.number or "")) is not None:
        return _settled(ctx, swap_id, agrees=agrees)
    asked = ctx.desk.swaps_to_answer()
    if len(asked) == 1:
        return _settled(ctx, asked[0].id, agrees=agrees)
    if not asked:
        return aside("roster_life.nothing_to_answer", buttons=(order(Command.MY_DUTIES),))
    return answer(_to_answer(asked))


def _to_answer(asked: tuple[SwapView, ...]) -> Say:
    shown = asked[:_SHOWN]
    facts: Facts = {"count": len(asked), "lines": _numbered(tuple(map(_line, shown)))}
    buttons = tuple(
        Button(order(command, str(each.id)).act, f"button.{command.value}_that", {"place": place})
        for place, each in enumerate(shown, 1)
        for command in (Command.AGREE, Command.DISAGREE)
    )
    return Say("roster_life.to_answer", facts, buttons)


def _line(swap: SwapView) -> Say:
    return Say("roster_life.swap_line", swap.facts)


def _numbered(lines: tuple[Say, ...]) -> tuple[Say, ...]:
    return tuple(
        Say("roster_life.numbered", {"place": place, "line": line})
        for place, line in enumerate(lines, 1)
    )


def _settled(ctx: Context, swap_id: int, *, agrees: bool) -> Turn:
    swap = ctx.desk.answer_swap(swap_id, agrees=agrees)
    if not agrees:
        return answer(Say("roster_life.disagreed", swap.facts))
    key = "granted_at_once" if swap.state is Asked.GRANTED else "agreed"
    return answer(Say(f"roster_life.{key}", swap.facts, (order(Command.MY_DUTIES),)))


# --- the head ------------------------------------------------------------------------------------


def grant(ctx: Context) -> Turn:
    return _decided(ctx, grants=True)


def deny(ctx: Context) -> Turn:
    return _decided(ctx, grants=False)


def _decided(ctx: Context, *, grants: bool) -> Turn:
    kind, found_id = _named(ctx)
    if found_id is None:
        pending = _pending(ctx)
        if len(pending) != 1:
            return _which(pending)
        kind, found_id = _parts(pending[0].name)
    if found_id is None:
        return _which(())
    verdict = "granted" if grants else "denied"
    if kind == "swap":
        swap = ctx.desk.decide_swap(found_id, grants=grants)
        return answer(Say(f"roster_life.swap.{verdict}", swap.facts))
    leave = ctx.desk.decide_leave(found_id, grants=grants, words=ctx.words)
    return answer(Say(f"roster_life.leave.{verdict}", leave.facts))


def _pending(ctx: Context) -> tuple[_Pending, ...]:
    of_swaps = (_Pending(f"swap-{each.id}", _line(each)) for each in ctx.desk.swaps_to_decide())
    of_leaves = (
        _Pending(f"leave-{each.id}", _leave_line(each)) for each in ctx.desk.leaves_to_decide()
    )
    return (*of_swaps, *of_leaves)


def _leave_line(leave: LeaveView) -> Say:
    return Say("roster_life.leave_line", leave.facts)


def _which(pending: tuple[_Pending, ...]) -> Turn:
    if not pending:
        return aside("roster_life.nothing_to_decide")
    shown = pending[:_SHOWN]
    facts: Facts = {"count": len(pending), "lines": _numbered(tuple(each.line for each in shown))}
    buttons = tuple(
        Button(order(command, each.name).act, f"button.{command.value}_that", {"place": place})
        for place, each in enumerate(shown, 1)
        for command in (Command.GRANT, Command.DENY)
    )
    return answer(Say("roster_life.to_decide", facts, buttons))


# --- taking back ---------------------------------------------------------------------------------


def take_back(ctx: Context) -> Turn:
    """A swap or a leave of the speaker's: the one that is named, or the only one."""
    kind, found_id = _named(ctx)
    if found_id is None:
        mine = [
            *(("swap", each.id) for each in ctx.desk.my_swaps()),
            *(("leave", each.id) for each in ctx.desk.my_leaves()),
        ]
        if len(mine) != 1:
            return _which_of_mine(ctx)
        kind, found_id = mine[0]
    if kind == "swap":
        return answer(Say("roster_life.swap_taken_back", ctx.desk.withdraw_swap(found_id).facts))
    return answer(Say("roster_life.leave_taken_back", ctx.desk.withdraw_leave(found_id).facts))


def _which_of_mine(ctx: Context) -> Turn:
    found = (
        *(_Pending(f"swap-{each.id}", _line(each)) for each in ctx.desk.my_swaps()),
        *(_Pending(f"leave-{each.id}", _leave_line(each)) for each in ctx.desk.my_leaves()),
    )[: 2 * _SHOWN]
    if not found:
        return aside("roster_life.nothing_to_take_back", buttons=(order(Command.MY_DUTIES),))
    facts: Facts = {"lines": _numbered(tuple(each.line for each in found))}
    buttons = tuple(
        Button(order(Command.TAKE_BACK, each.name).act, "button.take_back_that", {"place": place})
        for place, each in enumerate(found, 1)
    )
    return answer(Say("roster_life.which_to_take_back", facts, buttons))


# --- ids -----------------------------------------------------------------------------------------


def _named(ctx: Context) -> tuple[str, int | None]:
    return _parts(ctx.number or "")


def _parts(name: str) -> tuple[str, int | None]:
    kind, _, number = name.partition("-")
    return kind, _id(number) if kind in ("swap", "leave") else None


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _ID_DIGITS else None
