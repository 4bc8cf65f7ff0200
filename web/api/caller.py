"""Who calls: a bearer token, its scopes, and how often it may call (H-50, H-51)."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast

from apiflask import APIBlueprint
from flask import current_app, g, request
from flask_limiter import Limiter

from domain.permissions import Permission
from domain.refusals import NotPermitted
from models import DatabaseUnavailable
from services import api_tokens
from services.api_tokens import Bearer
from web.api.reading import demand_readable
from web.site import site

log = logging.getLogger(__name__)

PATH = "/api/v1"
LIMIT = "600 per minute"  # calls of one token; of one address that has none

View = TypeVar("View", bound=Callable[..., Any])


class TokenMissing(Exception):
    """Nobody is known by what was sent; `is_wrong`: something was sent."""

    def __init__(self, *, is_wrong: bool) -> None:
        super().__init__()
        self.is_wrong = is_wrong


class ScopeMissing(NotPermitted):
    """The token was not given this."""


def calls(name: str) -> APIBlueprint:
    """Routes below /api/v1, for whoever has a token."""
    routes = APIBlueprint(name, "web.api", tag=name, url_prefix=PATH)
    routes.before_request(_demand_token)
    routes.before_request(_demand_permission)
    routes.before_request(demand_readable)
    return routes


def needs(permission: Permission | None) -> Callable[[View], View]:
    """Marks a view for tokens with a scope for it, of people with a role for it.

    None: whoever has a token.
    """

    def marked(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return marked


def limiter() -> Limiter:
    """Counts in memory: one process serves the API (libs.md §2)."""
    return Limiter(
        _counted_for,
        application_limits=[lambda: str(current_app.config["API_LIMIT"])],
        storage_uri="memory://",
        strategy="fixed-window",
        headers_enabled=True,
        retry_after="delta-seconds",
        application_limits_exempt_when=lambda: request.method == "OPTIONS",
    )


def bearer() -> Bearer:
    """Whose token this call came with."""
    return cast(Bearer, g.bearer)


def holds(permission: Permission) -> bool:
    """Whether the token reaches this far."""
    return permission in bearer().permissions


def recognise() -> None:
    """Finds out who calls, before anything is counted or refused."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    g.bearer = None
    if kind.lower() != "bearer" or len(token) > 200:
        return
    now = site().now()
    with site().database.reading() as session:
        g.bearer = api_tokens.bearer(session, token.strip(), now)
    if g.bearer is not None and g.bearer.is_to_be_noted:
        _note(g.bearer.token_id)


def _note(token_id: int) -> None:
    """A busy database keeps nobody from calling."""
    try:
        with site().database.transaction() as session:
            api_tokens.used(session, token_id, site().now())
    except DatabaseUnavailable:
        log.info("api_token_not_noted token_id=%s", token_id)


def _counted_for() -> str:
    known: Bearer | None = g.get("bearer")
    return f"token:{known.token_id}" if known else f"address:{request.remote_addr}"


def _demand_token() -> None:
    if g.bearer is None and request.method != "OPTIONS":
        raise TokenMissing(is_wrong="Authorization" in request.headers)


def _demand_permission() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    needed: Permission | None = getattr(view, "needs", None)
    if needed is None or request.method == "OPTIONS":
        return
    if not holds(needed):
        raise ScopeMissing(permission=needed.value)
    if not bearer().speaker.could(needed):
        raise NotPermitted(permission=needed.value)
