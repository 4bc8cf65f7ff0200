"""The code that the sign-in shows for WeChat, and how its browser hears of the yes (F3, H-34)."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, jsonify, request

from services import scans
from services.scans import Shown, Standing
from services.web_sessions import Via
from web import qr
from web.account.entering import enter, place
from web.account.guard import SIGN_IN
from web.account.routes import way_in
from web.forms import Field, read_form
from web.page import go, show
from web.site import site
from web.ways import local_path

_TO = Field("to", 300)


@dataclass(frozen=True, slots=True)
class Code:
    """The code as the page draws it."""

    number: str
    picture: str  # an address of the data: kind
    state: str


@way_in.post("/sign-in/scan")
def begin() -> Response:
    """A new code for this browser; by a form, so that whoever only looks makes no rows."""
    to = local_path(read_form(_TO)["to"], "")
    with site().database.transaction() as writing:
        shown = scans.begin(writing, place(), site().now()) if site().public_url else None
    is_part = "HX-Request" in request.headers
    code = _drawn(shown, Standing.WAITING) if shown else None
    response = show("account/scan.html", code=code, to=to, is_full=shown is None, has_scan=True)
    if not is_part:
        response = go(f"{SIGN_IN}?to={quote(to, safe='/')}" if to else SIGN_IN)
    if shown is not None:
        _keep(response, shown)
    return response


@way_in.get("/sign-in/scan")
def state() -> Response:
    """What the waiting browser asks every two seconds."""
    shown = _shown()
    with site().database.reading() as reading:
        found = scans.standing(reading, shown, site().now()) if shown else Standing.OVER
    return jsonify(state=found.value)


@way_in.post("/sign-in/scan/enter")
def use() -> Response:
    """Once, after the yes."""
    to, shown = read_form(_TO)["to"], _shown()
    if shown is None:
        return go(SIGN_IN)
    with site().database.transaction() as writing:
        person_id = scans.use(writing, shown, site().now())
        if person_id is not None:
            return _forget(enter(writing, person_id, Via.SCAN, local_path(to, "")))
    return go(SIGN_IN)


def shown_code() -> Code | None:
    """The code that this browser shows already; None if it has none that could still be used."""
    shown = _shown()
    if shown is None:
        return None
    with site().database.reading() as reading:
        found = scans.standing(reading, shown, site().now())
    return None if found in (Standing.OVER, Standing.REFUSED) else _drawn(shown, found)


def _drawn(shown: Shown, found: Standing) -> Code:
    url = f"{site().public_url}/h5/scan/{shown.token}"
    picture = qr.data_uri(url, scale=6, dark="#182433")
    return Code(shown.number, picture, found.value)


def _cookie() -> str:
    return "__Host-scan" if site().is_secure else "scan"


def _shown() -> Shown | None:
    token, _, secret = request.cookies.get(_cookie(), "").partition(".")
    return Shown(token, secret) if token and secret and site().public_url else None


def _keep(response: Response, shown: Shown) -> None:
    response.set_cookie(
        _cookie(),
        f"{shown.token}.{shown.secret}",
        max_age=int((scans.VALID_FOR + scans.USED_WITHIN).total_seconds()),
        path="/",
        secure=site().is_secure,
        httponly=True,
        samesite="Lax",
    )


def _forget(response: Response) -> Response:
    response.delete_cookie(
        _cookie(), path="/", secure=site().is_secure, httponly=True, samesite="Lax"
    )
    return response
