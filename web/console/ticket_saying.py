"""What is written in a ticket: replies, notes, drafts; what is taken back (C §6–§11)."""

from collections.abc import Callable

from flask import Response, make_response

from domain.permissions import Permission
from domain.sentence import Say
from services import (
    canned,
    desk_acts,
    drafts,
    misses,
    notes,
    replying,
    ticket_page,
    undelivered,
    undoing,
)
from services.desk import Desk
from web.acts import Led, once
from web.console.routes import pages
from web.console.ticket import drawn
from web.console.ticket_guard import led
from web.console.ticket_shown import open_variables
from web.forms import Field, Filled, read_form
from web.page import needs, reader
from web.site import site

routes = pages("ticket_saying", "/tickets/<ticket:number>")

_PLACES = ("reply", "note")


@routes.post("/reply")
@needs(Permission.CONVERSATION_TAKE)
def reply(number: str) -> Response:
    """To the requester; words with a variable left open do not go (C §6)."""
    filled = read_form(Field("words", replying.LONGEST, is_required=True))
    if canned.left_open(filled["words"]):
        names = open_variables(filled["words"])
        filled.problems["words"] = Say("ticket_compose.to_fill", {"names": names})
    if filled.problems:
        return drawn(number, Filled({"reply": filled["words"]}, dict(filled.problems)), 400)

    def do(desk: Desk, ticket_id: int) -> object:
        drafts.drop(desk.session, desk.actor.id, f"reply:{number}")
        return replying.reply(desk, ticket_id, filled["words"])

    return _simply(number, "reply", do, filled["words"])


@routes.post("/note")
@needs(Permission.TICKET_NOTE)
def note(number: str) -> Response:
    """For colleagues; a form of its own, so that no slip sends it to the requester."""
    filled = read_form(Field("words", notes.LONGEST, is_required=True))
    if filled.problems:
        return drawn(number, Filled({"note": filled["words"]}, {}), 400)

    def do(desk: Desk, ticket_id: int) -> object:
        drafts.drop(desk.session, desk.actor.id, f"note:{number}")
        return desk_acts.add_note(desk, ticket_id, filled["words"])

    return _simply(number, "note", do, filled["words"])


@routes.post("/draft")
@needs(Permission.TICKET_NOTE)
def draft(number: str) -> Response:
    """Saved while somebody types; theirs alone (C §8)."""
    filled = read_form(
        Field("place", choices=_PLACES, is_required=True), Field("words", drafts.LONGEST)
    )
    if filled.problems:
        return make_response("", 400)
    with site().database.transaction() as session:
        desk = Desk(session, site().now(), site().rules, reader())
        ticket_page.find(desk, number)
        place = f"{filled['place']}:{number}"
        drafts.save(session, reader().id, place, filled["words"], desk.now)
    return make_response("", 204)


@routes.post("/undo")
@needs(Permission.TICKET_DISPATCH)
def undo(number: str) -> Response:
    """The assignment of a moment ago (C §7)."""
    read_form()
    return _simply(number, "undo", undoing.undo)


@routes.post("/reply/undo")
@needs(Permission.CONVERSATION_TAKE)
def undo_reply(number: str) -> Response:
    """Its words come back into the composer."""
    read_form()

    def do(desk: Desk, ticket_id: int) -> None:
        words = replying.take_back(desk, ticket_id)
        drafts.save(desk.session, desk.actor.id, f"reply:{number}", words, desk.now)

    return _simply(number, "reply_undo", do)


@routes.post("/retry/<int(max=2147483647):notice_id>")
@needs(Permission.NOTICE_RETRY)
def retry(number: str, notice_id: int) -> Response:
    """A notice that did not get through, once more (P3)."""
    read_form()
    return _simply(number, "retry", lambda desk, _: undelivered.retry(desk, notice_id))


@routes.post("/misses/<int(max=2147483647):target_id>")
@needs(Permission.TARGET_EXPLAIN)
def explain(number: str, target_id: int) -> Response:
    """Why a promise was not kept, where the ticket is read anyway (R4)."""
    filled = read_form(Field("reason", 200, is_required=True))
    if filled.problems:
        return drawn(number, filled, 400)

    def do(desk: Desk, ticket_id: int) -> None:
        misses.explain(desk, target_id, filled["reason"], ticket_id)

    return _simply(number, "explain", do)


@routes.post("/<any(follow,unfollow):name>")
@needs(Permission.TICKET_NOTE)
def following(number: str, name: str) -> Response:
    read_form()
    return _simply(number, name, notes.follow if name == "follow" else notes.unfollow)


def _simply(number: str, name: str, do: Callable[[Desk, int], object], text: str = "") -> Response:
    """What overwrites nobody's work asks for no look at what is newer."""

    def done(desk: Desk) -> Led:
        ticket_id = ticket_page.find(desk, number).id
        do(desk, ticket_id)
        return led(number, name, ticket_id)

    return once(name, done, text)
