"""A complaint that desk or head sees to: which one is meant, and what others did to it (C2, P8).

Whoever must not know of a complaint reads what they would read of a number that does not exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from domain.commands import tap
from domain.complaints import ComplaintAction
from domain.numbers import short_number
from domain.permissions import Permission, Stand, may
from domain.refusals import NotFound
from handlers.dialog import (
    Button,
    Command,
    Context,
    Facts,
    Medium,
    Say,
    Step,
    StepFunction,
    Turn,
    Word,
    answer,
    aside,
    order,
)
from services.complaints import moved, reading, records
from services.complaints.reading import Wanted, Which
from services.complaints.views import ComplaintView, EventView, events
from services.ticket_page import ChangedMeanwhile

HEARS = frozenset({Medium.TEXT, Medium.IMAGE, Medium.VOICE, Medium.VIDEO, Medium.LOCATION})
"""A photo of this moment belongs to no ticket: its engineer would see it."""

_SHOWN = 6  # in one list
_LINE, _QUOTED = 18, 120  # characters
_SILENT = (ComplaintAction.READ, ComplaintAction.REMIND)


class _Work(NamedTuple):
    """An order: what it does, who may, and how what waits for it is listed."""

    action: ComplaintAction
    needs: Permission
    list: str
    none: str


WORK: Mapping[Command, _Work] = {
    Command.VERIFY: _Work(
        ComplaintAction.VERIFY,
        Permission.COMPLAINT_VERIFY,
        "complaint_desk.to_verify",
        "complaint_desk.none_to_verify",
    ),
    Command.FEED_BACK: _Work(
        ComplaintAction.FEED_BACK,
        Permission.COMPLAINT_FEED_BACK,
        "complaint_desk.to_feed_back",
        "complaint_desk.none_to_feed_back",
    ),
    Command.DECIDE: _Work(
        ComplaintAction.DECIDE,
        Permission.COMPLAINT_DECIDE,
        "complaint_head.to_decide",
        "complaint_head.none_to_decide",
    ),
}


def may_order(ctx: Context, command: Command) -> bool:
    """Whose work it is; everybody might be the deputy, but only the one who is named."""
    needs = WORK[command].needs
    if may(ctx.speaker.roles, needs, Stand(is_impartial=True)):
        return True
    if not may(ctx.speaker.roles, needs, Stand(is_deputy=True)):
        return False
    return records.is_deputy(ctx.desk)


# --- which one -----------------------------------------------------------------------------------


def meant(ctx: Context, command: Command) -> ComplaintView | Turn:
    """The one that is named, if this may be done to it now; else what to say."""
    action = WORK[command].action
    waiting = _waiting(ctx, action)
    if not ctx.number:
        return _listed(command, waiting)
    complaint = _found(ctx, ctx.number, waiting)
    if complaint is None:
        return not_found(ctx.number)
    if complaint.is_mine:
        buttons = (order(Command.SHOW_COMPLAINT, complaint.number),)
        return aside("complaint_desk.own", number=complaint.short, buttons=buttons)
    reading.note_reading(ctx.desk, complaint.id)
    return complaint if action in complaint.actions else answer(gone_on(ctx, complaint))


def _waiting(ctx: Context, action: ComplaintAction) -> tuple[ComplaintView, ...]:
    found = reading.listed(ctx.desk, Wanted(Which.MINE_TO_DO))
    return tuple(each for each in found if action in each.actions)


def _found(
    ctx: Context, reference: str, waiting: tuple[ComplaintView, ...]
) -> ComplaintView | None:
    """Four digits mean one that waits, before any other."""
    for each in waiting:
        if reference in (each.number, each.short):
            return each
    try:
        return reading.find(ctx.desk, reference)
    except NotFound:
        return None


def not_found(reference: str) -> Turn:
    """A ticket may be meant, where only the end of a number is said."""
    short = short_number(reference)
    look = (order(Command.SHOW, reference, "button.look_at", short=short),)
    buttons = () if "-" in reference else look
    return aside("complaint_desk.not_found", number=reference, buttons=buttons)


def _listed(command: Command, waiting: tuple[ComplaintView, ...]) -> Turn:
    work, shown = WORK[command], waiting[:_SHOWN]
    if not waiting:
        return aside(work.none)
    facts: Facts = {
        "count": len(waiting),
        "lines": tuple(map(_line, shown)),
        "more": len(waiting) - len(shown) or None,
    }
    word = Word(f"button.{command.value}")
    buttons = tuple(
        Button(
            tap(command, each.number), "button.for_ticket", {"order": word, "number": each.short}
        )
        for each in shown
    )
    return answer(Say(work.list, facts, buttons))


def _line(complaint: ComplaintView) -> Say:
    facts: Facts = {
        "number": complaint.short,
        "contact": complaint.contact_name,
        "words": cut(complaint.words, _LINE),
        "status": Word(f"complaint.status.{complaint.status.value}"),
        "verifier": complaint.verifier.name if complaint.verifier else None,
        "due": complaint.due_at,
    }
    return Say("complaint_desk.line", facts)


def cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


# --- the one under way ---------------------------------------------------------------------------


ComplaintStep = Callable[[Context, ComplaintView], Turn]


def of_complaint(command: Command) -> Callable[[ComplaintStep], StepFunction]:
    """The step sees the complaint as it is now; it is over where somebody else went on with it."""

    def made(step: ComplaintStep) -> StepFunction:
        def heard(ctx: Context) -> Turn:
            found = as_it_is(ctx, command)
            return found if isinstance(found, Turn) else step(ctx, found)

        return heard

    return made


def as_it_is(ctx: Context, command: Command) -> ComplaintView | Turn:
    """The complaint under way; else how it went on without the actor."""
    number = str(ctx.draft["number"])
    try:
        complaint = reading.find(ctx.desk, number)
    except NotFound:
        return Turn((Say("complaint_desk.not_found", {"number": number}),))
    if WORK[command].action in complaint.actions:
        return complaint
    return Turn((gone_on(ctx, complaint, _written(ctx)),))


def begun(name: str, complaint: ComplaintView, turn: Turn, seen: int, **learned: Any) -> Turn:
    """A conversation about this one; nothing of an earlier one's draft is left in it."""
    if turn.step is None:
        return replace(turn, is_aside=True)
    kept = {"number": complaint.number, "seen": seen, **learned, **turn.learned}
    return Turn(turn.says, turn.step, kept, into=name)


def waits(step: Step, *says: Say, **learned: Any) -> Turn:
    """Says and waits. What cannot be read is asked again as often as it takes: nobody of the desk
    is called for the desk, and nothing said here may get into its queue."""
    return Turn(says, step, learned)


def changed(ctx: Context, command: Command) -> Turn | tuple[Say, int] | None:
    """What somebody else did since the actor looked, under the lock of the act that follows."""
    number, seen = str(ctx.draft["number"]), int(ctx.draft["seen"])
    try:
        moved.demand_unchanged(ctx.desk, number, seen)
    except ChangedMeanwhile:
        found = as_it_is(ctx, command)
        if isinstance(found, Turn):
            return found
        lines = tuple(map(_done, moved.changes(ctx.desk, number, seen)))
        say = Say("complaint_desk.news", {"number": found.short, "lines": lines})
        return say, moved.newest_line(ctx.desk, found.id)
    return None


def gone_on(ctx: Context, complaint: ComplaintView, words: str | None = None) -> Say:
    """Where it stands, who brought it there, and what the actor may do with it now."""
    done = [each for each in events(ctx.desk, complaint.id) if each.action not in _SILENT]
    facts: Facts = {
        "number": complaint.short,
        "status": Word(f"complaint.status.{complaint.status.value}"),
        "last": _done(done[-1]) if done else None,
        "written": words,
    }
    buttons = tuple(
        order(command, complaint.number)
        for command, work in WORK.items()
        if work.action in complaint.actions and may_order(ctx, command)
    )
    return Say("complaint_desk.gone_on", facts, buttons)


def _done(event: EventView) -> Say:
    said = next((event.detail[name] for name in _TOLD if event.detail.get(name)), None)
    facts: Facts = {
        "at": event.at,
        "who": event.who,
        "did": Word(f"complaint_desk.did.{event.action.value}"),
        "words": cut(str(said), _QUOTED) if said else None,
    }
    return Say("complaint_desk.done", facts)


_TOLD = ("words", "findings", "measures")


def _written(ctx: Context) -> str | None:
    """What the actor wrote for nothing is given back to them."""
    found = (ctx.draft.get(name) for name in ("findings", "measures", "feedback"))
    return next((str(each) for each in found if each), None)


# --- other than words ----------------------------------------------------------------------------


def is_in_words(ctx: Context) -> bool:
    medium = ctx.heard.medium
    return medium is Medium.TEXT or (medium is Medium.VOICE and bool(ctx.text.strip()))


def not_in_words(ctx: Context) -> Turn:
    return aside("complaint_desk.words_only")


def way_out() -> Button:
    return order(Command.STOP)
