"""Bulletins inside WeChat (K3)."""

from flask import Response

from domain.permissions import Permission
from web import bulletin_pages
from web.bulletin_pages import MOST
from web.h5.routes import pages
from web.page import needs

routes = pages("bulletins", "/bulletins")


@routes.get("")
@needs(Permission.BULLETIN_READ)
def listed() -> Response:
    return bulletin_pages.listed()


@routes.get(f"/<int(max={MOST}):bulletin_id>")
@needs(Permission.BULLETIN_READ)
def one(bulletin_id: int) -> Response:
    return bulletin_pages.one(bulletin_id)
