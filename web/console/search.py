"""The search: a box on every page, its suggestions while one types, all hits on a page (C §13)."""

from collections.abc import Callable
from functools import partial

from flask import Response, request

from domain.permissions import Permission
from nlp.search_words import LONGEST_QUERY
from nlp.search_words import marked as marked_in
from services import search as desk_search
from services.search import Found, History
from web.acts import looking
from web.console.routes import PATH, pages
from web.page import go, needs, show

_SUGGESTED = 6
_GREATEST = 2**31 - 1  # of an id

routes = pages("search", "/search")


@routes.get("")
@needs(Permission.CONSOLE_ENTER)
def found() -> Response:
    """All hits; the only one is opened at once."""
    text, before = _text(), _before()
    with looking() as desk:
        hits = desk_search.search(desk, text, before=before)
    if hits.is_single and before is None:
        return go(_way_to(hits))
    return show("console/search.html", hits=hits, marked=_marking(text), is_first=before is None)


@routes.get("/hint")
@needs(Permission.CONSOLE_ENTER)
def hint() -> Response:
    """The first hits, for below the box."""
    with looking() as desk:
        hits = desk_search.search(desk, _text(), limit=_SUGGESTED, is_hint=True)
    return show("console/search_hint.html", hits=hits, marked=_marking(hits.text))


@routes.get(f"/people/<int(max={_GREATEST}):person_id>")
@needs(Permission.PERSON_READ)
def person(person_id: int) -> Response:
    """Somebody, and what they reported."""
    with looking() as desk:
        history = desk_search.of_person(desk, person_id, _before())
    return _history(history)


@routes.get(f"/devices/<int(max={_GREATEST}):device_id>")
@needs(Permission.CONSOLE_ENTER)
def device(device_id: int) -> Response:
    """A device, and what was reported of it."""
    with looking() as desk:
        history = desk_search.of_device(desk, device_id, _before())
    return _history(history)


def _history(history: History) -> Response:
    is_first = "before" not in request.args
    return show(
        "console/search_history.html", history=history, marked=_marking(""), is_first=is_first
    )


def _text() -> str:
    return request.args.get("q", "").strip()[:LONGEST_QUERY]


def _before() -> int | None:
    said = request.args.get("before", "")
    is_id = said.isascii() and said.isdecimal() and len(said) < 11
    return min(int(said), _GREATEST) if is_id else None


def _way_to(hits: Found) -> str:
    for ticket in hits.tickets:
        return f"{PATH}/tickets/{ticket.number}"
    for each in hits.people:
        return f"{PATH}/search/people/{each.id}"
    for device in hits.devices:
        return f"{PATH}/search/devices/{device.id}"
    return f"{PATH}/knowledge/{hits.articles[0].number}"


def _marking(text: str) -> Callable[[str], list[tuple[str, bool]]]:
    return partial(marked_in, query=text)
