"""A password that somebody else gave is changed before anything else (H-29)."""

from flask import Response

from services import credentials, signing_in
from services.signing_in import Next
from services.web_sessions import Via
from web.account import halfway
from web.account.choosing import CHOSEN, chosen, same_as
from web.account.entering import enter
from web.account.guard import SIGN_IN
from web.account.routes import way_in
from web.forms import Filled, read_form
from web.page import go, show
from web.site import site


@way_in.get("/sign-in/new-password")
def new_password() -> Response:
    return _page(Filled()) if halfway.found(Next.NEW_PASSWORD) else go(SIGN_IN)


@way_in.post("/sign-in/new-password")
def new_password_sent() -> Response:
    filled, before = read_form(*CHOSEN), halfway.found(Next.NEW_PASSWORD)
    if before is None:
        return go(SIGN_IN)
    chosen(filled, before.person_id)
    if not filled.problems and same_as(filled, before.person_id):
        filled.refuse("new_password", "account.weak.same")
    if filled.problems:
        return _page(filled, 400)
    kept = credentials.hash_of(filled["new_password"])
    with site().database.transaction() as writing:
        if not signing_in.is_active(writing, before.person_id):
            return go(SIGN_IN)
        credentials.set_password(writing, before.person_id, kept, site().now())
        return enter(writing, before.person_id, Via.PASSWORD, before.to)


def _page(filled: Filled, status: int = 200) -> Response:
    return show("account/first_password.html", status, filled=filled)
