"""My tickets: the list, one of them, urging, calling off (F11).

撤掉 → SURE → cancelled, or not
"""

from dataclasses import replace
from enum import StrEnum, auto

from domain.commands import Command
from domain.lifecycle import OPEN_STATUSES
from domain.numbers import COMPLAINT_PREFIX
from domain.permissions import Permission
from handlers import my_complaints
from handlers.dialog import (
    Button,
    Choice,
    Context,
    Conversation,
    Facts,
    Medium,
    Page,
    Say,
    Turn,
    answer,
    aside,
    ask,
    choice,
    finish,
    order,
    unclear,
)
from handlers.own_ticket import ask_which, ended_by_refusal, one_of, unsolved
from handlers.requester_profile import said_alone
from handlers.spoken import also_spoken
from handlers.ticket_shown import facts_of, line, shown
from handlers.work_lists import in_hand, is_work_of
from handlers.work_lists import list_mine as list_in_hand
from nlp.ticket_ref import read_ticket_ref
from services.views import TicketView

NAME = "follow_tickets"
MINE = Page("/h5/tickets", "page.tickets")

_LISTED = 8  # a tappable message holds ten lines
_NUMBER_ONLY = 18  # characters of IT20261124-0007, with a little around it


class Step(StrEnum):
    SURE = auto()


# --- the list, and one of it -----------------------------------------------------------------


def list_mine(ctx: Context) -> Turn:
    """One ticket is shown whole; several in a line each."""
    tickets = ctx.desk.my_tickets()
    ticket = one_of(ctx, tickets)
    if ticket is not None:
        return shown(ctx, ticket)
    if not tickets:
        return aside("follow.none", buttons=(order(Command.REPORT),))
    listed = tickets[-_LISTED:]
    lines = tuple(line(each, ctx.now) for each in listed)
    looks = tuple(
        order(Command.SHOW, each.number, "button.look_at", short=each.short) for each in listed
    )
    urge_too = (order(Command.URGE),) if unsolved_among(tickets) else ()
    facts: Facts = {"count": len(tickets), "tickets": lines}
    return answer(Say("follow.list", facts, (*looks, *urge_too), MINE))


def unsolved_among(tickets: tuple[TicketView, ...]) -> bool:
    return any(each.status in OPEN_STATUSES for each in tickets)


def show(ctx: Context) -> Turn:
    """The named ticket; 看 alone is the list, and to an engineer without one the work in hand."""
    if ctx.number is not None:
        return _opened(ctx, ctx.number)
    is_at_work = ctx.speaker.could(Permission.TICKET_PROGRESS) and not ctx.desk.my_tickets()
    return list_in_hand(ctx) if is_at_work else list_mine(ctx)


def _opened(ctx: Context, number: str) -> Turn:
    """To its engineer with what may be done with it, to others with how it stands."""
    ticket = ctx.desk.find(number, ctx.desk.my_tickets())
    return in_hand(ticket) if is_work_of(ctx, ticket) else shown(ctx, ticket)


# --- urging ----------------------------------------------------------------------------------


def urge(ctx: Context) -> Turn:
    tickets = unsolved(ctx)
    ticket = one_of(ctx, tickets)
    if ticket is not None:
        return _urged(ctx, ticket)
    if tickets:
        return ask_which(Command.URGE, tickets)
    return aside("follow.nothing_to_urge", buttons=(order(Command.REPORT),))


def _urged(ctx: Context, ticket: TicketView) -> Turn:
    if ticket.status not in OPEN_STATUSES:
        return shown(ctx, ticket)
    urged = ctx.desk.urge(ticket.id)
    status = urged.ticket.status.value
    key = "follow.urged.again" if urged.is_again else f"follow.urged.{status}"
    facts = {**facts_of(urged.ticket, ctx.now), "accepted": urged.ticket.responded_at}
    return answer(Say(key, facts), ticket_id=ticket.id)


# --- calling off -----------------------------------------------------------------------------


def cancel(ctx: Context) -> Turn:
    """Asked once more before it is done, by its name."""
    tickets = unsolved(ctx)
    ticket = one_of(ctx, tickets)
    if ticket is not None and ticket.status not in OPEN_STATUSES:
        return shown(ctx, ticket)
    if ticket is not None:
        return _ask_sure(ticket)
    if tickets:
        return ask_which(Command.CANCEL_TICKET, tickets)
    return aside("follow.nothing_to_cancel", buttons=(order(Command.REPORT),))


def _ask_sure(ticket: TicketView) -> Turn:
    turn = ask(
        Step.SURE,
        "follow.sure",
        buttons=_sure_buttons(),
        ticket_id=ticket.id,
        number=ticket.short,
        symptom=ticket.symptom,
    )
    return replace(turn, into=NAME, ticket_id=ticket.id)


def _sure_buttons() -> tuple[Button, ...]:
    return choice("yes", "button.cancel_ticket"), choice("no", "button.keep")


def sure_given(ctx: Context) -> Turn:
    """撤掉 is a yes here, whichever way it is put."""
    match ctx.choice:
        case Choice.YES | Choice.CANCEL:
            ticket = ctx.desk.cancel(ctx.draft["ticket_id"])
            return finish("follow.cancelled", ticket_id=ticket.id, number=ticket.short)
        case Choice.NO:
            return finish("follow.kept", number=ctx.draft["number"])
    facts = {"number": ctx.draft["number"], "symptom": ctx.draft["symptom"]}
    return unclear(Step.SURE, "follow.sure_unclear", buttons=_sure_buttons(), **facts)


def _sure_asked_again(ctx: Context) -> Turn:
    facts = {"number": ctx.draft["number"], "symptom": ctx.draft["symptom"]}
    return answer(Say("follow.sure", facts, _sure_buttons()))


# --- said without being asked ----------------------------------------------------------------


def overheard(ctx: Context) -> Turn | None:
    """A bare number means that ticket; name and number alone say who somebody is."""
    return _number_alone(ctx) or said_alone(ctx)


def _number_alone(ctx: Context) -> Turn | None:
    text = ctx.text.strip()
    reference = read_ticket_ref(text) if len(text) <= _NUMBER_ONLY and text.isascii() else None
    if reference is None:
        return None
    if reference.startswith(COMPLAINT_PREFIX):
        return my_complaints.show(replace(ctx, number=reference))
    return _opened(ctx, reference)


CONVERSATION = Conversation(
    name=NAME,
    begin=cancel,
    steps={Step.SURE: also_spoken(ended_by_refusal(sure_given))},
    asks={Step.SURE: _sure_asked_again},
    hears=frozenset({Medium.TEXT, Medium.VOICE}),
)
