"""The edge at once, the pages a second later: what people say in WeChat waits for no page (T10)."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from flask import Flask

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Later:
    """An application that is made when it is first called, or asked for."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Flask | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.made()(environ, start_response)

    def made(self) -> Flask:
        """The same one each time; whoever comes while it is being made waits."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


class EdgeFirst:
    """`edge` for its own paths, `pages` for all others."""

    def __init__(self, edge: Flask, pages: Later) -> None:
        self._edge: Wsgi = edge
        self._paths = frozenset(rule.rule for rule in edge.url_map.iter_rules())
        self.pages = pages

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_its_own = environ.get("PATH_INFO") in self._paths
        return (self._edge if is_its_own else self.pages)(environ, start_response)
