"""The summary that a report is confirmed by, and the question what to change in it."""

from handlers.dialog import Button, Context, Facts, Turn, Word, choice
from handlers.report_draft import Step, asked, fault_of, kind_of, place_of
from handlers.requester_profile import card


def about(ctx: Context) -> Facts:
    """The fault as a sentence speaks of it."""
    fault = fault_of(ctx)
    return {
        "symptom": fault.symptom,
        **kind_of(fault),
        "place": place_of(ctx),
        "urgency": Word("priority.high") if fault.is_urgent else None,
    }


def ask_to_confirm(ctx: Context) -> Turn:
    """In full after questions; in one breath for somebody who is known."""
    key = "incident.confirm" if ctx.draft.get("asked") else "incident.confirm_known"
    place, office = place_of(ctx), ctx.speaker.office
    elsewhere = office if place != office and not fault_of(ctx).device_code else None
    greeted = {"greeted": None if ctx.draft.get("greeted") else ctx.speaker.name}
    facts = {**about(ctx), **card(ctx), **greeted, "office": elsewhere}
    return asked(ctx.learnt(greeted=True), Step.CONFIRM, key, facts, confirm_buttons())


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
