"""What the head is asked of a complaint, and what they may tap (C3)."""

from enum import StrEnum, auto

from domain.complaints import Verdict
from handlers.complaint_in_hand import cut
from handlers.complaint_shown import extras, later_words, names_found
from handlers.dialog import Button, Context, Facts, Say, Word, choice
from services.complaints import giving_away
from services.complaints.views import ComplaintView

VERDICTS = ("upheld", "partly", "not_upheld", "more")

_QUOTED = 150  # characters


class Step(StrEnum):
    VERDICT = auto()
    MEASURES = auto()
    MORE = auto()
    POINTS = auto()
    WORDS = auto()
    CONFIRM = auto()
    AMEND = auto()


def ask_verdict(ctx: Context, complaint: ComplaintView) -> Say:
    buttons = (
        *(choice(each) for each in VERDICTS),
        *extras(ctx, complaint, *later_words(complaint)),
    )
    return Say("complaint_head.ask_verdict", {"due": complaint.due_at}, buttons)


def ask_more() -> Say:
    return Say("complaint_head.ask_more")


def ask_measures(ctx: Context) -> Say:
    """A complaint that is not upheld gets reasons."""
    is_upheld = ctx.draft["verdict"] != Verdict.NOT_UPHELD
    return Say("complaint_head.ask_measures" if is_upheld else "complaint_head.ask_reasons")


def ask_points(ctx: Context, complaint: ComplaintView) -> Say:
    points = ctx.desk.rules.complaints.points_of(Verdict(ctx.draft["verdict"]))
    buttons = (
        choice("by_rule", "button.by_rule", points=f"{points:+d}"),
        choice("no_points", "button.no_points"),
    )
    return Say("complaint_head.ask_points", {"names": names_found(ctx, complaint)}, buttons)


def ask_charge(ctx: Context, complaint: ComplaintView) -> Say:
    """The measures serve as they are, unless they give away who complained (P8)."""
    measures = str(ctx.draft["measures"])
    is_safe = giving_away.given_away(ctx.desk, complaint.id, measures) is None
    buttons: tuple[Button, ...] = (choice("as_measures", "button.as_measures"),) if is_safe else ()
    facts: Facts = {
        "names": names_found(ctx, complaint),
        "measures": cut(measures, _QUOTED) if is_safe else None,
    }
    return Say("complaint_head.ask_charge", facts, buttons)


def ask_to_confirm(ctx: Context, complaint: ComplaintView) -> Say:
    known = ctx.draft
    facts: Facts = {
        "number": complaint.short,
        "verdict": Word(f"complaint.verdict.{known['verdict']}"),
        "measures": cut(str(known["measures"]), _QUOTED),
        "names": names_found(ctx, complaint) if known["charge"] else None,
        "points": f"{known['points']:+d}" if known["points"] is not None else None,
        "charge": cut(str(known["charge"]), _QUOTED) if known["charge"] else None,
    }
    buttons = (choice("yes", "button.settle"), choice("amend"), choice("cancel"))
    return Say("complaint_head.confirm", facts, buttons)


def amendable(has_charges: bool) -> list[str]:
    return ["verdict", "measures", *(["points", "charge"] if has_charges else []), "as_it_is"]


def ask_amend(has_charges: bool) -> Say:
    buttons = tuple(choice(each) for each in amendable(has_charges))
    return Say("complaint_head.ask_amend", {}, buttons)
