"""Teams: added, renamed, led, joined."""

from flask import Response
from werkzeug.exceptions import BadRequest

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services import audit, people_listing, teams
from services.desk import Desk
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.admin.audit import number
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs

routes = pages("admin_teams", "/admin/teams")

HOME = f"{PATH}/teams"
_NAME = Field("name", 40, is_required=True)


@routes.get("")
@needs(Permission.PERSON_MANAGE)
def listed() -> Response:
    return _list(Filled())


@routes.post("")
@needs(Permission.PERSON_MANAGE)
def added() -> Response:
    filled = read_form(_NAME)
    if filled.problems:
        return _list(filled, 400)

    def do(desk: Desk) -> str:
        return f"{HOME}/{teams.add(desk, filled['name'])}"

    try:
        return recorded("team_add", do)
    except Refusal as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
        return _list(filled, 409)


@routes.get("/<int:team_id>")
@needs(Permission.PERSON_MANAGE)
def one(team_id: int) -> Response:
    return _page(team_id)


@routes.post("/<int:team_id>")
@needs(Permission.PERSON_MANAGE)
def changed(team_id: int) -> Response:
    filled = read_form(_NAME, Field("lead_id", 10))
    if filled.problems:
        return _page(team_id, filled, 400)

    def do(desk: Desk) -> str:
        teams.change(desk, team_id, filled["name"], number(filled["lead_id"]))
        return f"{HOME}/{team_id}?done=change"

    try:
        return recorded("team_change", do)
    except Refusal as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
        return _page(team_id, filled, 409)


@routes.post("/<int:team_id>/members")
@needs(Permission.PERSON_MANAGE)
def joined(team_id: int) -> Response:
    person_id = _person_of(read_form(Field("person_id", 10)))

    def do(desk: Desk) -> str:
        teams.take_in(desk, team_id, person_id)
        return f"{HOME}/{team_id}"

    return recorded("team_join", do)


@routes.post("/<int:team_id>/members/out")
@needs(Permission.PERSON_MANAGE)
def let_go(team_id: int) -> Response:
    person_id = _person_of(read_form(Field("person_id", 10)))

    def do(desk: Desk) -> str:
        teams.let_go(desk, team_id, person_id)
        return f"{HOME}/{team_id}"

    return recorded("team_out", do)


def _person_of(filled: Filled) -> int:
    person_id = number(filled["person_id"])
    if person_id is None:
        raise BadRequest()
    return person_id


def _list(filled: Filled, status: int = 200) -> Response:
    with looking() as desk:
        known = teams.listed(desk.session)
    return admin_page("teams.html", status, teams=known, filled=filled)


def _page(team_id: int, filled: Filled | None = None, status: int = 200) -> Response:
    with looking() as desk:
        team = teams.get(desk.session, team_id)
        members = teams.members(desk.session, team_id)
        within = {each.id for each in members}
        staff = [each for each in people_listing.staff(desk.session) if each[0] not in within]
        history = audit.history(desk.session, f"team:{team_id}")
    values = {"name": team.name, "lead_id": str(team.lead_id or "")}
    facts = {"team": team, "members": members, "staff": staff, "history": history}
    return admin_page("team.html", status, filled=filled or Filled(values), **facts)
