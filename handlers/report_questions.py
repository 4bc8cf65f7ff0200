"""What a report still has to ask, and the summary that is confirmed at its end."""

from dataclasses import replace
from enum import StrEnum, auto

from domain.category import Category
from handlers import fault as faults
from handlers.dialog import Button, Context, Facts, Say, Turn, Word, choice
from handlers.fault import Fault
from handlers.requester_profile import card, missing_words

NAME = "report_incident"


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
) -> Turn:
    """Says and waits at a step of a report; all that is known stays in the draft."""
    return Turn((Say(key, facts or {}, buttons),), step, dict(ctx.draft), into=NAME)


def after(lead: tuple[Say, ...], turn: Turn) -> Turn:
    return replace(turn, says=(*lead, *turn.says))


def next_question(ctx: Context) -> Turn:
    """The first thing that is missing is asked for; if nothing is, the summary."""
    fault = fault_of(ctx)
    if ctx.draft.get("parts"):
        return ask_which_faults(ctx)
    if fault.lacks_symptom:
        return ask_symptom(ctx)
    if fault.category is None:
        return ask_category(ctx)
    missing = missing_of(ctx)
    if missing == ("place",):
        return ask_place(ctx)
    return ask_profile(ctx) if missing else ask_to_confirm(ctx)


def missing_of(ctx: Context) -> tuple[str, ...]:
    """Facts of the person, and the place if neither the words nor their office give it."""
    has_place = fault_of(ctx).place or ctx.speaker.office
    return ctx.speaker.missing if has_place else (*ctx.speaker.missing, "place")


def place_of(ctx: Context) -> str | None:
    return fault_of(ctx).place or ctx.speaker.office


# --- the questions ---------------------------------------------------------------------------


def ask_symptom(ctx: Context) -> Turn:
    fault = fault_of(ctx)
    if fault.device:
        return asked(ctx, Step.SYMPTOM, "incident.ask_symptom_of", {"device": fault.device})
    if fault.place:
        return asked(ctx, Step.SYMPTOM, "incident.ask_symptom_at", {"place": fault.place})
    return asked(ctx, Step.SYMPTOM, "incident.ask_symptom")


def ask_wish(ctx: Context, wish: str, key: str, buttons: tuple[Button, ...]) -> Turn:
    """What shall be done with these words? They are kept for whoever gets them."""
    said = ctx.draft.get("said") or ctx.text
    return asked(ctx.learnt(wish=wish, said=said), Step.WISH, key, {}, buttons)


def ask_place(ctx: Context) -> Turn:
    return asked(ctx, Step.PLACE, "incident.ask_place", {"symptom": fault_of(ctx).symptom})


def ask_category(ctx: Context) -> Turn:
    symptom = fault_of(ctx).symptom
    return asked(
        ctx, Step.CATEGORY, "incident.ask_category", {"symptom": symptom}, category_buttons(ctx)
    )


def category_values(ctx: Context) -> tuple[str, ...]:
    return (*fault_of(ctx).guesses, Category.OTHER.value)


def category_buttons(ctx: Context) -> tuple[Button, ...]:
    return tuple(choice(value, f"category.{value}") for value in category_values(ctx))


def ask_which_faults(ctx: Context) -> Turn:
    parts = [faults.from_json(part) for part in ctx.draft["parts"]]
    lines = tuple(
        Say("incident.part", {"number": number, "symptom": part.symptom, **_kind(part)})
        for number, part in enumerate(parts, 1)
    )
    only = tuple(
        choice(str(number), "button.only_this", number=number)
        for number in range(1, len(parts) + 1)
    )
    return asked(
        ctx,
        Step.TWO_FAULTS,
        "incident.ask_which",
        {"count": len(parts), "parts": lines},
        (choice("all", "button.report_all"), *only),
    )


def _kind(fault: Fault) -> Facts:
    return {"category": Word(f"category.{fault.category}") if fault.category else None}


def ask_profile(ctx: Context) -> Turn:
    """Asked for all at once; what was understood of the fault is shown the first time."""
    missing = missing_words(missing_of(ctx))
    if ctx.draft.get("asked"):
        known = {f"known_{name}": fact for name, fact in card(ctx).items()}
        return asked(ctx, Step.PROFILE, "profile.ask_rest", {**missing, **known})
    turn = asked(ctx.learnt(asked=True), Step.PROFILE, "profile.ask", missing)
    return after((Say("incident.understood", about(ctx)),), turn)


# --- the summary -----------------------------------------------------------------------------


def about(ctx: Context) -> Facts:
    """The fault as a sentence speaks of it."""
    fault = fault_of(ctx)
    return {
        "symptom": fault.symptom,
        **_kind(fault),
        "place": place_of(ctx),
        "urgency": Word("priority.high") if fault.is_urgent else None,
    }


def ask_to_confirm(ctx: Context) -> Turn:
    """In full after questions; in one breath for somebody who is known."""
    key = "incident.confirm" if ctx.draft.get("asked") else "incident.confirm_known"
    place, office = place_of(ctx), ctx.speaker.office
    elsewhere = office if place != office else None
    greeted = {"greeted": None if ctx.draft.get("greeted") else ctx.speaker.name}
    facts = {**about(ctx), **card(ctx), **greeted, "office": elsewhere}
    return asked(ctx.learnt(greeted=True), Step.CONFIRM, key, facts, confirm_buttons())


def ask_to_confirm_again(ctx: Context, changes: tuple[Say, ...]) -> Turn:
    """Only what changed is said, and the rest of the summary stands."""
    turn = next_question(ctx)
    if turn.step != Step.CONFIRM:
        return after(changes, turn)
    return after(changes, asked(ctx, Step.CONFIRM, "incident.confirm_again", {}, confirm_buttons()))


def confirm_buttons() -> tuple[Button, ...]:
    return (
        choice("yes", "button.confirm_report"),
        choice("amend"),
        choice("cancel"),
    )


def ask_what_to_amend(ctx: Context) -> Turn:
    haste = "calm" if fault_of(ctx).is_urgent else "haste"
    buttons = tuple(choice(value) for value in ("symptom", "place", "contact", haste, "as_it_is"))
    return asked(ctx, Step.AMEND, "incident.ask_amend", {}, buttons)
