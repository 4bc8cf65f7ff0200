"""Corrections to an open ticket: 时间改成明天上午, 电话写错了,是13900001111."""

from domain.lifecycle import OPEN_STATUSES
from handlers.dialog import Command, Context, Say, Turn, answer, order
from nlp.amendment import is_amendment
from nlp.wish import read_wish
from services.views import TicketView, Wished


def overheard(ctx: Context) -> Turn | None:
    """The engineer is told in the person's words, and a time is kept with the ticket."""
    if not is_amendment(ctx.text, ctx.now):
        return None
    ticket = _ticket(ctx)
    if ticket is None:
        return None
    wish = read_wish(ctx.text, ctx.now)
    wished = Wished(wish.words, wish.begins, wish.ends) if wish else None
    amended = ctx.desk.amend(ticket.id, ctx.text.strip(), wished)
    engineer = amended.assignee.name if amended.assignee else None
    words = ctx.text.strip().rstrip("。.")
    facts = {"number": amended.short, "words": words, "engineer": engineer}
    look = (order(Command.SHOW, amended.number, "button.follow"),)
    return answer(Say("incident.amended_later", facts, look), ticket_id=amended.id)


def _ticket(ctx: Context) -> TicketView | None:
    """The one last spoken of, else the only one that is worked on."""
    mine = [each for each in ctx.desk.my_tickets() if each.status in OPEN_STATUSES]
    spoken_of = [each for each in mine if each.id == ctx.ticket_id]
    if spoken_of:
        return spoken_of[0]
    return mine[0] if len(mine) == 1 else None
