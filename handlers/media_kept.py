"""Where a photo, voice, film or place of this moment belongs (F1)."""

from domain.permissions import Permission
from domain.refusals import Refusal
from handlers.dialog import Context
from handlers.report_draft import NAME as REPORT
from services.views import Attached


def kept(ctx: Context) -> Attached:
    """A report under way gets it, else the ticket in talk or in hand; the desk knows the rest."""
    if ctx.conversation == REPORT:
        return ctx.desk.attach(ctx.heard, is_waiting=True)
    return _with_ticket_in_talk(ctx) or ctx.desk.attach(ctx.heard, _in_hand(ctx))


def _with_ticket_in_talk(ctx: Context) -> Attached | None:
    """A ticket that has ended takes nothing any more, and what was sent is kept elsewhere."""
    ticket_id = ctx.draft.get("ticket_id") if ctx.conversation else None
    if ticket_id is None:
        return None
    try:
        return ctx.desk.attach(ctx.heard, ticket_id)
    except Refusal:
        return None


def _in_hand(ctx: Context) -> int | None:
    """An engineer's photo belongs to the job in hand: the one spoken of, or the only one."""
    if not ctx.speaker.could(Permission.TICKET_ACCEPT):
        return None
    work = [ticket.id for ticket in ctx.desk.my_work()]
    if ctx.ticket_id in work:
        return ctx.ticket_id
    return work[0] if len(work) == 1 else None
