"""Maintenance that is coming: the line on each page is put away by who has read it (C §24)."""

from flask import Response

from domain.permissions import Permission
from web import maintenance_bar
from web.maintenance_bar import MOST
from web.page import needs
from web.portal.routes import pages

routes = pages("maintenance", "/maintenance")


@routes.post(f"/<int(max={MOST}):window_id>/dismiss")
@needs(Permission.BULLETIN_READ)
def dismiss(window_id: int) -> Response:
    return maintenance_bar.dismissed(window_id)
