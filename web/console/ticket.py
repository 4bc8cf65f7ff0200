"""One ticket at a computer: list, work and side, moving by themselves (F11, E)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission, may
from domain.refusals import NotFound
from services import maintenance_tickets, presence, ticket_page
from services.complaints import reading
from services.desk import Desk
from services.records import stand_of
from services.ticket_page import TicketPage
from web import live
from web.acts import looking
from web.console import knowledge_beside, promise_words, ticket_shown
from web.console.routes import PATH, pages
from web.forms import Filled
from web.page import go, needs, reader, show
from web.site import site

routes = pages("ticket", "/tickets/<ticket:number>")

DONE = (
    *ticket_shown.TAPS,
    "assign",
    "undo",
    "reply",
    "reply_undo",
    "note",
    "progress",
    "hold",
    "ask_support",
    "give_support",
    "escalate",
    "quiet",
    "take_charge",
    "mute",
    "unmute",
    "transfer",
    "decline",
    "resolve",
    "reopen",
    "cancel",
    "correct",
    "merge",
    "link",
    "unlink",
    "split",
    "retry",
    "follow",
    "unfollow",
    "explain",
)


@routes.get("")
@needs(Permission.TICKET_READ)
def one(number: str) -> Response:
    """For those who work here; who only reported it has a page of their own."""
    try:
        return drawn(number)
    except NotFound:
        with looking() as desk:
            desk.find(number)
        return go(f"/portal/tickets/{number}")


def drawn(number: str, filled: Filled | None = None, status: int = 200) -> Response:
    """The whole page; `filled`: words that could not be sent, and why."""
    be_there(number, is_typing=False)
    with looking() as desk:
        page = ticket_page.page(desk, number)
        side = ticket_page.side(desk, number)
        facts = {
            **_main_facts(page),
            "complaints": _complaints(desk, number),
            "maintained": maintenance_tickets.of_ticket(desk.session, page.ticket.id, desk.now),
            "side": side,
            "neighbours": ticket_page.neighbours(desk),
            "main_mark": live.mark(_state(desk, number)),
            "side_mark": live.mark(repr(side)),
            "composer": _composer(desk, page),
            "known": knowledge_beside.facts(desk, page.ticket),
        }
    return show(
        "console/ticket/ticket.html", status, filled=filled or Filled(), done=_done(), **facts
    )


def _composer(desk: Desk, page: TicketPage) -> ticket_shown.Composer | None:
    ticket = ticket_page.find(desk, page.ticket.number)
    stand, roles = stand_of(desk.session, desk.actor, ticket), desk.actor.roles
    return ticket_shown.composer(
        desk,
        page,
        may_reply=may(roles, Permission.CONVERSATION_TAKE),
        may_note=may(roles, Permission.TICKET_NOTE, stand),
    )


def _main_facts(page: TicketPage) -> dict[str, Any]:
    return {
        "page": page,
        "ticket": page.ticket,
        "blocks": ticket_shown.blocks(page.lines),
        "bar": ticket_shown.bar(page),
        "shown": ticket_shown,
        "of_promises": promise_words,
        "way": f"{PATH}/tickets/{page.ticket.number}",
        "now": site().now(),
    }


def _done() -> str:
    name = request.args.get("done", "")
    return name if name in DONE else ""


# --- what moves by itself -------------------------------------------------------------------------


@routes.get("/live")
@needs(Permission.TICKET_READ)
def main(number: str) -> Response:
    """Head and timeline; that it is asked for says that its reader is there."""
    be_there(number, is_typing=request.args.get("typing") == "1")
    with looking() as desk:
        state = _state(desk, number)

        def facts() -> dict[str, Any]:
            page = ticket_page.page(desk, number)
            maintained = maintenance_tickets.of_ticket(desk.session, page.ticket.id, desk.now)
            beside = {"complaints": _complaints(desk, number), "maintained": maintained}
            return {**_main_facts(page), **beside}

        return live.part("console/ticket/main.html", state, facts)


def _state(desk: Desk, number: str) -> list[Any]:
    return [*ticket_page.state(desk, number), *_complaints(desk, number)]


def _complaints(desk: Desk, number: str) -> list[tuple[str, str]]:
    """Number and status of those about it, for who sees to them; nothing for others (P8)."""
    found = reading.of_ticket(desk, ticket_page.find(desk, number).id)
    return [(each.number, each.status.value) for each in found if not each.is_mine]


@routes.get("/side")
@needs(Permission.TICKET_READ)
def side(number: str) -> Response:
    with looking() as desk:
        found = ticket_page.side(desk, number)
        page = ticket_page.page(desk, number)
    facts = {**_main_facts(page), "side": found}
    return live.part("console/ticket/side.html", repr(found), lambda: facts)


def be_there(number: str, *, is_typing: bool) -> None:
    """A page that is read writes nothing, but for this: that somebody has it open (C §5)."""
    now, me = site().now(), reader().id
    with looking() as desk:
        ticket_id = ticket_page.find(desk, number).id
        is_due = presence.is_due(desk.session, ticket_id, me, now, is_typing=is_typing)
    if is_due:
        with site().database.transaction() as session:
            presence.note(session, ticket_id, me, now, is_typing=is_typing)
