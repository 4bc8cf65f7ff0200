"""Which of the requester's tickets is meant: the named one, the only one, or one to be tapped."""

from collections.abc import Collection

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES, Status
from domain.refusals import NotFound, Refusal
from handlers.dialog import Context, Facts, Say, StepFunction, Turn, answer, order
from nlp.ticket_ref import read_ticket_ref
from services.views import TicketView

_LISTED = 8  # a tappable message holds ten lines


def unsolved(ctx: Context) -> tuple[TicketView, ...]:
    """Tickets that the desk still works on."""
    return tuple(each for each in ctx.desk.my_tickets() if each.status in OPEN_STATUSES)


def to_settle(ctx: Context) -> tuple[TicketView, ...]:
    """Tickets that wait for the requester to say whether they are solved."""
    return tuple(each for each in ctx.desk.my_tickets() if each.status is Status.RESOLVED)


def named(ctx: Context, among: Collection[TicketView]) -> TicketView | None:
    """The ticket that the order or the words name; an extension in the words names none."""
    if ctx.number is not None:
        return ctx.desk.find(ctx.number, among)
    reference = None if ctx.heard.tap else read_ticket_ref(ctx.text)
    if reference is None:
        return None
    try:
        return ctx.desk.find(reference, among)
    except NotFound:
        if "-" in reference:
            raise
        return None


def one_of(ctx: Context, tickets: Collection[TicketView]) -> TicketView | None:
    """The named ticket, else the only one; None if nothing or too much comes into question."""
    found = named(ctx, tickets)
    if found is None and len(tickets) == 1:
        return next(iter(tickets))
    return found


def ended_by_refusal(step: StepFunction) -> StepFunction:
    """The ticket has moved on, so the question is no more: a no ends the conversation."""

    def given(ctx: Context) -> Turn:
        try:
            return step(ctx)
        except Refusal as no:
            return Turn((Say(no.text_key, no.facts),))

    return given


def ask_which(command: Command, tickets: Collection[TicketView]) -> Turn:
    """Each line is the order itself with the number, so that no step has to wait."""
    listed = list(tickets)[-_LISTED:]
    buttons = tuple(
        order(command, each.number, "button.that_one", short=each.short) for each in listed
    )
    facts: Facts = {"tickets": tuple(map(_line, listed))}
    return answer(Say(f"follow.which.{command.value}", facts, buttons))


def _line(ticket: TicketView) -> Say:
    return Say("follow.short_line", {"number": ticket.short, "symptom": ticket.symptom})
