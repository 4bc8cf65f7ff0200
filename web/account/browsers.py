"""Where I am signed in: each browser can be signed out from here (H-31)."""

from flask import Response, request

from domain.permissions import Permission
from services import browsers
from web.account.guard import PATH, cookie_name
from web.account.routes import pages
from web.forms import Field, read_form
from web.page import go, needs, reader
from web.site import site

routes = pages("browsers")


@routes.post("/sessions/end")
@needs(Permission.ACCOUNT_MANAGE)
def end() -> Response:
    mark = read_form(Field("mark", 64, is_required=True))["mark"]
    with site().database.transaction() as writing:
        browsers.end(writing, reader().id, mark)
    return go(f"{PATH}/?done=ended")


@routes.post("/sessions/end-others")
@needs(Permission.ACCOUNT_MANAGE)
def end_others() -> Response:
    read_form()
    token = request.cookies.get(cookie_name(), "")
    with site().database.transaction() as writing:
        browsers.end_others(writing, reader().id, token)
    return go(f"{PATH}/?done=others")
