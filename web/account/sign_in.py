"""The sign-in by staff number and password; beside it stands the code for WeChat (F3, H-29)."""

from flask import Response, request

from domain.sentence import Say
from domain.sign_in import TriesUsedUp
from services import signing_in
from web.account.entering import start_of
from web.account.guard import known_reader
from web.account.halfway import goes_on
from web.account.knocking import knock, renewed_hash
from web.account.routes import way_in
from web.account.scanning import Code, shown_code
from web.forms import Field, Filled, read_form
from web.page import go, show
from web.site import site
from web.ways import local_path

_FIELDS = (
    Field("number", 40, is_required=True, missing="sign_in.number_missing"),
    Field("password", 128, is_required=True, missing="sign_in.password_missing"),
    Field("to", 300),
)


@way_in.get("/sign-in")
def form() -> Response:
    to = request.args.get("to", "")
    reader = known_reader()
    if reader is not None:
        return go(local_path(to, start_of(reader.speaker.roles)))
    return _page(Filled({"to": local_path(to, "")}))


@way_in.post("/sign-in")
def sent() -> Response:
    filled = read_form(*_FIELDS)
    if filled.problems:
        return _page(filled, 400)
    password = filled["password"]
    try:
        tried = knock(filled["number"], password)
    except TriesUsedUp as no:
        return _page(filled, 429, Say(no.text_key, no.facts))
    if tried is None or tried.person_id is None:
        return _page(filled, 403, Say("sign_in.wrong"))
    renewed = renewed_hash(tried, password)
    with site().database.transaction() as writing:
        step = signing_in.next_of(writing, tried, renewed)
        return goes_on(writing, tried.person_id, step, local_path(filled["to"], ""))


def _page(filled: Filled, status: int = 200, wrong: Say | None = None) -> Response:
    to = local_path(filled["to"], "")
    code: Code | None = shown_code()
    facts = {"filled": filled, "to": to, "code": code, "has_scan": bool(site().public_url)}
    return show("account/sign_in.html", status, wrong=wrong, **facts)
