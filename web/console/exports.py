"""Files of long lists: asked for, seen being made, fetched by whoever asked for them (C §18)."""

from typing import Any
from urllib.parse import parse_qs

from flask import Response, request, send_file

from domain.permissions import Permission
from domain.refusals import NotFound
from models import ExportState
from services import export_files
from services.desk import Desk
from services.export_files import KEPT_FOR, MOST
from services.listing_wanted import View
from web import live
from web.acts import Led, looking, once
from web.console import queue_address, queue_layout, queue_words
from web.console.export_making import folder
from web.console.queue_address import Asked
from web.console.queue_export import CSV, PLAIN, XLSX, named
from web.console.routes import PATH, pages
from web.forms import Field, read_form
from web.page import needs, show, words
from web.site import site

routes = pages("exports", "/exports")

_HERE = f"{PATH}/exports"
_FORMATS = ("xlsx", "csv")
_TYPES = {"csv": CSV, "xlsx": XLSX}


@routes.get("")
@needs(Permission.TICKET_EXPORT)
def files() -> Response:
    wanted = request.args.get("format", "")
    asked = queue_address.read(request.args, View.TODO)
    with looking() as desk:
        facts = _facts(desk)
        state = live.mark(_state(facts))
    offer = {"format": wanted, "query": asked.query, "back": asked.path}
    return show(
        "console/exports.html",
        state=state,
        offer=offer if wanted in _FORMATS else None,
        most=MOST,
        hours=int(KEPT_FOR.total_seconds()) // 3600,
        **facts,
    )


@routes.get("/live")
@needs(Permission.TICKET_EXPORT)
def moved() -> Response:
    with looking() as desk:
        facts = _facts(desk)
        return live.part("console/exports_live.html", _state(facts), lambda: facts)


@routes.post("")
@needs(Permission.TICKET_EXPORT)
def ask() -> Response:
    format_of = Field("format", 4, is_required=True, choices=_FORMATS)
    filled = read_form(format_of, Field("query", 2000))

    def do(desk: Desk) -> Led:
        asked = _asked(filled["query"])
        asked, _ = queue_layout.laid(desk, asked)
        kept = queue_address.clean(parse_qs(asked.to_keep))
        query = {name: list(values) for name, values in kept.items() if name not in _PLACES}
        export_files.ask(desk, query, filled["format"] or "xlsx")
        return Led(_HERE)

    return once("export_ask", do)


@routes.get("/<int:file_id>")
@needs(Permission.TICKET_EXPORT)
def fetch(file_id: int) -> Response:
    with looking() as desk:
        row = export_files.opened(desk, file_id)
        name, form, at = row.file, row.format, row.ready_at
    path = folder(site()) / (name or "")
    if not name or not path.is_file():
        raise NotFound()
    response = send_file(path, mimetype=_TYPES[form], conditional=True, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return named(response, PLAIN, words("queue.export.file"), form, at)


_PLACES = ("after", "before", "size", "saved")


def _asked(query: str) -> Asked:
    params = queue_address.clean(parse_qs(query))
    return queue_address.of({"view": (View.TODO.value,), **params})


def _facts(desk: Desk) -> dict[str, Any]:
    rows = export_files.listed(desk)
    return {
        "rows": rows,
        "at_once": export_files.AT_ONCE,
        "is_making": any(each.state is ExportState.WAITING for each in rows),
        "told_of": _told_of,
        "size_word": _size_word,
    }


def _state(facts: dict[str, Any]) -> tuple[object, ...]:
    return tuple((each.id, each.state.value, each.tries) for each in facts["rows"])


def _told_of(query: dict[str, list[str]]) -> str:
    """Which list it was."""
    asked = queue_address.of(queue_address.clean(query))
    chosen = [word for word, _ in queue_words.chips(asked, ())]
    return " · ".join([queue_words.view_word(asked.wanted.view), *chosen])


def _size_word(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} KB"
