"""The end of a report: a yes opens the ticket, anything else amends it (F5)."""

from dataclasses import replace

from domain.commands import Command
from domain.priority import Urgency
from handlers import fault as faults
from handlers.amend_report import amended, with_urgency
from handlers.dialog import Choice, Context, Say, Turn, finish, unclear
from handlers.report_draft import READ_IN, Step, after, fault_of, place_of, with_fault
from handlers.report_opened import opened_says
from handlers.report_questions import ask_anew, ask_to_confirm_again, next_question
from handlers.report_summary import ask_what_to_amend, confirm_buttons
from handlers.try_first import no_help, tried_first
from nlp.amendment import read_part
from nlp.commands import read_command


def choice_given(ctx: Context) -> Turn:
    """A yes, or whatever else the summary made the person say."""
    tried = tried_first(ctx, confirm_buttons())
    if tried is not None:
        return tried
    if ctx.choice is Choice.YES or _orders_it(ctx):
        return opened(ctx)
    if ctx.choice is Choice.CANCEL:
        return finish("incident.cancelled")
    ctx, changes = _amended(ctx)
    if changes:
        return ask_to_confirm_again(ctx, changes)
    if ctx.choice in (Choice.AMEND, Choice.NO):
        return ask_what_to_amend(ctx)
    return unclear(Step.CONFIRM, "incident.confirm_unclear", buttons=confirm_buttons())


def _orders_it(ctx: Context) -> bool:
    """报修 is a yes here."""
    ordered = None if ctx.heard.tap else read_command(ctx.text)
    return ordered is not None and ordered.command is Command.REPORT


def _amended(ctx: Context) -> tuple[Context, tuple[Say, ...]]:
    return (ctx, ()) if ctx.tapped is not None else amended(ctx)


def amendment_given(ctx: Context) -> Turn:
    """What shall be changed was tapped, or the change itself was said."""
    match ctx.tapped or read_part(ctx.text):
        case "haste":
            return ask_to_confirm_again(*with_urgency(ctx, Urgency.HIGH))
        case "calm":
            return ask_to_confirm_again(*with_urgency(ctx, Urgency.NORMAL))
        case "as_it_is":
            return next_question(ctx)
        case "symptom" | "place" | "contact" as what:
            return ask_anew(ctx, what)
    if ctx.choice is Choice.YES:
        return opened(ctx)
    if ctx.choice is Choice.CANCEL:
        return finish("incident.cancelled")
    ctx, changes = amended(ctx, replaces=True)
    if changes:
        return ask_to_confirm_again(ctx, changes)
    if ctx.choice is Choice.NO:
        return next_question(ctx)
    return unclear(
        Step.AMEND, "incident.amend_unclear", buttons=ask_what_to_amend(ctx).says[0].buttons
    )


# --- the ticket ------------------------------------------------------------------------------


def opened(ctx: Context, *, is_further: bool = False) -> Turn:
    """Opens the ticket; another fault that was told with it goes on by itself."""
    fault = replace(fault_of(ctx), place=place_of(ctx))
    if ctx.speaker.office is None and not fault.device_code:  # a printer's corner is no office
        ctx = replace(ctx, speaker=ctx.desk.learn_profile(office=fault.place))
    is_part = bool(ctx.draft.get("are_parts"))
    report = replace(fault.report(), read_in=ctx.draft.get(READ_IN), is_part=is_part)
    done = ctx.desk.report(report, is_further=is_further)
    ctx = no_help(ctx, done.ticket.id)
    rest = ctx.draft.get("rest") or []
    if not rest:
        return Turn((opened_says(done),), ticket_id=done.ticket.id)
    following = faults.from_json(rest[0])
    following = replace(following, place=following.place or fault.place)
    ctx = with_fault(ctx.learnt(rest=rest[1:], are_parts=True), following)
    if ctx.draft.get("are_sure"):
        return after((opened_says(done),), opened(ctx, is_further=True))
    turn = after((opened_says(done), Say("incident.now_the_other")), next_question(ctx))
    return replace(turn, ticket_id=done.ticket.id)
