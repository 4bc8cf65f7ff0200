"""Promises that were not kept, each to be explained by the desk (R4)."""

from flask import Response, request

from domain.permissions import Permission
from services import misses
from services.desk import Desk
from web.acts import Led, looking, once
from web.console import attainment_address
from web.console.attainment import HOME, frame
from web.console.attainment_address import Asked, after_written
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show
from web.site import site

routes = pages("attainment_misses", "/attainment/misses")

PATH = f"{HOME}/misses"
_REASON = Field("reason", 200, is_required=True)


@routes.get("")
@needs(Permission.TARGET_READ)
def listed() -> Response:
    return _page(_asked())


@routes.post("/<int:target_id>")
@needs(Permission.TARGET_EXPLAIN)
def explained(target_id: int) -> Response:
    asked = _asked()
    filled = read_form(_REASON)
    if filled.problems:
        return _page(asked, filled, target_id, 400)

    def do(desk: Desk) -> Led:
        misses.explain(desk, target_id, filled["reason"])
        kept = after_written(asked.after)
        return Led(asked.address(PATH, after=kept, said=target_id) + f"#miss-{target_id}")

    return once("explain", do)


def _asked() -> Asked:
    return attainment_address.read(request.args, site().now())


def _page(
    asked: Asked, filled: Filled | None = None, at: int | None = None, status: int = 200
) -> Response:
    with looking() as desk:
        page = misses.page(desk, asked.wanted, is_unexplained=asked.is_open, after=asked.after)
        facts = frame(desk, asked)
        unexplained = misses.unexplained(desk, asked.wanted)
    return show(
        "console/attainment_misses.html",
        status,
        asked=asked,
        page=page,
        path=PATH,
        kept=after_written(asked.after),
        after=after_written(page.after),
        unexplained=unexplained,
        counted=misses.COUNTED,
        filled=filled,
        at=at,
        may_explain=reader().could(Permission.TARGET_EXPLAIN),
        **facts,
    )
