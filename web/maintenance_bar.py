"""The line on top of each page while maintenance is coming or runs, in whichever area (C §24)."""

from flask import Response, request

from domain.refusals import NotFound
from models import DatabaseUnavailable, MaintenanceWindow
from services import maintenance
from services.desk import Desk
from services.maintenance import Banner, Window
from web.acts import Led, looking, once
from web.area import area
from web.forms import Field, read_form
from web.page import is_known, reader
from web.ways import asked_path, local_path

MOST = 2**31 - 1  # no id is larger
_BACK = Field("back", 300)


def maintenance_bar() -> Banner | None:
    """A page that says the database is away has no bar, but it has a page."""
    if not is_known():
        return None
    try:
        with looking() as desk:
            return maintenance.banner(desk.session, reader().id, desk.now)
    except DatabaseUnavailable:
        return None


def dismissed(window_id: int) -> Response:
    """On with the page where it was read."""
    back = local_path(read_form(_BACK)["back"], area().start)

    def do(desk: Desk) -> Led:
        if desk.session.get(MaintenanceWindow, window_id) is None:
            raise NotFound()
        maintenance.dismiss(desk.session, window_id, desk.actor.id, desk.now)
        return Led(back)

    return once("maintenance_dismiss", do)


def maintenance_back() -> str:
    """The page under way, for the form of the bar; what was posted cannot be gone back to."""
    return asked_path() if request.method == "GET" else area().start


def explains(category: str | None, place: str | None) -> Window | None:
    """The maintenance that runs and that such a fault may come from."""
    with looking() as desk:
        return desk.maintenance_for(category, place)
