"""Corrections to an open ticket: 时间改成明天上午, 地点改成B座201, 电话写错了,是13900001111."""

from domain.lifecycle import ENDED_STATUSES, OPEN_STATUSES, Status
from handlers.dialog import Command, Context, Facts, Say, Turn, Word, answer, order
from handlers.requester_profile import learnt_from
from nlp import amendment
from nlp.amendment import read_amendment
from nlp.contact import Contact
from services.views import Amendment, TicketView, Wished

_FACTS = ("place", "contact_phone", "device")


def overheard(ctx: Context) -> Turn | None:
    """The ticket holds what is so now, and the engineer is told once, in the person's words."""
    said = read_amendment(ctx.text, ctx.now)
    if said is None:
        return None
    ticket = _ticket(ctx)
    if ticket is None:
        return _ended(ctx) if said.is_of_facts else None
    told = _told(ctx, said)
    amended = ctx.desk.amend(ticket.id, ctx.text.strip(), told)
    if told.phone and ticket.contact_name == ctx.speaker.name:
        learnt_from(ctx, _reached_by(told.phone))
    return answer(_say(ctx, ticket, amended), ticket_id=amended.id)


def _told(ctx: Context, said: amendment.Amendment) -> Amendment:
    """As the desk takes it; a code that it does not know stays in the words alone."""
    device = ctx.desk.device(said.device_code) if said.device_code else None
    wish = said.wish
    return Amendment(
        place=said.place,
        phone=said.number,
        device=device.name if device else said.device,
        device_code=device.code if device else None,
        wished=Wished(wish.words, wish.begins, wish.ends) if wish else None,
    )


_MOBILE_DIGITS = 7  # a number with fewer is one of the house


def _reached_by(number: str) -> Contact:
    if len(number) < _MOBILE_DIGITS:
        return Contact(extension=number)
    return Contact(phone=number)


def _say(ctx: Context, before: TicketView, after: TicketView) -> Say:
    engineer = after.assignee.name if after.assignee else None
    look = (order(Command.SHOW, after.number, "button.follow"),)
    changes = tuple(
        _change(name, getattr(before, name), getattr(after, name))
        for name in _FACTS
        if getattr(before, name) != getattr(after, name)
    )
    facts: Facts = {"number": after.short, "engineer": engineer}
    if changes:
        return Say("incident.amended_facts", {**facts, "changes": changes}, look)
    words = ctx.text.strip().rstrip("。.")
    return Say("incident.amended_later", {**facts, "words": words}, look)


def _change(name: str, before: str | None, after: str) -> Say:
    was = before or Word("corrected.nothing")
    return Say("corrected.line", {"what": Word(f"corrected.{name}"), "before": was, "after": after})


def _ticket(ctx: Context) -> TicketView | None:
    """The one last spoken of, else the only one that is worked on."""
    mine = [each for each in ctx.desk.my_tickets() if each.status in OPEN_STATUSES]
    spoken_of = [each for each in mine if each.id == ctx.ticket_id]
    if spoken_of:
        return spoken_of[0]
    return mine[0] if len(mine) == 1 else None


def _ended(ctx: Context) -> Turn | None:
    """What is done cannot be amended; the way on is shown."""
    if any(each.status in OPEN_STATUSES for each in ctx.desk.my_tickets()):
        return None
    done = [each for each in ctx.desk.my_tickets() if each.status is Status.RESOLVED]
    ended = done[-1] if done else ctx.desk.my_last_ended()
    if ended is None or ended.status not in (*ENDED_STATUSES, Status.RESOLVED):
        return None
    facts: Facts = {
        "number": ended.short,
        "symptom": ended.symptom,
        "status": Word(f"status.{ended.status.value}"),
    }
    orders = (order(Command.REOPEN, ended.number), order(Command.REPORT))
    return answer(Say("incident.amended_ended", facts, orders), ticket_id=ended.id)
