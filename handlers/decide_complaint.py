"""The head decides a complaint (C3).

VERDICT → MEASURES → POINTS → WORDS → CONFIRM → decided, or AMEND; MORE → back to the desk
One message may hold verdict and measures: 处理 0002 成立 周工当面道歉
"""

from dataclasses import replace

from domain.complaints import Verdict
from handlers import decide_questions as questions
from handlers.complaint_in_hand import (
    HEARS,
    as_it_is,
    begun,
    changed,
    is_in_words,
    meant,
    not_in_words,
    of_complaint,
    waits,
)
from handlers.complaint_shown import card, findings, later_words, looked
from handlers.decide_questions import Step
from handlers.dialog import Choice, Command, Context, Conversation, Facts, Say, Turn, Word
from nlp.answers import says_something
from nlp.verdicts import read_one_of, read_points, read_verdict
from services.complaints import giving_away, handling, moved
from services.complaints.handling import Charge, Decision
from services.complaints.views import ComplaintView, concerned

NAME = "decide_complaint"
MORE = "more"  # to be found out, before it is decided

_MOST_POINTS = 100
_complaint = of_complaint(Command.DECIDE)


def begin(ctx: Context) -> Turn:
    """The complaint with what was found; a verdict in the tap or behind the order is taken."""
    number, _, tapped = (ctx.number or "").partition(":")
    ctx = replace(ctx, number=number or None, words=tapped or ctx.words)
    complaint = meant(ctx, Command.DECIDE)
    if isinstance(complaint, Turn):
        return complaint
    nothing = {"verdict": None, "measures": None, "points": None, "charge": None, "shown": 0}
    known = nothing | _told(ctx)
    shown = (card(ctx, complaint, *later_words(complaint)), *findings(ctx, complaint))
    turn = _next(replace(ctx, draft=known), complaint)
    turn = replace(turn, says=(*shown, *turn.says))
    seen = moved.newest_line(ctx.desk, complaint.id)
    return begun(NAME, complaint, turn, seen, **known)


def _told(ctx: Context) -> dict[str, object]:
    """Words without a verdict are what shall be done."""
    if ctx.words in questions.VERDICTS:
        return {"verdict": ctx.words}
    verdict, words = read_verdict(ctx.words) or (None, ctx.words)
    return {"verdict": verdict, "measures": words if says_something(words) else None}


def _next(ctx: Context, complaint: ComplaintView, **learned: object) -> Turn:
    """What is not known yet is asked; then all is shown."""
    known = ctx.draft
    if known["verdict"] is None:
        return waits(Step.VERDICT, questions.ask_verdict(ctx, complaint), **learned)
    if known["verdict"] == MORE:
        if known["measures"]:
            return _given_back(ctx, complaint, str(known["measures"]))
        return waits(Step.MORE, questions.ask_more(), **learned)
    if not known["measures"]:
        return waits(Step.MEASURES, questions.ask_measures(ctx), **learned)
    if known["points"] is None and _charged(ctx, complaint):
        return waits(Step.POINTS, questions.ask_points(ctx, complaint), **learned)
    if known["charge"] is None and _charged(ctx, complaint):
        return waits(Step.WORDS, questions.ask_charge(ctx, complaint), **learned)
    return waits(Step.CONFIRM, questions.ask_to_confirm(ctx, complaint), **learned)


def _charged(ctx: Context, complaint: ComplaintView) -> list[int]:
    """Whom the findings name, if something is held against them."""
    if ctx.draft["verdict"] not in (Verdict.UPHELD, Verdict.PARTLY):
        return []
    return [each.person.id for each in concerned(ctx.desk, complaint.id) if each.is_found]


# --- the verdict ---------------------------------------------------------------------------------


@_complaint
def verdict_given(ctx: Context, complaint: ComplaintView) -> Turn:
    """Words behind the verdict are the measures."""
    if not is_in_words(ctx):
        return not_in_words(ctx)
    ask = questions.ask_verdict(ctx, complaint)
    if turn := looked(ctx, complaint, Step.VERDICT, ask, *later_words(complaint)):
        return turn
    chosen = ctx.option(list(questions.VERDICTS))
    verdict, words = (chosen, "") if chosen else read_verdict(ctx.text) or (None, "")
    if verdict is None:
        return waits(Step.VERDICT, replace(ask, key="complaint_head.verdict_unclear"))
    learned: dict[str, object] = {"verdict": verdict, "points": None}
    if says_something(words):
        learned["measures"] = words
    elif verdict == MORE:
        learned["measures"] = None  # what was to be done is not what is to be found out
    return _next(ctx.learnt(**learned), complaint, **learned)


@_complaint
def measures_given(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.tapped is not None or not says_something(ctx.text) or ctx.choice is not Choice.UNCLEAR:
        ask = questions.ask_measures(ctx)
        return waits(Step.MEASURES, replace(ask, key="complaint_head.measures_unclear"))
    learned = {"measures": ctx.text, "charge": None}
    return _next(ctx.learnt(**learned), complaint, **learned)


@_complaint
def more_wanted(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.tapped is not None or not says_something(ctx.text):
        return waits(Step.MORE, questions.ask_more())
    return _given_back(ctx, complaint, ctx.text)


def _given_back(ctx: Context, complaint: ComplaintView, words: str) -> Turn:
    returned = handling.give_back(ctx.desk, complaint.id, words)
    facts: Facts = {"number": returned.short, "due": returned.due_at}
    return Turn((Say("complaint_head.returned", facts),))


# --- what it counts ------------------------------------------------------------------------------


@_complaint
def points_given(ctx: Context, complaint: ComplaintView) -> Turn:
    """As the rules say, or a number: 3, -3 and 扣3分 are three less."""
    if not is_in_words(ctx):
        return not_in_words(ctx)
    points = _points(ctx)
    if points is None or abs(points) > _MOST_POINTS:
        ask = questions.ask_points(ctx, complaint)
        return waits(Step.POINTS, replace(ask, key="complaint_head.points_unclear"))
    return _next(ctx.learnt(points=points), complaint, points=points)


def _points(ctx: Context) -> int | None:
    if ctx.tapped == "by_rule" or read_one_of(ctx.text, ("by_rule",)):
        return ctx.desk.rules.complaints.points_of(Verdict(ctx.draft["verdict"]))
    if ctx.tapped == "no_points":
        return 0
    found = None if ctx.tapped is not None else read_points(ctx.text)
    return found[0] if found and not found[1] else None


@_complaint
def charge_given(ctx: Context, complaint: ComplaintView) -> Turn:
    """What whom it concerns will read; nothing in it tells who complained, or of what (P8)."""
    if not is_in_words(ctx):
        return not_in_words(ctx)
    ask = questions.ask_charge(ctx, complaint)
    is_same = ctx.tapped == "as_measures" or bool(read_one_of(ctx.text, ("as_measures",)))
    words = str(ctx.draft["measures"]) if is_same else ctx.text
    if (ctx.tapped is not None and not is_same) or not says_something(words):
        return waits(Step.WORDS, replace(ask, key="complaint_head.charge_unclear"))
    if told := giving_away.given_away(ctx.desk, complaint.id, words):
        warning = Say("complaint_head.gives_away", {"told": told})
        return waits(Step.WORDS, warning, ask)
    return _next(ctx.learnt(charge=words), complaint, charge=words)


# --- confirmed, or amended -----------------------------------------------------------------------


@_complaint
def confirmed(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if ctx.choice is Choice.YES or read_one_of(ctx.text, ("settle",)):
        return _decide(ctx, complaint)
    if ctx.choice is Choice.CANCEL:
        facts: Facts = {"number": complaint.short, "due": complaint.due_at}
        return Turn((Say("complaint_head.not_decided", facts),))
    if ctx.choice in (Choice.AMEND, Choice.NO):
        return waits(Step.AMEND, questions.ask_amend(bool(_charged(ctx, complaint))))
    ask = questions.ask_to_confirm(ctx, complaint)
    return waits(Step.CONFIRM, replace(ask, key="complaint_head.confirm_unclear"))


def _decide(ctx: Context, complaint: ComplaintView) -> Turn:
    match changed(ctx, Command.DECIDE):
        case Turn() as turn:
            return turn
        case (Say() as news, seen):
            found = as_it_is(ctx, Command.DECIDE)
            now = complaint if isinstance(found, Turn) else found
            return waits(Step.CONFIRM, news, questions.ask_to_confirm(ctx, now), seen=seen)
    verdict = Verdict(ctx.draft["verdict"])
    charge = Charge(int(ctx.draft["points"] or 0), str(ctx.draft["charge"] or ""))
    charges = dict.fromkeys(_charged(ctx, complaint), charge)
    made = Decision(verdict, str(ctx.draft["measures"]), charges)
    decided = handling.decide(ctx.desk, complaint.id, made)
    facts: Facts = {
        "number": decided.short,
        "verdict": Word(f"complaint.verdict.{verdict.value}"),
        "due": decided.due_at,
    }
    return Turn((Say("complaint_head.decided", facts),))


@_complaint
def amended(ctx: Context, complaint: ComplaintView) -> Turn:
    if not is_in_words(ctx):
        return not_in_words(ctx)
    if read_one_of(ctx.text, ("settle",)):
        return _decide(ctx, complaint)
    has_charges = bool(_charged(ctx, complaint))
    offered = questions.amendable(has_charges)
    chosen = ctx.option(offered) or read_one_of(ctx.text, offered)
    if chosen == "as_it_is":
        return _next(ctx, complaint)
    if chosen is None:
        return waits(Step.AMEND, questions.ask_amend(has_charges))
    learned: dict[str, object] = {chosen: None}
    if chosen == "verdict":
        learned["points"] = None
    return _next(ctx.learnt(**learned), complaint, **learned)


CONVERSATION = Conversation(
    name=NAME,
    begin=begin,
    steps={
        Step.VERDICT: verdict_given,
        Step.MEASURES: measures_given,
        Step.MORE: more_wanted,
        Step.POINTS: points_given,
        Step.WORDS: charge_given,
        Step.CONFIRM: confirmed,
        Step.AMEND: amended,
    },
    # What is not known yet is what is awaited.
    asks={
        **dict.fromkeys(
            (Step.VERDICT, Step.MEASURES, Step.MORE, Step.POINTS, Step.WORDS, Step.CONFIRM),
            _complaint(_next),
        ),
        Step.AMEND: _complaint(
            lambda ctx, it: waits(Step.AMEND, questions.ask_amend(bool(_charged(ctx, it))))
        ),
    },
    hears=HEARS,
    is_confidential=True,
)
