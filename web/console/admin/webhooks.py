"""Webhooks: who is told of which events; added with a secret that is shown once (C §25)."""

from flask import Response

from domain.outgoing import AddressRefused
from domain.permissions import Permission
from domain.refusals import Refusal
from domain.sentence import Say
from services.desk import Desk
from services.webhooks import listing, managing
from web.acts import looking
from web.console.admin import webhooks_form as form
from web.console.admin import webhooks_words as shown_as
from web.console.admin.acts import PATH, admin_page, recorded, shown_once
from web.console.routes import pages
from web.forms import Filled, read_form
from web.page import needs
from web.site import site

routes = pages("admin_webhooks", "/admin/webhooks")

HOME = f"{PATH}/webhooks"


@routes.get("")
@needs(Permission.WEBHOOK_MANAGE)
def listed() -> Response:
    with looking() as desk:
        found = listing.listed(desk.session, desk.now)
    return admin_page("webhooks.html", hooks=found, told=shown_as, most=managing.MOST)


@routes.get("/new")
@needs(Permission.WEBHOOK_MANAGE)
def blank() -> Response:
    return _form(form.new())


@routes.post("")
@needs(Permission.WEBHOOK_MANAGE)
def added() -> Response:
    filled = form.read()
    if filled.problems:
        return _form(filled, 400)
    made: list[int] = []

    def do(desk: Desk) -> str:
        hook, secret = managing.add(desk, form.wish_of(filled), site().secret_key)
        made.append(hook.id)
        return secret

    try:
        return shown_once("webhook_add", do, HOME, lambda secret: _secret(made[0], secret))
    except Refusal as no:
        return _refused(filled, no)


@routes.get("/<int:webhook_id>/edit")
@needs(Permission.WEBHOOK_MANAGE)
def edited(webhook_id: int) -> Response:
    with looking() as desk:
        hook = listing.one(desk.session, webhook_id, desk.now).hook
    return _form(form.of(hook), webhook_id=webhook_id)


@routes.post("/<int:webhook_id>/edit")
@needs(Permission.WEBHOOK_MANAGE)
def changed(webhook_id: int) -> Response:
    filled = form.read()
    if filled.problems:
        return _form(filled, 400, webhook_id)

    def do(desk: Desk) -> str:
        managing.change(desk, webhook_id, form.wish_of(filled))
        return f"{HOME}/{webhook_id}?done=change"

    try:
        return recorded("webhook_change", do)
    except (AddressRefused, managing.NoEvent) as no:
        return _refused(filled, no, webhook_id)


@routes.post("/<int:webhook_id>/secret")
@needs(Permission.WEBHOOK_MANAGE)
def rotated(webhook_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        return managing.rotate(desk, webhook_id, site().secret_key)[1]

    way = f"{HOME}/{webhook_id}"
    return shown_once(
        "webhook_rotate", do, way, lambda secret: _secret(webhook_id, secret, is_new=False)
    )


def _refused(filled: Filled, no: Refusal, webhook_id: int | None = None) -> Response:
    name = "url" if isinstance(no, AddressRefused) else "name"
    filled.problems[name] = Say(no.text_key, no.facts)
    return _form(filled, 409, webhook_id)


def _form(filled: Filled, status: int = 200, webhook_id: int | None = None) -> Response:
    inside = site().rules.webhooks.inside_hosts
    way = f"{HOME}/{webhook_id}" if webhook_id else HOME
    facts = {"filled": filled, "webhook_id": webhook_id, "way": way, "inside": inside}
    return admin_page("webhook_form.html", status, **facts, **form.choices())


def _secret(webhook_id: int, secret: str, *, is_new: bool = True) -> Response:
    way = f"{HOME}/{webhook_id}"
    return admin_page("webhook_secret.html", secret=secret, way=way, is_new=is_new)
