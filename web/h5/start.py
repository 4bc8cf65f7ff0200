"""The start page: report, my reports, and for staff their work."""

from flask import Response

from domain.permissions import Permission
from services import bulletins
from web import complaint_pages
from web.acts import looking
from web.forms import read_form
from web.h5.routes import pages
from web.h5.signin import signed_out
from web.page import needs, reader, show

routes = pages("start")


@routes.get("/")
@needs(Permission.TICKET_OPEN)
def start() -> Response:
    with looking() as desk:
        tickets = desk.my_tickets()
        to_rate = desk.to_rate()
        unread = bulletins.count_unread(desk.session, desk.actor.id, desk.now)
        answered = complaint_pages.answered(desk)
    is_staff = reader().could(Permission.TICKET_ACCEPT)
    return show(
        "h5/start.html",
        tickets=tickets,
        to_rate=to_rate,
        unread=unread,
        answered=answered,
        me=reader(),
        is_staff=is_staff,
    )


@routes.post("/sign-out")
@needs(Permission.ACCOUNT_MANAGE)
def sign_out() -> Response:
    read_form()
    return signed_out()
