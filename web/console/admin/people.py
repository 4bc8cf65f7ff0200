"""People: looked up, added, changed with a preview, left and back (Y1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from domain.category import Category
from domain.permissions import Permission, Role
from domain.refusals import Refusal
from domain.sentence import Say
from services import audit, people_card, people_changes, people_listing, teams
from services.audit import Change
from services.desk import Desk
from services.people_changes import Plan
from services.people_listing import Wanted
from services.roster_words import LEVELS
from web.acts import looking
from web.console.admin import people_form
from web.console.admin.acts import PATH, admin_page, recorded
from web.console.admin.audit import number
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs

routes = pages("admin_people", "/admin/people")

HOME = f"{PATH}/people"


@routes.get("")
@needs(Permission.PERSON_MANAGE)
def listed() -> Response:
    asked = {name: request.args.get(name, "")[:80] for name in ("q", "role", "team", "department")}
    has_left = request.args.get("left") == people_form.FLAG
    with looking() as desk:
        wanted = Wanted(
            asked["q"],
            Role(asked["role"]) if asked["role"] in set(Role) else None,
            number(asked["team"]),
            asked["department"],
            has_left,
            number(request.args.get("below", "")),
        )
        page = people_listing.page(desk, wanted)
        departments = people_listing.departments(desk.session)
        known = _teams(desk)
    facts: dict[str, Any] = {
        "page": page,
        "departments": departments,
        "teams": known,
        "asked": asked,
    }
    most = people_listing.COUNTED_TO
    return admin_page("people.html", **facts, has_left=has_left, roles=list(Role), most=most)


@routes.get("/new")
@needs(Permission.PERSON_MANAGE)
def new() -> Response:
    with looking() as desk:
        known = _teams(desk)
    return _form(people_form.blank(request.args.get("role", "")), known)


@routes.post("")
@needs(Permission.PERSON_MANAGE)
def added() -> Response:
    with looking() as desk:
        known = _teams(desk)
    filled = read_form(*people_form.fields(known))
    facts = people_form.facts_of(filled)
    if filled.problems:
        return _form(filled, known, 400)

    def do(desk: Desk) -> str:
        return f"{HOME}/{people_changes.add(desk, facts)}"

    try:
        return recorded("person_add", do)
    except Refusal as no:
        return _form(_refused(filled, no), known, 409)


@routes.get("/<int:person_id>")
@needs(Permission.PERSON_MANAGE)
def one(person_id: int) -> Response:
    with looking() as desk:
        card = people_card.card(desk, person_id)
        history = audit.history(desk.session, f"person:{person_id}")
        is_me = desk.actor.id == person_id
    return admin_page("person.html", card=card, history=history, is_me=is_me)


# --- changing ----------------------------------------------------------------------------------


@routes.get("/<int:person_id>/edit")
@needs(Permission.PERSON_MANAGE)
def edited(person_id: int) -> Response:
    with looking() as desk:
        card, known = people_card.card(desk, person_id), _teams(desk)
    return _form(people_form.filled_with(card), known, card=card)


@routes.post("/<int:person_id>/edit")
@needs(Permission.PERSON_MANAGE)
def edited_again(person_id: int) -> Response:
    """Back from the preview, with what was typed."""
    with looking() as desk:
        card, known = people_card.card(desk, person_id), _teams(desk)
    return _form(read_form(*people_form.fields(known), Field("seen")), known, card=card)


@routes.post("/<int:person_id>/preview")
@needs(Permission.PERSON_MANAGE)
def previewed(person_id: int) -> Response:
    with looking() as desk:
        card, known = people_card.card(desk, person_id), _teams(desk)
        filled = read_form(*people_form.fields(known))
        facts = people_form.facts_of(filled)
        planned = _planned(desk, person_id, filled, facts)
    if planned is None:
        return _form(filled, known, 400, card=card)
    changes = _named(planned.changes, known)
    effects = _effects(planned)
    preview: dict[str, Any] = {"values": filled.values, "seen": planned.seen, "effects": effects}
    return admin_page("person_preview.html", card=card, changes=changes, **preview)


@routes.post("/<int:person_id>")
@needs(Permission.PERSON_MANAGE)
def changed(person_id: int) -> Response:
    with looking() as desk:
        known = _teams(desk)
    filled = read_form(*people_form.fields(known), Field("seen", 32))
    facts = people_form.facts_of(filled)

    def do(desk: Desk) -> str:
        people_changes.change(desk, person_id, facts, filled["seen"])
        return f"{HOME}/{person_id}?done=change"

    return recorded("person_change", do)


@routes.get("/<int:person_id>/leave")
@needs(Permission.PERSON_MANAGE)
def leaving(person_id: int) -> Response:
    with looking() as desk:
        card = people_card.card(desk, person_id)
        is_me = desk.actor.id == person_id
    return admin_page("person_leave.html", card=card, is_me=is_me)


@routes.post("/<int:person_id>/leave")
@needs(Permission.PERSON_MANAGE)
def left(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        people_changes.leave(desk, person_id)
        return f"{HOME}/{person_id}?done=leave"

    return recorded("person_leave", do)


@routes.post("/<int:person_id>/back")
@needs(Permission.PERSON_MANAGE)
def back(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        people_changes.come_back(desk, person_id)
        return f"{HOME}/{person_id}?done=back"

    return recorded("person_back", do)


# --- parts -------------------------------------------------------------------------------------


def _teams(desk: Desk) -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in teams.listed(desk.session)]


def _form(
    filled: Filled,
    known: Sequence[tuple[int, str]],
    status: int = 200,
    card: people_card.Card | None = None,
) -> Response:
    return admin_page(
        "person_form.html",
        status,
        filled=filled,
        card=card,
        teams=[(str(number), name) for number, name in known],
        roles=people_form.STAFF_ROLES,
        categories=list(Category),
        levels=[(str(each), f"admin.level.{each}") for each in LEVELS],
    )


def _planned(desk: Desk, person_id: int, filled: Filled, facts: Mapping[str, Any]) -> Plan | None:
    if filled.problems:
        return None
    try:
        return people_changes.plan(desk, person_id, facts)
    except Refusal as no:
        _refused(filled, no)
        return None


def _refused(filled: Filled, no: Refusal) -> Filled:
    """Beside the field that it is about."""
    name = "staff_number" if "number" in no.facts else "roles"
    filled.problems[name] = Say(no.text_key, no.facts)
    return filled


def _named(changes: Sequence[Change], known: Sequence[tuple[int, str]]) -> list[Change]:
    names = dict(known)
    return [
        Change(each.name, names.get(each.before), names.get(each.after))
        if each.name == "team_id"
        else each
        for each in changes
    ]


def _effects(planned: Plan) -> list[Say]:
    """What follows for the person that is not written in the fields."""
    before, after = planned.before["roles"], planned.after["roles"]
    found = [Say("admin.effect.menu")] if before != after else []
    if Role.ADMIN in after - before:
        found.append(Say("admin.effect.admin"))
    if planned.before.get("is_on_duty") and "is_on_duty" not in planned.after:
        found.append(Say("admin.effect.no_card"))
    return found
