"""The API beside the pages: an application of its own, made with the first call (T10)."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response

from web.late import Later, Wsgi
from web.site import Site

_BELOW = "/api"


class ApiPages:
    """The API, as `make_app` takes it; what goes wrong in it, its own application answers."""

    def __init__(self, shared: Site, limit: str | None = None) -> None:
        """`limit`: other than the usual number of calls, as «3 per hour»."""
        self.app = Later(lambda: _made(shared, limit))

    def install(self, app: Flask) -> None:
        app.wsgi_app = _beside(app.wsgi_app, self.app)  # type: ignore[method-assign, assignment]

    def answers(self, path: str) -> bool:
        """No: nothing below /api reaches the pages' application."""
        return False

    def went_wrong(self, error: Exception) -> Response:
        raise error


def _made(shared: Site, limit: str | None) -> Flask:
    from web.api.installing import make_api  # 10 MiB that a desk without machines never needs

    return make_api(shared, limit) if limit else make_api(shared)


def _beside(pages: Wsgi, api: Wsgi) -> Wsgi:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = api if _is_below(environ.get("PATH_INFO", "")) else pages
        return chosen(environ, start_response)

    return app


def _is_below(path: str) -> bool:
    return path == _BELOW or path.startswith(f"{_BELOW}/")
