"""The console's door: to the list that this reader works from."""

from flask import Response

from domain.permissions import Permission
from web.console.routes import PATH, pages
from web.page import go, needs, reader

routes = pages("start")


@routes.get("/")
@needs(Permission.CONSOLE_ENTER)
def start() -> Response:
    has_list = reader().could(Permission.TICKET_LIST)
    return go(f"{PATH}/queue" if has_list else f"{PATH}/admin/")
