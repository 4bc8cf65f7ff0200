"""Holds an answer back until there is something to tell, or nobody listens any more."""

import time
from collections.abc import Callable

from flask import request

from sandbox.world import World

LONGEST = 30.0  # seconds
_LOOKS_UP_EVERY = 1.0  # seconds; a page that was closed meanwhile frees its thread


def wait_as_asked(world: World, until: Callable[[], bool]) -> bool:
    """Whether it came true within `?wait=` seconds."""
    ends = time.monotonic() + min(request.args.get("wait", 0.0, float), LONGEST)
    is_gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", _stays)
    while True:
        left = ends - time.monotonic()
        if world.wait(until, min(max(left, 0), _LOOKS_UP_EVERY)):
            return True
        if left <= _LOOKS_UP_EVERY or world.is_over or is_gone():
            return False


def _stays() -> bool:
    return False
