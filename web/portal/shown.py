"""What the portal says of an act that was just done; most of it as on a phone."""

from domain.sentence import Say
from services.views import TicketView
from web.h5 import shown
from web.page import said


def done(name: str, ticket: TicketView) -> str:
    """Nothing for a name that is none."""
    if name == "report_here":  # no message reaches them: the page is where they look
        return said(Say("portal.done.report_here", {"number": ticket.number}))
    return shown.done(name, ticket)
