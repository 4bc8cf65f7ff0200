"""An area of pages: one path, one look, one way in; the desk has several."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, current_app, request

_EXTENSION = "areas"

Demanded = Callable[[], Response | None]
"""Nothing if the reader is known, else the way to sign in; SignedOut for a form."""


@dataclass(frozen=True, slots=True)
class Area:
    """`name`: of its folder of templates and static files, and of its section of texts."""

    name: str
    path: str  # /console
    routes: tuple[Blueprint, ...]
    not_led_to: tuple[str, ...] = ()  # paths that nobody is sent back to
    is_chat: bool = False  # what is said on its pages is part of the reader's talk with the account

    def has(self, path: str) -> bool:
        """Whether this is the address of one of its pages."""
        return path == self.path or path.startswith(f"{self.path}/")

    @property
    def start(self) -> str:
        return f"{self.path}/"


def keep(extensions: dict[str, object], areas: tuple[Area, ...]) -> None:
    extensions[_EXTENSION] = areas


def areas() -> tuple[Area, ...]:
    return cast(tuple[Area, ...], current_app.extensions[_EXTENSION])


def area_of(path: str) -> Area | None:
    return next((each for each in areas() if each.has(path)), None)


def area() -> Area:
    """The area of the request under way; LookupError outside all of them."""
    found = area_of(request.path)
    if found is None:
        raise LookupError(request.path)
    return found
