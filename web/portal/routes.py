"""The routes of the portal: all behind the sign-in, with what stands on each of its pages."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from models import DatabaseUnavailable
from services import bulletins
from services.bulletins import BulletinView
from web.account.guard import require_reader
from web.page import behind, is_known, reader
from web.site import site

PATH = "/portal"


@dataclass(frozen=True, slots=True)
class Frame:
    """The bar of an urgent bulletin, and how many bulletins wait to be read (K3)."""

    urgent: BulletinView | None = None
    unread: int = 0


def pages(name: str, below: str = "") -> Blueprint:
    """Routes below /portal (and `below` it)."""
    routes = behind(require_reader, f"portal_{name}", PATH + below)
    routes.context_processor(_facts)
    return routes


def _facts() -> dict[str, Any]:
    return {"portal_frame": frame}


def frame() -> Frame:
    """A page that says the database is away has no bar, but it has a page."""
    if not is_known():
        return Frame()
    now, me = site().now(), reader().id
    try:
        with site().database.reading() as session:
            return Frame(
                bulletins.urgent(session, me, now), bulletins.count_unread(session, me, now)
            )
    except DatabaseUnavailable:
        return Frame()
