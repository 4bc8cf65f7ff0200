"""A person of the desk is called: how many wait, when the desk opens, or who calls back (W1)."""

from domain.commands import Command
from handlers.dialog import Context, Say, Turn, aside, order
from services.views import HandOver


def begin(ctx: Context) -> Turn:
    """By word or by press; a press leaves the clerk nothing to read, so words are asked for."""
    is_readable = ctx.heard.is_message and not ctx.is_confidential
    wait = ctx.desk.ask_for_person(ctx.text if is_readable else "")
    turn = _turn(ctx, wait, _apart(ctx))
    return turn if turn.hands_over else Turn(turn.says, is_aside=True)


def call_person(ctx: Context, key: str, words: str | None = None) -> Turn:
    """Says `key`, then what the wait will be; the desk reads these words, or the message's."""
    said = "" if ctx.is_confidential else ctx.text if words is None else words
    wait = ctx.desk.ask_for_person(said)
    return _turn(ctx, wait, (Say(key), *_apart(ctx)))


def _apart(ctx: Context) -> tuple[Say, ...]:
    """Whoever comes may be whom it concerns: nothing of a complaint goes with the wish (P8)."""
    return (Say("human.complaint_apart"),) if ctx.is_confidential else ()


def back_to_bot(ctx: Context) -> Turn:
    """The bot answers already; a talk that the desk holds is handed back at the edge."""
    return aside("human.back_already")


def _turn(ctx: Context, wait: HandOver, first: tuple[Say, ...]) -> Turn:
    if not wait.is_desk_open:
        return Turn((*first, _off_hours(wait)))
    if not wait.is_backend_there:
        return Turn((*first, _called_back(ctx, wait)))
    return Turn((*first, waiting(wait)), hands_over=True)


def waiting(wait: HandOver, key: str = "human.waiting") -> Say:
    """The place in the queue; or what is still needed to stand in it."""
    way_out = (order(Command.BACK_TO_BOT, label="button.no_longer"),)
    if not wait.is_matter_known:
        return Say("human.say_what", {}, way_out)
    return Say(key, {"ahead": wait.ahead or None}, way_out)


def _off_hours(wait: HandOver) -> Say:
    phone = wait.desk_phone or None
    urgent = Say("human.urgent_call", {"phone": phone}) if phone else Say("human.urgent_report")
    return Say(
        "human.off_hours",
        {"opens": wait.opens_at, "urgent": urgent},
        (order(Command.EMERGENCY),),
    )


def _called_back(ctx: Context, wait: HandOver) -> Say:
    """The desk has the number; whose number nobody knows is asked for it."""
    phone = wait.desk_phone or None
    if ctx.speaker.reached_by is None:
        return Say("human.leave_number", {"phone": phone})
    return Say("human.called_back", {"number": ctx.speaker.reached_by, "phone": phone})
