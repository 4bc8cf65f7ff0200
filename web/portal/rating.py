"""Rate a ticket at a computer, by mouse or keys; think again within a day (F13)."""

from flask import Response

from domain.permissions import Permission
from models import IntakeChannel
from web import rating_pages
from web.page import needs
from web.portal.routes import pages

routes = pages("rating", "/tickets/<ticket:number>/rate")


@routes.get("")
@needs(Permission.RATING_GIVE)
def blank(number: str) -> Response:
    return rating_pages.blank(number)


@routes.post("")
@needs(Permission.RATING_GIVE)
def sent(number: str) -> Response:
    return rating_pages.sent(number, IntakeChannel.WEB)


@routes.post("/change")
@needs(Permission.RATING_GIVE)
def changed(number: str) -> Response:
    return rating_pages.changed(number, IntakeChannel.WEB)
