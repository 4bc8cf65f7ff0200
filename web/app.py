"""The Flask application: its blueprints, and one answer for whatever goes wrong in them."""

import logging
from collections.abc import Iterable

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from logs import failure

log = logging.getLogger(__name__)


def make_app(blueprints: Iterable[Blueprint]) -> Flask:
    """An application without static folder, sessions or debugger; it never shows a traceback."""
    app = Flask("itdesk", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    return app


def _refused(error: HTTPException) -> Response:
    return _plain(f"{error.code} {error.name}\n", error.code or 500)


def _failed(error: Exception) -> Response:
    failure(log, "request_failed", error)
    return _plain("500 Internal Server Error\n", 500)


def _plain(text: str, status: int) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
