"""Every sentence that people read: found, reworded with a preview, said so within seconds (Y1)."""

from collections.abc import Mapping

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from domain.rewording import most_of, places_of, problem_of
from services import audit, office
from services.desk import Desk
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, words
from web.site import site

routes = pages("admin_texts", "/admin/texts")

HOME = f"{PATH}/texts"
_MOST_SHOWN = 60
_NOT_HERE = ("cli", "doctor")  # said on the server's command line alone
_LONGEST = 4000  # characters that are read of a form


@routes.get("")
@needs(Permission.TEXT_MANAGE)
def listed() -> Response:
    asked = {name: request.args.get(name, "")[:80] for name in ("q", "section", "after")}
    is_own_only = request.args.get("own") == "1"
    with looking() as desk:
        own = office.own(desk.session).sentences
    found = _found(own, asked["q"], asked["section"], is_own_only=is_own_only)
    beyond = [key for key in found if key > asked["after"]]
    return admin_page(
        "texts.html",
        rows=[(key, own.get(key) or _written()[key], key in own) for key in beyond[:_MOST_SHOWN]],
        after=beyond[_MOST_SHOWN - 1] if len(beyond) > _MOST_SHOWN else None,
        count=len(found),
        sections=sorted({key.partition(".")[0] for key in _keys()}),
        asked=asked,
        is_own_only=is_own_only,
        own_count=len(own),
    )


@routes.get("/<key>")
@needs(Permission.TEXT_MANAGE)
def one(key: str) -> Response:
    return _page(key)


@routes.post("/<key>/preview")
@needs(Permission.TEXT_MANAGE)
def previewed(key: str) -> Response:
    return _page(key, read_form(Field("words", _LONGEST)), is_preview=True)


@routes.post("/<key>")
@needs(Permission.TEXT_MANAGE)
def changed(key: str) -> Response:
    filled, written = read_form(Field("words", _LONGEST)), _known(key)
    if problem_of(written, filled["words"]):
        return _page(key, filled, is_preview=True)

    def do(desk: Desk) -> str:
        office.reword(desk, key, written, filled["words"])
        return f"{HOME}/{key}?done=change"

    answer = recorded("text_change", do)
    site().office.refresh()
    return answer


@routes.post("/<key>/reset")
@needs(Permission.TEXT_MANAGE)
def reset(key: str) -> Response:
    read_form()
    written = _known(key)

    def do(desk: Desk) -> str:
        office.reword(desk, key, written, written)
        return f"{HOME}/{key}?done=reset"

    answer = recorded("text_reset", do)
    site().office.refresh()
    return answer


# --- parts -------------------------------------------------------------------------------------


def _written() -> Mapping[str, str]:
    return site().texts.written


def _keys() -> list[str]:
    return sorted(key for key in _written() if key.partition(".")[0] not in _NOT_HERE)


def _known(key: str) -> str:
    """The sentence as it is written; NotFound for a key that is none, or not changed here."""
    if key not in _written() or key.partition(".")[0] in _NOT_HERE:
        raise NotFound()
    return _written()[key]


def _found(own: Mapping[str, str], asked: str, section: str, *, is_own_only: bool) -> list[str]:
    """Keys whose sentence, or whose name, has every word that was asked for."""
    wanted = asked.lower().split()
    return [
        key
        for key in _keys()
        if (not section or key.partition(".")[0] == section)
        and (not is_own_only or key in own)
        and all(each in f"{key} {own.get(key, '')} {_written()[key]}".lower() for each in wanted)
    ]


def _page(key: str, filled: Filled | None = None, *, is_preview: bool = False) -> Response:
    written = _known(key)
    with looking() as desk:
        said = office.own(desk.session).sentences.get(key, written)
        history = audit.history(desk.session, f"text:{key}")
    filled = filled or Filled({"words": said})
    problem = problem_of(written, filled["words"]) if is_preview else None
    if problem is not None:
        filled.problems["words"] = problem
    facts = {"key": key, "written": written, "now_said": said, "history": history}
    return admin_page(
        "text.html",
        400 if problem else 200,
        filled=filled,
        most=most_of(written),
        places_in=sorted(places_of(written)),
        missing=sorted(places_of(written) - places_of(filled["words"])),
        tried=_tried(filled["words"]),
        is_preview=is_preview and problem is None,
        **facts,
    )


def _tried(sentence: str) -> str:
    """How it would read, with facts that are made up."""
    facts = {name: _sample(name) for name in places_of(sentence)}
    return site().texts.tried(sentence, facts, site().now())


def _sample(name: str) -> str:
    key = f"admin.sample.{name}"
    return words(key) if site().texts.has(key) else words("admin.sample.other", name=name)
