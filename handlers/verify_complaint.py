"""The desk verifies a complaint and reports it to the head (C2).

FINDINGS → WHOM → CONFIRM → the head has it, or AMEND; one message may hold what was found
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.complaints import ComplaintAction
from handlers.complaint_in_hand import (
    HEARS,
    as_it_is,
    begun,
    changed,
    cut,
    is_in_words,
    meant,
    of_complaint,
    waits,
    way_out,
)
from handlers.complaint_shown import card, extras, joined, looked
from handlers.dialog import (
    Button,
    Choice,
    Command,
    Context,
    Conversation,
    Facts,
    Medium,
    Say,
    Turn,
    Word,
    aside,
    choice,
)
from handlers.who_is_called import everybody_called
from nlp.answers import says_something
from nlp.verdicts import read_one_of
from services.complaints import at_hand, handling, moved, submitting
from services.complaints.views import ComplaintView
from services.views import PersonView

NAME = "verify_complaint"

_ALL, _NOBODY = "everybody", "nobody"
_AMENDABLE = ("findings", "whom", "as_it_is")
_SHOWN = 5  # people to tap
_QUOTED = 260  # characters of what was found
_complaint = of_complaint(Command.VERIFY)


class Step(StrEnum):
    FINDINGS = auto()
    WHOM = auto()
    CONFIRM = auto()
    AMEND = auto()


def begin(ctx: Context) -> Turn:
    """The complaint with all that is at hand; words behind the order are what was found."""
    complaint = meant(ctx, Command.VERIFY)
    if isinstance(complaint, Turn):
        return complaint
    nothing = {"findings": None, "people": None, "shown": 0}
    fresh = replace(ctx, draft=nothing)
    if says_something(ctx.words):
        turn = _next(fresh.learnt(findings=ctx.words), complaint, findings=ctx.words)
        turn = replace(turn, says=(card(ctx, complaint), *turn.says))
    else:
        turn = waits(Step.FINDINGS, card(ctx, complaint), _ask_findings(ctx, complaint))
    seen = moved.newest_line(ctx.desk, complaint.id)
    return begun(NAME, complaint, turn, seen, **(nothing | dict(turn.learned)))


def _next(ctx: Context, complaint: ComplaintView, **learned: object) -> Turn:
    """What is not known yet is asked; then all is shown."""
    if not ctx.draft.get("findings"):
        return waits(Step.FINDINGS, _ask_findings(ctx, complaint), **learned)
    if ctx.draft.get("people") is None:
        return waits(Step.WHOM, _ask_whom(ctx, complaint), **learned)
    return waits(Step.CONFIRM, _ask_to_confirm(ctx, complaint), **learned)


# --- what was found ------------------------------------------------------------------------------


@_complaint
def findings_given(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return _kept(ctx, complaint)
    ask = _ask_findings(ctx, complaint)
    if turn := looked(ctx, complaint, Step.FINDINGS, ask):
        return turn
    if ctx.tapped == "take" or read_one_of(ctx.text, ("take",)):
        return _taken(ctx, complaint)
    if ctx.tapped is not None or not says_something(ctx.text) or ctx.choice is not Choice.UNCLEAR:
        unclear = replace(ask, key="complaint_desk.findings_unclear")
        return waits(Step.FINDINGS, unclear)
    return _next(ctx.learnt(findings=ctx.text), complaint, findings=ctx.text)


def _ask_findings(ctx: Context, complaint: ComplaintView) -> Say:
    is_mine = complaint.verifier is not None and complaint.verifier.id == ctx.speaker.id
    may_take = ComplaintAction.TAKE in complaint.actions and not is_mine
    take = (choice("take", "button.take_complaint"),) if may_take else ()
    buttons = (*extras(ctx, complaint), *take, way_out())
    return Say("complaint_desk.ask_findings", {"due": complaint.due_at}, buttons)


def _taken(ctx: Context, complaint: ComplaintView) -> Turn:
    taken = handling.take(ctx.desk, complaint.id)
    say = Say("complaint_desk.taken", {"number": taken.short})
    return waits(Step.FINDINGS, say, _ask_findings(ctx, taken))


def _kept(ctx: Context, complaint: ComplaintView) -> Turn:
    """What the clerk photographs lies with the complaint, for desk and head alone."""
    submitting.attach(ctx.desk, complaint.id, ctx.heard)
    if ctx.heard.medium is Medium.VOICE:
        return aside("complaint_desk.voice_kept")
    return aside("complaint_desk.kept", what=Word(f"medium.{ctx.heard.medium.value}"))


# --- whom it concerns ----------------------------------------------------------------------------


@_complaint
def whom_given(ctx: Context, complaint: ComplaintView) -> Turn:
    """By a tap, a place in the list, or names."""
    if not is_in_words(ctx):
        return _kept(ctx, complaint)
    offered = _offered(ctx, complaint)
    ids = [each.id for each in offered]
    chosen = ctx.option([str(each) for each in ids])
    chosen = chosen or ctx.tapped or read_one_of(ctx.text, (_NOBODY, _ALL))
    if chosen == _NOBODY:
        return _concerns(ctx, complaint, [])
    if chosen == _ALL and ids:
        return _concerns(ctx, complaint, ids)
    if chosen is not None and chosen.isdecimal() and int(chosen) in ids:
        return _concerns(ctx, complaint, [int(chosen)])
    return _by_name(ctx, complaint)


def _by_name(ctx: Context, complaint: ComplaintView) -> Turn:
    if ctx.speaker.name and ctx.speaker.name in ctx.text:
        return Turn((Say("complaint.refusal.concerns_you"),))
    staff = [each.person for each in at_hand.candidates(ctx.desk, complaint.id)]
    called, unclear = everybody_called(ctx.text, staff)
    if unclear:
        ask = _ask_whom(ctx, complaint, unclear)
        return waits(Step.WHOM, replace(ask, key="complaint_desk.several_called"))
    if called:
        return _concerns(ctx, complaint, [each.id for each in called])
    return waits(Step.WHOM, replace(_ask_whom(ctx, complaint), key="complaint_desk.whom_unclear"))


def _concerns(ctx: Context, complaint: ComplaintView, people: list[int]) -> Turn:
    return _next(ctx.learnt(people=people), complaint, people=people)


def _offered(ctx: Context, complaint: ComplaintView) -> list[PersonView]:
    """Whom it concerns already: named, or at work on the ticket."""
    found = at_hand.candidates(ctx.desk, complaint.id)
    return [each.person for each in found if each.concerned is not None][:_SHOWN]


def _ask_whom(ctx: Context, complaint: ComplaintView, among: list[PersonView] | None = None) -> Say:
    people = _offered(ctx, complaint) if among is None else among[:_SHOWN]
    lines = [choice(str(each.id), "button.stand_in", name=each.name) for each in people]
    if len(people) > 1 and among is None:
        lines.append(choice(_ALL, "button.all_of_them"))
    buttons = (*lines, choice(_NOBODY, "button.no_person"), way_out())
    return Say("complaint_desk.ask_whom", {}, buttons)


# --- confirmed, or amended -----------------------------------------------------------------------


@_complaint
def confirmed(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return _kept(ctx, complaint)
    is_yes = ctx.choice is Choice.YES or read_one_of(ctx.text, ("report_up",)) is not None
    if is_yes:
        return _report(ctx, complaint)
    if ctx.choice is Choice.CANCEL:
        facts: Facts = {"number": complaint.short, "due": complaint.due_at}
        return Turn((Say("complaint_desk.not_reported", facts),))
    if ctx.choice in (Choice.AMEND, Choice.NO):
        return waits(Step.AMEND, _ask_amend())
    ask = _ask_to_confirm(ctx, complaint)
    return waits(Step.CONFIRM, replace(ask, key="complaint_desk.confirm_unclear"))


def _report(ctx: Context, complaint: ComplaintView) -> Turn:
    """Unless somebody wrote or did something meanwhile: that is read first."""
    match changed(ctx, Command.VERIFY):
        case Turn() as turn:
            return turn
        case (Say() as news, seen):
            found = as_it_is(ctx, Command.VERIFY)
            now = complaint if isinstance(found, Turn) else found
            return waits(Step.CONFIRM, news, _ask_to_confirm(ctx, now), seen=seen)
    handling.verify(ctx.desk, complaint.id, ctx.draft["findings"], ctx.draft["people"])
    reported = handling.report(ctx.desk, complaint.id)
    facts: Facts = {"number": reported.short, "due": reported.due_at}
    return Turn((Say("complaint_desk.reported", facts),))


def _ask_to_confirm(ctx: Context, complaint: ComplaintView) -> Say:
    facts: Facts = {
        "number": complaint.short,
        "findings": cut(str(ctx.draft["findings"]), _QUOTED),
        "names": _names(ctx, complaint),
        "nobody": None if ctx.draft["people"] else Word("complaint_desk.nobody"),
    }
    buttons = (choice("yes", "button.report_up"), choice("amend"), choice("cancel"))
    return Say("complaint_desk.confirm", facts, buttons)


def _names(ctx: Context, complaint: ComplaintView) -> str | None:
    chosen = set(ctx.draft["people"])
    everybody = at_hand.candidates(ctx.desk, complaint.id)
    return joined([each.person.name for each in everybody if each.person.id in chosen])


@_complaint
def amended(ctx: Context, complaint: ComplaintView) -> Turn:
    """One of the two is asked again."""
    if not is_in_words(ctx):
        return _kept(ctx, complaint)
    if read_one_of(ctx.text, ("report_up",)):
        return _report(ctx, complaint)
    chosen = ctx.option(_AMENDABLE) or read_one_of(ctx.text, _AMENDABLE)
    if chosen == "as_it_is":
        return _next(ctx, complaint)
    if chosen == "findings":
        return waits(Step.FINDINGS, _ask_findings(ctx, complaint), findings=None)
    if chosen == "whom":
        return waits(Step.WHOM, _ask_whom(ctx, complaint), people=None)
    return waits(Step.AMEND, _ask_amend())


def _ask_amend() -> Say:
    buttons: tuple[Button, ...] = (
        choice("findings", "button.findings"),
        choice("whom", "button.whom"),
        choice("as_it_is"),
    )
    return Say("complaint_desk.ask_amend", {}, buttons)


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.FINDINGS: findings_given,
        Step.WHOM: whom_given,
        Step.CONFIRM: confirmed,
        Step.AMEND: amended,
    },
    asks={
        Step.FINDINGS: _complaint(lambda ctx, it: waits(Step.FINDINGS, _ask_findings(ctx, it))),
        Step.WHOM: _complaint(lambda ctx, it: waits(Step.WHOM, _ask_whom(ctx, it))),
        Step.CONFIRM: _complaint(lambda ctx, it: waits(Step.CONFIRM, _ask_to_confirm(ctx, it))),
        Step.AMEND: lambda ctx: waits(Step.AMEND, _ask_amend()),
    },
    hears=HEARS,
    is_confidential=True,
)
