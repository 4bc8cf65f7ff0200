"""The portal's start: report at once, what waits for an answer, what is open, what is new (F3)."""

from flask import Response

from domain.lifecycle import Status
from domain.permissions import Permission
from services import bulletins
from web import complaint_pages
from web.acts import looking
from web.page import needs, reader, show
from web.portal.routes import pages

routes = pages("start")


@routes.get("/")
@needs(Permission.TICKET_OPEN)
def start() -> Response:
    with looking() as desk:
        mine = desk.my_tickets()[::-1]
        to_rate = desk.to_rate()
        news = bulletins.unread(desk)
        answered = complaint_pages.answered(desk)
    return show(
        "portal/start.html",
        me=reader(),
        to_confirm=[each for each in mine if each.status is Status.RESOLVED],
        to_rate=to_rate,
        answered=answered,
        tickets=[each for each in mine if each.status is not Status.RESOLVED],
        news=news,
        is_engineer=reader().could(Permission.TICKET_ACCEPT),
        is_staff=reader().could(Permission.CONSOLE_ENTER),
    )
