"""Who reads at a computer: a session that was opened by password or by scanning (H-29, H-31)."""

import logging
from urllib.parse import quote

from flask import Response, g, request

from models import DatabaseUnavailable
from services import web_sessions
from services.web_sessions import Reader
from web.page import go
from web.reading import reading
from web.signed_out import SignedOut
from web.site import site
from web.ways import asked_path

log = logging.getLogger(__name__)

PATH = "/account"
SIGN_IN = f"{PATH}/sign-in"


def require_reader() -> Response | None:
    """Nothing if the reader is known; else the way to the sign-in, or SignedOut for a form."""
    found = known_reader()
    if found is not None:
        g.reader = found
        return None
    if request.method not in ("GET", "HEAD"):
        raise SignedOut()
    return go(f"{SIGN_IN}?to={quote(asked_path(), safe='/')}")


def known_reader() -> Reader | None:
    """Who is signed in with this browser."""
    token = _token()
    if not token:
        return None
    now = site().now()
    with reading() as session:
        found = web_sessions.desk_reader_of(session, token, now, site().desk_idle_for)
    if found is not None and found.is_to_be_noted:
        _note(token)
    return found


def session_mark() -> str:
    """What the session of the request under way is known by."""
    return web_sessions.mark_of(_token())


def _token() -> str:
    return request.cookies.get(cookie_name(), "")


def _note(token: str) -> None:
    """A busy database keeps nobody from reading."""
    try:
        with site().database.transaction() as writing:
            web_sessions.seen(writing, token, site().now())
    except DatabaseUnavailable:
        log.info("reader_not_noted")


def cookie_name() -> str:
    """`__Host-` binds it to this host and to https; browsers refuse it elsewhere."""
    return "__Host-desk" if site().is_secure else "desk"
