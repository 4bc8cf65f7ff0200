"""The second step of the sign-in: a code of the app, or one from the list on paper (H-41)."""

from flask import Response

from domain.sentence import Say
from domain.sign_in import TriesUsedUp
from models import Session
from services import signing_in
from services.signing_in import Next
from web.account import halfway
from web.account.guard import SIGN_IN
from web.account.halfway import Halfway
from web.account.routes import way_in
from web.forms import Field, Filled, read_form
from web.page import go, show
from web.site import site

_FIELD = Field("code", 30, is_required=True, missing="sign_in.code_missing")


@way_in.get("/sign-in/code")
def second_step() -> Response:
    return _page(Filled()) if halfway.found(Next.CODE) else go(SIGN_IN)


@way_in.post("/sign-in/code")
def second_step_sent() -> Response:
    filled, before = read_form(_FIELD), halfway.found(Next.CODE)
    if before is None:
        return go(SIGN_IN)
    if filled.problems:
        return _page(filled, 400)
    try:
        with site().database.transaction() as writing:
            answer = _entered(writing, before, filled["code"])
    except TriesUsedUp as no:
        return _page(filled, 429, Say(no.text_key, no.facts))
    return answer or _page(filled, 403, Say("sign_in.code_wrong"))


def _entered(writing: Session, before: Halfway, typed: str) -> Response | None:
    tried = signing_in.begin_code(writing, before.person_id, site().now())
    step = signing_in.after_code(writing, tried, typed, site().secret_key, site().now())
    return None if step is None else halfway.goes_on(writing, before.person_id, step, before.to)


def _page(filled: Filled, status: int = 200, wrong: Say | None = None) -> Response:
    return show("account/second_step.html", status, filled=filled, wrong=wrong)
