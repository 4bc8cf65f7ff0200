"""The summary that a report is confirmed by, and the question what to change in it."""

from handlers.dialog import Button, Context, Facts, Turn, Word, choice
from handlers.maintenance_said import with_maintenance
from handlers.report_draft import Step, asked, fault_of, kind_of, place_of
from handlers.requester_profile import card
from handlers.try_first import remedy_buttons, remedy_facts, with_remedy


def about(ctx: Context) -> Facts:
    """The fault as a sentence speaks of it."""
    fault = fault_of(ctx)
    return {
        "symptom": fault.symptom,
        **kind_of(fault),
        "place": place_of(ctx),
        "urgency": Word("priority.high") if fault.is_urgent else None,
        "asset": f"{fault.device} {fault.device_code}" if fault.device_code else None,
        "behalf": (fault.behalf_of or {}).get("name"),
        "wished": (fault.wished or {}).get("words"),
    }


def ask_to_confirm(ctx: Context) -> Turn:
    """In full after questions; in one breath for somebody who is known."""
    key = "incident.confirm" if ctx.draft.get("asked") else "incident.confirm_known"
    place, office = place_of(ctx), ctx.speaker.office
    elsewhere = office if place != office and not fault_of(ctx).device_code else None
    greeted = {"greeted": None if ctx.draft.get("greeted") else ctx.speaker.name}
    ctx, maintained = with_maintenance(with_remedy(ctx))
    facts = {**about(ctx), **card(ctx), **_reached(ctx), **greeted, "office": elsewhere}
    facts |= {**maintained, **remedy_facts(ctx)}
    buttons = (*confirm_buttons(), *remedy_buttons(ctx))
    return asked(ctx.learnt(greeted=True), Step.CONFIRM, key, facts, buttons)


def _reached(ctx: Context) -> Facts:
    """The number of the person whose fault it is; where none is known, it may be told with a yes.

    A number of the directory is shown as far as those know it who know it.
    """
    about = fault_of(ctx).behalf_of or {}
    phone = about.get("phone") or about.get("known")
    own: Facts = {"without": about.get("name")}
    return {"phone": phone, "extension": None, "without": None} if phone else own


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
