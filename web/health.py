"""/healthz: the process lives. /readyz: it can do its work, and if not, what is missing (Y3)."""

import threading
from collections.abc import Callable, Mapping
from time import monotonic

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], str | None]
"""Answers why it is not ready, or None."""

CACHED_FOR = 2.0  # seconds
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Readiness:
    """Asks its checks, at most every two seconds."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._missing: dict[str, str] = {}

    def missing(self) -> dict[str, str]:
        """What is not ready, and why."""
        with self._lock:
            if monotonic() - self._asked_at > CACHED_FOR:
                answers = {name: check() for name, check in self._checks.items()}
                self._missing = {name: why for name, why in answers.items() if why}
                self._asked_at = monotonic()
            return self._missing


def blueprint(readiness: Readiness) -> Blueprint:
    """The routes for whoever watches; details are told to this machine only (S-037)."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return _text("live\n")

    @routes.get("/readyz")
    def readyz() -> Response:
        missing = readiness.missing()
        if not missing:
            return _text("ready\n")
        told = "".join(f"{name}: {why}\n" for name, why in missing.items())
        return _text(told if request.remote_addr in _LOOPBACK else "not ready\n", 503)

    @routes.get("/metrics")
    def metrics() -> Response:
        if request.remote_addr not in _LOOPBACK:
            return _text("404 Not Found\n", 404)
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return routes


def _text(text: str, status: int = 200) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
