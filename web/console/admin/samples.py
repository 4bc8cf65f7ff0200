"""Sample data: loaded to try the desk out; what goes and stays, and gone in one act (C §25)."""

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services.desk import Desk
from services.samples import contents, loading, marks, planning, removing
from settings import ROOT
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs

routes = pages("admin_samples", "/admin/samples")

HOME = f"{PATH}/samples"
_SHOWN = 12  # numbers of tickets in one sentence


@routes.get("")
@needs(Permission.SAMPLE_REMOVE)
def shown() -> Response:
    return _page()


@routes.post("/load")
@needs(Permission.SAMPLE_REMOVE)
def loaded() -> Response:
    read_form()
    told = contents.read_contents(ROOT / "demo")

    def do(desk: Desk) -> str:
        loading.load(desk, told)
        return f"{HOME}?done=loaded"

    try:
        return recorded("samples_load", do)
    except Refusal as no:
        return _page(409, Say(no.text_key, no.facts))


@routes.post("/remove")
@needs(Permission.SAMPLE_REMOVE)
def removed() -> Response:
    """Sent again, or by two at once: there is nothing left to remove, and nothing happens."""
    filled = read_form(Field("sure", 1, is_required=True, choices=("1",)))
    if filled.problems:
        return _page(400, Say("sample_data.not_sure"))

    def do(desk: Desk) -> str:
        removing.remove(desk)
        return f"{HOME}?done=removed"

    return recorded("samples_remove", do)


def _page(status: int = 200, problem: Say | None = None) -> Response:
    with looking() as desk:
        is_there = marks.are_there(desk.session)
        planned = planning.plan(desk) if is_there else None
    done = request.args.get("done", "")
    return admin_page(
        "samples.html",
        status,
        plan=planned,
        problem=problem,
        done=done if done in ("loaded", "removed") else "",
        most=_SHOWN,
    )
