"""Finds who answers: a tap, an order, the step that waits, or what the words want.

The way of a message: an order → the waiting step → the intent → a conversation (DESIGN, 5). What is
said in passing leaves the conversation under way where it is, and its question is put again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.commands import Command, read_tap
from domain.heard import Heard, Medium
from domain.refusals import Refusal
from domain.sentence import Button, Fact, Say
from domain.speaker import Speaker
from domain.understanding import Handling
from handlers import registry
from handlers.dialog import Context, Conversation, StepFunction, Turn, aside, finish
from handlers.read_how import handling_of, remembered
from handlers.requester_profile import said_alone
from handlers.talk_to_person import call_person
from nlp.commands import Ordered, read_command
from nlp.reading import Reading
from services.conversations import Standing
from services.desk import Desk

EXPIRES_AFTER = timedelta(hours=4)
"""A conversation left alone this long is over; the person is told when they come back."""

MISSES_ALLOWED = 1
"""The second answer in a row that cannot be read leads to a person (talks.md §5)."""

_OF_FEW = ("complain", "appraisal")
"""How the keys of sentences begin that not everybody at the desk may read."""

_PAUSED = "paused"  # the draft's field that holds the conversation which another one interrupted

# Heard in the middle of any conversation; other bare words may be its answer.
_ALWAYS_HEARD = frozenset(
    {
        Command.HUMAN,
        Command.HELP,
        Command.STOP,
        Command.BACK_TO_BOT,
        Command.BIND,
        Command.MY_TICKETS,
        Command.QUEUE,
        Command.MY_WORK,
        Command.SIGN_IN,
        Command.SIGN_OUT,
        Command.REPORT_DEVICE,
        Command.OVERVIEW,
        Command.UNDELIVERED,
        Command.COMPLAIN,
        Command.MY_COMPLAINTS,
        Command.COMMON_QUESTIONS,
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person reads, and where the talk stands then."""

    says: tuple[Say, ...]
    standing: Standing
    hands_over: bool = False
    is_confidential: bool = False  # of a complaint: read with it, and nowhere else (P8)
    handling: Handling | None = None  # what was done with the reading, if that decided anything
    reading: Reading | None = None


def is_confidential(standing: Standing) -> bool:
    """Whether what is said where the talk stands is of a complaint."""
    under_way = registry.conversation(standing.name)
    return under_way is not None and under_way.is_confidential


def answer(heard: Heard, speaker: Speaker, standing: Standing, desk: Desk, now: datetime) -> Answer:
    """The account's answer to one message."""
    is_stale = _is_stale(heard, standing, now)
    is_missed = is_stale and not _is_optional(standing)
    if is_stale:
        standing = replace(standing, name=None, step=None, draft={}, misses=0)
    ctx = Context(
        speaker,
        heard,
        now,
        desk,
        draft=standing.draft,
        conversation=standing.name if _under_way(standing) else None,
        serial=standing.serial,
        ticket_id=standing.ticket_id,
        is_confidential=is_confidential(standing),
    )
    turn = _refusing(ctx, standing)
    if turn.is_miss:
        turn = said_alone(ctx) or turn  # who one is, is kept whenever it is said
    if turn.is_miss and standing.misses >= MISSES_ALLOWED:
        called = call_person(ctx, "human.not_understood")
        turn = replace(called, is_read=turn.is_read, is_lost=True)
    if is_missed and turn.says:
        turn = replace(turn, says=(Say("conversation.expired"), *turn.says))
    settled = _settled(ctx, standing, turn)
    is_hidden = ctx.is_confidential or is_confidential(settled.standing)
    is_hidden = is_hidden or any(map(_speaks_of_one, turn.says))
    return replace(_noted(ctx, turn, settled), is_confidential=is_hidden)


def _noted(ctx: Context, turn: Turn, settled: Answer) -> Answer:
    """With what was read, if that decided something, and what was done with it."""
    how = handling_of(ctx, turn, settled.standing)
    standing = remembered(ctx, settled.standing, how)
    return replace(settled, standing=standing, handling=how, reading=ctx.reading if how else None)


def _speaks_of_one(fact: Fact) -> bool:
    """Whether a complaint, or what counts in appraisal, is in the words of an answer."""
    match fact:
        case Say():
            return fact.key.startswith(_OF_FEW) or any(map(_speaks_of_one, fact.facts.values()))
        case tuple() | list():
            return any(map(_speaks_of_one, fact))
        case _:
            return False


def _is_stale(heard: Heard, standing: Standing, now: datetime) -> bool:
    """A tap on an optional question is an answer whenever it comes."""
    since = standing.stepped_at
    if since is None or standing.name is None or now - since <= EXPIRES_AFTER:
        return False
    return not (_is_optional(standing) and "=" in (heard.tap or ""))


def _is_optional(standing: Standing) -> bool:
    under_way = _under_way(standing)
    return under_way is not None and under_way.is_optional


def _refusing(ctx: Context, standing: Standing) -> Turn:
    """An expected no is said kindly, and changes nothing."""
    try:
        return _route(ctx, standing)
    except Refusal as no:
        return registry.refused(no)


def _route(ctx: Context, standing: Standing) -> Turn:
    under_way = _under_way(standing)
    if ctx.heard.medium is Medium.EVENT and ctx.heard.event != "click":
        return registry.event(ctx)
    if ctx.heard.tap is not None:
        return _tapped(ctx, standing, under_way)
    if ctx.heard.medium is not Medium.TEXT:
        return _medium(ctx, standing, under_way)
    tried = registry.trial(ctx)
    if tried is not None:
        return tried
    ordered = _order_in(ctx, under_way)
    if ordered is not None:
        return _obeyed(ctx, standing, ordered)
    of_device = registry.device_named(ctx)
    if of_device is not None:
        return of_device
    if under_way is not None:
        return _answered(ctx, under_way, under_way.steps[standing.step])
    return registry.words(ctx)


def _order_in(ctx: Context, under_way: Conversation | None) -> Ordered | None:
    """What is ordered, unless it is no order for this person, or may be an answer."""
    ordered = read_command(ctx.text)
    if ordered is None or registry.is_no_order(ctx, ordered):
        return None
    if ordered.number:
        return ordered
    if not registry.may_order(ctx, ordered.command):
        return None
    if under_way is None:
        return ordered
    if ordered.command is Command.STOP and under_way.is_optional:
        return None  # nothing was begun that could be stopped
    return ordered if ordered.command in _ALWAYS_HEARD else None


def _answered(ctx: Context, under_way: Conversation, step: StepFunction) -> Turn:
    """By the step that waits; an optional question gives way to what the words want."""
    turn = step(ctx)
    if not (turn.is_miss and under_way.is_optional and ctx.heard.tap is None):
        return turn
    return registry.wanted_instead(ctx) or turn


def _under_way(standing: Standing) -> Conversation | None:
    """The conversation that waits; one whose step an older version knew is over."""
    found = registry.conversation(standing.name)
    return found if found is not None and standing.step in found.steps else None


def _tapped(ctx: Context, standing: Standing, under_way: Conversation | None) -> Turn:
    act = ctx.heard.tap or ""
    if "=" in act:
        if under_way is not None and ctx.tapped is not None:
            return under_way.steps[standing.step](ctx)
        return aside("conversation.tap_is_over")
    order = read_tap(act)
    if order is None:
        return aside("conversation.tap_unknown")
    command, number = order
    return _obeyed(ctx, standing, Ordered(command, number))


def _medium(ctx: Context, standing: Standing, under_way: Conversation | None) -> Turn:
    if under_way is not None and ctx.heard.medium in under_way.hears:
        return _answered(ctx, under_way, under_way.steps[standing.step])
    return registry.medium(ctx)


def _obeyed(ctx: Context, standing: Standing, ordered: Ordered) -> Turn:
    if ordered.command is Command.STOP:
        return finish("conversation.stopped") if standing.name else aside("conversation.none")
    ctx = replace(ctx, number=ordered.number, words=ordered.words)
    if not registry.may_order(ctx, ordered.command):
        return registry.not_for_them(ctx, ordered.command)
    try:
        return registry.order(ordered.command)(ctx)
    except Refusal as no:
        return registry.refused(no)


# --- where the talk stands afterwards --------------------------------------------------------


def _settled(ctx: Context, standing: Standing, turn: Turn) -> Answer:
    if turn.is_aside:
        return _aside(ctx, standing, turn)
    if turn.hands_over:
        after = replace(standing, name=None, step=None, draft={}, misses=0)
        return _numbered(turn, replace(after, ticket_id=turn.ticket_id or standing.ticket_id))
    if turn.step is None:
        return _over(ctx, standing, turn)
    return _numbered(turn, _moved(ctx, standing, turn))


def _aside(ctx: Context, standing: Standing, turn: Turn) -> Answer:
    """The question that waits is put again, so that nobody loses the thread."""
    after = replace(standing, ticket_id=turn.ticket_id or standing.ticket_id)
    question = _question(ctx, after)
    if question is None:
        return _numbered(turn, replace(after, misses=standing.misses + turn.is_miss))
    after = replace(after, serial=after.serial + 1, stepped_at=ctx.now)
    return _numbered(turn.also(*question.says), after)


def _over(ctx: Context, standing: Standing, turn: Turn) -> Answer:
    """This conversation is finished; one that it interrupted goes on."""
    after = replace(
        standing,
        name=None,
        step=None,
        draft={},
        misses=0,
        ticket_id=turn.ticket_id or standing.ticket_id,
    )
    paused = standing.draft.get(_PAUSED)
    if paused and turn.into is None:
        after = replace(
            after,
            name=paused["name"],
            step=paused["step"],
            draft=paused["draft"],
            serial=standing.serial + 1,
            stepped_at=ctx.now,
        )
        question = _question(replace(ctx, draft=after.draft), after)
        turn = turn.also(*question.says) if question else turn
    return _numbered(turn, after)


def _question(ctx: Context, standing: Standing) -> Turn | None:
    under_way = _under_way(standing)
    asks = under_way.asks.get(standing.step) if under_way else None
    return asks(replace(ctx, draft=standing.draft, ticket_id=standing.ticket_id)) if asks else None


def _moved(ctx: Context, standing: Standing, turn: Turn) -> Standing:
    name = turn.into or standing.name
    draft: dict[str, Any] = {**turn.learned}
    if name == standing.name:
        draft = {**standing.draft, **draft}
    elif _is_to_go_on(standing) and not turn.is_instead:
        draft[_PAUSED] = _without_paused(standing)
    return replace(
        standing,
        name=name,
        step=turn.step,
        draft=draft,
        serial=standing.serial + 1,
        misses=standing.misses + 1 if turn.is_miss else 0,
        ticket_id=turn.ticket_id or standing.ticket_id,
        stepped_at=ctx.now,
    )


def _is_to_go_on(standing: Standing) -> bool:
    """An optional question that is never put again needs no answer after something else."""
    under_way = _under_way(standing)
    is_given_up = under_way is not None and under_way.is_optional and not under_way.asks
    return standing.name is not None and not is_given_up


def _without_paused(standing: Standing) -> Mapping[str, Any]:
    """What is kept of an interrupted conversation; interruptions do not nest."""
    draft = {name: value for name, value in standing.draft.items() if name != _PAUSED}
    return {"name": standing.name, "step": standing.step, "draft": draft}


def _numbered(turn: Turn, standing: Standing) -> Answer:
    """Taps that answer a question carry its serial, so that old ones are known as old."""
    says = tuple(_with_serial(say, standing.serial) for say in turn.says)
    return Answer(says, standing, turn.hands_over)


def _with_serial(say: Say, serial: int) -> Say:
    if not any(button.act.startswith("=") for button in say.buttons):
        return say
    return replace(say, buttons=tuple(_serial_of(button, serial) for button in say.buttons))


def _serial_of(button: Button, serial: int) -> Button:
    return replace(button, act=f"{serial}{button.act}") if button.act.startswith("=") else button
