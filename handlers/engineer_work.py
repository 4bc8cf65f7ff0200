"""What an engineer does with a ticket in one message: accept, arrive, resume, ask why."""

from domain.lifecycle import Status
from domain.numbers import short_number
from domain.permissions import Permission
from domain.refusals import AlreadyTaken, NotFound, NotYours, Refusal
from handlers.dialog import Command, Context, Facts, Say, Turn, answer, aside, order
from handlers.ticket_in_hand import is_mine, ticket_meant
from handlers.why_due import why_due
from handlers.work_lists import list_mine, list_waiting, say_waiting, ticket_facts
from services.notices import page_of
from services.views import TicketView

__all__ = [
    "accept",
    "arrive",
    "list_mine",
    "list_waiting",
    "photos",
    "resume",
    "why_me",
]

_FIRST = (Command.ARRIVE, Command.HOLD, Command.ASK_SUPPORT, Command.RESOLVE)
"""What comes next for a ticket that was just taken on."""


def accept(ctx: Context) -> Turn:
    """The first who accepts has it; others read who that was and what waits for them (W2)."""
    try:
        ticket = ticket_meant(ctx, Command.ACCEPT)
        if isinstance(ticket, Turn):
            return ticket
        if is_mine(ctx, ticket) and ticket.status in (Status.IN_PROGRESS, Status.ON_HOLD):
            return _card("work.accepted_before", ticket)
        return _card("work.accepted", ctx.desk.accept(ticket.id))
    except (AlreadyTaken, NotYours, NotFound) as no:
        return _not_got(ctx, no)


def _card(key: str, ticket: TicketView) -> Turn:
    buttons = tuple(order(each, ticket.number) for each in _FIRST)
    say = Say(key, ticket_facts(ticket), buttons, page_of(ticket.number))
    return answer(say, ticket_id=ticket.id)


def _not_got(ctx: Context, no: Refusal) -> Turn:
    whole = no.facts.get("number")
    facts = {**no.facts, "number": short_number(str(whole))} if whole else no.facts
    turn = answer(Say(no.text_key, facts))
    waiting = ctx.desk.waiting_for_me()
    return turn.also(say_waiting(waiting)) if waiting else turn


def arrive(ctx: Context) -> Turn:
    ticket = ticket_meant(ctx, Command.ARRIVE)
    if isinstance(ticket, Turn):
        return ticket
    ticket = ctx.desk.arrive(ticket.id)
    buttons = tuple(order(each, ticket.number) for each in _FIRST if each != Command.ARRIVE)
    return aside(
        "work.arrived",
        number=ticket.short,
        contact=ticket.contact_name,
        buttons=buttons,
        ticket_id=ticket.id,
    )


def resume(ctx: Context) -> Turn:
    ticket = ticket_meant(ctx, Command.RESUME)
    if isinstance(ticket, Turn):
        return ticket
    return _card("work.resumed", ctx.desk.resume(ticket.id))


def why_me(ctx: Context) -> Turn:
    """The dispatch receipt in words (F8); who waits asks about the time (R4)."""
    if not ctx.speaker.could(Permission.TICKET_READ_RECEIPT):
        return why_due(ctx)
    ticket = ticket_meant(ctx, Command.WHY)
    if isinstance(ticket, Turn):
        return ticket
    return answer(ctx.desk.receipt(ticket.id), ticket_id=ticket.id)


def photos(ctx: Context) -> Turn:
    """A reply in words can show none: they follow, each as a message of its own."""
    ticket = ticket_meant(ctx, Command.PHOTOS)
    if isinstance(ticket, Turn):
        return ticket
    counts: Facts = {each.value: n for each, n in ctx.desk.show_media(ticket.id).items()}
    key = "work.photos" if counts else "work.no_photos"
    return answer(Say(key, {**counts, "number": ticket.short}), ticket_id=ticket.id)
