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
    lines = [_Line(each, said(each.say)) for each in found.notices]
    return show("portal/notices.html", lines=lines, older=found.older)


@routes.get(f"/<int(max={_MOST}):notice_id>")
@needs(Permission.TICKET_READ)
def opened(notice_id: int) -> Response:
    """Its recipient has seen it; where it leads is where they go."""
    with looking() as desk:
        notice = own_notices.one(desk, notice_id)
    if notice is None:
        raise NotFound()
    with site().database.transaction() as session:
        site().opened(session, reader().id, notice_id, site().now())
    return go(_way(notice))


def _way(notice: OwnNotice) -> str:
    """A complaint is on the portal for who complained, and on the console for who sees to it."""
    if notice.complaint is not None:
        area = PATH if notice.is_to_complainant else "/console"
        return f"{area}/complaints/{notice.complaint}"
    return f"{PATH}/tickets/{notice.number}" if notice.number else f"{PATH}/notices"
