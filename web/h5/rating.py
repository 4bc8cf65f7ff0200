"""Rate a ticket by fingers on a phone; think again within a day (F13)."""

from flask import Response

from domain.permissions import Permission
from models import IntakeChannel
from web import rating_pages
from web.h5.routes import pages
from web.page import needs

routes = pages("rating", "/tickets/<ticket:number>/rate")


@routes.get("")
@needs(Permission.RATING_GIVE)
def blank(number: str) -> Response:
    return rating_pages.blank(number)


@routes.post("")
@needs(Permission.RATING_GIVE)
def sent(number: str) -> Response:
    return rating_pages.sent(number, IntakeChannel.WECHAT)


@routes.post("/change")
@needs(Permission.RATING_GIVE)
def changed(number: str) -> Response:
    return rating_pages.changed(number, IntakeChannel.WECHAT)
