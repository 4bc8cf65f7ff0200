"""Words that are said often: mine and everybody's, written and put out of use here (K1, C §6)."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission
from domain.sentence import Say
from services import canned
from services.canned import Canned, NewCanned
from services.desk import Desk
from web.acts import Led, looking, once
from web.console.routes import PATH, pages
from web.forms import Field, Filled, read_form
from web.page import needs, show, words

routes = pages("canned", "/canned")

_CATEGORIES = tuple(each.value for each in Category)
_DONE = ("saved", "put_off", "put_on")
_FIELDS = (
    Field("title", 40, is_required=True),
    Field("shortcut", 20),
    Field("text", 600, is_required=True),
    Field("category", choices=_CATEGORIES),
    Field("shared", choices=("yes",)),
)


@routes.get("")
@needs(Permission.CANNED_MANAGE)
def listed() -> Response:
    with looking() as desk:
        found = canned.managed(desk)
    done = request.args.get("done", "")
    return show(
        "console/ticket/canned.html", found=found, done=done if done in _DONE else "", **_facts()
    )


@routes.get("/new")
@needs(Permission.CANNED_MANAGE)
def blank() -> Response:
    return _form(Filled({"shared": "yes"}), f"{PATH}/canned/new")


@routes.post("/new")
@needs(Permission.CANNED_MANAGE)
def added() -> Response:
    filled = _read()
    if filled.problems:
        return _form(filled, f"{PATH}/canned/new", 400)
    return _saved(filled, lambda desk: canned.add(desk, _new(filled)))


@routes.get("/<int(max=2147483647):canned_id>")
@needs(Permission.CANNED_MANAGE)
def one(canned_id: int) -> Response:
    with looking() as desk:
        found = canned.one(desk, canned_id)
    return _form(_as_known(found), f"{PATH}/canned/{canned_id}")


@routes.post("/<int(max=2147483647):canned_id>")
@needs(Permission.CANNED_MANAGE)
def changed(canned_id: int) -> Response:
    filled = _read()
    if filled.problems:
        return _form(filled, f"{PATH}/canned/{canned_id}", 400)
    return _saved(filled, lambda desk: canned.change(desk, canned_id, _new(filled)))


@routes.post("/<int(max=2147483647):canned_id>/<any(put_on,put_off):name>")
@needs(Permission.CANNED_MANAGE)
def in_use(canned_id: int, name: str) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        canned.put_in_use(desk, canned_id, is_active=name == "put_on")
        return Led(f"{PATH}/canned?done={name}")

    return once("canned", do)


def _saved(filled: Filled, do: Callable[[Desk], object]) -> Response:
    def done(desk: Desk) -> Led:
        do(desk)
        return Led(f"{PATH}/canned?done=saved")

    return once("canned", done, filled["text"])


def _read() -> Filled:
    filled = read_form(*_FIELDS)
    strange = canned.unknown_in(filled["text"])
    if strange:
        filled.problems["text"] = Say("canned_page.unknown", {"name": strange[0]})
    return filled


def _new(filled: Filled) -> NewCanned:
    category = Category(filled["category"]) if filled["category"] else None
    is_shared = filled["shared"] == "yes"
    return NewCanned(filled["title"], filled["text"], filled["shortcut"], category, is_shared)


def _as_known(found: Canned) -> Filled:
    return Filled(
        {
            "title": found.title,
            "shortcut": found.shortcut,
            "text": found.text,
            "category": found.category.value if found.category else "",
            "shared": "" if found.is_mine else "yes",
        }
    )


def _form(filled: Filled, path: str, status: int = 200) -> Response:
    return show("console/ticket/canned_form.html", status, filled=filled, path=path, **_facts())


def _facts() -> dict[str, Any]:
    names = {name: words(f"ticket_compose.names.{name}") for name in canned.VARIABLES}
    return {"variables": names, "categories": _CATEGORIES}
