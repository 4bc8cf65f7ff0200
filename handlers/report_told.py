"""What is wrong, as it is told: read from words, asked for, sorted out when it is two things."""

from collections.abc import Collection
from dataclasses import replace

from domain.category import Category
from domain.commands import Command
from handlers import complain
from handlers import fault as faults
from handlers.device_meant import of_the_desk
from handlers.dialog import Choice, Context, Say, Turn, choice, finish, order, unclear
from handlers.fault import Fault
from handlers.fault_retold import answered, of_device, replaced
from handlers.report_confirmed import opened
from handlers.report_draft import Step, after, fault_of, with_fault
from handlers.report_questions import (
    ask_symptom,
    ask_to_confirm_again,
    ask_which_faults,
    ask_wish,
    category_buttons,
    category_values,
    is_ready,
    next_question,
)
from handlers.report_wishes import heard
from handlers.requester_profile import has_anything, introduced
from nlp.commands import read_command
from nlp.contact import read_contact
from nlp.incident import read_correction, split_incidents
from nlp.intents import Intent

_NO_FAULT = frozenset(Intent) - {Intent.REPORT, Intent.REQUEST, Intent.HOWTO}

HOW_TO_BUTTONS = (choice("report"), order(Command.HUMAN))


def told(ctx: Context) -> Turn:
    """Everything that the words hold is taken; what they leave open is asked."""
    ctx, contact, _ = heard(ctx, read_contact(ctx.text))
    ctx = introduced(ctx, contact)
    newer = faults.of(ctx.text, ctx.reading, ctx.incident)
    whole = answered(fault_of(ctx), newer)
    parts = split_incidents(ctx.text)
    whole = whole if len(parts) > 1 else of_the_desk(ctx, whole)
    ctx = with_fault(ctx, whole)
    if len(parts) > 1:
        ctx = ctx.learnt(parts=[part.to_json() for part in _parts(parts, whole)])
    return next_question(ctx)


def _parts(texts: Collection[str], whole: Fault) -> list[Fault]:
    """Each fault by itself; of the device that was scanned is the first one of its kind."""
    parts = [_part(text, whole) for text in texts]
    if whole.device_code:
        kinds = [part.category for part in parts]
        place = kinds.index(whole.category) if whole.category in kinds else 0
        parts[place] = of_device(whole, parts[place])
    return parts


def _part(words: str, whole: Fault) -> Fault:
    """One of several faults; place and haste were said of all of them."""
    part = faults.told_in(words)
    urgency = whole.urgency if whole.is_urgent else part.urgency
    return replace(
        part,
        place=part.place or whole.place,
        urgency=urgency,
        behalf_of=whole.behalf_of,
        wished=whole.wished,
    )


def symptom_given(ctx: Context) -> Turn:
    """The answer to «what is wrong?»."""
    if ctx.surely_means(Intent.COMPLAIN):
        return complain.begin(ctx)
    if ctx.choice is Choice.CANCEL:
        return finish("incident.cancelled")
    newer = faults.of(ctx.text, ctx.reading, ctx.incident)
    if newer.symptom and (newer.is_told or not _is_chat(ctx)):
        return _fixed(ctx, newer) if ctx.draft.get("fixes") else told(ctx)
    if ctx.surely_means(Intent.THANKS):
        return ask_symptom(ctx)
    ctx, contact, changes = heard(ctx, read_contact(ctx.text))
    fault = fault_of(ctx)
    if newer.place is None and not has_anything(contact) and not changes:
        return _symptom_unclear(fault)
    place = fault.place if fault.device_code else newer.place or fault.place
    turn = ask_symptom(with_fault(introduced(ctx, contact), replace(fault, place=place)))
    return after(changes, turn)


def _symptom_unclear(fault: Fault) -> Turn:
    if fault.device_code:
        return unclear(Step.SYMPTOM, "device.unclear", device=fault.device)
    return unclear(Step.SYMPTOM, "incident.symptom_unclear")


def _fixed(ctx: Context, newer: Fault) -> Turn:
    fault = replaced(fault_of(ctx), newer)
    change = Say("incident.amended.fault", {"symptom": fault.symptom})
    return ask_to_confirm_again(with_fault(ctx.learnt(fixes=None), fault), (change,))


def _is_chat(ctx: Context) -> bool:
    return ctx.surely_means(*_NO_FAULT) and ctx.incident.device is None


# --- which kind of thing ---------------------------------------------------------------------


def category_given(ctx: Context) -> Turn:
    """Tapped, named by its place, or told: OA 打不开. Whatever is told else is of no known kind."""
    named = ctx.option(category_values(ctx))
    if named is not None:
        return next_question(with_fault(ctx, replace(fault_of(ctx), category=named)))
    meant = read_correction(ctx.text)
    newer = faults.told_in(meant) if meant else faults.of(ctx.text, ctx.reading, ctx.incident)
    if newer.place and not newer.symptom:
        ctx = with_fault(ctx, replace(fault_of(ctx), place=newer.place))
        return after((Say("incident.place_noted", {"place": newer.place}),), next_question(ctx))
    if not newer.symptom or ctx.surely_means(Intent.COMPLAIN):
        buttons = category_buttons(ctx)
        return unclear(Step.CATEGORY, "incident.category_unclear", buttons=buttons)
    return next_question(with_fault(ctx, _of_a_kind(fault_of(ctx), newer)))


def _of_a_kind(fault: Fault, newer: Fault) -> Fault:
    if newer.is_told and not newer.lacks_symptom:
        return _sorted(replaced(fault, newer))
    if newer.device and not fault.device:
        symptom = f"{newer.device}{fault.symptom}"
        fault = replace(fault, symptom=symptom, device=newer.device)
    words = "\n".join((fault.words, newer.words))
    return _sorted(replace(fault, words=words, category=newer.category))


def _sorted(fault: Fault) -> Fault:
    """Asked once is enough: what has no kind now is sorted by the desk."""
    return replace(fault, category=fault.category or Category.OTHER.value)


# --- two things at once ----------------------------------------------------------------------


def faults_chosen(ctx: Context) -> Turn:
    """All of them, one after the other, or only one."""
    parts = ctx.draft["parts"]
    numbers = [str(number) for number in range(1, len(parts) + 1)]
    only = ctx.option(numbers)
    if only is not None:
        chosen = [parts[int(only) - 1]]
    elif ctx.tapped == "all" or ctx.choice is Choice.YES:
        chosen = parts
    elif ctx.choice is Choice.CANCEL:
        return finish("incident.cancelled")
    else:
        buttons = ask_which_faults(ctx).says[0].buttons
        return unclear(Step.TWO_FAULTS, "incident.which_unclear", buttons=buttons)
    is_shown = is_ready(ctx)
    ctx = ctx.learnt(parts=None, fault=chosen[0], rest=chosen[1:], are_parts=True)
    return opened(ctx.learnt(are_sure=True)) if is_shown else next_question(ctx)


# --- no fault, perhaps -----------------------------------------------------------------------


def wish_given(ctx: Context) -> Turn:
    """A question was heard: is it to be reported, or what else?"""
    if ctx.tapped == "report" or _orders_report(ctx):
        return reported_after_all(ctx)
    if ctx.surely_means(Intent.COMPLAIN):
        return complain.begin(ctx)
    if faults.of(ctx.text, ctx.reading, ctx.incident).is_told:
        return told(ctx)
    if ctx.choice in (Choice.NO, Choice.CANCEL) or ctx.surely_means(Intent.THANKS):
        return finish("conversation.stopped")
    return unclear(Step.WISH, "how_to.unclear", buttons=HOW_TO_BUTTONS)


def ask_wish_again(ctx: Context) -> Turn:
    return ask_wish(ctx, "how_to", "how_to.ask", HOW_TO_BUTTONS)


def _orders_report(ctx: Context) -> bool:
    """报修; 不是,是报修."""
    if ctx.heard.tap is not None:
        return False
    ordered = read_command(read_correction(ctx.text) or ctx.text)
    return ordered is not None and ordered.command is Command.REPORT


def reported_after_all(ctx: Context) -> Turn:
    """The first words are the report, if they name a thing; else what is wrong is asked for."""
    said = ctx.draft["said"]
    newer = faults.told_in(said)
    if newer.device is None and newer.category is None:
        newer = Fault(words=said, place=newer.place)
    return next_question(with_fault(ctx, newer))
