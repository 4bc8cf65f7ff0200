"""Waits for what other threads and processes do, on the condition itself."""

import threading
import time
from collections.abc import Callable


def eventually(holds: Callable[[], object], within: float = 15.0) -> None:
    """Returns as soon as it holds; fails when it does not in time."""
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, "it did not come about in time"
        threading.Event().wait(0.01)
