"""The console's door: to the list that this reader works from."""

from flask import Response

from domain.permissions import Permission
from web.console.routes import PATH, pages
from web.page import go, needs

routes = pages("start")


@routes.get("/")
@needs(Permission.CONSOLE_ENTER)
def start() -> Response:
    return go(f"{PATH}/queue")
