"""What is known of a report under way, and the way its questions keep it."""

from dataclasses import replace
from enum import StrEnum, auto

from handlers import fault as faults
from handlers.dialog import Button, Context, Facts, Page, Say, Turn, Word
from handlers.fault import Fault

NAME = "report_incident"

READ_IN = "read_in"
"""The draft's field that names the message by which the fault was understood."""


class Step(StrEnum):
    WISH = auto()  # report it, complain, or neither?
    SYMPTOM = auto()
    PLACE = auto()
    CATEGORY = auto()
    PROFILE = auto()
    TWO_FAULTS = auto()
    CONFIRM = auto()
    AMEND = auto()


def fault_of(ctx: Context) -> Fault:
    """The fault that the report under way is about."""
    kept = ctx.draft.get("fault")
    return faults.from_json(kept) if kept else Fault()


def with_fault(ctx: Context, fault: Fault) -> Context:
    return ctx.learnt(fault=fault.to_json())


def is_under_way(ctx: Context) -> bool:
    return "fault" in ctx.draft


def asked(
    ctx: Context,
    step: Step,
    key: str,
    facts: Facts | None = None,
    buttons: tuple[Button, ...] = (),
    page: Page | None = None,
) -> Turn:
    """Says and waits at a step of a report; all that is known stays in the draft."""
    return Turn((Say(key, facts or {}, buttons, page),), step, dict(ctx.draft), into=NAME)


def after(lead: tuple[Say, ...], turn: Turn) -> Turn:
    return replace(turn, says=(*lead, *turn.says))


def missing_of(ctx: Context) -> tuple[str, ...]:
    """Facts of the person, and the place if neither the words nor their office give it."""
    has_place = fault_of(ctx).place or ctx.speaker.office
    return ctx.speaker.missing if has_place else (*ctx.speaker.missing, "place")


def place_of(ctx: Context) -> str | None:
    return fault_of(ctx).place or ctx.speaker.office


def kind_of(fault: Fault) -> Facts:
    return {"category": Word(f"category.{fault.category}") if fault.category else None}
