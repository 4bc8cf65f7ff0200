"""Talks with people in WeChat: who waits, take over, write, give back (W1, §E)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission
from services import canned, console_talk, talk_lists, talk_page
from services.desk import Desk
from services.talk_page import TalkPage
from web.acts import Led, looking, once
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.live import mark, part
from web.page import needs, show, words

routes = pages("talks", "/talks")
BASE = f"{PATH}/talks"

_WORDS = Field("words", 2000, is_required=True, missing="console_talks.nothing_said")


@routes.get("")
@needs(Permission.CONVERSATION_TAKE)
def start() -> Response:
    with looking() as desk:
        return show("console/talks/start.html", lists=talk_lists.lists(desk), here=None)


@routes.get("/list")
@needs(Permission.CONVERSATION_TAKE)
def listed() -> Response:
    """The list alone, as it moves by itself."""
    here = request.args.get("here", type=int)
    with looking() as desk:
        found = talk_lists.lists(desk)
        facts = {"lists": found, "here": here}
        return part("console/talks/list.html", found, lambda: facts)


@routes.get("/<int:person_id>")
@needs(Permission.CONVERSATION_TAKE)
def talk(person_id: int) -> Response:
    return _page(person_id, Filled())


@routes.get("/<int:person_id>/flow")
@needs(Permission.CONVERSATION_TAKE)
def flow(person_id: int) -> Response:
    """Who holds it, what may be sent, and what was said, as it moves by itself."""
    with looking() as desk:
        page = talk_page.page(desk, person_id)
        return part("console/talks/flow.html", page.state, lambda: {"page": page})


def _page(person_id: int, filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        page = talk_page.page(desk, person_id)
        facts: dict[str, Any] = {
            "page": page,
            "lists": talk_lists.lists(desk),
            "here": person_id,
            "colleagues": console_talk.colleagues(desk) if page.is_mine else (),
            "canned": _canned(desk, page),
            "filled": filled,
            "mark_of_page": mark(page.state),
            "most": console_talk.MOST_CHARACTERS,
        }
        return show("console/talks/talk.html", status, **facts)


def _canned(desk: Desk, page: TalkPage) -> list[tuple[str, str, str, bool]]:
    """Title, shortcut, words with what is known put in, and whether nothing is left open."""
    values = {"requester": page.person.name or "", "me": desk.actor.name or ""}
    if page.tickets:
        ticket = page.tickets[0]
        engineer = ticket.assignee.name if ticket.assignee else None
        facts = canned.facts_for(desk, ticket, engineer)
        values |= {name: _plain(fact) for name, fact in facts.items()}
    known = {name: value for name, value in values.items() if value}
    filled = [
        (each.title, each.shortcut, canned.filled(each.text, known)) for each in canned.listed(desk)
    ]
    return [(*each, not canned.left_open(each[2])) for each in filled]


def _plain(fact: Any) -> str:
    return words("console_talks.plain", fact=fact) if fact is not None else ""


# --- acts ----------------------------------------------------------------------------------------


@routes.post("/<int:person_id>/take")
@needs(Permission.CONVERSATION_TAKE)
def take(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        console_talk.take(desk, person_id)
        return Led(f"{BASE}/{person_id}")

    return once("talk_take", do)


@routes.post("/<int:person_id>/back")
@needs(Permission.CONVERSATION_TAKE)
def give_back(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        console_talk.give_back(desk, person_id)
        return Led(f"{BASE}/{person_id}")

    return once("talk_back", do)


@routes.post("/<int:person_id>/give")
@needs(Permission.CONVERSATION_TAKE)
def give(person_id: int) -> Response:
    filled = read_form(Field("colleague", 12, is_required=True))
    colleague = filled["colleague"]

    def do(desk: Desk) -> Led:
        console_talk.give_to(desk, person_id, int(colleague) if colleague.isdecimal() else 0)
        return Led(f"{BASE}/{person_id}")

    return once("talk_give", do)


@routes.post("/<int:person_id>/say")
@needs(Permission.CONVERSATION_TAKE)
def say(person_id: int) -> Response:
    filled = read_form(_WORDS)
    if not filled.problems and not console_talk.fits(filled["words"]):
        filled.refuse("words", "console_talks.too_long")
    if filled.problems:
        return _page(person_id, filled, 400)

    def do(desk: Desk) -> Led:
        console_talk.say(desk, person_id, filled["words"])
        return Led(f"{BASE}/{person_id}")

    return once("talk_say", do)


@routes.post("/<int:person_id>/undo")
@needs(Permission.CONVERSATION_TAKE)
def undo(person_id: int) -> Response:
    """The words go back to where they were typed."""
    filled = read_form(Field("notice", 12, is_required=True))
    notice = filled["notice"]

    def do(desk: Desk) -> Led:
        console_talk.take_back(desk, person_id, int(notice) if notice.isdecimal() else 0)
        return Led(f"{BASE}/{person_id}")

    return once("talk_undo", do)
