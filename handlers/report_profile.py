"""Who reports, and where: asked once for all that is missing, then only for the rest (F1, R1)."""

from dataclasses import replace

from handlers.amend_report import amended, speaks_of_fault
from handlers.dialog import Context, Say, Turn, unclear
from handlers.report_draft import Step, after, fault_of, missing_of, with_fault
from handlers.report_questions import ask_to_confirm_again, next_question
from handlers.report_wishes import heard
from handlers.requester_profile import card, has_anything, learnt_from, missing_words
from nlp.contact import Contact, read_contact
from nlp.incident import read_place
from nlp.intents import Intent


def profile_given(ctx: Context) -> Turn:
    """One message may hold all of it, parts of it, or a correction of the fault.

    Each question is for less than the one before; an answer that adds nothing is a miss.
    """
    before = (missing_of(ctx), card(ctx))
    changes: tuple[Say, ...] = ()
    is_of_fault = speaks_of_fault(ctx)
    if is_of_fault:
        ctx, told = amended(ctx)
        changes = tuple(say for say in told if say.key != "incident.amended.contact")
    contact = _contact_in(ctx, expect_all=not is_of_fault)
    ctx, contact, more = heard(ctx, contact)
    changes += tuple(say for say in more if say not in changes)
    ctx = _with_place(learnt_from(ctx, contact), contact)
    if ctx.draft.get("fixes") and has_anything(contact):
        changes = (*changes, Say("incident.amended.contact", card(ctx)))
        return ask_to_confirm_again(ctx.learnt(fixes=None), changes)
    if before == (missing_of(ctx), card(ctx)) and not changes:
        say = Say("profile.unclear", missing_words(missing_of(ctx)))
        return Turn((say,), Step.PROFILE, is_miss=True)
    return _next(ctx, changes)


def _contact_in(ctx: Context, *, expect_all: bool) -> Contact:
    """What was said of the person; 烦死了 is nobody's name."""
    contact = read_contact(ctx.text, expect_all=expect_all)
    return replace(contact, name=None) if ctx.surely_means(Intent.COMPLAIN) else contact


def _with_place(ctx: Context, contact: Contact) -> Context:
    """Asked for the place, the office that was said is where the fault is."""
    fault = fault_of(ctx)
    if fault.place or not contact.office:
        return ctx
    return with_fault(ctx, replace(fault, place=contact.office))


def _next(ctx: Context, changes: tuple[Say, ...]) -> Turn:
    if not missing_of(ctx):
        changes = (*changes, Say("profile.complete"))
    return after(changes, next_question(ctx))


def place_given(ctx: Context) -> Turn:
    """The answer to «where is it?», in the person's own words."""
    place = None if speaks_of_fault(ctx) else read_place(ctx.text)
    if place is None:
        ctx, changes = amended(ctx)
        if not changes:
            return unclear(Step.PLACE, "incident.place_unclear")
        if ctx.draft.get("fixes"):
            return ask_to_confirm_again(ctx.learnt(fixes=None), changes)
        return after(changes, next_question(ctx))
    ctx = with_fault(ctx, replace(fault_of(ctx), place=place))
    if ctx.draft.get("fixes"):
        change = Say("incident.amended.place", {"place": place})
        return ask_to_confirm_again(ctx.learnt(fixes=None), (change,))
    return next_question(ctx)
