"""The admin's first page: what of a new desk is set up, and what still has to be done (C §25)."""

from flask import Response
from werkzeug.exceptions import BadRequest

from domain.permissions import Permission
from services import office, onboarding
from services.desk import Desk
from services.onboarding import ORDER, Stand
from services.samples import marks
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.routes import pages
from web.forms import Field, read_form
from web.page import needs
from web.site import site

routes = pages("admin_start", "/admin")

_WAYS = {
    "clerk": f"{PATH}/people/new?role=desk",
    "head": f"{PATH}/people/new?role=head",
    "engineers": f"{PATH}/people/new?role=engineer",
    "second_admin": f"{PATH}/people/new?role=admin",
    "categories": f"{PATH}/skills",
    "joined": f"{PATH}/people?role=engineer",
    "hours": f"{PATH}/hours",
    "calendar": f"{PATH}/calendar/year",
    "phone": f"{PATH}/hours",
    "team": f"{PATH}/teams",
    "devices": f"{PATH}/import/devices",
    "texts": f"{PATH}/texts",
    "first_ticket": "/console/phone",
    "trial": f"{PATH}/trial",
}


@routes.get("/")
@needs(Permission.SETTING_MANAGE)
def start() -> Response:
    with looking() as desk:
        rules = site().rules
        missing = rules.hours.missing_year(desk.now)
        has_samples = marks.are_there(desk.session)
        steps = onboarding.steps(desk.session, site().public_url, rules.desk_phone, missing)
    done = sum(each.stand is not Stand.OPEN for each in steps)
    facts = [
        (each, f"admin.step.{each.name}", _WAYS.get(each.name, ""), f"admin.stand.{each.stand}")
        for each in steps
    ]
    counts = {"done": done, "count": len(steps)}
    return admin_page("start.html", steps=facts, Stand=Stand, has_samples=has_samples, **counts)


@routes.post("/steps/<name>")
@needs(Permission.SETTING_MANAGE)
def laid_aside(name: str) -> Response:
    filled = read_form(Field("aside", 1, choices=("0", "1")))
    if name not in ORDER:
        raise BadRequest()

    def do(desk: Desk) -> str:
        office.lay_aside(desk, name, is_aside=filled["aside"] == "1")
        return f"{PATH}/"

    return recorded("step", do)
