"""What a complaint still has to ask, in the order in which it asks; nothing left: registered."""

from domain.complaints import About
from domain.numbers import short_number
from handlers.complaint_draft import Step, asked, words_of
from handlers.dialog import (
    Button,
    Command,
    Context,
    Page,
    Say,
    Turn,
    Word,
    choice,
    order,
)
from handlers.requester_profile import missing_words
from services.complaints import naming, submitting
from services.complaints.submitting import Submission
from services.complaints.views import ComplaintView
from services.views import TicketView

_SYMPTOM_SHOWN = 12  # characters of a line to tap

SURE_BUTTONS = (choice("complain"), choice("report", "button.report_instead"))


def next_question(ctx: Context) -> Turn:
    """The first thing that is missing is asked for."""
    draft = ctx.draft
    offered = naming.tickets(ctx.desk) if draft["about"] is None else ()
    if not draft["is_sure"] and not (draft.get("is_clear") and offered):
        return ask_sure(ctx)
    if offered:
        return ask_which(ctx)
    if draft["about"] is None:
        ctx = ctx.learnt(about=About.SERVICE.value)
    if not draft["is_told"]:
        return ask_words(ctx)
    return ask_profile(ctx) if ctx.speaker.missing else registered(ctx)


def ask_sure(ctx: Context) -> Turn:
    return asked(ctx, Step.SURE, "complain.ask", SURE_BUTTONS)


def ask_which(ctx: Context) -> Turn:
    """Where the words leave no doubt, this is the only question whether it is a complaint."""
    key = "complain.which" if ctx.draft["is_sure"] else "complain.which_first"
    return asked(ctx, Step.WHICH, key, which_buttons(ctx))


def which_buttons(ctx: Context) -> tuple[Button, ...]:
    others = (choice("other_matter"), choice("whole_service"))
    way_out = () if ctx.draft["is_sure"] else (choice("report", "button.report_instead"),)
    return (*map(_line, naming.tickets(ctx.desk)), *others, *way_out)


def _line(ticket: TicketView) -> Button:
    engineer = ticket.assignee.name if ticket.assignee else None
    facts = {"short": ticket.short, "symptom": ticket.symptom[:_SYMPTOM_SHOWN]}
    return choice(ticket.number, "button.complained_ticket", **facts, engineer=engineer)


def ask_words(ctx: Context) -> Turn:
    """Who it was is asked with it, where nobody was named."""
    is_known = bool(ctx.draft["ticket_id"] or ctx.draft["people"])
    key = "complain.ask_words" if is_known else "complain.ask_words_and_who"
    return asked(ctx.learnt(asked_words=True), Step.WORDS, key, words_buttons(ctx))


def words_buttons(ctx: Context) -> tuple[Button, ...]:
    """What was said at first may be all that there is to say."""
    return (choice("enough"),) if words_of(ctx) else ()


def ask_profile(ctx: Context) -> Turn:
    return asked(
        ctx, Step.PROFILE, "complain.ask_profile", facts=missing_words(ctx.speaker.missing)
    )


# --- the end -------------------------------------------------------------------------------------


def registered(ctx: Context) -> Turn:
    """It has a number; what is said or sent next may still belong to it."""
    draft = ctx.draft
    complaint = submitting.submit(
        ctx.desk,
        Submission(
            words=words_of(ctx),
            about=About(draft["about"]),
            ticket_id=draft["ticket_id"],
            people=tuple(draft["people"]),
            messages=tuple(draft["messages"]),
        ),
    )
    say = _said(ctx, complaint)
    if draft.get("paused"):
        return Turn((say,))  # the report that was interrupted goes on
    kept = {"complaint_id": complaint.id, "number": complaint.number, "was_asked": False}
    return Turn((say,), "more", kept, into="add_to_complaint", is_instead=True)


def _said(ctx: Context, complaint: ComplaintView) -> Say:
    """Who sees to it by when; and that nobody is told who complained, if it was not said yet."""
    key = "complain.registered" if complaint.verifier else "complain.registered_with_head"
    facts = {
        **complaint.facts,
        "short": short_number(complaint.number),
        "subject": ctx.draft["subject"],
        "unnamed": None if ctx.draft.get("asked_words") else Word("complain.unnamed"),
    }
    buttons = (
        order(Command.ADD_TO_COMPLAINT, complaint.number),
        order(Command.WITHDRAW_COMPLAINT, complaint.number),
    )
    return Say(key, facts, buttons, page_of(complaint.number))


def page_of(number: str) -> Page:
    return Page(f"/h5/complaints/{number}", "page.complaint")
