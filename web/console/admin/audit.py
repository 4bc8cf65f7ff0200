"""What was changed: who, when, from where, before and after (Y1, C §23)."""

from datetime import date, datetime, time, timedelta

from flask import Response, request

from domain.calendar import CHINA
from domain.permissions import Permission
from services import audit
from services.audit import Wanted
from web.acts import looking
from web.console.admin.acts import admin_page
from web.console.admin.shown import KINDS
from web.console.routes import pages
from web.page import needs

routes = pages("admin_audit", "/admin/audit")


@routes.get("")
@needs(Permission.AUDIT_READ)
def listed() -> Response:
    wanted = _wanted()
    with looking() as desk:
        page = audit.page(desk.session, wanted)
        actors = audit.actors(desk.session)
    return admin_page("audit.html", page=page, actors=actors, kinds=KINDS, asked=_asked())


def _asked() -> dict[str, str]:
    """The filters as they were typed, for the form and for the way on."""
    names = ("actor", "kind", "subject", "since", "until")
    return {name: request.args.get(name, "")[:120] for name in names}


def _wanted() -> Wanted:
    asked = _asked()
    return Wanted(
        number(asked["actor"]),
        asked["kind"] if asked["kind"] in KINDS else "",
        asked["subject"],
        _begins(asked["since"]),
        _begins(asked["until"], days=1),
        number(request.args.get("below", "")),
    )


def number(typed: str) -> int | None:
    """A number of a row; nothing else is one."""
    is_one = typed.isascii() and typed.isdecimal() and len(typed) < 10
    return int(typed) if is_one else None


def _begins(typed: str, days: int = 0) -> datetime | None:
    """When this day of the desk begins, or so many days later."""
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day + timedelta(days), time(), CHINA)
    except (ValueError, OverflowError):
        return None
