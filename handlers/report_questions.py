"""What a report still has to ask, in the order in which it asks."""

from dataclasses import replace

from domain.category import Category
from domain.commands import Command
from handlers import fault as faults
from handlers.dialog import Button, Context, Page, Say, StepFunction, Turn, choice, order
from handlers.maintenance_said import newly_fits
from handlers.report_draft import Step, after, asked, fault_of, kind_of, missing_of, place_of
from handlers.report_summary import about, ask_to_confirm, confirm_buttons
from handlers.requester_profile import card, missing_words

FORM = Page("/h5/report", "page.report")


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


# --- the questions ---------------------------------------------------------------------------


def ask_symptom(ctx: Context) -> Turn:
    fault = fault_of(ctx)
    if fault.device_code:
        facts = {"device": fault.device, "place": fault.place, "code": fault.device_code}
        return asked(ctx, Step.SYMPTOM, "device.ask", facts, (order(Command.STOP),))
    if fault.device:
        return asked(ctx, Step.SYMPTOM, "incident.ask_symptom_of", {"device": fault.device})
    if fault.place:
        return asked(ctx, Step.SYMPTOM, "incident.ask_symptom_at", {"place": fault.place})
    return asked(ctx, Step.SYMPTOM, "incident.ask_symptom", page=FORM)


def ask_wish(ctx: Context, wish: str, key: str, buttons: tuple[Button, ...]) -> Turn:
    """What shall be done with these words? They are kept for whoever gets them."""
    return asked(ctx.learnt(wish=wish, said=ctx.text), Step.WISH, key, {}, buttons)


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
        Say("incident.part", {"number": number, "symptom": part.symptom, **kind_of(part)})
        for number, part in enumerate(parts, 1)
    )
    common = Say("incident.of_all", {**card(ctx), **about(ctx)}) if is_ready(ctx) else None
    only = tuple(
        choice(str(number), "button.only_this", number=number)
        for number in range(1, len(parts) + 1)
    )
    return asked(
        ctx,
        Step.TWO_FAULTS,
        "incident.ask_which",
        {"count": len(parts), "parts": lines, "common": common},
        (choice("all", "button.report_all"), *only),
    )


def is_ready(ctx: Context) -> bool:
    """Whether each of several faults could be a ticket as it stands; then one yes is for all."""
    parts = [faults.from_json(part) for part in ctx.draft["parts"]]
    is_whole = all(part.category and not part.lacks_symptom for part in parts)
    return is_whole and len({part.place for part in parts}) == 1 and not missing_of(ctx)


def ask_profile(ctx: Context) -> Turn:
    """Asked for all at once; what was understood of the fault is shown the first time."""
    missing = {**missing_words(missing_of(ctx)), "behalf": _without_number(ctx)}
    if ctx.draft.get("asked"):
        known = Say("profile.known", card(ctx)) if any(card(ctx).values()) else None
        return asked(ctx, Step.PROFILE, "profile.ask_rest", {**missing, "known": known})
    turn = asked(ctx.learnt(asked=True), Step.PROFILE, "profile.ask", missing)
    return after((Say("incident.understood", about(ctx)),), turn)


def _without_number(ctx: Context) -> str | None:
    """The colleague whose number nobody knows yet."""
    about = fault_of(ctx).behalf_of or {}
    return None if about.get("phone") or about.get("known") else about.get("name")


# --- the summary -----------------------------------------------------------------------------


def ask_to_confirm_again(ctx: Context, changes: tuple[Say, ...]) -> Turn:
    """Only what changed is said, and the rest of the summary stands."""
    turn = next_question(ctx)
    if turn.step != Step.CONFIRM:
        return after(changes, turn)
    ctx, maintained = newly_fits(ctx)
    again = asked(ctx, Step.CONFIRM, "incident.confirm_again", maintained, confirm_buttons())
    return after(changes, again)


def besides(ctx: Context, step: StepFunction, noted: tuple[Say, ...], rest: str) -> Turn:
    """What was told beside an answer is noted; `rest` is the answer, or the question stands."""
    if not any(map(str.isalnum, rest)):
        return ask_to_confirm_again(ctx.learnt(fixes=None), noted)
    turn = step(replace(ctx, heard=replace(ctx.heard, text=rest)))
    if turn.step is not None:
        turn = replace(turn, learned={"fault": ctx.draft["fault"], **turn.learned})
    return after(noted, turn)


def ask_anew(ctx: Context, what: str) -> Turn:
    """The question of one part once more; its answer replaces what was said before."""
    ctx = ctx.learnt(fixes=what)
    buttons = (choice("as_it_is"),)
    match what:
        case "symptom":
            return asked(ctx, Step.SYMPTOM, "incident.ask_symptom_anew", {}, buttons)
        case "place":
            facts = {"place": place_of(ctx)}
            return asked(ctx, Step.PLACE, "incident.ask_place_anew", facts, buttons)
        case _:
            return asked(ctx, Step.PROFILE, "profile.ask_anew", {}, buttons)


def ask_again(ctx: Context) -> Turn:
    """The question that waits, after something else was said."""
    what = ctx.draft.get("fixes")
    return ask_anew(ctx, what) if what else next_question(ctx)
