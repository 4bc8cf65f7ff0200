"""Tokens for machines: as whom, how far, until when; made and shown once, revoked (H-50, H-51)."""

from datetime import datetime, timedelta

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import Refusal
from domain.scopes import Scope
from domain.sentence import Say
from services import api_tokens, people_listing
from services.desk import Desk
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded, shown_once
from web.console.admin.people_form import FLAG
from web.console.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader
from web.site import site

routes = pages("admin_tokens", "/admin/tokens")

HOME = f"{PATH}/tokens"
_DAYS = ("30", "90", "180", "365")


def _scope_field(scope: Scope) -> str:
    return f"scope_{scope.name.lower()}"


@routes.get("")
@needs(Permission.TOKEN_MANAGE)
def listed() -> Response:
    return _list(Filled({"days": "180"}))


@routes.post("")
@needs(Permission.TOKEN_MANAGE)
def made() -> Response:
    with looking() as desk:
        staff = people_listing.staff(desk.session)
    filled = read_form(
        Field("name", 60, is_required=True),
        Field("person_id", 10, is_required=True, choices=[str(number) for number, _ in staff]),
        Field("days", 3, is_required=True, choices=_DAYS),
        *(Field(_scope_field(scope), 1, choices=(FLAG,)) for scope in Scope),
    )
    scopes = [scope for scope in Scope if filled[_scope_field(scope)]]
    if not scopes:
        filled.refuse("scopes", "admin.tokens.no_scope")
    if filled.problems:
        return _list(filled, 400)
    return _issued(filled, scopes, site().now() + timedelta(days=int(filled["days"])))


def _issued(filled: Filled, scopes: list[Scope], expires_at: datetime) -> Response:
    def do(desk: Desk) -> str:
        _, secret = api_tokens.issue(
            desk.session,
            name=filled["name"],
            person_id=int(filled["person_id"]),
            scopes=scopes,
            created_by_id=desk.actor.id,
            expires_at=expires_at,
            now=desk.now,
        )
        return secret

    def page(secret: str) -> Response:
        return admin_page("token.html", name=filled["name"], secret=secret, until=expires_at)

    try:
        return shown_once("token_make", do, HOME, page)
    except Refusal as no:
        filled.problems["name"] = Say(no.text_key, no.facts)
        return _list(filled, 409)


@routes.post("/<int:token_id>/revoke")
@needs(Permission.TOKEN_MANAGE)
def revoked(token_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        api_tokens.revoke(desk.session, token_id, desk.now, by_id=desk.actor.id)
        return f"{HOME}?done=revoke"

    return recorded("token_revoke", do)


def _list(filled: Filled, status: int = 200) -> Response:
    is_all = request.args.get("all") == FLAG
    with looking() as desk:
        every = api_tokens.listed(desk.session)
        staff = people_listing.staff(desk.session)
        now = desk.now
    live = [each for each in every if each.is_live(now)]
    return admin_page(
        "tokens.html",
        status,
        tokens=every if is_all else live,
        ended=len(every) - len(live),
        is_all=is_all,
        now=now,
        staff=staff,
        scopes=[
            (scope, _scope_field(scope), f"admin.scope.{scope.name.lower()}") for scope in Scope
        ],
        days=_DAYS,
        filled=filled,
        me=reader().id,
    )
