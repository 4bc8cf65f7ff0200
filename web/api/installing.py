"""Puts the API beside the pages: an application of its own below /api, in the same process."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from apiflask import APIFlask, HTTPError
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from web.api import acts, alerts, directory, standing, tickets
from web.api.caller import LIMIT, PATH, ScopeMissing, TokenMissing, limiter, recognise
from web.api.document import made_true
from web.api.problems import answer, scope_missing, token_missing
from web.api.reading import BODY_LIMIT, StrictJson
from web.site import Site, keep

_ROUTES = (standing.routes, tickets.routes, acts.routes, directory.routes, alerts.routes)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TWO_YEARS = 2 * 365 * 24 * 3600


class TicketNumber(BaseConverter):
    """A whole ticket number in an address; anything else is not found."""

    regex = r"[A-Z]{1,6}[0-9]{8}-[0-9]{4,9}"


def make_api(shared: Site, limit: str = LIMIT) -> APIFlask:
    """Without viewer of the document, cookies or static files."""
    app = APIFlask(
        "web.api",
        title="IT service desk",
        version="1.0.0",
        docs_path=None,
        openapi_blueprint_url_prefix=PATH,
        static_folder=None,  # type: ignore[arg-type]
        json_errors=False,
    )
    app.config.update(
        API_LIMIT=limit,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        PROPAGATE_EXCEPTIONS=False,
        SERVERS=[{"url": shared.public_url or "/"}],
        AUTO_200_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_OPERATION_ID=True,
    )
    keep(app.extensions, shared)
    app.json = StrictJson(app)
    app.url_map.merge_slashes = False
    app.url_map.converters["ticket"] = TicketNumber
    app.before_request(recognise)
    app.after_request(_with_own_wait)  # the first to be added is the last to be asked
    limiter().init_app(app)
    for routes in _ROUTES:
        app.register_blueprint(routes)
    _answer_errors(app, shared)
    app.spec_processor(lambda spec: made_true(cast(dict[str, Any], spec), _needed(app)))
    return app


def _with_own_wait(response: Response) -> Response:
    """The limiter would have everybody wait for the end of its own time."""
    if (seconds := g.get("waits_for")) is not None:
        response.headers["Retry-After"] = seconds
    return response


def _needed(app: Flask) -> dict[str, Any]:
    """The permission that each operation asks for, by its id in the document."""
    return {
        f"{method.lower()}_{rule.endpoint.replace('.', '_')}": getattr(
            app.view_functions[rule.endpoint], "needs", None
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _answer_errors(app: Flask, shared: Site) -> None:
    kinds: Iterable[tuple[type[Exception], Callable[[Any], Response]]] = (
        (Exception, answer),
        (HTTPException, answer),
        (HTTPError, answer),
        (TokenMissing, lambda error: token_missing(is_wrong=error.is_wrong)),
        (ScopeMissing, scope_missing),
    )
    for kind, said in kinds:
        app.register_error_handler(kind, said)

    def with_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.vary.add("Authorization")
        if shared.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}"
        return response

    app.after_request(with_headers)
