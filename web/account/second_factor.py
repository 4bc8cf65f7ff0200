"""The second factor: set up with an app, confirmed by a code, switched off again (H-41)."""

from collections.abc import Callable, Sequence

from flask import Response

from domain.permissions import Permission
from domain.refusals import NotFound
from domain.sentence import Say
from domain.sign_in import TriesUsedUp
from services import credentials, own_account
from services.own_account import Account
from web import qr
from web.account.entering import place
from web.account.guard import PATH
from web.account.knocking import is_really
from web.account.routes import pages
from web.forms import Field, Filled, read_form
from web.page import go, needs, reader, show, words
from web.site import site

routes = pages("second_factor")

_HERE = f"{PATH}/second-factor"
_PASSWORD = Field("password", 128, is_required=True, missing="sign_in.password_missing")
_CODE = Field("code", 30, is_required=True, missing="sign_in.code_missing")


@routes.get("/second-factor")
@needs(Permission.ACCOUNT_MANAGE)
def second_factor() -> Response:
    return _page(Filled())


@routes.post("/second-factor/begin")
@needs(Permission.ACCOUNT_MANAGE)
def begin() -> Response:
    def do() -> Response:
        with site().database.transaction() as writing:
            own_account.begin_second(writing, reader().id, site().secret_key)
        return go(_HERE)

    return _after_password(do)


@routes.post("/second-factor/confirm")
@needs(Permission.ACCOUNT_MANAGE)
def confirm() -> Response:
    filled, me = read_form(_CODE), reader().id
    if _account().second_since is not None:
        return go(_HERE)
    if filled.problems:
        return _page(filled, 400)
    with site().database.transaction() as writing:
        codes = own_account.confirm_second(
            writing, me, filled["code"], site().secret_key, site().now(), place().address
        )
    if codes is None:
        return _page(filled, 403, Say("account.second.code_wrong"))
    return _shown_once(codes)


@routes.post("/second-factor/codes")
@needs(Permission.ACCOUNT_MANAGE)
def new_codes() -> Response:
    def do() -> Response:
        with site().database.transaction() as writing:
            codes = own_account.new_codes(writing, reader().id, site().now(), place().address)
        return go(_HERE) if codes is None else _shown_once(codes)

    return _after_password(do)


@routes.post("/second-factor/off")
@needs(Permission.ACCOUNT_MANAGE)
def off() -> Response:
    def do() -> Response:
        with site().database.transaction() as writing:
            own_account.end_second(writing, reader().id, site().now(), place().address)
        return go(f"{PATH}/?done=second_off")

    return _after_password(do)


def _after_password(do: Callable[[], Response]) -> Response:
    """Whoever sits at a browser that somebody left open does not know the password."""
    filled = read_form(_PASSWORD)
    _account()
    if filled.problems:
        return _page(filled, 400)
    try:
        if is_really(reader().id, filled["password"]):
            return do()
    except TriesUsedUp as no:
        return _page(filled, 429, Say(no.text_key, no.facts))
    filled.refuse("password", "account.old_wrong")
    return _page(filled, 403)


def _account() -> Account:
    """NotFound where there is no password that it could be second to."""
    with site().database.reading() as reading:
        found = own_account.account_of(reading, reader().id, site().secret_key)
    if not found.has_password:
        raise NotFound()
    return found


def _page(filled: Filled, status: int = 200, wrong: Say | None = None) -> Response:
    account = _account()
    picture = _picture(account.secret, account) if account.secret else ""
    facts = {"account": account, "filled": filled, "wrong": wrong, "picture": picture}
    return show("account/second_factor.html", status, **facts)


def _picture(secret: str, account: Account) -> str:
    own = account.staff_number or reader().name or str(reader().id)
    url = credentials.address_for_app(secret, own, words("frame.desk"))
    return qr.data_uri(url, scale=5)


def _shown_once(codes: Sequence[str]) -> Response:
    return show("account/codes.html", codes=codes)
