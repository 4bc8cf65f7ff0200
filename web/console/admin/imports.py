"""Lists of people and devices from Excel: template, upload, what it would do, done (C §17)."""

from typing import Any
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import NotFound as NoSuchPage

from domain.permissions import Permission
from domain.refusals import NotFound
from services import list_import, roster_out
from services.desk import Desk
from services.list_import import MOST_ROWS, NEEDS, Done, Preview
from services.roster_file import MOST_BYTES, FileRefused
from services.roster_import import Fate
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, said, takes_photos, words

routes = pages("admin_imports", "/admin/import")

HOME = f"{PATH}/import"
_FILE = "file"
_SHOWN = 200  # rows of each table on the page; the counts are of all
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("")
@needs(Permission.DEVICE_MANAGE)
def kinds() -> Response:
    """Which lists there are for this reader."""
    known = [kind for kind in roster_out.KINDS if reader().could(NEEDS[kind])]
    return admin_page("imports.html", kinds=known)


@routes.get("/<kind>")
@needs(Permission.DEVICE_MANAGE)
def form(kind: str) -> Response:
    return _form(_known(kind), Filled())


@routes.get("/<kind>/template.xlsx")
@needs(Permission.DEVICE_MANAGE)
def template(kind: str) -> Response:
    _known(kind)
    notes = words(f"admin.imports.{kind}_notes").splitlines()
    title = words(f"admin.imports.{kind}")
    return _sent(roster_out.template(kind, title, notes), words(f"admin.imports.{kind}_file"))


@routes.post("/<kind>")
@needs(Permission.DEVICE_MANAGE)
@takes_photos
def uploaded(kind: str) -> Response:
    _known(kind)
    filled = read_form(files=(_FILE,))
    file = request.files.get(_FILE)
    if file is None or not file.filename:
        filled.refuse(_FILE, "admin.imports.no_file")
        return _form(kind, filled, 400)
    name, content = file.filename, file.stream.read(MOST_BYTES + 1)

    def do(desk: Desk) -> str:
        list_import.keep(desk, kind, name, content)
        return f"{HOME}/{kind}/preview"

    try:
        return recorded("import_upload", do)
    except FileRefused as refused:
        filled.problems[_FILE] = refused.say
        return _form(kind, filled, 400)


@routes.get("/<kind>/preview")
@needs(Permission.DEVICE_MANAGE)
def previewed(kind: str) -> Response:
    shown = _preview(_known(kind))
    return admin_page("import_preview.html", **_facts(shown))


@routes.get("/<kind>/wrong.xlsx")
@needs(Permission.DEVICE_MANAGE)
def wrong(kind: str) -> Response:
    """The rows to correct and upload again, each with what is wrong with it."""
    shown = _preview(_known(kind))
    if not shown.why:
        raise NotFound()
    why = {row: words("admin.imports.and").join(map(said, says)) for row, says in shown.why.items()}
    title, heading = words(f"admin.imports.{kind}"), words("admin.imports.problem")
    made = roster_out.wrong_rows(title, shown.lines, why, heading)
    return _sent(made, words("admin.imports.file_wrong"))


@routes.post("/<kind>/confirm")
@needs(Permission.DEVICE_MANAGE)
def confirmed(kind: str) -> Response:
    _known(kind)
    filled = read_form(Field("mark", 32, is_required=True))
    made: list[Done] = []

    def do(desk: Desk) -> str:
        made.append(list_import.take_in(desk, kind, filled["mark"]))
        return f"{HOME}/{kind}?done=import"

    try:
        answer = recorded("import_confirm", do)
    except FileRefused as refused:
        return _form(kind, Filled(problems={_FILE: refused.say}), 409)
    return admin_page("import_done.html", kind=kind, done=made[0]) if made else answer


@routes.post("/<kind>/drop")
@needs(Permission.DEVICE_MANAGE)
def dropped(kind: str) -> Response:
    _known(kind)
    read_form()

    def do(desk: Desk) -> str:
        list_import.drop(desk, kind)
        return f"{HOME}/{kind}"

    return recorded("import_drop", do)


# --- parts -------------------------------------------------------------------------------------


def _known(kind: str) -> str:
    """A list of people is the admin's; for others there is no such page."""
    if kind not in roster_out.KINDS or not reader().could(NEEDS[kind]):
        raise NoSuchPage()
    return kind


def _preview(kind: str) -> Preview:
    with looking() as desk:
        return list_import.preview(desk, kind)


def _facts(shown: Preview) -> dict[str, Any]:
    return {
        "kind": shown.kind,
        "shown_list": shown,
        "new": shown.of(Fate.NEW),
        "changed": shown.of(Fate.CHANGED),
        "unchanged": len(shown.of(Fate.UNCHANGED)),
        "why": sorted(shown.why.items()),
        "most": _SHOWN,
    }


def _form(kind: str, filled: Filled, status: int = 200) -> Response:
    headings = roster_out.headings(kind)
    facts = {"kind": kind, "filled": filled, "headings": headings}
    megabytes = MOST_BYTES // 1024 // 1024
    return admin_page("import_form.html", status, megabytes=megabytes, rows=MOST_ROWS, **facts)


def _sent(content: bytes, name: str) -> Response:
    response = Response(content, content_type=_XLSX)
    called = quote(f"{name}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{called}"
    return response
