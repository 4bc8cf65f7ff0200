"""What a person reads whose ticket was just opened: who comes, and by when (F5)."""

from handlers.called_out import called_says
from handlers.dialog import Command, Facts, Say, order
from services.notices import page_of
from services.views import Opened


def opened_says(opened: Opened) -> Say:
    """Assigned; waiting for the desk; or off hours: a promise has a time."""
    ticket = opened.ticket
    look = (order(Command.SHOW, ticket.number, "button.follow"),)
    page = page_of(ticket.number)
    hint = Say("incident.has_photos" if opened.attachments else "incident.send_photo")
    facts: Facts = {"number": ticket.number, "due": ticket.response_due_at, "hint": hint}
    if opened.called is not None:
        called = {**facts, "called": called_says(opened.called)}
        return Say("incident.opened_urgent", called, look, page)
    if ticket.assignee:
        who = {"engineer": ticket.assignee.name, "phone": ticket.assignee.phone}
        return Say("incident.opened", {**facts, **who}, look, page)
    if opened.is_desk_open:
        return Say("incident.opened_queued", facts, look, page)
    urgent = order(Command.EMERGENCY, ticket.number)
    facts = {**facts, "opens": opened.opens_at, "due": opened.answered_by}
    return Say("incident.opened_off_hours", facts, (urgent, *look), page)
