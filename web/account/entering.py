"""How a browser at a computer gets its session, and where it goes then (H-29, H-31, S-116)."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from flask import Response, request, session

from domain.permissions import Permission, Role, has_role_for
from models import Session
from services import known_browsers, signing_in, web_sessions
from services.signing_in import Place
from services.web_sessions import Via
from web.account.agents import called
from web.account.guard import cookie_name
from web.page import go
from web.site import site
from web.ways import local_path


def place() -> Place:
    """Which browser asks, and from where."""
    return Place(called(request.headers.get("User-Agent", "")), request.remote_addr)


def start_of(roles: Collection[Role]) -> str:
    """Where somebody begins who came from nowhere: the console, or their own reports."""
    return "/console/" if has_role_for(roles, Permission.CONSOLE_ENTER) else "/portal/"


def enter(writing: Session, person_id: int, via: Via, to: str) -> Response:
    """Signed in: a session of its own for this browser, and what was open before is over."""
    former = request.cookies.get(cookie_name(), "")
    token = signing_in.enter(
        writing, person_id, via, place(), former, site().now(), site().desk_kept_for
    )
    known = request.cookies.get(_known_name(), "")[:64] or secrets.token_urlsafe(24)
    known_browsers.entered(writing, person_id, known, place().browser, site().now())
    roles = signing_in.roles_of(writing, person_id)
    session.clear()  # forms that were open before belong to nobody any more
    response = go(local_path(to, start_of(roles)))
    _keep(response, _known_name(), known, known_browsers.REMEMBERED_FOR)
    return _with_cookie(response, token)


def _known_name() -> str:
    """It opens nothing: by it a browser is known again at the next sign-in."""
    return "__Host-known" if site().is_secure else "known"


def renewed(writing: Session, person_id: int, via: Via, path: str) -> Response:
    """The same reader goes on, in a session with a new token."""
    former = request.cookies.get(cookie_name(), "")
    token = signing_in.enter(
        writing, person_id, via, place(), former, site().now(), site().desk_kept_for
    )
    return _with_cookie(go(path), token)


def _with_cookie(response: Response, token: str) -> Response:
    _keep(response, cookie_name(), token, site().desk_kept_for)
    return response


def _keep(response: Response, name: str, value: str, kept_for: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(kept_for.total_seconds()),
        path="/",
        secure=site().is_secure,
        httponly=True,
        samesite="Lax",
    )


def leave(path: str) -> Response:
    """Ends this browser's session."""
    with site().database.transaction() as writing:
        web_sessions.end(writing, request.cookies.get(cookie_name(), ""))
    session.clear()
    response = go(path)
    response.delete_cookie(
        cookie_name(), path="/", secure=site().is_secure, httponly=True, samesite="Lax"
    )
    return response
