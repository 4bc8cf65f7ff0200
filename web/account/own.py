"""My account: who I am, how I sign in, and where I am signed in (Y1, H-31)."""

from typing import Any

from flask import Response, request

from domain.permissions import Permission
from domain.refusals import NotFound
from domain.sentence import Say
from domain.sign_in import TriesUsedUp
from services import browsers, credentials, own_account, quiet_hours
from services.browsers import SignedIn
from services.own_account import Account
from services.web_sessions import Via
from web.account.choosing import CHOSEN, chosen, same_as
from web.account.entering import leave, place, renewed
from web.account.guard import PATH, SIGN_IN, cookie_name
from web.account.knocking import is_really
from web.account.quiet import clock
from web.account.routes import pages
from web.forms import Field, Filled, read_form
from web.page import needs, reader, show, words
from web.site import site

routes = pages("own")

DONE = ("password", "ended", "others", "second_off", "quiet", "quiet_off")
_OLD = Field("old_password", 128)


@routes.get("/")
@needs(Permission.ACCOUNT_MANAGE)
def start() -> Response:
    token, done = request.cookies.get(cookie_name(), ""), request.args.get("done", "")
    with site().database.reading() as reading:
        account = own_account.account_of(reading, reader().id, site().secret_key)
        signed_in = browsers.list_of(
            reading, reader().id, token, site().now(), site().desk_idle_for
        )
        quiet = quiet_hours.of(reading, reader().id)
    told = words(f"account.done.{done}") if done in DONE else ""
    facts: dict[str, Any] = {"account": account, "signed_in": signed_in, "quiet": quiet}
    return show("account/own.html", told=told, proved=proved, clock=clock, **facts)


def proved(browser: SignedIn) -> str:
    """How the reader proved there who they are, in words."""
    return words(f"account.sessions.via.{browser.via}")


@routes.post("/sign-out")
@needs(Permission.ACCOUNT_MANAGE)
def sign_out() -> Response:
    read_form()
    return leave(f"{SIGN_IN}?out=1")


@routes.get("/password")
@needs(Permission.ACCOUNT_MANAGE)
def password() -> Response:
    return _page(_account(), Filled())


@routes.post("/password")
@needs(Permission.ACCOUNT_MANAGE)
def password_changed() -> Response:
    """The old one is asked for; other computers are signed out, and this one gets a new token."""
    filled, account = read_form(_OLD, *CHOSEN), _account()
    try:
        _judge(filled, account)
    except TriesUsedUp as no:
        return _page(account, filled, 429, Say(no.text_key, no.facts))
    if filled.problems:
        return _page(account, filled, 400)
    me, kept = reader().id, credentials.hash_of(filled["new_password"])
    with site().database.transaction() as writing:
        own_account.change_password(writing, me, kept, site().now(), place().address)
        browsers.end_others(writing, me, "", at_desks_only=True)
        return renewed(writing, me, Via.PASSWORD, f"{PATH}/?done=password")


def _judge(filled: Filled, account: Account) -> None:
    chosen(filled, reader().id)
    if filled.problems or not account.has_password:
        return
    if not is_really(reader().id, filled["old_password"]):
        filled.refuse("old_password", "account.old_wrong")
    elif same_as(filled, reader().id):
        filled.refuse("new_password", "account.weak.same")


def _account() -> Account:
    """NotFound for those who sign in with WeChat alone."""
    with site().database.reading() as reading:
        found = own_account.account_of(reading, reader().id, site().secret_key)
    if not found.takes_password:
        raise NotFound()
    return found


def _page(
    account: Account, filled: Filled, status: int = 200, wrong: Say | None = None
) -> Response:
    return show("account/password.html", status, account=account, filled=filled, wrong=wrong)
