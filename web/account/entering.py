"""How a browser at a computer gets its session, and where it goes then (H-29, H-31, S-116)."""

from collections.abc import Collection

from flask import Response, request, session

from domain.permissions import Permission, Role, has_role_for
from models import Session
from services import signing_in, web_sessions
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
    roles = signing_in.roles_of(writing, person_id)
    session.clear()  # forms that were open before belong to nobody any more
    return _with_cookie(go(local_path(to, start_of(roles))), token)


def renewed(writing: Session, person_id: int, via: Via, path: str) -> Response:
    """The same reader goes on, in a session with a new token."""
    former = request.cookies.get(cookie_name(), "")
    token = signing_in.enter(
        writing, person_id, via, place(), former, site().now(), site().desk_kept_for
    )
    return _with_cookie(go(path), token)


def _with_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(site().desk_kept_for.total_seconds()),
        path="/",
        secure=site().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


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
