"""My complaints: the list, and one of them with what may be done about it (C1, C4)."""

from collections.abc import Collection

from domain.complaints import ComplaintAction
from domain.refusals import NotFound
from handlers.dialog import (
    Button,
    Command,
    Context,
    Facts,
    Page,
    Say,
    Turn,
    Word,
    answer,
    aside,
    order,
)
from services.complaints import reading
from services.complaints.views import ComplaintView

_LISTED = 8  # a tappable message holds ten lines
_WORDS_SHOWN = 20  # characters of a line
MINE = Page("/h5/complaints", "page.complaint")

_ORDER_OF = {
    ComplaintAction.ADD: Command.ADD_TO_COMPLAINT,
    ComplaintAction.WITHDRAW: Command.WITHDRAW_COMPLAINT,
    ComplaintAction.RATE: Command.RATE_COMPLAINT,
    ComplaintAction.OBJECT: Command.OBJECT,
    ComplaintAction.VERIFY: Command.VERIFY,
    ComplaintAction.DECIDE: Command.DECIDE,
    ComplaintAction.FEED_BACK: Command.FEED_BACK,
}


def list_mine(ctx: Context) -> Turn:
    """One is shown whole; several in a line each."""
    mine = reading.mine(ctx.desk, _LISTED)
    if not mine:
        return none_of_mine()
    if len(mine) == 1:
        return shown(ctx, mine[0])
    looks = tuple(
        order(Command.SHOW_COMPLAINT, each.number, "button.look_at", short=each.short)
        for each in mine
    )
    facts: Facts = {"count": len(mine), "complaints": tuple(map(line, mine))}
    return answer(Say("complaint_life.list", facts, looks, MINE))


def none_of_mine() -> Turn:
    return aside("complaint_life.none", buttons=(order(Command.COMPLAIN),))


def show(ctx: Context) -> Turn:
    """The named one; to who sees to it with what they may do."""
    return list_mine(ctx) if ctx.number is None else shown(ctx, reading.find(ctx.desk, ctx.number))


def shown(ctx: Context, complaint: ComplaintView) -> Turn:
    """How it stands, what was said, and what may be done now."""
    key = "complaint_life.card" if complaint.is_mine else "complaint_life.card_inside"
    reading.note_reading(ctx.desk, complaint.id)
    return answer(Say(key, facts_of(complaint), buttons_of(complaint)))


def facts_of(complaint: ComplaintView) -> Facts:
    ticket = complaint.ticket
    return {
        **complaint.facts,
        "words": complaint.words[:200],
        "subject": f"{ticket.short} {ticket.symptom}" if ticket else None,
        "next": Word(f"complaint_life.next.{complaint.status.value}"),
        "process": complaint.process,
        "outcome": complaint.outcome,
    }


def buttons_of(complaint: ComplaintView) -> tuple[Button, ...]:
    return tuple(
        order(_ORDER_OF[action], complaint.number)
        for action in dict.fromkeys(complaint.actions)
        if action in _ORDER_OF
    )


def line(complaint: ComplaintView) -> Say:
    words = complaint.words.replace("\n", " ")
    facts: Facts = {
        "short": complaint.short,
        "words": words[:_WORDS_SHOWN],
        "status": complaint.facts["status"],
        "due": complaint.due_at,
    }
    return Say("complaint_life.line", facts)


# --- which of them an order means ------------------------------------------------------------


def with_action(ctx: Context, action: ComplaintAction) -> tuple[ComplaintView, ...]:
    """The speaker's own with which this can be done now, newest first."""
    return tuple(each for each in reading.mine(ctx.desk) if action in each.actions)


def meant(ctx: Context, among: Collection[ComplaintView]) -> ComplaintView | None:
    """The named one of the speaker's, whatever its state; else the only one in question."""
    if ctx.number is not None:
        found = reading.find(ctx.desk, ctx.number)
        if not found.is_mine:
            raise NotFound()
        return found
    return next(iter(among)) if len(among) == 1 else None


def ask_which(command: Command, among: Collection[ComplaintView]) -> Turn:
    """Each line is the order itself with the number."""
    listed = list(among)[:_LISTED]
    buttons = tuple(
        order(command, each.number, "button.that_one", short=each.short) for each in listed
    )
    facts: Facts = {
        "order": Word(f"button.{command.value}"),
        "complaints": tuple(map(line, listed)),
    }
    return answer(Say("complaint_life.which", facts, buttons))
