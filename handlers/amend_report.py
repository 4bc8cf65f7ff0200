"""Corrections in words: 不是打印机,是电脑没网; 地点改成 A座306; 电话 13900001111; 加急."""

from dataclasses import replace

from domain.priority import Urgency
from handlers import fault as faults
from handlers.dialog import Choice, Context, Say
from handlers.fault import Fault
from handlers.fault_retold import joined, of_another_thing, replaced
from handlers.report_draft import fault_of, kind_of, with_fault
from handlers.report_wishes import heard
from handlers.requester_profile import card, has_anything, learnt_from
from nlp.contact import Contact, read_contact
from nlp.english import says_calm
from nlp.incident import read_correction, split_incidents
from nlp.patterns import words_in
from nlp.wording import folded

_NOT_URGENT = words_in("incidents", "not_urgent")

Amended = tuple[Context, tuple[Say, ...]]
"""The report after the words, and a sentence for each thing that they changed."""


def speaks_of_fault(ctx: Context) -> bool:
    """Whether a message that should say who or where says (also) what is wrong."""
    meant, newer = _newer(ctx)
    return _is_of_fault(newer, meant)


def amended(ctx: Context, *, replaces: bool = False) -> Amended:
    """Everything that the words change; with `replaces` a fault takes the old one's place."""
    meant, newer = _newer(ctx)
    says: tuple[Say, ...] = ()
    is_of_fault = _is_of_fault(newer, meant)
    if is_of_fault and (meant or ctx.choice is Choice.UNCLEAR):
        ctx, says = _fault_amended(ctx, newer, replaces=replaces or meant is not None)
    is_of_thing = _is_only_a_thing(newer, meant)
    if is_of_thing:
        ctx, says = _thing_amended(ctx, newer)
    is_of_person = bool(meant) and not is_of_fault and not is_of_thing
    contact = read_contact(meant or ctx.text, expect_all=is_of_person)
    ctx, contact, more = heard(ctx, contact)
    says += more
    for change in (_place_amended, _contact_amended, _urgency_amended):
        ctx, more = change(ctx, newer, contact)
        says += more
    return ctx, says


def _newer(ctx: Context) -> tuple[str | None, Fault]:
    """What is meant instead, if the words correct something; and the fault that they tell of."""
    meant = read_correction(ctx.text)
    newer = faults.told_in(meant) if meant else faults.of(ctx.text, ctx.reading, ctx.incident)
    return meant, replace(newer, words=ctx.text.strip())


def _is_of_fault(newer: Fault, meant: str | None) -> bool:
    """换个地方,在B座201 speaks of a place, and 还有电话 13900001111 of a person."""
    if not newer.is_told or newer.lacks_symptom:
        return False
    if meant:
        return True
    if newer.device is None or has_anything(read_contact(newer.words)):
        return newer.category is not None and newer.is_surely_told
    return True


def _is_only_a_thing(newer: Fault, meant: str | None) -> bool:
    return bool(meant and newer.device) and folded(meant or "") == folded(newer.device or "")


def _fault_amended(ctx: Context, newer: Fault, *, replaces: bool) -> Amended:
    fault = fault_of(ctx)
    if replaces:
        changed = replaced(fault, newer)
    elif newer.category in (None, fault.category) or newer.device in (None, fault.device):
        changed = joined(fault, newer)
    else:
        return _one_more(ctx, newer)
    return with_fault(ctx, changed), (_told_again(changed),)


def _thing_amended(ctx: Context, newer: Fault) -> Amended:
    """不是打印机,是电脑: the same is wrong, with something else."""
    fault = fault_of(ctx)
    if newer.device == fault.device or fault.lacks_symptom:
        return ctx, ()
    changed = of_another_thing(fault, newer)
    again = faults.told_in(changed.symptom)  # of which kind that is, is asked unless it is sure
    changed = replace(changed, category=again.category, guesses=again.guesses)
    return with_fault(ctx, changed), (_told_again(changed),)


def _told_again(fault: Fault) -> Say:
    return Say("incident.amended.fault", {"symptom": fault.symptom, **kind_of(fault)})


def _one_more(ctx: Context, newer: Fault) -> Amended:
    """Another thing is broken as well: it is reported after this one."""
    *_, last = split_incidents(f"{fault_of(ctx).symptom},{newer.words}")
    if len(last) <= len(newer.words):
        newer = replace(newer, symptom=faults.told_in(last).symptom or newer.symptom)
    rest = [*(ctx.draft.get("rest") or ()), newer.to_json()]
    return ctx.learnt(rest=rest), (Say("incident.one_more", {"symptom": newer.symptom}),)


def _place_amended(ctx: Context, newer: Fault, contact: Contact) -> Amended:
    fault = fault_of(ctx)
    place = newer.place or contact.office
    if place in (None, fault.place):
        return ctx, ()
    if fault.device_code and not read_correction(ctx.text):
        return ctx, ()  # where a device is, its code says; unless that is corrected
    changed = with_fault(ctx, replace(fault, place=place))
    return changed, (Say("incident.amended.place", {"place": place}),)


def _contact_amended(ctx: Context, newer: Fault, contact: Contact) -> Amended:
    """The place of this fault is no new office of the person."""
    said = replace(contact, office=None)
    if not has_anything(said):
        return ctx, ()
    ctx = learnt_from(ctx, said)
    return ctx, (Say("incident.amended.contact", card(ctx)),)


def _urgency_amended(ctx: Context, newer: Fault, contact: Contact) -> Amended:
    if newer.is_told and newer.device:
        return ctx, ()  # said of the fault, and taken with it
    if ctx.incident.is_urgent:
        return with_urgency(ctx, Urgency.HIGH)
    seen = folded(ctx.text)
    if seen.startswith(_NOT_URGENT) or says_calm(seen):
        return with_urgency(ctx, Urgency.NORMAL)
    return ctx, ()


def with_urgency(ctx: Context, urgency: Urgency) -> Amended:
    fault = replace(fault_of(ctx), urgency=urgency.value)
    return with_fault(ctx, fault), (Say(f"incident.amended.{urgency.value}"),)
