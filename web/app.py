"""The Flask application: its blueprints, its pages, an answer for whatever goes wrong in them."""

import logging
from collections.abc import Iterable
from typing import Protocol

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from logs import failure

log = logging.getLogger(__name__)

LARGEST_BODY = 40 * 1024 * 1024  # bytes: a form with photos


class Pages(Protocol):
    """Pages below one path, which say in their readers' language what went wrong."""

    def install(self, app: Flask) -> None: ...

    def answers(self, path: str) -> bool:
        """Whether this path is theirs."""

    def went_wrong(self, error: Exception) -> Response: ...


def make_app(blueprints: Iterable[Blueprint], *pages: Pages) -> Flask:
    """An application without static folder or debugger; it never shows a traceback."""
    app = Flask("itdesk", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for each in pages:
        each.install(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    _answer_errors(app, pages)
    return app


def _answer_errors(app: Flask, pages: tuple[Pages, ...]) -> None:
    def answered(error: Exception) -> Response:
        for each in pages:
            if each.answers(request.path):
                return _said(each, error)
        return _refused(error) if isinstance(error, HTTPException) else _failed(error)

    app.register_error_handler(HTTPException, answered)
    app.register_error_handler(Exception, answered)


def _said(pages: Pages, error: Exception) -> Response:
    """A page about what went wrong may go wrong itself."""
    try:
        return pages.went_wrong(error)
    except Exception as another:
        return _failed(another)


def _refused(error: HTTPException) -> Response:
    return _plain(f"{error.code} {error.name}\n", error.code or 500)


def _failed(error: Exception) -> Response:
    failure(log, "request_failed", error)
    return _plain("500 Internal Server Error\n", 500)


def _plain(text: str, status: int) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
