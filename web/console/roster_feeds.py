"""My calendar addresses: made and shown once, revoked when they are not wanted any more (S-066)."""

from flask import Response

from domain.permissions import Permission
from services import calendar_feeds
from services.desk import Desk
from web.acts import Led, once
from web.calendar_feed import address_of
from web.console.admin.acts import shown_once
from web.console.roster_mine import HOME, ID
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs, show

routes = pages("roster_feeds", "/roster/mine/feeds")


@routes.post("")
@needs(Permission.ROSTER_READ)
def made() -> Response:
    filled = read_form(Field("of", 3, choices=("own", "all")))

    def page(token: str) -> Response:
        return show(
            "console/mine/feed.html",
            address=address_of(token),
            subscribe=_subscribed(address_of(token)),
            home=HOME,
        )

    return shown_once(
        "calendar_feed",
        lambda desk: calendar_feeds.make(desk, is_of_all=filled["of"] == "all"),
        HOME,
        page,
    )


def _subscribed(address: str) -> str:
    """With this scheme a computer's own calendar offers to take it in."""
    return f"webcal:{address.partition(':')[2]}"


@routes.post(f"/{ID.format('feed_id')}/revoke")
@needs(Permission.ROSTER_READ)
def revoked(feed_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> Led:
        calendar_feeds.revoke(desk, feed_id)
        return Led(f"{HOME}?done=revoked")

    return once("calendar_feed_revoke", do)
