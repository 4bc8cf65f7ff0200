"""Saved views: keep a list under a name, share it, put it in order, drop it (C §1)."""

from collections.abc import Callable
from urllib.parse import parse_qs

from flask import Response

from domain.permissions import Permission
from domain.sentence import Say
from services import saved_views
from services.desk import Desk
from services.saved_views import NameTaken, TooMany
from web.acts import Led, looking, once
from web.console import queue_address
from web.console.queue_address import PATH, Params, clean
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import go, needs, show

routes = pages("queue_views", "/queue/views")

_NAME = Field("name", 30, is_required=True, missing="saved_view.name_missing")
_SHARED = Field("is_shared", 3, choices=["yes"])
_HERE = f"{PATH}/views"


@routes.get("")
@needs(Permission.VIEW_SAVE)
def views() -> Response:
    return _page(Filled())


def _page(filled: Filled, view_id: int = 0, status: int = 200) -> Response:
    with looking() as desk:
        kept = saved_views.listed(desk)
        facts = {
            "mine": [each for each in kept if each.is_mine],
            "others": [each for each in kept if not each.is_mine],
            "path_of": lambda each: queue_address.of_saved(each.query, each.id).path,
            "may_share": saved_views.may_share(desk),
            "filled": filled,
            "changed_id": view_id,
        }
    return show("console/queue_views.html", status, **facts)


@routes.post("")
@needs(Permission.VIEW_SAVE)
def save() -> Response:
    filled = read_form(_NAME, _SHARED, Field("query", 2000))
    query = _lasting(filled["query"])
    if filled.problems:
        return _page(filled, status=400)

    def do(desk: Desk) -> Led:
        view_id = saved_views.save(desk, filled["name"], query, is_shared=bool(filled["is_shared"]))
        return Led(queue_address.of_saved(query, view_id).path)

    return _kept(filled, "view_save", do)


@routes.post("/<int:view_id>")
@needs(Permission.VIEW_SAVE)
def change(view_id: int) -> Response:
    filled = read_form(_NAME, _SHARED)
    if filled.problems:
        return _page(filled, view_id, 400)

    def do(desk: Desk) -> Led:
        saved_views.change(desk, view_id, filled["name"], is_shared=bool(filled["is_shared"]))
        return Led(_HERE)

    return _kept(filled, "view_change", do, view_id)


def _kept(filled: Filled, name: str, do: Callable[[Desk], Led], view_id: int = 0) -> Response:
    """A name that is taken is said beside it, and what was typed stays."""
    try:
        return once(name, do)
    except (NameTaken, TooMany) as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
        return _page(filled, view_id, 409)


@routes.post("/<int:view_id>/update")
@needs(Permission.VIEW_SAVE)
def update(view_id: int) -> Response:
    query = _lasting(read_form(Field("query", 2000))["query"])

    def do(desk: Desk) -> Led:
        saved_views.update(desk, view_id, query)
        return Led(queue_address.of_saved(query, view_id).path)

    return once("view_update", do)


@routes.post("/<int:view_id>/delete")
@needs(Permission.VIEW_SAVE)
def delete(view_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        saved_views.delete(desk, view_id)
        return Led(_HERE)

    return once("view_delete", do)


@routes.post("/<int:view_id>/move")
@needs(Permission.VIEW_SAVE)
def move(view_id: int) -> Response:
    where = read_form(Field("where", 4, is_required=True, choices=["up", "down"]))["where"]

    def do(desk: Desk) -> Led:
        saved_views.move(desk, view_id, is_up=where == "up")
        return Led(_HERE)

    return once("view_move", do) if where else go(_HERE)


def _lasting(query: str) -> dict[str, list[str]]:
    """What the list is narrowed to and how it is shown, without its page."""
    params: Params = clean(parse_qs(query))
    return {name: list(values) for name, values in queue_address.of(params).lasting.items()}
