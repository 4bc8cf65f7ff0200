"""What the desk told me, with what became of each message: nobody depends on WeChat (P6)."""

from dataclasses import dataclass

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from services import own_notices
from services.own_notices import OwnNotice
from web.acts import looking
from web.page import go, needs, reader, said, show
from web.portal.routes import PATH, pages
from web.site import site

routes = pages("notices", "/notices")

_MOST = 2**31 - 1  # no id is larger


@dataclass(frozen=True, slots=True)
class _Line:
    """A message in words."""

    notice: OwnNotice
    words: str


@routes.get("")
@needs(Permission.TICKET_READ)
def listed() -> Response:
    before = request.args.get("before", "")
    is_id = before.isascii() and before.isdecimal() and int(before) <= _MOST
    with looking() as desk:
        found = own_notices.listed(desk, int(before) if is_id else None)
    lines = [_Line(each, _words(each)) for each in found.notices]
    return show("portal/notices.html", lines=lines, older=found.older)


def _words(notice: OwnNotice) -> str:
    """An old message may be of a kind that nobody says any more."""
    return said(notice.say) if site().texts.has(notice.say.key) else ""


@routes.get(f"/<int(max={_MOST}):notice_id>")
@needs(Permission.TICKET_READ)
def opened(notice_id: int) -> Response:
    """Its recipient has seen it; where it leads is where they go."""
    with site().database.transaction() as session:
        path = site().opened(session, reader().id, notice_id, site().now())
    if path is None:
        raise NotFound()
    with looking() as desk:
        number = own_notices.number_of(desk, notice_id)
    return go(f"{PATH}/tickets/{number}" if number else f"{PATH}/notices")
