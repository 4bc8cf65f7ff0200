"""How pages word a ticket: where it stands and by when, and what was just done with it."""

from domain.sentence import Facts, Say
from services.service_calendar import due_fact
from services.views import TicketView
from web.page import said
from web.site import site

DONE = (
    "report",
    "report_unheard",
    "words",
    "urge",
    "urge_again",
    "cancel",
    "confirm",
    "reopen",
    "rate",
)


def standing(ticket: TicketView) -> str:
    """One sentence with its time; a promise that was not kept is not repeated."""
    due = ticket.response_due_at if ticket.responded_at is None else ticket.resolution_due_at
    is_late = due is not None and due < site().now()
    facts: Facts = {
        "due": None if is_late or due is None else due_fact(site().rules.hours, due),
        "late": Say("follow.late") if is_late else None,
        "until": ticket.hold_until,
    }
    return said(Say(f"h5.standing.{ticket.status.value}", facts))


def done(name: str, ticket: TicketView) -> str:
    """What the page says of the act that led to it; nothing for a name that is none."""
    if name not in DONE:
        return ""
    return said(Say(f"h5.done.{name}", {"number": ticket.number}))
