"""Ways in for somebody: a code for WeChat, a first password; and out of every browser (H-28)."""

from typing import Any

from flask import Response
from markupsafe import Markup

from domain.permissions import Permission
from services import binding, credentials, people_card, people_changes
from services.desk import Desk
from web import qr
from web.acts import looking
from web.console.admin.acts import PATH, admin_page, recorded, shown_once
from web.console.routes import pages
from web.forms import read_form
from web.page import needs
from web.site import site

routes = pages("admin_codes", "/admin/people")


@routes.post("/<int:person_id>/code")
@needs(Permission.PERSON_MANAGE)
def code(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        return people_changes.new_code(desk, person_id)

    def page(made: str) -> Response:
        until = site().now() + binding.CODE_VALID_FOR
        return _secret(person_id, "code", made, until=until, drawing=_drawing(made))

    return shown_once("person_code", do, _home(person_id), page)


@routes.post("/<int:person_id>/password")
@needs(Permission.PERSON_MANAGE)
def password(person_id: int) -> Response:
    """Hashed before the transaction: that takes a while on purpose."""
    read_form()
    made = credentials.new_provisional()
    kept = credentials.hash_of(made)

    def do(desk: Desk) -> str:
        people_changes.set_provisional(desk, person_id, kept)
        return made

    def page(made: str) -> Response:
        until = site().now() + credentials.PROVISIONAL_FOR
        return _secret(person_id, "password", made, until=until)

    return shown_once("person_password", do, _home(person_id), page)


@routes.post("/<int:person_id>/second-factor")
@needs(Permission.PERSON_MANAGE)
def second_factor(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        people_changes.end_second_factor(desk, person_id)
        return f"{_home(person_id)}?done=second_factor"

    return recorded("person_factor", do)


@routes.post("/<int:person_id>/sign-out")
@needs(Permission.PERSON_MANAGE)
def sign_out(person_id: int) -> Response:
    read_form()

    def do(desk: Desk) -> str:
        people_changes.sign_out(desk, person_id)
        return f"{_home(person_id)}?done=sign_out"

    return recorded("person_out", do)


def _home(person_id: int) -> str:
    return f"{PATH}/people/{person_id}"


def _secret(person_id: int, name: str, made: str, **facts: Any) -> Response:
    with looking() as desk:
        card = people_card.card(desk, person_id)
    return admin_page("secret.html", card=card, key=f"admin.secret.{name}", secret=made, **facts)


def _drawing(code: str) -> Markup | None:
    """What a phone scans in WeChat to join; without the platform's answer the code still does."""
    url = site().joining_url(f"{binding.SCENE}{code}", int(binding.CODE_VALID_FOR.total_seconds()))
    return drawn(url) if url else None


def drawn(url: str) -> Markup:
    """A QR code within the page; its lines are ours, whatever the address says."""
    return Markup(qr.svg(url, border=2, is_inline=True))
