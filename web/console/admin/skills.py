"""Who can do what, what nobody can, and how much there is of each category (F8)."""

from typing import Any

from flask import Response

from domain.category import Category
from domain.permissions import Permission
from services import skills
from web.acts import looking
from web.console.admin.acts import admin_page
from web.console.routes import pages
from web.page import needs

routes = pages("admin_skills", "/admin/skills")


@routes.get("")
@needs(Permission.PERSON_MANAGE)
def matrix() -> Response:
    with looking() as desk:
        found, kinds = skills.matrix(desk.session), skills.kinds(desk.session)
    areas = sorted(found.areas.items())
    facts: dict[str, Any] = {"matrix": found, "kinds": kinds, "areas": areas}
    return admin_page("skills.html", categories=list(Category), **facts)
