"""Hand a shift over: open matters are listed, a word is added, both sign (D1, 规范8).

TO → NOTES → signed; who comes reads the same and signs by a tap
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum, auto

from domain.numbers import short_number
from domain.refusals import Refusal
from domain.roster import Work
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Facts,
    Say,
    Turn,
    answer,
    aside,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from nlp.answers import clauses, is_called, read_answer, says_something
from nlp.moving import read_moves
from services.handing_over import Draft, HandOverView

NAME = "hand_over_shift"

_SHOWN = 6  # people to tap
_ID_DIGITS = 9
_SIGN = "sign"
_ALL = "all"
_NOTES_LIMIT = 600  # characters: what a reader in chat still takes in


class Step(StrEnum):
    TO = auto()
    NOTES = auto()


def begin(ctx: Context) -> Turn:
    """Whom the roster names is not asked for; the desk's shift is taken by whoever comes."""
    made = ctx.desk.draft_hand_over()
    named = _called(ctx.words, made)
    to = named or made.to
    notes = ctx.words if says_something(ctx.words) and named is None else ""
    known = {
        "to": to[0] if to else None,
        "name": to[1] if to else None,
        "notes": notes,
        "moves": None,  # as usual
    }
    asked = replace(ctx, draft=known)
    is_unknown = to is None and made.work is not Work.DESK
    turn = _ask_to(asked) if is_unknown else _ask_notes(asked)
    return replace(turn, into=NAME, learned={**known, **turn.learned}) if turn.step else turn


# --- to whom -------------------------------------------------------------------------------------


def to_given(ctx: Context) -> Turn:
    made = ctx.desk.draft_hand_over()
    chosen = ctx.option([str(each) for each, _ in made.takers[:_SHOWN]])
    named = next((each for each in made.takers if str(each[0]) == chosen), None)
    named = named or _called(ctx.text, made)
    if named is None:
        return unclear(Step.TO, "hand_over.to_unclear", buttons=_people(made))
    known = {"to": named[0], "name": named[1]}
    turn = _ask_notes(ctx.learnt(**known))
    return replace(turn, learned={**turn.learned, **known})


def _ask_to(ctx: Context) -> Turn:
    made = ctx.desk.draft_hand_over()
    if not made.takers:
        return finish("hand_over.nobody")
    return ask(Step.TO, "hand_over.ask_to", buttons=_people(made))


def _people(made: Draft) -> tuple[Button, ...]:
    lines = (choice(str(each), "button.stand_in", name=name) for each, name in made.takers[:_SHOWN])
    return (*lines, order(Command.STOP))


def _called(text: str, made: Draft) -> tuple[int, str] | None:
    parts = clauses(text)
    found = [
        each
        for each in made.takers
        if each[1] and (each[1] == text.strip() or any(is_called(each[1], part) for part in parts))
    ]
    return found[0] if len(found) == 1 else None


# --- what else -----------------------------------------------------------------------------------


def notes_given(ctx: Context) -> Turn:
    """A tap or a yes signs; who takes over and what goes along may be changed; words are kept."""
    if ctx.tapped == _ALL or _moves_said(ctx):
        return _moving(ctx)
    if ctx.tapped == _SIGN or read_answer(ctx.text, ("sign_over",)) or ctx.choice is Choice.YES:
        return _signed(ctx)
    if ctx.choice is Choice.CANCEL:
        return finish("conversation.stopped")
    if named := _called(ctx.text, ctx.desk.draft_hand_over()):
        known = {"to": named[0], "name": named[1]}
        turn = _ask_notes(ctx.learnt(**known))
        return replace(turn, learned={**turn.learned, **known})
    if not says_something(ctx.text):
        return unclear(Step.NOTES, "hand_over.notes_unclear", buttons=_signing(_drafted(ctx)))
    notes = "\n".join(each for each in (str(ctx.draft["notes"]), ctx.text) if each)
    notes = notes[:_NOTES_LIMIT]
    return ask(Step.NOTES, "hand_over.noted", buttons=_signing(_drafted(ctx)), notes=notes)


def _drafted(ctx: Context) -> Draft:
    return ctx.desk.draft_hand_over(ctx.draft["to"], ctx.draft.get("moves"))


def _ask_notes(ctx: Context) -> Turn:
    made = _drafted(ctx)
    facts: Facts = {
        **made.facts,
        "to": ctx.draft["name"],
        "notes": ctx.draft["notes"] or None,
    }
    key = "hand_over.draft" if made.matters else "hand_over.draft_empty"
    return ask(Step.NOTES, key, buttons=_signing(made), facts=facts)


def _signing(made: Draft) -> tuple[Button, ...]:
    """With a tap that takes all along, where something would stay."""
    stays = any(goes is False for goes in _going(made).values())
    every = (choice(_ALL, "button.move_all"),) if stays else ()
    return (choice(_SIGN, "button.sign_over"), *every, order(Command.STOP))


def _signed(ctx: Context) -> Turn:
    notes = str(ctx.draft["notes"])
    try:
        given = ctx.desk.give_hand_over(ctx.draft["to"], notes, ctx.draft.get("moves"))
    except Refusal as no:
        return Turn((Say(no.text_key, no.facts),))
    in_hand = len(ctx.desk.my_work())
    buttons = (order(Command.SIGN_OUT), *((order(Command.MY_WORK),) if in_hand else ()))
    facts = given.facts
    return finish(
        "hand_over.given",
        to=given.to_name,
        in_hand=None if facts["moving"] else in_hand or None,
        moving=facts["moving"],
        staying=facts["staying"] if facts["moving"] else None,
        buttons=buttons,
    )


# --- what goes along -----------------------------------------------------------------------------


def _going(made: Draft) -> dict[str, bool]:
    """By whole number whether it goes to who comes."""
    return {each["number"]: each["moves"] for each in made.matters if "moves" in each}


def _moves_said(ctx: Context) -> Mapping[str, bool] | None:
    """By its last digits what shall go and what shall stay."""
    if ctx.tapped is not None:
        return None
    return read_moves(ctx.text, [short_number(each) for each in _going(_drafted(ctx))])


def _moving(ctx: Context) -> Turn:
    said = _moves_said(ctx) or {}
    going = {
        number: said.get(short_number(number), goes or ctx.tapped == _ALL)
        for number, goes in _going(_drafted(ctx)).items()
    }
    moves = [number for number, goes in going.items() if goes]
    turn = _ask_notes(ctx.learnt(moves=moves))
    return replace(turn, learned={**turn.learned, "moves": moves})


# --- who comes -----------------------------------------------------------------------------------


def take(ctx: Context) -> Turn:
    """By its tap; typed, the only one that waits, or which there are."""
    number = ctx.number or ""
    if number.isdecimal() and number.isascii() and len(number) <= _ID_DIGITS:
        return _taken(ctx.desk.take_over(int(number)))
    waiting = ctx.desk.hand_overs_for_me()
    if not waiting:
        return aside("hand_over.none_waiting", buttons=(order(Command.MY_DUTIES),))
    if len(waiting) == 1:
        return _taken(ctx.desk.take_over(waiting[0].id))
    lines = tuple(Say("hand_over.line", each.facts) for each in waiting[:_SHOWN])
    buttons = tuple(_of(each) for each in waiting[:_SHOWN])
    return answer(Say("hand_over.which", {"lines": lines}, buttons))


def _of(found: HandOverView) -> Button:
    act = order(Command.TAKE_OVER, str(found.id)).act
    return Button(act, "button.stand_in", {"name": found.from_name})


def _taken(found: HandOverView) -> Turn:
    key = "hand_over.taken" if found.matters else "hand_over.taken_empty"
    own = Command.MY_WORK if found.facts["moved"] else Command.QUEUE
    return answer(Say(key, found.facts, (order(own), order(Command.MY_DUTIES))))


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={Step.TO: to_given, Step.NOTES: notes_given},
    asks={Step.TO: _ask_to, Step.NOTES: _ask_notes},
)
