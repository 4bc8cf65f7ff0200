"""Who reads: WeChat's web authorization, once for a browser (wechat-platform §9, H-33, S-099)."""

import logging
import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any, cast

from flask import Blueprint, Response, g, redirect, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from logs import failure
from models import DatabaseUnavailable
from services import web_sessions
from web.page import tell
from web.signed_out import SignedOut
from web.site import site
from web.ways import asked_path, local_path

log = logging.getLogger(__name__)

PATH = "/h5"
OAUTH = f"{PATH}/oauth"
START = f"{PATH}/"
_BACK_WITHIN = 600  # seconds; the platform's code lives for half of that
_STATE = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class _Way:
    """Where somebody wanted to go who was sent to WeChat first."""

    state: str
    path: str
    tries: int  # that ended with a code that had been used


# --- before each page ----------------------------------------------------------------------------


def require_reader() -> Response | None:
    """Nothing if the reader is known; else the way to WeChat, or SignedOut for a form."""
    token = request.cookies.get(cookie_name(), "")
    found = _found(token)
    if found is not None:
        g.reader = found
        return None
    if request.method not in ("GET", "HEAD"):
        raise SignedOut()
    return _sent_to_wechat(asked_path())


def _found(token: str) -> web_sessions.Reader | None:
    if not token:
        return None
    now = site().now()
    with site().database.reading() as reading:
        found = web_sessions.reader_of(reading, token, now)
    if found is not None and found.is_to_be_noted:
        _note(token)
    return found


def _note(token: str) -> None:
    """A busy database keeps nobody from reading."""
    try:
        with site().database.transaction() as writing:
            web_sessions.seen(writing, token, site().now())
    except DatabaseUnavailable:
        log.info("reader_not_noted")


def cookie_name() -> str:
    """`__Host-` binds it to this host and to https; browsers refuse it elsewhere."""
    return "__Host-h5" if site().is_secure else "h5"


# --- to WeChat and back --------------------------------------------------------------------------

routes = Blueprint("h5_signin", __name__, url_prefix=PATH)


def _sent_to_wechat(path: str, tries: int = 0) -> Response:
    way = _Way(secrets.token_hex(16), path, tries)
    address = site().authorization.address(f"{site().public_url}{OAUTH}", way.state)
    response = cast(Response, redirect(address))
    response.set_cookie(
        _way_cookie(way.state),
        _sealer().dumps(asdict(way)),
        max_age=_BACK_WITHIN,
        path=OAUTH,
        secure=site().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


@routes.get("/oauth")
def came_back() -> Response:
    """Exchanges the code once, and goes on to an address without it."""
    way = _way_of(request.args.get("state", ""))
    if way is None:
        return _strange()
    code = request.args.get("code", "")
    if not _CODE.fullmatch(code):
        return _forgotten(way, tell("not_allowed", 403, way=way.path))
    try:
        visitor = site().authorization.visitor_of(code)
    except site().code_spent:
        return _forgotten(way, _again(way))
    except DatabaseUnavailable:
        raise
    except Exception as error:
        failure(log, "sign_in_failed", error)
        return _forgotten(way, tell("wechat_away", 503, way=way.path))
    if visitor.is_snapshot:
        return _forgotten(way, tell("snapshot", 403, way=way.path))
    return _forgotten(way, _signed_in(visitor.openid, way.path))


def _way_of(state: str) -> _Way | None:
    """The way that this browser was sent on, if it was, and not long ago."""
    if not _STATE.fullmatch(state):
        return None
    sealed = request.cookies.get(_way_cookie(state), "")
    try:
        kept: Any = _sealer().loads(sealed, max_age=_BACK_WITHIN)
        way = _Way(str(kept["state"]), local_path(str(kept["path"]), START), int(kept["tries"]))
    except (BadData, KeyError, TypeError, ValueError):
        return None
    return way if secrets.compare_digest(way.state, state) else None


def _strange() -> Response:
    """A state that this browser was not given, or a page that was left long ago (H-33)."""
    if _found(request.cookies.get(cookie_name(), "")):
        return cast(Response, redirect(START))
    return tell("sign_in_anew", 403, way=START)


def _again(way: _Way) -> Response:
    """WebViews load the way back twice, and people press back: once more, unseen."""
    if way.tries == 0:
        return _sent_to_wechat(way.path, tries=1)
    return tell("sign_in_anew", 403, way=way.path)


def _signed_in(openid: str, path: str) -> Response:
    former = request.cookies.get(cookie_name(), "")
    with site().database.transaction() as writing:
        if former:
            web_sessions.end(writing, former)
        token = web_sessions.start(writing, openid, site().now())
    session.clear()  # forms that were open before belong to nobody any more
    response = cast(Response, redirect(path))
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(web_sessions.KEPT_FOR.total_seconds()),
        path="/",
        secure=site().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _forgotten(way: _Way, response: Response) -> Response:
    """A state counts once."""
    response.delete_cookie(
        _way_cookie(way.state), path=OAUTH, secure=site().is_secure, httponly=True, samesite="Lax"
    )
    return response


def _way_cookie(state: str) -> str:
    """One for each page that is being opened: two at a time do not lose each other's way."""
    return f"h5_way_{state[:8]}"


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site().secret_key, salt="way of a sign-in")


# --- and out -------------------------------------------------------------------------------------


def signed_out() -> Response:
    """Ends this browser's session."""
    token = request.cookies.get(cookie_name(), "")
    with site().database.transaction() as writing:
        web_sessions.end(writing, token)
    session.clear()
    response = cast(Response, redirect(f"{PATH}/signed-out", 303))
    response.delete_cookie(cookie_name(), secure=site().is_secure, httponly=True, samesite="Lax")
    return response


@routes.get("/signed-out")
def gone() -> Response:
    return tell("gone", way=START)
